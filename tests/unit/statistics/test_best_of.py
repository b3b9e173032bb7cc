"""How much the best of several is flattered."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.statistics.best_of import best_of, flattery


def test_known_values():
    """None for one, 1/sqrt(pi) for two, 3/(2 sqrt(pi)) for three."""
    assert best_of(1) == pytest.approx(0, abs=1e-12)
    assert best_of(2) == pytest.approx(1 / math.sqrt(math.pi), rel=1e-9)
    assert best_of(3) == pytest.approx(1.5 / math.sqrt(math.pi), rel=1e-9)


@given(count=st.integers(1, 400))
def test_more_to_choose_from_flatters_more(count):
    """It rises with every variant, and never above sqrt(2 log n)."""
    assert best_of(count) < best_of(count + 1)
    assert best_of(count) <= math.sqrt(2 * math.log(count)) + 1e-9


@given(count=st.integers(1, 50), error=st.floats(0, 10), times=st.floats(0.1, 10))
def test_it_scales_with_the_scatter(count, error, times):
    """Twice the scatter is twice the flattery."""
    assert flattery(count, times * error) == pytest.approx(
        times * flattery(count, error), rel=1e-9, abs=1e-12
    )


def test_what_cannot_be_chosen_from_is_refused():
    """No variants, and a negative scatter."""
    with pytest.raises(ValueError, match="count must be at least 1"):
        best_of(0)
    with pytest.raises(ValueError, match="standard_error must be in"):
        flattery(2, -1.0)
