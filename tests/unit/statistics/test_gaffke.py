"""Gaffke's test: identities, edges, and numbers that stay finite and safe."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc

from shipworthy.statistics.gaffke import (
    RESOLUTION,
    TOLERANCE,
    lower_bound,
    p_mean_above,
    p_mean_below,
    upper_bound,
)

shares = st.floats(0, 1, allow_subnormal=False)
bars = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1e-300, 1e-9, 0.5, 0.9, 1 - 1e-9, 1.0]))
histograms = st.dictionaries(shares, st.integers(1, 10**7), min_size=1, max_size=8)


def arrays(histogram):
    """Split a histogram into values and counts."""
    values = np.array(sorted(histogram))
    return values, np.array([float(histogram[v]) for v in values])


@settings(max_examples=300, deadline=None)
@given(n=st.integers(1, 10**7), share=st.floats(0, 1), bar=st.floats(1e-6, 1 - 1e-6))
def test_equals_clopper_pearson_on_passes_and_failures(n, share, bar):
    """On 0/1 values Gaffke's p-value is the exact binomial one to 2e-9 of itself, up to ten million groups."""
    k = round(share * n)
    true = float(betainc(k, n - k + 1, bar)) if k else 1.0
    found = p_mean_above(np.array([0.0, 1.0]), np.array([n - k, float(k)]), bar)
    assert true * (1 - 1e-15) - 1e-290 <= found <= true * (1 + 2e-9) + 1e-290


@pytest.mark.parametrize(("value", "n"), [(0.9, 1), (0.9, 50), (0.5000001, 6_000_000), (0.03, 10)])
def test_equal_values_have_a_closed_form(value, n):
    """When all n groups have the value x, the p-value of a bar t below it is (t/x)^n."""
    bar = value * (1 - 1 / n) if n > 1 else value / 2
    found = p_mean_above(np.array([value]), np.array([float(n)]), bar)
    assert found == pytest.approx((bar / value) ** n, rel=2e-9)


@settings(max_examples=300, deadline=None)
@given(histogram=histograms, bar=bars)
def test_p_values_are_probabilities_whatever_the_data(histogram, bar):
    """No histogram and no bar gives a p-value that is not a number from 0 to 1."""
    for found in (p_mean_above(*arrays(histogram), bar), p_mean_below(*arrays(histogram), bar)):
        assert math.isfinite(found)
        assert 0 <= found <= 1


@settings(max_examples=200, deadline=None)
@given(histogram=histograms, bar=st.floats(1e-6, 1 - 1e-6), step=st.floats(1e-6, 0.5))
def test_p_value_rises_with_the_bar(histogram, bar, step):
    """A higher bar is never easier to show."""
    higher = min(bar + step, 1.0)
    low, high = p_mean_above(*arrays(histogram), bar), p_mean_above(*arrays(histogram), higher)
    assert low <= high * (1 + TOLERANCE)


@settings(max_examples=200, deadline=None)
@given(histogram=histograms, bar=st.floats(0.01, 1), value=st.floats(0, 0.99), gain=st.floats(0.001, 1))
def test_p_value_falls_with_every_value(histogram, bar, value, gain):
    """Raising one group's value never makes the claim harder to show."""
    worse, better = dict(histogram), dict(histogram)
    worse[value] = worse.get(value, 0) + 1
    raised = min(value + gain, 1.0)
    better[raised] = better.get(raised, 0) + 1
    assert p_mean_above(*arrays(better), bar) <= p_mean_above(*arrays(worse), bar) * (1 + TOLERANCE)


@settings(max_examples=150, deadline=None)
@given(
    histogram=histograms, alpha=st.one_of(st.floats(1e-6, 0.999), st.sampled_from([1e-12, 1e-6, 0.05, 0.5]))
)
def test_bound_and_p_value_agree(histogram, alpha):
    """The p-value at the lower bound is at most alpha, and just above the bound it is more."""
    values, counts = arrays(histogram)
    bound = lower_bound(values, counts, alpha)
    assert 0 <= bound <= values.max()
    if bound > 0:
        assert p_mean_above(values, counts, bound) <= alpha * (1 + 1e-12)
    assert p_mean_above(values, counts, min(bound + 3 * RESOLUTION, 1.0)) >= alpha * (1 - 1e-6)


@settings(max_examples=100, deadline=None)
@given(histogram=histograms, alpha=st.floats(1e-6, 0.5))
def test_mirror_image(histogram, alpha):
    """Turning every value round turns the lower bound into the upper one."""
    values, counts = arrays(histogram)
    assert upper_bound(values, counts, alpha) == pytest.approx(
        1 - lower_bound(1 - values, counts, alpha), abs=1e-12
    )
    assert upper_bound(values, counts, alpha) >= float(counts @ values / counts.sum()) - 1e-9


def test_bar_at_a_value_below_all_values_and_at_the_ends():
    """A bar on a value, below every value, at 0 and at 1 gives the plain answer, not a breakdown."""
    values, counts = np.array([0.4, 0.8]), np.array([3.0, 5.0])
    assert p_mean_above(values, counts, 0.4) == pytest.approx(
        2**-5, rel=1e-8
    )  # (0.4/0.8)^5: the others drop out
    assert p_mean_above(values, counts, 0.0) < 1e-60
    assert p_mean_above(values, counts, 0.8) == 1
    assert p_mean_above(values, counts, 1.0) == 1
    assert p_mean_above(np.array([0.0]), np.array([4.0]), 0.0) == 1


def test_thousands_of_distinct_values():
    """Ten thousand distinct values are bounded like any others: below the mean, by about 1.64 errors."""
    values = np.linspace(0.8, 1.0, 10_001)
    bound = lower_bound(values, np.ones(10_001), 0.05)
    error = values.std() / math.sqrt(values.size)
    assert 0.9 - 2.0 * error - 2e-4 < bound < 0.9 - 1.6 * error
