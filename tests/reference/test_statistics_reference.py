"""Statistics against values that independent programs produced; see `make_statistics.py`."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from shipworthy.statistics.all_of_k import all_of_k
from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.multiplicity import holm
from shipworthy.statistics.sample_size import groups_for_power, zero_failures
from shipworthy.statistics.scaled_mean import favourable_points

REFERENCE = json.loads(Path(__file__).with_name("statistics.json").read_text("utf-8"))


@pytest.mark.parametrize("row", REFERENCE["rates"], ids=lambda r: f"{r['passed']}/{r['n']}@{r['alpha']}")
def test_rate_matches_clopper_pearson_of_statsmodels_and_scipy(row):
    """Bounds and p-values of a rate are those of two other programs to ten digits."""
    mean = GroupMean.from_counts(passed=row["passed"], n=row["n"])
    assert mean.lower(row["alpha"]) == pytest.approx(row["lower"], rel=1e-10, abs=1e-300)
    assert mean.upper(row["alpha"]) == pytest.approx(row["upper"], rel=1e-10)
    assert mean.p_above(row["bar"]) == pytest.approx(row["p_above"], rel=1e-9, abs=1e-300)
    assert mean.p_below(row["bar"]) == pytest.approx(row["p_below"], rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("row", REFERENCE["gaffke_exact"], ids=lambda r: f"{r['histogram']}@{r['bar']}")
def test_gaffke_matches_exact_fractions(row):
    """Gaffke's p-values agree with exact rational arithmetic to 2e-9 of themselves, and are never smaller."""
    mean = GroupMean.from_histogram({float(Fraction(v)): c for v, c in row["histogram"].items()})
    bar = float(Fraction(row["bar"]))
    for found, true in ((mean.p_above(bar), row["p_above"]), (mean.p_below(bar), row["p_below"])):
        assert true * (1 - 1e-15) <= found <= true * (1 + 2e-9)


@pytest.mark.parametrize("row", REFERENCE["gaffke_drawn"], ids=lambda r: f"{len(r['values'])} values")
def test_gaffke_bound_lies_where_drawn_weights_put_it(row):
    """The lower bound is the 5 % quantile of 400,000 randomly weighted means, within four standard errors."""
    histogram: dict[float, int] = {}
    for value in row["values"]:
        histogram[value] = histogram.get(value, 0) + 1
    assert row["low"] <= GroupMean.from_histogram(histogram).lower(0.05) <= row["high"]


@pytest.mark.parametrize("row", REFERENCE["differences"], ids=lambda r: f"{r['fixed']}-{r['broken']}")
def test_difference_is_mcnemar_where_there_is_no_margin(row):
    """At a margin of 0 the p-value is that of the exact McNemar test of statsmodels."""
    gain = PairedDifference.from_histogram({1: row["fixed"], -1: row["broken"], 0: row["unchanged"]})
    assert gain.p_above(0) == pytest.approx(row["p_above"], rel=2e-9)


@pytest.mark.parametrize("row", REFERENCE["holm"], ids=lambda r: f"{len(r['p'])} hypotheses")
def test_holm_matches_statsmodels(row):
    """Holm rejects what statsmodels' Holm rejects."""
    assert holm(row["p"], alpha=0.05) == row["rejected"]


@pytest.mark.parametrize("row", REFERENCE["spreads"], ids=lambda r: str(r["histogram"]))
def test_mean_and_standard_error_match_statsmodels(row):
    """Mean and standard error of a histogram are those of statsmodels."""
    mean = GroupMean.from_histogram({float(v): c for v, c in row["histogram"].items()})
    assert mean.estimate == pytest.approx(row["mean"], rel=1e-12)
    assert mean.standard_error() == pytest.approx(row["error"], rel=1e-12)


@pytest.mark.parametrize("row", REFERENCE["sizes"], ids=lambda r: f"{r['bar']}-{r['hoped']}@{r['power']}")
def test_sample_size_matches_a_search_through_every_size(row):
    """The sample size is the one found by trying every size with scipy.stats."""
    assert groups_for_power(bar=row["bar"], hoped=row["hoped"], alpha=0.05, power=row["power"]) == row["n"]


def test_sample_sizes_are_the_published_ones():
    """Sizes for 80 and 90 % power, and for no failure at all, are those of the project's method notes."""
    plans = [
        (0.8, 0.9),
        (0.85, 0.95),
        (0.9, 0.95),
        (0.9, 0.97),
        (0.9, 0.93),
        (0.95, 0.98),
        (0.95, 0.97),
        (0.98, 0.99),
    ]
    found = [
        tuple(groups_for_power(bar=b, hoped=h, alpha=0.05, power=p) for p in (0.8, 0.9)) for b, h in plans
    ]
    assert found == [
        (94, 124),
        (68, 85),
        (203, 263),
        (89, 116),
        (593, 792),
        (260, 336),
        (647, 877),
        (969, 1331),
    ]
    assert [zero_failures(bar=b, alpha=0.05) for b in (0.8, 0.9, 0.95, 0.98, 0.99)] == [14, 29, 59, 149, 299]


@pytest.mark.parametrize("row", REFERENCE["chances"], ids=lambda r: f"{r['k']} of {r['planned']}")
def test_all_of_k_matches_listing_every_choice(row):
    """The chance is the share of all choices of k repeats in which every one passed."""
    assert all_of_k(row["passed"], row["planned"], row["k"]) == row["chance"]


@pytest.mark.parametrize("row", REFERENCE["points"], ids=lambda r: f"{r['value']} of {r['cap']}")
def test_points_match_decimal_arithmetic_rounded_down(row):
    """Points are the decimal result rounded down, or one less where the float lies just above the decimal."""
    points = favourable_points(float(row["value"]), cap=float(row["cap"]))
    assert row["points"] - 1 <= points <= row["points"]
