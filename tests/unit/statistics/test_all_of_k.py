"""The chance that k repeats all, or any, pass."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.statistics.all_of_k import all_of_k, any_of_k


@given(planned=st.integers(1, 30), k=st.integers(1, 8), chance=st.floats(0, 1))
def test_it_is_right_on_average(planned, k, chance):
    """Averaged over binomial passes the estimate is exactly the chance to the power k: no bias."""
    planned = max(planned, k)
    weights = [math.comb(planned, c) * chance**c * (1 - chance) ** (planned - c) for c in range(planned + 1)]
    mean = math.fsum(w * all_of_k(c, planned, k) for c, w in enumerate(weights))
    assert mean == pytest.approx(chance**k, abs=1e-12)


@given(planned=st.integers(1, 64), data=st.data())
def test_it_rises_with_passes_and_falls_with_k(planned, data):
    """More passes never lower it, a larger k never raises it; k = 1 is the plain share."""
    k = data.draw(st.integers(1, planned))
    passed = data.draw(st.integers(0, planned))
    assert all_of_k(passed, planned, 1) == passed / planned
    assert all_of_k(passed, planned, k) <= all_of_k(passed, planned, max(k - 1, 1))
    assert all_of_k(passed, planned, k) <= all_of_k(min(passed + 1, planned), planned, k)


def test_edges():
    """All passed is 1, fewer passes than k is 0."""
    assert all_of_k(5, 5, 5) == 1
    assert all_of_k(2, 5, 3) == 0


def test_too_few_repeats_are_refused():
    """Three of a kind cannot be seen in two repeats."""
    with pytest.raises(ValueError, match="planned must be at least 3, got 2"):
        all_of_k(2, 2, 3)
    with pytest.raises(ValueError, match="passed must be at most planned = 4, got 5"):
        all_of_k(5, 4, 2)


@given(planned=st.integers(1, 30), k=st.integers(1, 8), chance=st.floats(0, 1))
def test_any_of_k_is_right_on_average_too(planned, k, chance):
    """Averaged over binomial passes the estimate is exactly the chance that not all k fail."""
    planned = max(planned, k)
    weights = [math.comb(planned, c) * chance**c * (1 - chance) ** (planned - c) for c in range(planned + 1)]
    mean = math.fsum(w * any_of_k(c, planned, k) for c, w in enumerate(weights))
    assert mean == pytest.approx(1 - (1 - chance) ** k, abs=1e-12)


def test_any_of_k_edges():
    """None passed is 0; fewer failures than k leave no choice without a pass."""
    assert any_of_k(0, 5, 3) == 0
    assert any_of_k(3, 5, 3) == 1
    with pytest.raises(ValueError, match="planned must be at least 3, got 2"):
        any_of_k(2, 2, 3)
