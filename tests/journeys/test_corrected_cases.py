"""What is expected of a case is corrected after it was scored: exactly that case is scored again, and the rest keeps."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

LAUNCH = "title: Capitals\ncandidate: new\nvariants:\n  new: {recorded: true}\n"
CRITERIA = """
- id: capital
  bar: {at_least: 0.2, why: sample}
  scorer: {equals: expected.city}
- id: by_code
  kind: diagnostic
  bar: {at_least: 0.2, why: sample}
  scorer: {check: right}
- id: short
  kind: diagnostic
  bar: {at_least: 0.2, why: sample}
  scorer: {length: {at_most: 3}}
"""
CODE = "def right(given, expected, output):\n    return output == expected['city']\n"


def _case(number: int, city: str, *, part: str = "explore", **more: str) -> str:
    case = {
        "id": f"{part}-{number}",
        "input": f"capital {part} {number}?",
        "expected": {"city": city, **more},
    }
    return json.dumps(case | {"part": part}) + "\n"


def _write(launch: Path, *, first: str = "Rome", note: str = "", sealed: str = "Rome") -> None:
    """Write 40 open and 40 sealed cases that expect Rome, but for what the first of each expects."""
    more = {"note": note} if note else {}
    rows = [_case(0, first, **more), *(_case(n, "Rome") for n in range(1, 40))]
    rows += [_case(0, sealed, part="holdout"), *(_case(n, "Rome", part="holdout") for n in range(1, 40))]
    (launch / "evalset/cases.jsonl").write_text("".join(rows))


@pytest.fixture
def launch(folder: Callable[..., Path], ship: Callable, tmp_path: Path) -> Path:
    """A locked launch whose 80 outputs, all Rome, are imported and scored under three checks."""
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, scorers_py=CODE)
    (made / "evalset").mkdir()
    _write(made)
    assert ship("lock", made).code == 0
    rows = [f"{part}-{n},Rome\n" for part in ("explore", "holdout") for n in range(40)]
    (tmp_path / "outcomes.csv").write_text("case,output\n" + "".join(rows))
    assert ship("import", tmp_path / "outcomes.csv", "--launch", made, "--variant", "new").code == 0
    said = ship("score", made, "--trust")
    assert said.code == 0, said.err
    return made


def _score(ship: Callable, launch: Path) -> dict[str, tuple[int, int]]:
    """Score, and return how many scores each check wrote, and how many of them in place of a stale one."""
    said = ship("score", launch, "--trust", "--format", "json")
    assert said.code == 0, said.err
    return {each["check"].split("@")[0]: (each["written"], each["again"]) for each in said.json}


def test_a_corrected_case_is_scored_again_and_no_other(launch, ship):
    """The first of 40 open cases expects Oslo now: one score each for the two checks that read it, none for the third."""
    _write(launch, first="Oslo")
    said = ship("score", launch, "--trust")

    assert "capital by equals" in said.out
    assert "1 scored now, 1 of them again, as what the check reads of the case was corrected" in said.out
    shown = ship("show", launch, "--criterion", "capital", "--format", "json").json
    assert [one["case"] for one in shown["failed"]] == ["explore-0"]
    assert _score(ship, launch) == {"equals": (0, 0), "right": (0, 0), "length": (0, 0)}
    assert ship("verify", launch).code == 0


def test_a_check_scores_again_only_for_the_part_of_the_case_that_it_reads(launch, ship):
    """A note beside the city: the declared check does not read it; the function could, as it is given all of `expected`."""
    _write(launch, note="spelling checked")

    assert _score(ship, launch) == {"equals": (0, 0), "right": (1, 1), "length": (0, 0)}


def test_scores_that_rest_on_the_old_value_decide_nothing(launch, ship):
    """A rehearsal on the corrected open cases is refused until `score` has scored them again."""
    _write(launch, first="Oslo", sealed="Oslo")  # another sealed case is another plan: a rehearsal
    refused = ship("decide", launch)

    assert refused.code == 3
    assert (
        "a score rests on values of cases that were corrected since (`capital`, case `explore-0`)"
        in refused.err
    )
    assert "run `shipworthy score`" in refused.err
    assert ship("score", launch, "--trust").code == 0
    assert "39" in ship("decide", launch).out


def test_a_sealed_case_that_is_corrected_after_the_lock_ends_the_plan_for_good(launch, ship):
    """The plan is another one, so nothing confirms; and its outcomes are known, so it cannot be locked again."""
    _write(launch, sealed="Oslo")
    assert ship("score", launch, "--trust").code == 0

    decided = ship("decide", launch, "--format", "json")

    assert decided.code == 11
    assert decided.json["verdict"] == "not yet"
    assert "the folder is not what was locked" in decided.out
    again = ship("lock", launch)
    assert again.code == 3
    assert "have outcomes already" in again.err


def test_a_sealed_case_that_was_bent_and_bent_back_is_scored_by_what_was_locked(launch, ship):
    """Scored while it expected Oslo, then put back: the plan holds again, and the score from Oslo does not count."""
    _write(launch, sealed="Oslo")
    assert _score(ship, launch) == {"equals": (1, 1), "right": (1, 1), "length": (0, 0)}
    _write(launch)

    refused = ship("decide", launch, "--yes")

    assert refused.code == 3
    assert "corrected since (`capital`, case `holdout-0`)" in refused.err
    assert _score(ship, launch) == {"equals": (1, 1), "right": (1, 1), "length": (0, 0)}
    decided = ship("decide", launch, "--yes", "--format", "json")
    assert decided.json["verdict"] == "ship", decided


def test_the_score_that_was_replaced_stays_on_record_and_under_seal(launch, ship):
    """It passed on Rome; the row, its value and its words are kept, and a change of them is found."""
    _write(launch, first="Oslo")
    _score(ship, launch)
    ledger = launch / ".shipworthy/ledger.db"
    with sqlite3.connect(ledger) as connection:
        kept = connection.execute("SELECT no, answered, value FROM rescored").fetchall()
        assert kept == [(1, 1, 1.0), (1, 1, 1.0)]
        connection.execute("UPDATE rescored SET value = 0")

    verified = ship("verify", launch)

    assert verified.code != 0
    assert "are not those that were sealed" in verified.out + verified.err


def test_a_correction_that_is_interrupted_is_finished_by_the_next_score(launch, ship):
    """The stale score is out of the way and the new one not yet written: it counts as missing, never as passed."""
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as connection:
        connection.execute("DELETE FROM rests_on")
        connection.execute("DELETE FROM scores WHERE series_no = 1 AND case_no = 1")

    assert sorted(_score(ship, launch).values()) == [(0, 0), (0, 0), (1, 0)]
