"""Pages about a criterion of answered outputs alone: what was handed over, and no list that counts otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from tests.asgi import get
from tests.results import served

LAUNCH = """
title: Surer
baseline: old
candidate: new
variants: {new: {recorded: true}, old: {recorded: true}}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: a test}
  scorer: {recorded: passed}
  answered: {confidence: sure, at_least: 0.5, of_cases: 0.4, why: half is enough}
- {id: polite, bar: {at_least: 0.5}, scorer: {recorded: passed}}
"""


@pytest.fixture
def pages(tmp_path: Path, ship: Callable[..., Any]) -> Iterator[Starlette]:
    """A launch of 60 open cases: every other one is sure, and right but for one in ten; the others are all wrong."""
    folder = tmp_path / "launch"
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(LAUNCH)
    (folder / "criteria.yaml").write_text(CRITERIA)
    (folder / "evalset/cases.jsonl").write_text(
        "".join(json.dumps({"id": f"c{i}", "part": "explore"}) + "\n" for i in range(60))
        + "".join(json.dumps({"id": f"s{i}", "part": "holdout"}) + "\n" for i in range(60))
    )
    file = tmp_path / "o.csv"
    file.write_text(
        "case,passed,sure\n"
        + "".join(f"c{i},{int(i % 2 and i % 10 != 1)},{0.9 if i % 2 else 0.1}\n" for i in range(60))
    )
    for variant in ("new", "old"):
        said = ship(
            "import", file, "--launch", folder, "--variant", variant, "--map", "case=case,score.passed=passed,score.sure=sure"
        )  # fmt: skip
        assert said.code == 0, said.err
    app, kept = served(folder)
    yield app
    kept.close()


def test_the_claim_says_what_was_handed_over_and_lists_nothing(pages: Starlette) -> None:
    """24 of 30 answered, 30 handed over; the lists of outputs know nothing of that, and the page says so."""
    verdict = get(pages, "/decide")
    assert verdict.status == 200
    assert "24 of 30 answered" in verdict.text
    claims = re.findall(r'href="(/claims/\d+[^"]*)"', verdict.text)
    first, second, third = (get(pages, address).text for address in dict.fromkeys(claims))
    assert "24 passed, 6 failed, 0 unscored, 0 no answer, 30 handed over" in first
    assert "They are not listed by what is answered" in first
    assert "state=failed" not in first
    assert "half is enough" in second
    assert "30 of 60" in second
    assert "criterion=right_answered" not in second
    assert "criterion=polite" in third


def test_plan_criteria_and_trade_off_know_the_two_claims(
    pages: Starlette, tmp_path: Path, ship: Callable[..., Any]
) -> None:
    """Both are sized; the list of criteria says where it is asked; the trade-off leaves it out and says so."""
    folder = tmp_path / "launch"
    plan = get(pages, "/plan")
    assert plan.status == 200
    assert "right_answered" in plan.text
    compared = ship("compare", folder)
    assert compared.code == 0, compared.err
    assert "right is left out: it is asked of answered outputs alone" in " ".join(compared.out.split())
    listed = " ".join(ship("criteria", "list", folder).out.split())
    assert "at least 80 of 100 pass where sure is at least 0.5, at least 40 of 100 are" in listed
