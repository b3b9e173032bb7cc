"""Net values against values that independent programs produced; see `make_value.py`."""

import json
from pathlib import Path

import numpy as np
import pytest

from shipworthy.statistics.best_of import best_of
from shipworthy.statistics.money_range import MoneyRange
from shipworthy.statistics.more_evidence import NextGroup, more_evidence
from shipworthy.statistics.net_mean import NetMean, Seen
from shipworthy.statistics.net_value import net_value

REFERENCE = json.loads(Path(__file__).with_name("value.json").read_text("utf-8"))


def seen_in(row, more=()):
    """Return the groups of a reference row."""
    parts = [np.array([[*values, *more] for values in rows]) for _, rows in row["parts"]]
    return Seen.of_parts(parts, [share for share, _ in row["parts"]])


@pytest.mark.parametrize("row", REFERENCE["ranges"], ids=lambda r: f"{r['low']}-{r['likely']}-{r['high']}")
def test_a_range_is_the_law_of_scipy(row):
    """Mean and quantiles of each shape are those of scipy.stats to twelve digits."""
    found = MoneyRange(row["low"], row["high"], row["likely"])
    assert found.mean == pytest.approx(row["mean"], rel=1e-12)
    for share, value in row["quantiles"].items():
        assert found.quantile(float(share)) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("row", REFERENCE["best_of"], ids=lambda r: str(r["n"]))
def test_the_best_of_several_is_the_integral(row):
    """The expected largest of n normal values agrees with numerical integration to nine digits."""
    assert best_of(row["n"]) == pytest.approx(row["value"], abs=1e-9)


@pytest.mark.parametrize("row", REFERENCE["rates"], ids=lambda r: f"{r['passed']}/{r['n']}")
def test_a_rate_alone_is_jeffreys_posterior(row):
    """With one output a group and no baseline, the Beta of scipy: chances within .003, quantiles within 3 % of its spread."""
    n, k = row["n"], row["passed"]
    seen = Seen.of_parts([np.array([[1.0]] * k + [[0.0]] * (n - k))], [1.0])
    mean = NetMean.after(seen, ["coin"], np.array([1.0]))
    spread = row["quantiles"]["0.9"] - row["quantiles"]["0.1"]
    assert mean.expected == pytest.approx((k + 0.5) / (n + 1), rel=1e-12)
    assert mean.chance_above(row["bar"]) == pytest.approx(row["above"], abs=0.003)
    for share, value in row["quantiles"].items():
        assert mean.quantile(float(share)) == pytest.approx(value, abs=0.03 * spread)


@pytest.mark.parametrize("row", REFERENCE["counts"], ids=lambda r: str(r["n"]))
def test_with_two_values_a_further_count_is_beta_binomial(row):
    """The chance that the decision turns is a sum of scipy's Beta-binomial chances, to nine digits."""
    a, b, n = row["a"], row["b"], row["n"]
    found = more_evidence(
        NextGroup(np.array([-1.0, 1.0]), np.array([b, a])), groups=n, price=0.0, horizon=1.0, delay=0.0
    )
    means = [(a + k - b - (n - k)) / (a + b + n) for k in range(n + 1)]
    turned = [m <= 0 if a > b else m > 0 for m in means]
    assert found.changes == pytest.approx(float(np.dot(turned, row["chances"])), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("row", REFERENCE["means"], ids=lambda r: r["name"])
def test_a_mean_over_groups_is_that_of_drawn_dirichlet_weights(row):
    """The mean is exact; the ends of the 80 % range lie within 6 % of a standard deviation, chances within .006."""
    mean = NetMean.after(seen_in(row), ["coins", "coins"], np.array(row["weights"]))
    assert abs(mean.expected - row["mean"]) < 5 * row["standard_error"]
    assert abs(mean.quantile(0.1) - row["low"]) < 0.06 * row["sd"]
    assert abs(mean.quantile(0.9) - row["high"]) < 0.06 * row["sd"]
    assert abs(mean.chance_above(0.0) - row["chance"]) < 0.006
    assert abs(mean.expected_gain() - row["gain"]) < 0.01 * row["sd"]


@pytest.mark.parametrize("row", REFERENCE["weeks"], ids=lambda r: r["name"])
def test_a_net_value_is_that_of_drawn_prices_and_weights(row):
    """The fixed grid gives what 400,000 draws give: range within 4 % of a standard deviation, chance within .006."""
    week = net_value(
        seen_in(row, more=[0.0]),
        priors=["coins", "coins", "as seen"],
        worth=MoneyRange(0.4, 1.1, 0.7),
        harms=[MoneyRange(5, 100)],
        per_week=1800,
    )
    assert abs(week.expected - row["mean"]) < 5 * row["standard_error"]
    assert abs(week.low - row["low"]) < 0.04 * row["sd"]
    assert abs(week.high - row["high"]) < 0.04 * row["sd"]
    assert abs(week.chance - row["chance"]) < 0.006


@pytest.mark.parametrize("row", REFERENCE["evidence"], ids=lambda r: f"{r['worths']}-{r['values']}-{r['n']}")
def test_the_value_of_more_groups_is_that_of_all_outcomes_listed(row):
    """With two or three possible values to nine digits; with eight, which are replaced by nodes, within 3 % of itself."""
    week = NextGroup(np.array(row["values"], dtype=float), np.array(row["worths"], dtype=float))
    found = more_evidence(week, groups=row["n"], price=0.0, horizon=1.0, delay=0.0)
    exact = len(row["values"]) < 8
    assert found.value == pytest.approx(row["value"], rel=1e-9 if exact else 0.03, abs=1e-13)
