"""Intervals for display against statsmodels and fractions; see `make_display_interval.py`."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from shipworthy.statistics.display_interval import display_interval, effective_cases
from shipworthy.statistics.group_mean import GroupMean

REFERENCE = json.loads(Path(__file__).with_name("display_interval.json").read_text("utf-8"))


@pytest.mark.parametrize("row", REFERENCE["rates"], ids=lambda r: f"{r['passed']}/{r['n']}@{r['level']}")
def test_rates_match_statsmodels(row):
    """The ends are those of statsmodels' Jeffreys interval, save that nothing and everything are their own ends."""
    found = display_interval(GroupMean.from_counts(passed=row["passed"], n=row["n"]), level=row["level"])
    assert found.lower == pytest.approx(row["low"] if row["passed"] else 0.0, rel=1e-10)
    assert found.upper == pytest.approx(row["high"] if row["passed"] < row["n"] else 1.0, rel=1e-10)


@pytest.mark.parametrize("row", REFERENCE["groups"], ids=lambda r: str(r["histogram"]))
def test_groups_match_fractions_and_scipy(row):
    """The effective number of cases is the exact fraction, and the ends are quantiles of scipy's beta law."""
    mean = GroupMean.from_histogram({float(Fraction(v)): c for v, c in row["histogram"].items()})
    assert effective_cases(mean) == pytest.approx(row["cases"], rel=1e-12)
    found = display_interval(mean)
    assert (found.lower, found.upper) == pytest.approx((row["low"], row["high"]), rel=1e-9)
