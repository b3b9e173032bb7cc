"""How many groups it takes."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc
from scipy.stats import binom

from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.sample_size import (
    STEADY,
    chance_to_show,
    groups_for_power,
    groups_near_power,
    zero_failures,
)


def power_at(n, *, bar, hoped, alpha):
    """Find the power with the deciding test itself: the chance of enough passes."""
    fewest = next(
        (k for k in range(n + 1) if GroupMean.from_counts(passed=k, n=n).p_above(bar) <= alpha), None
    )
    return 0.0 if fewest is None else float(betainc(fewest, n - fewest + 1, hoped)) if fewest else 1.0


@settings(max_examples=25, deadline=None)
@given(
    bar=st.floats(0, 0.97),
    gap=st.floats(0.1, 1),
    alpha=st.sampled_from([0.05, 0.01, 0.2]),
    power=st.sampled_from([0.5, 0.8, 0.9]),
)
def test_size_is_the_first_of_fifteen_with_the_power(bar, gap, alpha, power):
    """The deciding test has the power at the size and the fourteen after it, and at no earlier run of fifteen."""
    hoped = min(bar + max(gap * (1 - bar), 0.03), 1.0)
    n = groups_for_power(bar=bar, hoped=hoped, alpha=alpha, power=power)
    enough = [power_at(m, bar=bar, hoped=hoped, alpha=alpha) >= power for m in range(1, min(n, 400) + STEADY)]
    first = next((i + 1 for i in range(len(enough)) if enough[i : i + STEADY] == [True] * STEADY), None)
    assert first == n if n <= 400 else first is None


def test_a_nearer_bar_needs_more_groups():
    """The closer the hope is to the bar, the more groups."""
    sizes = [groups_for_power(bar=0.8, hoped=h, alpha=0.05, power=0.8) for h in (0.95, 0.9, 0.85, 0.82)]
    assert sizes == sorted(sizes)


def test_hoping_for_no_more_than_the_bar_has_no_size():
    """At or below the bar there is a reason in place of a number; so there is beyond ten million."""
    for hoped in (0.9, 0.5, 0.9000001):
        assert isinstance(groups_for_power(bar=0.9, hoped=hoped, alpha=0.05, power=0.8), NotEstimable)


def test_one_point_gaps_are_sized_at_once():
    """About ten thousand groups for a gap of one point take well under a tenth of a second of work."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        assert groups_for_power(bar=0.8, hoped=0.81, alpha=0.05, power=0.8) == 9_889
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.1


@settings(max_examples=25, deadline=None)
@given(bar=st.floats(0.3, 0.95), gap=st.floats(0.2, 0.8), seen=st.integers(0, 40), share=st.floats(0.5, 1.0))
def test_a_price_has_its_power_and_no_earlier_size_is_nearer(bar, gap, seen, share):
    """At the price the chance, given what was seen, is from .80 to .83, or no size before the steady one is in that band."""
    hoped, passed = bar + gap * (1 - bar), round(share * seen)
    n = groups_near_power(bar=bar, hoped=hoped, alpha=0.05, power=0.8, seen=seen, seen_passed=passed)

    def chance(new):
        needed = binom.ppf(0.95, new + seen, bar) + 1 - passed
        return binom.sf(needed - 1, new, hoped)

    assert chance(n) >= 0.8
    if n <= 300:
        before = [chance(m) for m in range(1, n)]
        if chance(n) <= 0.83:
            assert not any(0.8 <= c <= 0.83 for c in before)
        else:
            assert not any(c >= 0.8 for c in before)


def test_more_passed_than_seen_is_refused():
    """Five of four is a mistake of the caller."""
    with pytest.raises(ValueError, match="seen_passed must be at most seen = 4"):
        groups_near_power(bar=0.8, hoped=0.9, alpha=0.05, power=0.8, seen=4, seen_passed=5)


@given(n=st.integers(1, 200), bar=st.floats(0.1, 0.95), hoped=st.floats(0.0, 1.0))
def test_the_chance_is_that_of_enough_passes(n, bar, hoped):
    """The same number by another program; nought without groups."""
    needed = binom.ppf(0.95, n, bar) + 1
    assert chance_to_show(n=n, bar=bar, hoped=hoped, alpha=0.05) == pytest.approx(
        binom.sf(needed - 1, n, hoped), abs=1e-9
    )
    assert chance_to_show(n=0, bar=bar, hoped=hoped, alpha=0.05) == 0.0


@given(bar=st.floats(0.01, 0.9999), alpha=st.floats(1e-6, 0.5))
def test_zero_failures_is_the_fewest(bar, alpha):
    """With that many passes and no failure the bar is shown, with one fewer it is not."""
    n = zero_failures(bar=bar, alpha=alpha)
    assert GroupMean.from_counts(passed=n, n=n).p_above(bar) <= alpha
    assert n == 1 or GroupMean.from_counts(passed=n - 1, n=n - 1).p_above(bar) > alpha


def test_arguments_out_of_range_are_refused():
    """A bar of 1 cannot be shown by any sample and is refused, as is a power of 1."""
    with pytest.raises(ValueError, match="bar must be strictly between 0 and 1"):
        zero_failures(bar=1, alpha=0.05)
    with pytest.raises(ValueError, match="power"):
        groups_for_power(bar=0.8, hoped=0.9, alpha=0.05, power=1)
