"""Several claims, a mix and thresholds against values that independent programs produced; see `make_scope.py`."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from shipworthy.statistics.abstention import answer_from
from shipworthy.statistics.closed_test import attainable_rates, closed_test
from shipworthy.statistics.family import adjusted
from shipworthy.statistics.mix_distance import mix_distance
from shipworthy.statistics.production_mix import MixedRate
from shipworthy.statistics.results import NotEstimable

REFERENCE = json.loads(Path(__file__).with_name("scope.json").read_text("utf-8"))


@pytest.mark.parametrize("row", REFERENCE["adjusted"], ids=lambda r: f"{len(r['p'])} hypotheses")
@pytest.mark.parametrize("method", ["Bonferroni", "Holm", "Hommel"])
def test_adjusted_p_values_match_statsmodels(row, method):
    """All three procedures give the adjusted p-values of another program to twelve digits."""
    assert adjusted(row["p"], method=method) == pytest.approx(row[method.lower()], rel=1e-12)


@pytest.mark.parametrize("row", REFERENCE["closed"], ids=lambda r: f"{r['failed']}-{r['independent']}")
def test_the_closed_test_decides_as_its_definition_does_in_fractions(row):
    """Set by set and in exact arithmetic the same hypotheses fall."""
    bar = float(Fraction(row["bar"]))
    each = [attainable_rates(n=n, bar=bar) for n in row["sizes"]]
    p = [values[f] for values, f in zip(each, row["failed"], strict=True)]
    found = closed_test(p, alpha=0.05, independent=row["independent"], attainable=each)
    assert list(found.rejected) == row["rejected"]


@pytest.mark.parametrize("row", REFERENCE["mixed"], ids=lambda r: f"{len(r['slices'])} slices@{r['bar']}")
def test_weighed_p_values_match_exact_fractions_and_are_never_smaller(row):
    """They agree with rational arithmetic to 2e-9 of themselves."""
    shares = {str(i): float(Fraction(w)) for i, (w, _) in enumerate(row["slices"])}
    made = {str(i): {float(Fraction(v)): c for v, c in h.items()} for i, (_, h) in enumerate(row["slices"])}
    rate, bar = MixedRate.from_slices(made, shares=shares), float(Fraction(row["bar"]))
    for found, true in ((rate.p_above(bar), row["p_above"]), (rate.p_below(bar), row["p_below"])):
        assert true * (1 - 1e-12) <= found <= true * (1 + 2e-9)


@pytest.mark.parametrize("row", REFERENCE["counted"], ids=lambda r: f"{r['passed']}/{r['n']}")
def test_counted_shares_cost_what_chernoffs_bound_costs(row):
    """The lower bound is the root that another program finds, and no higher."""
    histogram = {1: row["passed"], 0: row["n"] - row["passed"]}
    rate = MixedRate.from_slices({"a": histogram}, shares={"a": 1.0}, counted=row["counted"])
    assert rate.lower(row["alpha"]) == pytest.approx(row["lower"], abs=1e-9)


@pytest.mark.parametrize("row", REFERENCE["distances"], ids=lambda r: str(r["counts"]))
def test_the_distance_of_a_mix_matches_scipy(row):
    """Exact where all outcomes can be listed, chi-square where not."""
    names = [str(i) for i in range(len(row["counts"]))]
    found = mix_distance(
        dict(zip(names, row["counts"], strict=True)), shares=dict(zip(names, row["shares"], strict=True))
    )
    assert found.method == row["method"]
    assert found.p_value == pytest.approx(row["p"], rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("row", REFERENCE["thresholds"], ids=lambda r: f"{r['cases']} cases")
@pytest.mark.parametrize("method", ["fixed sequence", "Bonferroni"])
def test_the_threshold_is_the_one_found_walking_down(row, method):
    """The same threshold, or the same refusal, as with another program's binomial tests."""
    grid = dict(zip(row["grid"], (tuple(b) for b in row["bins"]), strict=True))
    found = answer_from(grid, cases=row["cases"], bar=0.9, alpha=0.05, method=method)
    assert (None if isinstance(found, NotEstimable) else found.threshold) == row[method]
