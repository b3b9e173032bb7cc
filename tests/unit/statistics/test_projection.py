"""The price of a gain or a mean: as many groups as the deciding test asks for, if new ones fall as these did."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.projection import groups_like_these
from shipworthy.statistics.results import NotEstimable

FIXED_15_BROKEN_5 = PairedDifference.from_histogram({1: 15, 0: 80, -1: 5})


@pytest.mark.parametrize("bar", [0.0, 0.02, 0.05])
def test_the_price_is_a_little_above_the_normal_sample_size(bar: float) -> None:
    """An independent formula, ((z_a + z_b) sd / gap) squared, is the floor; the exact test costs up to a fifth more."""
    variance = 0.15 * (1 - 0.1) ** 2 + 0.8 * (0 - 0.1) ** 2 + 0.05 * (-1 - 0.1) ** 2
    z = NormalDist().inv_cdf(0.95) + NormalDist().inv_cdf(0.8)
    normal = z**2 * variance / (0.1 - bar) ** 2

    price = FIXED_15_BROKEN_5.groups_to_show(bar=bar, alpha=0.05, power=0.8)

    assert normal <= price <= 1.2 * normal


@given(
    counts=st.lists(st.integers(1, 60), min_size=3, max_size=3),
    bars=st.tuples(st.floats(0.0, 0.9), st.floats(0.0, 0.9)),
)
def test_a_higher_bar_is_never_cheaper_and_the_scale_of_the_sample_does_not_matter(counts, bars) -> None:
    """Ten times the same groups promise the same price; raising the bar raises it."""
    values, seen = np.array([0.0, 0.5, 1.0]), np.array(counts, dtype=float)
    low, high = (
        groups_like_these(values, seen, bar=bar, alpha=0.05, power=0.8) for bar in (min(bars), max(bars))
    )
    again = groups_like_these(values, 10 * seen, bar=min(bars), alpha=0.05, power=0.8)

    assert again == low
    if not isinstance(high, NotEstimable):
        assert not isinstance(low, NotEstimable)
        assert low <= high


def test_what_was_not_seen_above_the_bar_has_no_price() -> None:
    """More of the same would not show it, and no number is made up."""
    no_gain = PairedDifference.from_histogram({1: 5, 0: 80, -1: 15})

    assert isinstance(no_gain.groups_to_show(bar=0.0, alpha=0.05, power=0.8), NotEstimable)
    assert isinstance(
        GroupMean.from_counts(passed=8, n=10).groups_to_show(bar=0.8, alpha=0.05, power=0.8), NotEstimable
    )


def test_groups_that_all_agree_cost_what_the_test_itself_asks_for() -> None:
    """With nothing but passes the price at a bar of .8 is the 14 groups that zero failures need."""
    assert GroupMean.from_counts(passed=10, n=10).groups_to_show(bar=0.8, alpha=0.05, power=0.8) == 14
