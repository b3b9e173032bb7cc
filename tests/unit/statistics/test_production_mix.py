"""A rate over all traffic from slices that are not as frequent in the eval set."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.exponential_sum import Steps, log_chance_not_positive
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.production_mix import MixedRate
from shipworthy.statistics.results import NotEstimable

histograms = st.dictionaries(
    st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.integers(1, 40), min_size=1, max_size=4
)
alphas = st.sampled_from([0.001, 0.01, 0.05, 0.2])


@st.composite
def mixed(draw, counted):
    """Draw up to four slices with shares of their own."""
    made = {f"s{i}": draw(histograms) for i in range(draw(st.integers(1, 4)))}
    raw = {name: draw(st.integers(1, 20)) for name in made}
    shares = {name: value / sum(raw.values()) for name, value in raw.items()}
    return MixedRate.from_slices(made, shares=shares, counted=draw(counted))


@settings(max_examples=40, deadline=None)
@given(histogram=histograms, alpha=alphas, bar=st.sampled_from([0.3, 0.8, 0.95]))
def test_with_the_mix_of_the_traffic_it_is_the_group_mean(histogram, alpha, bar):
    """Slices as frequent as in the traffic: bounds and p-values are those of all groups thrown together."""
    n = sum(histogram.values())
    parts = {"a": histogram, "b": {v: 2 * c for v, c in histogram.items()}}
    one = MixedRate.from_slices(parts, shares={"a": 1 / 3, "b": 2 / 3})
    other = GroupMean.from_histogram({v: 3 * c for v, c in histogram.items()})
    assert one.n_groups == 3 * n
    assert one.estimate == pytest.approx(other.estimate, abs=1e-12)
    assert one.lower(alpha) == pytest.approx(other.lower(alpha), abs=1e-9)
    assert one.upper(alpha) == pytest.approx(other.upper(alpha), abs=1e-9)
    assert one.p_above(bar) == pytest.approx(other.p_above(bar), rel=1e-6, abs=1e-12)
    assert one.p_below(bar) == pytest.approx(other.p_below(bar), rel=1e-6, abs=1e-12)


@given(rate=mixed(st.none() | st.sampled_from([50, 3000])), alpha=alphas)
@settings(max_examples=40, deadline=None)
def test_bound_and_p_value_are_two_views_of_one_test(rate, alpha):
    """Just below the lower bound the bar is shown, just above it is not; the estimate lies between the bounds."""
    low, high = rate.lower(alpha), rate.upper(alpha)
    assert 0 <= low <= rate.estimate + 1e-12
    assert rate.estimate - 1e-12 <= high <= 1
    assert low < high
    if low > 1e-6:
        assert rate.p_above(low - 1e-7) <= alpha * (1 + 1e-9)
    assert rate.p_above(min(low + 1e-6, 1)) > alpha
    assert rate.p_below(max(high - 1e-6, 0)) > alpha


@given(first=histograms, second=histograms, third=histograms)
@settings(max_examples=40, deadline=None)
def test_neither_order_nor_cutting_a_slice_in_alike_halves_matters(first, second, third):
    """Slices are a set, and two slices whose groups weigh the same are one."""
    shares = {"a": 0.5, "b": 0.3, "c": 0.2}
    one = MixedRate.from_slices({"a": first, "b": second, "c": third}, shares=shares)
    turned = MixedRate.from_slices(
        {"c": third, "b": second, "a": first}, shares=dict(reversed(shares.items()))
    )
    halves = MixedRate.from_slices(
        {"a1": first, "a2": first, "b": second, "c": third},
        shares={"a1": 0.25, "a2": 0.25, "b": 0.3, "c": 0.2},
    )
    twice = MixedRate.from_slices(
        {"a": {v: 2 * c for v, c in first.items()}, "b": second, "c": third}, shares=shares
    )
    assert turned.p_above(0.4) == pytest.approx(one.p_above(0.4), rel=1e-7)
    assert halves.p_above(0.4) == pytest.approx(twice.p_above(0.4), rel=1e-7)


def test_all_passed_never_has_a_bound_of_one():
    """Ten of ten in each of three slices, one of them rare: the bound stays away from one, and is above zero."""
    all_passed = {name: {1: 10} for name in "abc"}
    rate = MixedRate.from_slices(all_passed, shares={"a": 0.6, "b": 0.35, "c": 0.05})
    assert rate.estimate == 1
    assert 0.8 < rate.lower(0.05) < 0.9
    assert rate.upper(0.05) == pytest.approx(1, abs=1e-12)


def test_a_few_cases_of_a_heavy_slice_weigh_against_it():
    """A bound never gains from moving traffic to the slice with the fewest cases, where all passed everywhere."""
    bounds = [
        MixedRate.from_slices({"usual": {1: 100}, "rare": {1: 4}}, shares={"usual": 1 - s, "rare": s}).lower(
            0.05
        )
        for s in (0.04, 0.1, 0.3, 0.6)
    ]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[0] > 0.95
    assert bounds[-1] < 0.7


def test_a_slice_without_cases_counts_as_failed_below_and_passed_above():
    """Five in a hundred requests unseen: the lower bound is 95 hundredths of the one without, the upper five more."""
    seen = GroupMean.from_counts(passed=90, n=100)
    rate = MixedRate.from_slices({"a": {1: 90, 0: 10}}, shares={"a": 0.95, "b": 0.05})
    assert rate.unseen == pytest.approx(0.05)
    assert rate.lower(0.05) == pytest.approx(0.95 * seen.lower(0.05), abs=1e-9)
    assert rate.upper(0.05) == pytest.approx(0.95 * seen.upper(0.05) + 0.05, abs=1e-9)
    assert rate.p_above(0.95) == 1


def test_too_much_traffic_without_cases_has_no_answer():
    """A fifth unseen, or nothing seen at all."""
    found = [
        MixedRate.from_slices({"a": {1: 90}, "b": {}}, shares={"a": 0.8, "b": 0.2}),
        MixedRate.from_slices({}, shares={"a": 1.0}),
    ]
    assert [f.reason for f in found] == [
        "slices with 20% of the traffic have no cases",
        "slices with 100% of the traffic have no cases",
    ]


def test_counted_shares_cost_the_less_the_more_were_counted():
    """Shares from few requests widen the bound; from very many only the error kept for them is left."""
    data = {"a": {1: 95, 0: 5}, "b": {1: 50, 0: 30}}
    shares = {"a": 0.9, "b": 0.1}
    bounds = [
        MixedRate.from_slices(data, shares=shares, counted=n).lower(0.05) for n in (50, 500, 50_000, 10**9)
    ]
    known = MixedRate.from_slices(data, shares=shares)
    assert bounds == sorted(bounds)
    assert bounds[-1] == pytest.approx(known.lower(0.04), abs=1e-4)
    assert bounds[-1] < known.lower(0.04)
    counted = MixedRate.from_slices(data, shares=shares, counted=50)
    assert counted.method == "weighted Gaffke, counted shares"
    assert counted.standard_error() > known.standard_error()


def test_spread_is_that_of_a_stratified_mean():
    """Shares squared, times each slice's variance over its number of groups."""
    rate = MixedRate.from_slices({"a": {1: 8, 0: 2}, "b": {1: 1, 0: 1}}, shares={"a": 0.9, "b": 0.1})
    by_hand = math.sqrt(0.81 * (10 / 9 * 0.16) / 10 + 0.01 * (2 * 0.25) / 2)
    assert rate.standard_error() == pytest.approx(by_hand)
    single = MixedRate.from_slices({"a": {1: 8}, "b": {1: 1}}, shares={"a": 0.9, "b": 0.1})
    assert isinstance(single.standard_error(), NotEstimable)


