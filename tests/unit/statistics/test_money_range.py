"""Amounts known as ranges, and the fixed grid over them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.statistics.money_range import MoneyRange, grid

amounts = st.floats(0, 1e6, allow_nan=False).map(lambda x: round(x, 3))


@st.composite
def ranges(draw):
    """Draw a range of any shape."""
    low, likely, high = sorted(draw(st.tuples(amounts, amounts, amounts)))
    return MoneyRange(low, high, likely if draw(st.booleans()) else None)


@given(found=ranges(), a=st.floats(0, 1), b=st.floats(0, 1))
def test_quantiles_rise_from_the_low_end_to_the_high_one(found, a, b):
    """A larger share never has a smaller amount, and none lies outside the range."""
    slack = 1e-9 * (1 + found.high)
    assert found.quantile(min(a, b)) <= found.quantile(max(a, b)) + slack
    assert found.quantile(0) == pytest.approx(found.low, abs=slack)
    assert found.quantile(1) == pytest.approx(found.high, abs=slack)


@given(found=ranges())
def test_the_mean_is_the_average_of_the_quantiles(found):
    """Mean and quantiles describe the same law."""
    shares = (np.arange(20_000) + 0.5) / 20_000
    assert float(found.quantiles(shares).mean()) == pytest.approx(found.mean, rel=2e-3, abs=1e-9)


def test_shapes():
    """A likeliest value makes a triangle, a factor above ten spreads over sizes, equal ends make a point."""
    shapes = [
        MoneyRange(1, 2, 1.5),
        MoneyRange(1, 10),
        MoneyRange(1, 10.1),
        MoneyRange(0, 5),
        MoneyRange(3, 3),
    ]
    assert [r.shape for r in shapes] == ["triangular", "uniform", "log-uniform", "uniform", "point"]
    assert MoneyRange(3, 3, 3).quantile(0.3) == MoneyRange(3, 3).mean == 3


def test_what_is_no_range_is_refused():
    """Ends in the wrong order, a likeliest value outside, a negative or endless amount, a share above one."""
    for low, high, likely in [(2, 1, None), (1, 2, 3), (-1, 2, None), (0, math.inf, None)]:
        with pytest.raises(ValueError, match="must be"):
            MoneyRange(low, high, likely)
    with pytest.raises(ValueError, match="share must be in"):
        MoneyRange(1, 2).quantile(1.5)


@given(dimensions=st.integers(1, 12))
def test_the_grid_fills_the_cube_evenly_and_is_always_the_same(dimensions):
    """Every coordinate has as many points in each tenth, within a third, and a second call gives the same points."""
    points = grid(dimensions, 1000)
    assert np.array_equal(points, grid(dimensions, 1000))
    assert points.shape == (1000, dimensions)
    for column in points.T:
        counts, _ = np.histogram(column, bins=10, range=(0, 1))
        assert counts.min() >= 70
        assert counts.max() <= 133


def test_a_grid_without_points_is_refused():
    """Neither nought dimensions nor nought points."""
    with pytest.raises(ValueError, match="dimensions must be at least 1"):
        grid(0)
    with pytest.raises(ValueError, match="points must be at least 1"):
        grid(1, 0)
