"""Costs and times as favourable points."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.statistics.scaled_mean import STEPS, favourable_points, share_at_cap

amounts = st.floats(0, 1e9, allow_subnormal=False)
caps = st.floats(1e-9, 1e9)


@given(value=amounts, cap=caps)
def test_rounding_never_favours_the_claim(value, cap):
    """The points never exceed the exact favourable part, and fall short of it by less than one step."""
    exact = max(1 - Fraction(value) / Fraction(cap), Fraction(0)) * STEPS
    points = favourable_points(value, cap=cap)
    assert points <= exact < points + 1


@given(value=amounts, more=amounts, cap=caps)
def test_spending_more_never_earns_points(value, more, cap):
    """Points fall as the value rises."""
    assert favourable_points(value + more, cap=cap) <= favourable_points(value, cap=cap)


def test_edges():
    """Nothing spent is the whole scale; the cap, more than the cap and the unknown are none of it."""
    assert favourable_points(0, cap=8) == STEPS
    assert [favourable_points(v, cap=8) for v in (8, 9, math.inf, None)] == [0, 0, 0, 0]
    assert favourable_points(1e-12, cap=8) == STEPS - 1


def test_what_is_no_amount_is_refused():
    """A negative amount, one that is not a number and a cap of 0 are mistakes and named."""
    with pytest.raises(ValueError, match="value must be in"):
        favourable_points(-0.1, cap=8)
    with pytest.raises(ValueError, match="value must be finite"):
        favourable_points(math.nan, cap=8)
    with pytest.raises(ValueError, match="cap must be strictly between 0 and inf"):
        favourable_points(1, cap=0)


@given(costs=st.lists(amounts, min_size=1, max_size=30), cap=caps)
def test_never_more_lie_at_the_cap_than_the_capped_mean_allows(costs, cap):
    """Whatever the costs: the share at the cap or beyond is within what their own capped mean says."""
    mean = math.fsum(min(cost, cap) for cost in costs) / len(costs)
    share = sum(cost >= cap for cost in costs) / len(costs)
    assert share <= share_at_cap(mean, cap=cap) * (1 + 1e-12)


@pytest.mark.parametrize(("mean", "share"), [(0.0, 0.0), (0.5, 0.05), (10.0, 1.0), (11.0, 1.0)])
def test_the_share_at_the_cap_runs_from_none_to_all(mean, share):
    """Free outputs leave none at the cap; a mean at the cap or above it leaves room for all."""
    assert share_at_cap(mean, cap=10.0) == share


def test_a_mean_below_nothing_is_refused():
    """Costs are from 0 on."""
    with pytest.raises(ValueError, match="mean_upper"):
        share_at_cap(-0.1, cap=1.0)
