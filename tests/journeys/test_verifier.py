"""Evidence out of a real ledger: sealed before a look, and derived again by the verifier after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shipworthy.content.verifier import Report, verify

DIFFERENCE = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  scorer: {recorded: passed}
- id: better
  estimand: difference
  bar: {at_least: 0, why: or nobody would switch}
  scorer: {recorded: passed}
- id: first
  kind: diagnostic
  bar: {at_least: 0.5}
  scorer: {recorded: passed}
"""


def differing(report: Report) -> list[str]:
    """Return what does not agree."""
    return [line for line in report.lines if line.startswith("DOES NOT")]


@pytest.fixture
def looked(launch, outcomes, ship) -> Path:
    """A launch with a baseline, fails in slice b, a look and a memo as JSON."""
    (launch / "criteria.yaml").write_text(DIFFERENCE)
    assert ship("lock", launch).code == 0
    new = outcomes("holdout", 200, fails=lambda i: i % 2 == 1 and i % 5 == 0, name="new")
    old = outcomes("holdout", 200, fails=lambda i: i % 3 == 0, name="old")
    assert ship("import", new, "--launch", launch, "--variant", "new").code == 0
    assert ship("import", old, "--launch", launch, "--variant", "old").code == 0
    refused = ship("export-evidence", launch, "--to", launch / "early.json")
    assert refused.code == 3
    assert "sealed" in refused.err
    assert not (launch / "early.json").exists()
    assert ship("decide", launch, "--yes").code in (10, 11)
    assert ship("memo", launch, "--format", "json").code == 0
    return launch


def exported(launch: Path, ship: Any) -> tuple[Path, str]:
    """Export a launch, and return the file and the head that was printed."""
    said = ship("export-evidence", launch, "--to", launch / "evidence.json")
    assert said.code == 0, said.err
    return launch / "evidence.json", said.out.split()[-1]


def test_what_the_ledger_gives_is_derived_again(looked, ship):
    """Counts by other code from exported rows have the digest of the look, and every claim comes out the same."""
    path, head = exported(looked, ship)
    report = verify(str(path), head)

    assert differing(report) == []
    assert (
        "agrees: look: number 1 of this plan and variant was written down with these counts" in report.lines
    )
    assert sum(" passed, in 100 groups" in line for line in report.lines) == 4


def test_the_command_prints_the_same_as_it_writes(looked, ship):
    """Without --to the export is the output of the command, to the byte."""
    path, _ = exported(looked, ship)

    assert ship("export-evidence", looked).out == path.read_text()


def test_a_signed_decision_is_checked_with_its_memo(looked, ship):
    """Signature, seal and memo agree; another memo, or another name under it, does not."""
    verdict = ship("decide", looked, "--format", "json").json["verdict"]
    signed = ship(
        "sign", looked, "--by", "Ada", "--reverse-if", "six of sixty are wrong", "--review-on", "2027-04-15"
    )
    assert signed.code == 0, (verdict, signed.err)
    path, head = exported(looked, ship)
    value = json.loads(path.read_text())
    (name,) = value["decisions"]
    whole = verify(str(path), head)
    value["decisions"][name]["signed"]["decision"]["by"] = "Eve"
    value["memo"]["tree"]["title"] = "Another"
    path.write_text(json.dumps(value))
    changed = differing(verify(str(path), head))

    assert differing(whole) == []
    assert f"agrees: decisions/{name}: the memo it was signed over" in whole.lines
    assert [line.split(": ")[2] for line in changed] == [
        "the content that the journal saw signed",
        "its signature is that of its key",
        "the memo it was signed over",
    ]


def test_a_look_before_the_planned_end_shows_only_what_it_saw(launch, outcomes, ship):
    """Of 200 cases 120 are in; the baseline is in altogether. No output beyond the 120th leaves, and all agrees."""
    text = (launch / "launch.yaml").read_text()
    (launch / "launch.yaml").write_text(text + "looks: {end: 200}\n")
    (launch / "criteria.yaml").write_text(DIFFERENCE)
    assert ship("lock", launch).code == 0
    for variant, n in (("new", 120), ("old", 200)):
        file = outcomes("holdout", n, fails=lambda i: i % 13 == 0, name=variant)
        assert ship("import", file, "--launch", launch, "--variant", variant).code == 0
    assert ship("decide", launch, "--yes").code in (10, 11)
    path, head = exported(launch, ship)
    rows = json.loads(path.read_text())["outputs"]
    report = verify(str(path), head)

    assert {variant: sum(row[0] == variant for row in rows) for variant in ("new", "old")} == {
        "new": 120,
        "old": 120,
    }
    assert differing(report) == []


def test_the_verifier_is_handed_out_once(ship, tmp_path):
    """The file is the one that was tested; what is there already is not written over."""
    done = ship("verifier", "--to", tmp_path / "v.py")
    again = ship("verifier", "--to", tmp_path / "v.py")

    assert done.code == 0
    assert (tmp_path / "v.py").read_text("utf-8").startswith('"""Verifier: derive a verdict')
    assert again.code == 3
