"""A launch with open and sealed cases in two slices, and outcomes to import into it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

LAUNCH = """
title: Rules
baseline: old
candidate: new
variants:
  new: {recorded: true}
  old: {recorded: true}
  other: {recorded: true}
slices:
  topic: {by: topic, shares: {a: 0.7, b: 0.3}, scope: true}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  hoped_for: 0.95
  scorer: {recorded: passed}
"""


def _cases(part: str, n: int, *, start: int = 0) -> str:
    rows = (
        {"id": f"{part}-{i}", "tags": {"topic": "ab"[i % 2]}, "part": part} for i in range(start, start + n)
    )
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def launch(folder: Callable[..., Path]) -> Path:
    """A launch with 60 open and 200 sealed cases, half of them in each slice."""
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA)
    (made / "evalset").mkdir()
    (made / "evalset/cases.jsonl").write_text(_cases("explore", 60) + _cases("holdout", 200))
    return made


@pytest.fixture
def outcomes(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of outcomes: every case passes but those for which `fails` is true."""

    def write(part: str, n: int, *, fails: Callable[[int], bool] = lambda _: False, name: str = "") -> Path:
        path = tmp_path / f"{name or part}.csv"
        rows = (f"{part}-{i},{int(not fails(i))}\n" for i in range(n))
        path.write_text("case,passed\n" + "".join(rows))
        return path

    return write
