"""p-values without a planned end: one promise a test."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.e_process import (
    STAKES,
    WEIGHTS,
    e_lower_bound,
    e_p_above,
    e_p_below,
    e_upper_bound,
    with_reserve,
)

histograms = st.dictionaries(
    st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]), st.integers(1, 400), min_size=1
).map(lambda h: (np.array(sorted(h)), np.array([float(h[v]) for v in sorted(h)])))
bars = st.floats(0.01, 0.99)


def test_stakes_never_ruin_and_their_weights_add_up_to_one():
    """No stake is the whole fortune, and the first unit is divided without a remainder."""
    assert np.all((STAKES > 0) & (STAKES < 1))
    assert WEIGHTS.sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("bar", [0.3, 0.8, 0.95])
@pytest.mark.parametrize("n", [1, 5, 60])
def test_the_mean_fortune_at_the_bar_is_one(bar, n):
    """Over all numbers of passes, weighted by their chances at the bar, fortunes average to 1: the bets are fair."""
    gains = np.array([1.0, 0.0]) / bar
    fair = 0.0
    for passed in range(n + 1):
        fortunes = np.prod((1 - STAKES[:, None] + STAKES[:, None] * gains) ** [passed, n - passed], axis=1)
        fair += comb(n, passed) * bar**passed * (1 - bar) ** (n - passed) * float(WEIGHTS @ fortunes)
    assert fair == pytest.approx(1, rel=1e-9)


def test_no_stopping_rule_beats_the_level_on_short_sequences():
    """Of all sequences of 14 groups at the bar, those ever within 0.2 have a chance of at most 0.2."""
    bar, wrong = 0.6, 0.0
    values = np.array([0.0, 1.0])
    p = {
        (k, n): e_p_above(values, np.array([n - k, k], float), bar)
        for n in range(1, 15)
        for k in range(n + 1)
    }
    for path in product((0, 1), repeat=14):
        if any(p[int(k), n] <= 0.2 for n, k in enumerate(np.cumsum(path), start=1)):
            wrong += bar ** sum(path) * (1 - bar) ** (14 - sum(path))
    assert 0 < wrong <= 0.2


@settings(max_examples=150, deadline=None)
@given(histogram=histograms, bar=bars, alpha=st.floats(1e-6, 0.5))
def test_claim_holds_exactly_when_the_bound_reaches_the_bar(histogram, bar, alpha):
    """The p-value is at most alpha exactly when the bound is at least the bar, in both directions."""
    lower, upper = e_lower_bound(*histogram, alpha), e_upper_bound(*histogram, alpha)
    if abs(lower - bar) > 1e-9:
        assert (e_p_above(*histogram, bar) <= alpha) == (lower >= bar)
    if abs(upper - bar) > 1e-9:
        assert (e_p_below(*histogram, bar) <= alpha) == (upper <= bar)
    assert 0 <= lower <= np.average(histogram[0], weights=histogram[1]) <= upper <= 1


@settings(max_examples=50, deadline=None)
@given(histogram=histograms, alpha=st.floats(1e-6, 0.5))
def test_the_bound_is_where_the_p_value_passes_alpha(histogram, alpha):
    """At the bound the p-value is within alpha, a billionth above it no more."""
    bound = e_lower_bound(*histogram, alpha)
    assert e_p_above(*histogram, bound) <= alpha or bound == 0
    assert e_p_above(*histogram, min(bound + 1e-9, 1.0)) > alpha


@settings(max_examples=100, deadline=None)
@given(histogram=histograms, bar=bars, more=st.floats(0, 1))
def test_a_higher_bar_is_harder_to_show(histogram, bar, more):
    """The p-value never falls as the bar rises, so the bound is where it passes alpha."""
    assert e_p_above(*histogram, bar) <= e_p_above(*histogram, bar + more * (1 - bar)) * (1 + 1e-12)


@pytest.mark.parametrize("bar", [0.0, 1.0])
def test_bars_at_the_ends_are_answered(bar):
    """A mean of at most 1 is never refuted; one of at most 0 is by any value above."""
    found = e_p_above(np.array([0.0, 1.0]), np.array([5.0, 5.0]), bar)
    assert found == 1 if bar else found < 1e-9


def test_all_failed_shows_nothing():
    """No pass: the lower bound is 0."""
    assert e_lower_bound(np.array([0.0]), np.array([50.0]), 0.05) == 0
    assert e_upper_bound(np.array([1.0]), np.array([50.0]), 0.05) == 1


def test_ten_million_groups_are_no_special_case():
    """A bound of very many groups is close below the mean."""
    bound = e_lower_bound(np.array([0.0, 1.0]), np.array([1e6, 9e6]), 0.05)
    assert 0.898 < bound < 0.9


@given(p=st.floats(0, 1), other=st.floats(0, 1), reserve=st.floats(0.01, 0.99))
def test_a_reserve_divides_the_error(p, other, reserve):
    """The combined p-value is within alpha exactly when one of the two is within its share."""
    found = with_reserve(p, other, reserve=reserve)
    assert found == min(p / (1 - reserve), other / reserve, 1)
    assert 0 <= found <= 1
