"""Means with heavy tails: one promise a test."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.heavy_tail import CappedMean, HeavyMean, inflation
from shipworthy.statistics.results import NotEstimable

costs = st.dictionaries(st.floats(0.01, 50), st.integers(1, 30), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(histogram=costs, scale=st.sampled_from([0.25, 3.0, 1000.0]))
def test_the_unit_of_money_does_not_matter(histogram, scale):
    """Costs in cents have a bound a hundred times as large as in dollars."""
    plain = HeavyMean.from_histogram(histogram, variation=2.0).upper(0.05)
    scaled = HeavyMean.from_histogram({v * scale: c for v, c in histogram.items()}, variation=2.0).upper(0.05)
    if isinstance(plain, NotEstimable):
        assert isinstance(scaled, NotEstimable)
    else:
        assert scaled == pytest.approx(plain * scale, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(50, 5000), variation=st.floats(0.1, 3), alpha=st.floats(0.001, 0.2))
def test_factor_falls_with_groups_and_rises_with_the_variation(n, variation, alpha):
    """More groups, a smaller variation or a larger error: a smaller factor, always above 1."""
    factor = inflation(groups=n, variation=variation, alpha=alpha)
    if isinstance(factor, NotEstimable):
        return
    assert factor > 1
    assert inflation(groups=2 * n, variation=variation, alpha=alpha) < factor
    assert inflation(groups=n, variation=variation / 2, alpha=alpha) <= factor * (1 + 1e-9)
    assert inflation(groups=n, variation=variation, alpha=alpha * 2) <= factor * (1 + 1e-9)


def test_too_few_groups_say_how_many_it_takes():
    """Groups that could all be 0 by chance bound nothing; the least number is that of the worst law."""
    refused = inflation(groups=13, variation=2.0, alpha=0.05)
    assert refused == NotEstimable("13 groups cannot bound a mean at a variation of 2, it takes 14")
    assert 0.8**14 <= 0.05 < 0.8**13
    assert inflation(groups=15, variation=2.0, alpha=0.05) > 10


def test_data_that_vary_far_more_than_stated_get_no_bound():
    """One cost of a thousand among ninety-nine of one contradicts a variation of 2, and doubts one of 9."""
    costs = {1.0: 99, 1000.0: 1}
    assert HeavyMean.from_histogram(costs, variation=2.0).upper(0.05) == NotEstimable(
        "the costs vary 9.1 times their mean, far more than the 2 that was stated"
    )
    high = HeavyMean.from_histogram({1.0: 9900, 1000.0: 100}, variation=9.0)
    assert (high.contradicted, high.doubted) == (False, True)
    assert high.upper(0.05) > high.estimate


def test_equal_costs_still_have_a_width():
    """A hundred equal costs could still have a larger mean, as the stated variation allows."""
    same = HeavyMean.from_histogram({2.0: 100}, variation=0.5)
    assert (same.variation_seen, same.doubted) == (0.0, False)
    assert same.upper(0.05) > 2.2


def test_costs_of_nothing_and_of_one_group_have_no_answer():
    """A mean of 0 has no multiple, and one group no variation."""
    assert isinstance(HeavyMean.from_histogram({0.0: 50}, variation=1.0).upper(0.05), NotEstimable)
    assert isinstance(HeavyMean.from_histogram({2.0: 1}, variation=1.0).variation_seen, NotEstimable)
    assert not HeavyMean.from_histogram({2.0: 1}, variation=1.0).contradicted


def test_variation_seen_is_standard_deviation_over_mean():
    """Of 1, 2 and 6 it is the root of 7 divided by 3."""
    seen = HeavyMean.from_histogram({1: 1, 2: 1, 6: 1}, variation=1.0).variation_seen
    assert seen == pytest.approx(math.sqrt(7) / 3)


def test_a_cap_splits_the_error_between_its_two_claims():
    """Each of the two bounds is made at half the error."""
    capped = CappedMean.from_histogram({0.1: 90, 0.4: 8, 9.0: 2}, cap=0.5)
    assert capped.mean_upper(0.05) == 0.5 * capped.mean.upper(0.025)
    assert capped.share_above_upper(0.05) == GroupMean.from_counts(passed=2, n=100).upper(0.025)
    assert capped.mean.estimate * 0.5 == pytest.approx((9 + 3.2 + 1) / 100)


def test_the_cap_itself_is_not_above_it_and_the_unknown_is():
    """A cost of exactly the cap counts as the cap; an unknown one counts as the cap and as above it."""
    capped = CappedMean.from_histogram({0.5: 3, math.inf: 1, 0.0: 6}, cap=0.5)
    assert capped.above.estimate == 0.1
    assert capped.mean.estimate == pytest.approx(0.4)


@pytest.mark.parametrize("cost", [-1.0, math.inf, math.nan])
def test_costs_that_are_none_are_refused(cost):
    """Without a cap a cost is a number from 0 on."""
    with pytest.raises(ValueError, match="cost must be"):
        HeavyMean.from_histogram({cost: 3}, variation=1.0)
    with pytest.raises(ValueError, match="at least one group"):
        HeavyMean.from_histogram({1.0: 0}, variation=1.0)
