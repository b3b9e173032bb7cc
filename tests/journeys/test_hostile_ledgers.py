"""A ledger that was tampered with, killed at the wrong row, or decided before it was scored."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.services import bring_in

LAUNCH = """
title: Odd
candidate: new
variants:
  new: {recorded: true}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
CRITERIA = "- id: right\n  bar: {at_least: 0.8, why: agents said so}\n  scorer: {recorded: passed}\n"


@pytest.fixture
def launch(folder: Callable[..., Path], tmp_path: Path) -> Path:
    """A launch with 10 open and 60 sealed cases, and a file in which ten of the sealed ones fail."""
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA)
    (made / "evalset").mkdir()
    parts = ["explore"] * 10 + ["holdout"] * 60
    rows = [{"id": f"c{i}", "part": part} for i, part in enumerate(parts)]
    (made / "evalset/cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "rows.csv").write_text("case,passed\n" + "".join(f"c{i},{int(i < 60)}\n" for i in range(70)))
    return made


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE members SET part = 0 WHERE case_no > 60",
        "UPDATE members SET alone = 0, group_no = 7 WHERE case_no > 60",
        "DELETE FROM members WHERE case_no > 60",
        "UPDATE cases SET key = 'x' || key WHERE no > 60",
    ],
)
def test_a_changed_index_of_the_sealed_cases_is_found(launch, ship, tmp_path, tampering):
    """The failures are moved out of the holdout in the ledger itself: verify says so."""
    ship("lock", launch)
    ship("import", tmp_path / "rows.csv", "--launch", launch, "--variant", "new")
    assert ship("verify", launch).code == 0
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as connection:
        connection.execute(tampering)

    assert ship("verify", launch).code == 3


def test_an_import_killed_before_the_lock_does_not_swallow_the_holdout(launch, ship, tmp_path, monkeypatch):
    """Open rows were acknowledged, then the power went; after the lock the same file comes in whole and counts."""
    monkeypatch.setattr(bring_in, "GROUP", 5)
    monkeypatch.setattr(bring_in._Import, "_leave_nothing", lambda _: None)
    many = [{"id": f"e{i}", "part": "explore"} for i in range(9000)]
    with (launch / "evalset/cases.jsonl").open("a") as file:
        file.writelines(json.dumps(row) + "\n" for row in many)
    file = tmp_path / "all.csv"
    rows = "".join(f"e{i},1\n" for i in range(9000)) + "".join(f"c{i},1\n" for i in range(10, 70))
    file.write_text("case,passed\n" + rows)
    assert ship("import", file, "--launch", launch, "--variant", "new").code == 3
    monkeypatch.undo()
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as connection:
        assert connection.execute("SELECT count(*) FROM outputs").fetchone()[0] > 0
    ship("lock", launch)

    assert ship("import", file, "--launch", launch, "--variant", "new").code == 0
    assert ship("decide", launch).code == 0
    assert ship("verify", launch).code == 0


def test_a_feature_that_never_answered_is_refuted_not_overlooked(launch, ship, tmp_path):
    """Sixty timeouts of sixty are sixty outputs on the holdout: do not ship, instead of nothing recorded."""
    ship("lock", launch)
    (tmp_path / "none.csv").write_text(
        "case,passed,status\n" + "".join(f"c{i},,timeout\n" for i in range(10, 70))
    )
    ship("import", tmp_path / "none.csv", "--launch", launch, "--variant", "new")

    said = ship("decide", launch, "--format", "json")

    assert said.code == 12
    assert said.json["claims"][0]["no_answer"] == 60


def test_outputs_that_wait_for_their_scores_are_not_called_missing(launch, ship, tmp_path):
    """Imported, not scored yet: the look is refused, and the remedy is to score."""
    (launch / "criteria.yaml").write_text(CRITERIA.replace("recorded: passed", "check: right"))
    (launch / "scorers.py").write_text("def right(case_input, expected, output):\n    return True\n")
    ship("lock", launch)
    (tmp_path / "texts.csv").write_text("case,output\n" + "".join(f"c{i},text\n" for i in range(10, 70)))
    ship("import", tmp_path / "texts.csv", "--launch", launch, "--variant", "new")

    said = ship("decide", launch)

    assert said.code == 3
    assert "shipworthy run" in said.err
    assert ship("run", launch, "--trust").code == 0
    assert ship("decide", launch).code == 0


@pytest.mark.parametrize("looks", ["once", "open", "{end: 60}"])
def test_every_looks_policy_can_be_rehearsed(launch, ship, looks):
    """Before anything sealed is recorded, `decide` rehearses, whatever the plan says about looks."""
    (launch / "launch.yaml").write_text(LAUNCH + f"looks: {looks}\n")

    assert ship("decide", launch).code == 11
    ship("lock", launch)
    assert ship("decide", launch).code == 11
