"""Checks at the door."""

import math

import numpy as np
import pytest

from shipworthy.statistics import validate


def test_numbers_of_other_kinds_are_welcome():
    """A NumPy number is a number, and comes back as a plain one."""
    assert type(validate.number("bar", np.float32(0.5))) is float
    assert type(validate.count("n", np.int64(3))) is int


@pytest.mark.parametrize("wrong", [True, "1", None, 1j])
def test_what_is_no_number_is_a_type_error(wrong):
    """Truth values, text and nothing at all are not numbers, and the message names the argument."""
    with pytest.raises(TypeError, match="bar must be a number, got"):
        validate.number("bar", wrong)
    with pytest.raises(TypeError, match="n must be a whole number, got"):
        validate.count("n", wrong)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_a_value_error(wrong):
    """No number that stands for "unknown" or "endless" gets in."""
    with pytest.raises(ValueError, match="bar must be finite, got"):
        validate.number("bar", wrong)


def test_ranges_are_stated():
    """The message states the argument, the value and the range it should have."""
    assert validate.within("bar", 1, low=0, high=1) == 1
    with pytest.raises(ValueError, match=r"bar must be in \[0, 1\], got -0.5"):
        validate.within("bar", -0.5, low=0, high=1)
    with pytest.raises(ValueError, match=r"alpha must be strictly between 0 and 1, got 1\.0"):
        validate.between("alpha", 1)
