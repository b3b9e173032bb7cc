"""The price of a gain or a mean: as many groups as the deciding test asks for, if new ones fall as these did."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.projection import groups_like_these, law_like, law_of_gain, law_of_rate
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


@settings(deadline=None, max_examples=40)
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


@pytest.mark.parametrize(
    ("outcomes", "icc", "bar", "rate"), [(4, 0.3, 0.9, 0.95), (3, 0.6, 0.4, 0.55), (12, 0.1, 0.8, 0.9)]
)
def test_the_chance_at_the_price_is_the_power_it_was_priced_for(outcomes, icc, bar, rate) -> None:
    """Two ways round, by the unlucky sample and by the lowest mean that shows the bar, agree within half a point."""
    law = law_of_rate(rate, outcomes=outcomes, icc=icc)
    for power in (0.8, 0.9):
        n = law.groups(bar=bar, alpha=0.05, power=power)
        assert (
            law.chance(n=n - 1, bar=bar, alpha=0.05) - 0.005
            < power
            < law.chance(n=n, bar=bar, alpha=0.05) + 0.005
        )


@settings(deadline=None, max_examples=25)
@given(outcomes=st.integers(2, 12), rate=st.floats(0.6, 0.97), icc=st.floats(0.0, 1.0))
def test_repeats_never_cost_groups_and_never_replace_them(outcomes, rate, icc) -> None:
    """Repeats that differ lower the price, at most as if they were cases of their own."""
    asked = {"bar": rate - 0.15, "alpha": 0.05, "power": 0.8}
    whole = law_of_rate(rate, outcomes=1, icc=1.0).groups(**asked)
    found = law_of_rate(rate, outcomes=outcomes, icc=icc).groups(**asked)
    assert whole / outcomes / 1.2 - 3 <= found <= 1.15 * whole + 3


def test_groups_as_alike_as_the_ones_seen_take_their_correlation_over() -> None:
    """From many groups drawn in the proportions of a law, the law at another rate comes back."""
    law = law_of_rate(0.9, outcomes=4, icc=0.4)
    seen = (np.array(law.values), 1e6 * np.array(law.shares))
    moved = law_like(*seen, rate=0.95, outcomes=4)
    assert moved.shares == pytest.approx(law_of_rate(0.95, outcomes=4, icc=0.4).shares, abs=1e-4)


def test_where_nothing_failed_groups_are_taken_to_pass_or_fail_as_a_whole() -> None:
    """Perfect groups say nothing about how failures fall: the dearest assumption is made."""
    perfect = (np.array([1.0]), np.array([60.0]))
    assert law_like(*perfect, rate=0.95, outcomes=4) == law_of_rate(0.95, outcomes=1, icc=1.0)


def test_groups_in_hand_count_as_they_came_out() -> None:
    """Lucky groups leave less to add than fresh ones would, unlucky ones more than their share."""
    law, asked = law_of_rate(0.9, outcomes=4, icc=0.3), {"bar": 0.8, "alpha": 0.05, "power": 0.8}
    values = np.array([0.0, 0.5, 1.0])
    lucky, unlucky = (law.groups(**asked, seen=(values, np.array(n))) for n in ([0.0, 2, 28], [4.0, 6, 20]))
    assert lucky < law.groups(**asked) - 30
    assert unlucky > law.groups(**asked) - 30


def test_a_hope_that_is_not_above_the_bar_has_no_price_and_little_chance() -> None:
    """No number of groups shows what is not so."""
    law = law_of_rate(0.8, outcomes=4, icc=0.3)
    assert isinstance(law.groups(bar=0.8, alpha=0.05, power=0.8), NotEstimable)
    assert law.chance(n=200, bar=0.8, alpha=0.05) < 0.05
    assert law.chance(n=5, bar=0.8, alpha=0.05) == 0.0


def test_arguments_of_a_law_are_checked() -> None:
    """A gain beyond the share that changes, a correlation above one, a group without outcomes."""
    with pytest.raises(ValueError, match="discordance"):
        law_of_gain(0.2, discordance=0.1)
    with pytest.raises(ValueError, match="icc"):
        law_of_rate(0.9, outcomes=4, icc=1.2)
    with pytest.raises(ValueError, match="outcomes"):
        law_of_rate(0.9, outcomes=0, icc=0.2)
