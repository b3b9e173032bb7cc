"""Calls are sealed with the run that they belong to: `verify` finds a changed cost, latency, attempt, and a call too many."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

CODE = """
import asyncio
async def answer(given):
    return given
"""
LAUNCH = 'candidate: new\nvariants:\n  new: {python: "feature:answer", limits: {at_once: 4}}\n'
CRITERIA = "- id: same\n  bar: {at_least: 0.5, why: sample}\n  scorer: {contains: word}\n"


@pytest.fixture
def launch(folder: Callable[..., Path], ship: Callable) -> Path:
    """A launch whose variant answered eight cases."""
    cases = "".join(f'{{"id": "c{n}", "input": "word {n}"}}\n' for n in range(8))
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, feature_py=CODE, evalset__cases_jsonl=cases)
    said = ship("run", made, "--trust")
    assert said.code == 0, said.err
    assert ship("verify", made).code == 0
    return made


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE receipts SET cost_high = 0.5, cost_low = 0.5 WHERE call_no = 3",
        "UPDATE receipts SET latency_s = latency_s / 2 WHERE call_no = 3",
        "UPDATE receipts SET tokens_out = 7 WHERE call_no = 8",
        "UPDATE intents SET attempt = 2 WHERE no = 1",
        "UPDATE intents SET worst = 9 WHERE no = 1",
        "UPDATE intents SET run_no = 99 WHERE no = 5",
        "DELETE FROM receipts WHERE call_no = 8",
        "DELETE FROM intents WHERE no = 8",
        "INSERT INTO intents SELECT no + 100, purpose, variant_no, 1, 1, 1, run_no, 1, 1 FROM intents WHERE no = 1",
    ],
)
def test_a_change_of_any_call_is_found(launch, ship, change):
    """Eight calls were closed with their run; then one of them is changed, removed, or one more is said to have been."""
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as connection:
        assert connection.execute(change).rowcount == 1

    verified = ship("verify", launch)

    assert verified.code != 0
    assert (
        "the calls of run 1, or their receipts, are not those that were closed" in verified.out + verified.err
    )


def test_an_import_has_no_calls_and_stays_verified(launch, ship):
    """Outcomes of a second variant come from elsewhere: no call was made for them."""
    again = ship("import", _outcomes(launch), "--launch", launch, "--variant", "old")

    assert again.code == 0, again.err
    assert ship("verify", launch).code == 0


def _outcomes(launch: Path) -> Path:
    """Add a variant of which outcomes are imported: no call was made for them."""
    (launch / "launch.yaml").write_text(LAUNCH + "  old: {recorded: true}\n")
    path = launch.parent / "old.csv"
    path.write_text("case,output\n" + "".join(f"c{n},word\n" for n in range(8)))
    return path
