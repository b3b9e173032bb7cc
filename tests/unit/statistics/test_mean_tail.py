"""How unlikely a low mean is, and what a sample with such a mean looks like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from shipworthy.statistics.mean_tail import chance_at_least, tilted, unlucky_shares

COIN = np.array([0.0, 1.0])


@pytest.mark.parametrize(("n", "rate"), [(50, 0.5), (50, 0.9), (200, 0.8), (200, 0.95), (1000, 0.98)])
def test_tails_of_the_binomial_are_met_within_half_a_point(n, rate):
    """Half of a tie counted, for every chance from .05 to .95, where five failures are expected at least."""
    for passed in range(1, n):
        exact = binom.sf(passed - 1, n, rate) - binom.pmf(passed, n, rate) / 2
        if 0.05 < exact < 0.95:
            seen = passed / n
            tilt = np.log(seen / (1 - seen)) - np.log(rate / (1 - rate))
            found = chance_at_least(COIN, np.array([1 - rate, rate]), n=n, tilt=float(tilt))
            assert found == pytest.approx(exact, abs=0.005)


def test_the_tail_is_smooth_through_the_mean_itself():
    """At no tilt the formula is 0/0; what is returned lies between its neighbours."""
    law = np.array([0.2, 0.8])
    chances = [chance_at_least(COIN, law, n=100, tilt=t) for t in (-0.01, -1e-6, 0.0, 1e-6, 0.01)]
    assert chances == sorted(chances, reverse=True)
    assert chances[2] == pytest.approx(binom.sf(80, 100, 0.8) + binom.pmf(80, 100, 0.8) / 2, abs=0.002)


def test_at_the_ends_of_the_scale_the_chance_is_one_and_nought():
    """No mean is below the lowest value, and none above the highest."""
    law = np.array([0.2, 0.8])
    assert chance_at_least(COIN, law, n=10, tilt=-200.0) == 1.0
    assert chance_at_least(COIN, law, n=10, tilt=200.0) == 0.0


@settings(deadline=None)
@given(
    weights=st.lists(st.floats(0.01, 1.0), min_size=2, max_size=6),
    n=st.integers(5, 500),
    power=st.floats(0.5, 0.95),
)
def test_an_unlucky_sample_has_a_lower_mean_the_surer_one_wants_to_be(weights, n, power):
    """Shares add up to one, and a higher power asks about a lower mean."""
    values, shares = np.linspace(0.0, 1.0, len(weights)), np.array(weights) / sum(weights)
    less, more = (unlucky_shares(values, shares, n=n, power=p) for p in (power, power + 0.04))
    assert less.sum() == pytest.approx(1.0)
    assert more @ values <= less @ values + 1e-9


def test_where_most_samples_are_perfect_the_unlucky_one_is_too():
    """With a chance of .99 a group, twenty are perfect more often than not, and one value leaves no choice."""
    assert unlucky_shares(COIN, np.array([0.01, 0.99]), n=20, power=0.8).tolist() == [0.0, 1.0]
    assert unlucky_shares(np.array([0.7]), np.array([1.0]), n=20, power=0.8).tolist() == [1.0]


def test_tilting_moves_the_mean_and_keeps_the_values():
    """Towards high values the mean rises, and no share is lost."""
    law = np.array([0.3, 0.3, 0.4])
    values = np.array([0.0, 0.5, 1.0])
    up, down = tilted(values, law, 2.0), tilted(values, law, -2.0)
    assert down.mean < law @ values < up.mean
    assert up.shares.sum() == pytest.approx(1.0)
    assert up.variance == pytest.approx(up.shares @ values**2 - up.mean**2)
