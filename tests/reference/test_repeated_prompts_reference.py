"""Repeated prompts against scipy's tests and an optimiser; see `make_repeated_prompts.py`."""

import json
from pathlib import Path

import pytest

from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.repeated_prompts import RepeatedPrompts, difference_by_chance

REFERENCE = json.loads(Path(__file__).with_name("repeated_prompts.json").read_text("utf-8"))


@pytest.mark.parametrize("row", REFERENCE["two rates"], ids=lambda r: f"{r['first']} and {r['second']}")
def test_the_chance_is_that_of_scipy_and_never_below(row):
    """Steps of 1/400 taken at their worst lie above scipy's finest grid, by at most a quarter."""
    (k, n), (x, m) = row["first"], row["second"]
    found = difference_by_chance(RepeatedPrompts(k, n), GroupMean.from_counts(passed=x, n=m))
    assert row["p"] * (1 - 1e-9) <= found <= 1.25 * row["p"]


@pytest.mark.parametrize(
    "row", REFERENCE["mixtures"], ids=lambda r: f"{r['passes']} of {r['n']} at {r['mean']}"
)
def test_no_mixture_is_likelier_than_the_p_value(row):
    """What the optimiser finds for unequal prompts is the p-value itself: the bound is reached, and not crossed."""
    found = RepeatedPrompts(row["passes"], row["n"]).p_above(row["mean"])
    assert found == pytest.approx(row["largest"], rel=1e-3)
    assert found >= row["largest"] * (1 - 1e-6)
