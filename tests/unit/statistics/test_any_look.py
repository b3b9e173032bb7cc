"""p-values that hold at any look: one promise a test."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from shipworthy.statistics.any_look import (
    any_look_p,
    deciding_looks,
    most_failures_at,
    next_step,
    nominal_level,
    weight_of,
)
from shipworthy.statistics.any_look_power import power_any_look
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.normal_walk import chance_of_reaching

ends = st.integers(2, 400)
bars = st.floats(0.02, 0.98)
alphas = st.sampled_from([0.2, 0.1, 0.05, 0.01, 0.001])


def p_of(passed, n, bar):
    """Return the p-value of one look."""
    return GroupMean.from_counts(passed=passed, n=n).p_above(bar)


@settings(max_examples=150, deadline=None)
@given(
    end=ends,
    share=st.floats(0, 1),
    bar=bars,
    p=st.floats(1e-12, 0.5),
    less=st.floats(0, 1),
    graded=st.booleans(),
)
def test_it_never_falls_as_the_p_value_rises(end, share, bar, p, less, graded):
    """A smaller p-value of one look never gives a larger any-look p-value, and looking is never for nothing."""
    n = max(int(share * end), 1)
    small, large = (any_look_p(q, n=n, end=end, bar=bar, graded=graded) for q in (p * less, p))
    assert small <= large * (1 + 1e-9)
    assert large <= 1
    assert p <= large


@settings(max_examples=150, deadline=None)
@given(
    end=ends, share=st.floats(0, 1), bar=bars, alpha=alphas, graded=st.booleans(), near=st.floats(0.5, 2.0)
)
def test_the_nominal_level_says_what_the_p_value_says(end, share, bar, alpha, graded, near):
    """A p-value of one look is within the nominal level exactly when its any-look p-value is within alpha."""
    n = max(int(share * end), 1)
    level = nominal_level(alpha, n=n, end=end, bar=bar, graded=graded)
    p = min(level * near, 1.0)
    if abs(near - 1) > 1e-6 and level > 1e-290:
        shown = any_look_p(p, n=n, end=end, bar=bar, graded=graded) <= alpha
        assert shown == (p <= level) or (shown and p < alpha)
    assert any_look_p(level, n=n, end=end, bar=bar, graded=graded) <= alpha or level == 0


@settings(max_examples=12, deadline=None)
@given(end=st.integers(2, 120), bar=bars, alpha=alphas)
def test_every_look_of_0_and_1_groups_is_decided_as_the_p_value_says(end, bar, alpha):
    """The most failures that show the bar at each look are those whose any-look p-value is within alpha."""
    looks = tuple(range(1, end + 1))
    for n, most in zip(looks, most_failures_at(looks, bar=bar, end=end, alpha=alpha), strict=True):
        for failures in {max(most, 0), most + 1} - {n}:
            if failures <= n:
                p = any_look_p(p_of(n - failures, n, bar), n=n, end=end, bar=bar, graded=False)
                assert (p <= alpha) == (failures <= most)


@settings(max_examples=60, deadline=None)
@given(end=ends, bar=bars, alpha=alphas)
def test_at_the_bar_no_schedule_shows_it_more_often_than_alpha(end, bar, alpha):
    """Looking after every group of 0/1 groups shows a bar that is the truth with a chance of at most alpha."""
    assert power_any_look(bar=bar, truth=bar, end=end, alpha=alpha).chance <= alpha * (1 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(end=ends, share=st.floats(0, 1), bar=bars, p=st.floats(1e-9, 0.4))
def test_graded_values_are_never_treated_better(end, share, bar, p):
    """Values between 0 and 1 take the larger of two chances."""
    n = max(int(share * end), 1)
    one, other = (any_look_p(p, n=n, end=end, bar=bar, graded=graded) for graded in (False, True))
    assert one <= other


def test_graded_values_take_the_larger_chance_of_two():
    """With few groups of 0 and 1 whole failures leave much of the level unused; graded values do not."""
    score = norm.isf(0.03)
    found = any_look_p(0.03, n=20, end=20, bar=0.5)
    assert found == chance_of_reaching(score, steps=20, weight=weight_of(20, 0.5)) > 0.031
    assert any_look_p(0.03, n=20, end=20, bar=0.5, graded=False) < found


def test_nothing_is_shown_past_the_end():
    """Past the planned end the p-value is 1 and the level 0."""
    assert any_look_p(1e-9, n=101, end=100, bar=0.9) == 1
    assert nominal_level(0.05, n=101, end=100, bar=0.9) == 0


def test_a_single_group_is_a_single_look():
    """Where one group is all there will be nothing is corrected."""
    assert any_look_p(0.8, n=1, end=1, bar=0.8) == 0.8
    assert nominal_level(0.05, n=1, end=1, bar=0.8) == 0.05


@pytest.mark.parametrize("p", [0.0, 1e-320, 0.5, 1.0])
@pytest.mark.parametrize("end", [2, 500, 20_000])
def test_extreme_p_values_give_numbers_in_range(p, end):
    """Neither a p-value of 0, nor one of half or more, leads out of [0, 1]."""
    found = any_look_p(p, n=end, end=end, bar=0.5)
    assert found == 1 if p >= 0.5 else 0 <= found < 1e-100


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"p": 1.5}, "p must be in"),
        ({"n": 0}, "n must be at least 1"),
        ({"end": 0}, "end must be at least 1"),
        ({"bar": 1.0}, "bar must be strictly between"),
    ],
)
def test_nonsense_is_refused_by_name(given_, message):
    """Each argument out of its range is named."""
    with pytest.raises(ValueError, match=message):
        any_look_p(**({"p": 0.01, "n": 5, "end": 10, "bar": 0.9} | given_))


@pytest.mark.parametrize("bar", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("offset", [0, 7, 29])
def test_a_far_end_keeps_the_level_between_its_steps(bar, offset):
    """With 6,000 groups planned, looks between the steps are charged as if the groups to come had failed."""
    looks = tuple(range(31 + offset, 6_000, 97))
    found = power_any_look(bar=bar, truth=bar, end=6_000, alpha=0.05, looks=looks)
    assert 0 < found.chance <= 0.05


@settings(max_examples=60, deadline=None)
@given(n=st.integers(200, 6_000), share=st.floats(0.9, 1.0), bar=st.sampled_from([0.8, 0.9, 0.95]))
def test_between_steps_the_p_value_the_level_and_the_failures_agree(n, share, bar):
    """Past the exact range the three ways to ask give one answer."""
    passed = int(n * share)
    p = p_of(passed, n, bar)
    level = nominal_level(0.05, n=n, end=6_000, bar=bar, graded=False)
    (most,) = most_failures_at((n,), bar=bar, end=6_000, alpha=0.05)
    shown = any_look_p(p, n=n, end=6_000, bar=bar, graded=False) <= 0.05
    assert shown == (n - passed <= most)
    assert shown == (p <= level * (1 + 1e-12))


def test_steps_reach_the_end_and_hold_the_looks():
    """The next step is never before the look, and the last step is the end."""
    assert deciding_looks(12_345)[-1] == 12_345
    for n in (1, 61, 62, 63, 12_345):
        assert n <= next_step(n, 12_345) < n + 63


def test_a_level_no_data_can_reach_is_left_as_it_is():
    """With few groups and a bar near 1 no look shows anything, and there is no other look to be charged for."""
    assert nominal_level(0.05, n=50, end=50, bar=0.99, graded=False) == pytest.approx(0.05)
    assert most_failures_at((50,), bar=0.99, end=50, alpha=0.05) == (-1,)


def test_levels_rise_towards_the_end():
    """Early looks are held down."""
    levels = [nominal_level(0.05, n=n, end=300, bar=0.9) for n in range(1, 301)]
    assert np.all(np.diff(levels) >= 0)
    assert levels[0] < 1e-12
    assert 0.025 < levels[-1] < 0.05
