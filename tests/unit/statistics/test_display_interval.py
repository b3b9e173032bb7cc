"""Intervals for display: one promise a test."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.display_interval import display_interval, effective_cases
from shipworthy.statistics.group_mean import GroupMean

histograms = st.dictionaries(
    st.sampled_from([0.0, 1e-9, 0.2, 1 / 3, 0.5, 2 / 3, 0.9, 1 - 1e-12, 1.0]), st.integers(1, 400), min_size=1
)


@settings(max_examples=200, deadline=None)
@given(histogram=histograms, level=st.floats(0.5, 0.999))
def test_an_interval_holds_its_estimate_and_has_a_width(histogram, level):
    """Whatever the groups, also all alike or all passed, the interval has a width and lies in [0, 1]."""
    found = display_interval(GroupMean.from_histogram(histogram), level=level)
    assert 0 <= found.lower <= found.estimate <= found.upper <= 1
    assert found.lower < found.upper
    assert {type(found.lower), type(found.upper)} == {float}


@settings(max_examples=100, deadline=None)
@given(histogram=histograms)
def test_direction_is_a_mirror(histogram):
    """Counting failures in place of passes swaps the ends."""
    found = display_interval(GroupMean.from_histogram(histogram))
    mirrored = display_interval(GroupMean.from_histogram({1 - v: c for v, c in histogram.items()}))
    assert found.lower == pytest.approx(1 - mirrored.upper, abs=1e-8)


@settings(max_examples=100, deadline=None)
@given(histogram=histograms)
def test_effective_cases_are_never_fewer_than_groups(histogram):
    """A group is worth at least a case, and exactly one where every value is 0 or 1."""
    mean = GroupMean.from_histogram(histogram)
    assert effective_cases(mean) >= mean.n_groups
    if set(mean.values) <= {0.0, 1.0}:
        assert effective_cases(mean) == mean.n_groups


def test_all_passed_is_not_certain():
    """Thirty of thirty, and thirty groups of .999, are not shown as certain."""
    alike = display_interval(GroupMean.from_counts(passed=30, n=30))
    assert alike.upper == 1.0
    assert 0.90 < alike.lower < 0.95
    assert display_interval(GroupMean.from_histogram({0.999: 30})).lower < 0.97


def test_groups_all_alike_are_not_endless_cases():
    """Twenty groups of exactly .7 still leave the mean open by a few points on either side."""
    found = display_interval(GroupMean.from_histogram({0.7: 20}))
    assert found.lower < 0.65
    assert found.upper > 0.74


def test_the_bound_of_a_claim_is_lower_than_the_end_of_a_display():
    """At the same error on one side a claim's bound is further from the estimate: display never decides."""
    for mean in (GroupMean.from_counts(passed=95, n=100), GroupMean.from_histogram({1: 35, 2 / 3: 8, 0: 3})):
        assert mean.lower(0.025) < display_interval(mean, level=0.95).lower


@pytest.mark.parametrize("level", [0, 1, -0.5, float("nan")])
def test_levels_out_of_range_are_refused(level):
    """A level of 0 or 1 is refused, not clipped."""
    with pytest.raises(ValueError, match="level"):
        display_interval(GroupMean.from_counts(passed=3, n=5), level=level)