def test_the_price_of_one_slice_is_that_of_its_group_mean():
    """With a single slice there is no mix to weigh, and the price is the other one's but for a group or two."""
    one = MixedRate.from_slices({"a": {1: 95, 0: 5}}, shares={"a": 1.0})
    other = GroupMean.from_counts(passed=95, n=100)
    ask = {"bar": 0.9, "alpha": 0.05, "power": 0.8}
    assert one.groups_to_show(**ask) == pytest.approx(other.groups_to_show(**ask), abs=3)


def test_what_was_seen_below_the_bar_has_no_price():
    """Nor has what even ten million groups would not show."""
    rate = MixedRate.from_slices({"a": {1: 8, 0: 2}}, shares={"a": 1.0})
    assert "is not above the bar" in rate.groups_to_show(bar=0.8, alpha=0.05, power=0.8).reason
    counted = MixedRate.from_slices({"a": {1: 90, 0: 10}}, shares={"a": 1.0}, counted=20)
    assert "more than" in counted.groups_to_show(bar=0.85, alpha=0.05, power=0.8).reason


def test_arguments_are_checked_at_the_door():
    """Shares that do not add up, groups in a slice without a share, and counts that are none."""
    with pytest.raises(ValueError, match="add up to 1"):
        MixedRate.from_slices({"a": {1: 1}}, shares={"a": 0.9})
    with pytest.raises(ValueError, match="'b' is missing"):
        MixedRate.from_slices({"b": {1: 1}}, shares={"a": 1.0})
    with pytest.raises(ValueError, match="counted must be at least 1"):
        MixedRate.from_slices({"a": {1: 1}}, shares={"a": 1.0}, counted=0)


def test_the_further_group_has_to_be_as_heavy_as_the_heaviest():
    """A tenth of the traffic has 3 cases and fails half the time: all pass one time in eight, and that must not show .95.

    With a further group of average weight it would, at a level of .05; with ours it does not.
    """
    usual, rare, bar = 0.9 / 60, 0.1 / 3, 0.95
    average = 0.9 * usual + 0.1 * rare
    steps = Steps(np.array([usual * (1 - bar), rare * (1 - bar), -average * bar]), np.array([60.0, 3.0, 1.0]))
    ours = MixedRate.from_slices({"usual": {1: 60}, "rare": {1: 3}}, shares={"usual": 0.9, "rare": 0.1})
    assert math.exp(log_chance_not_positive(steps)) <= 0.05
    assert ours.p_above(bar) >= 0.5**3
