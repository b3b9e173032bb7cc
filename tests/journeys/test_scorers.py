"""Checks that are declared in criteria.yaml, through the command line, on outcomes that somebody else scored."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

SYSTEMS = {"6b_finetuning": 286, "6b_verification": 515, "175b_finetuning": 458, "175b_verification": 742}
VARIANTS = "".join(f"  {name}: {{recorded: true}}\n" for name in SYSTEMS)
GSM8K = f"title: GSM8K\nbaseline: 6b_finetuning\ncandidate: 175b_verification\nvariants:\n{VARIANTS}"
RIGHT = """
- id: recorded
  bar: {at_least: 0.5}
  scorer: {recorded: correct}
- id: right_total
  bar: {at_least: 0.5}
  scorer: {numeric: {to: expected, after: "A:"}}
- id: last_number
  kind: diagnostic
  bar: {at_least: 0.5}
  scorer: {numeric: expected}
- id: shows_its_work
  kind: diagnostic
  bar: {at_least: 0.5}
  scorer: {regex: "<<[^<>]+=[^<>]+>>"}
"""


@pytest.fixture
def gsm8k(shared, folder, ship) -> Path:
    """Four systems on 1,319 problems with the worked solution as what is expected, and the authors' own flags."""
    launch = folder(launch_yaml=GSM8K, criteria_yaml=RIGHT)
    solutions = shared / "data/gsm8k-solutions/example_model_solutions.jsonl.gz"
    for system in SYSTEMS:
        columns = f"case=question,input=question,expected=ground_truth,score.correct={system}.is_correct,output={system}.solution"
        said = ship("import", solutions, "--launch", launch, "--variant", system, "--map", columns)
        assert said.code == 0, said.err
    return launch


def test_a_declared_number_gives_the_flags_that_the_authors_recorded(gsm8k, ship):
    """GSM8K: 286, 515, 458 and 742 of 1,319 are right; the number behind the last `A:` says so of each output."""
    said = ship("score", gsm8k, "--format", "json")

    passed = {
        (one["variant"], name): counts["passed"] for one in said.json for name, counts in one["open"].items()
    }
    assert {name: passed[name, "right_total"] for name in SYSTEMS} == SYSTEMS
    for system in SYSTEMS:
        assert _disagree(gsm8k, ship, system, "right_total") == 0
