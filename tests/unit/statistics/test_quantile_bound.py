"""Quantile bounds: one promise a test."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.quantile_bound import QuantileBound, upper_from_groups
from shipworthy.statistics.results import NotEstimable

histograms = st.dictionaries(st.integers(0, 30), st.integers(1, 40), min_size=1, max_size=12)
quantiles = st.sampled_from([0.25, 0.5, 0.9, 0.95])


@settings(max_examples=150, deadline=None)
@given(histogram=histograms, quantile=quantiles)
def test_bounds_enclose_the_estimate(histogram, quantile):
    """Where both exist, lower <= estimate <= upper, and all three are values seen."""
    bound = QuantileBound.from_histogram(histogram, quantile=quantile)
    lower, upper = bound.lower(0.05), bound.upper(0.05)
    assert bound.estimate in histogram
    if not isinstance(lower, NotEstimable):
        assert lower <= bound.estimate
    if not isinstance(upper, NotEstimable):
        assert upper >= bound.estimate


@settings(max_examples=150, deadline=None)
@given(histogram=histograms, quantile=quantiles)
def test_upper_bound_is_where_the_share_within_is_shown(histogram, quantile):
    """The claim "the quantile is at most x" holds exactly when the bound is at most x."""
    upper = QuantileBound.from_histogram(histogram, quantile=quantile).upper(0.05)
    n = sum(histogram.values())
    for bar in histogram:
        within = sum(c for v, c in histogram.items() if v <= bar)
        shown = GroupMean.from_counts(passed=within, n=n).p_above(quantile) <= 0.05
        assert shown == (not isinstance(upper, NotEstimable) and upper <= bar)


@settings(max_examples=60, deadline=None)
@given(histogram=histograms, quantile=quantiles)
def test_groups_of_one_output_are_the_same_question(histogram, quantile):
    """Both ways to the upper bound agree where each group has one output."""
    alone = QuantileBound.from_histogram(histogram, quantile=quantile).upper(0.05)
    grouped = upper_from_groups([((v,), c) for v, c in histogram.items()], quantile=quantile, alpha=0.05)
    assert grouped == alone


def test_too_few_groups_say_how_many_it_takes():
    """58 groups cannot bound a 95 % quantile and 59 can, by their largest value."""
    assert QuantileBound.from_histogram(dict.fromkeys(range(58), 1), quantile=0.95).upper(
        0.05
    ) == NotEstimable("58 groups cannot bound the 0.95 quantile from above, it takes 59")
    assert QuantileBound.from_histogram(dict.fromkeys(range(59), 1), quantile=0.95).upper(0.05) == 58
    assert QuantileBound.from_histogram({1: 4}, quantile=0.5).lower(0.05) == NotEstimable(
        "4 groups cannot bound the 0.5 quantile from below, it takes 5"
    )


def test_direction_is_a_mirror():
    """Turning the values round swaps the bounds of the median."""
    values = dict.fromkeys((1, 2, 3, 5, 8, 13, 21, 34, 55), 1)
    plain = QuantileBound.from_histogram(values, quantile=0.5)
    turned = QuantileBound.from_histogram({-v: 1 for v in values}, quantile=0.5)
    assert plain.upper(0.05) == -turned.lower(0.05)


def test_what_never_came_is_longer_than_everything():
    """Outputs without an end make the bound unknown where they reach it, and do no harm where they do not."""
    few = {1.0: 90, 2.0: 8, math.inf: 2}
    assert QuantileBound.from_histogram(few, quantile=0.9).upper(0.05) == 2.0
    assert isinstance(QuantileBound.from_histogram(few, quantile=0.95).upper(0.05), NotEstimable)
    assert isinstance(QuantileBound.from_histogram({math.inf: 60}, quantile=0.5).estimate, NotEstimable)
    assert isinstance(QuantileBound.from_histogram({math.inf: 60}, quantile=0.5).lower(0.05), NotEstimable)


def test_groups_that_cannot_bound_say_why():
    """Too few groups, or too many outputs that never came: two reasons."""
    few = upper_from_groups([((1.0, 2.0), 10)], quantile=0.95, alpha=0.05)
    lost = upper_from_groups([((1.0, math.inf), 80)], quantile=0.9, alpha=0.05)
    assert few == NotEstimable("10 groups cannot bound the 0.95 quantile from above, it takes 59")
    assert lost == NotEstimable("the outputs that never came reach the bound")


@pytest.mark.parametrize("groups", [[], [((), 3)]])
def test_nothing_to_bound_is_refused(groups):
    """There is at least one group, and each has an output."""
    with pytest.raises(ValueError, match="at least one"):
        upper_from_groups(groups, quantile=0.9, alpha=0.05)
    with pytest.raises(ValueError, match="at least one group"):
        QuantileBound.from_histogram({}, quantile=0.5)
