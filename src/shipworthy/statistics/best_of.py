"""How much the best of several looks better than it is."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

from shipworthy.statistics import validate

_REACH, _POINTS = 12.0, 9601


def best_of(count: int) -> float:
    """Return the expected largest of so many independent standard normal values.

    Estimand: the expected flattery, in standard errors, of the best of variants that are all equally good.

    Args:
        count: how many there are to choose from, at least 1.

    Returns:
        A number from 0, in standard errors of one estimate around what all have in common.

    Raises:
        TypeError: `count` is no whole number.
        ValueError: `count` is below 1.

    Assumptions: estimates scatter alike and normally around one common value. Variants that differ in truth are
    flattered less; unlike scatter moves the flattery to the most scattered.

    Source: David and Nagaraja (2003), Order Statistics, section 3.1: the integral of 1 - F^n to the right of 0
    minus that of F^n to its left.

    Example: for two it is 1 / sqrt(pi).
        >>> round(best_of(2), 4), round(best_of(25), 4)
        (0.5642, 1.9653)
    """
    count = validate.count("count", count, least=1)
    at = np.linspace(0.0, _REACH, _POINTS)
    gap = 1.0 - ndtr(at) ** count - ndtr(-at) ** count
    step = _REACH / (_POINTS - 1)
    return max(math.fsum(gap) - float(gap[0] + gap[-1]) / 2.0, 0.0) * step


def flattery(count: int, standard_error: float) -> float:
    """Return how much better than it is the best of equally good variants looks on the cases it was chosen on.

    Args:
        count: variants to choose from, at least 1.
        standard_error: of the difference between two of them on the same cases, at least 0; for several
            pairs the root of their mean square.

    Returns:
        An amount on the scale of the standard error.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: as for `best_of`. What all variants have in common on the same cases cancels, so the scatter
    that flatters is that of a difference over the root of 2.

    Source: as for `best_of`.

    Example: four variants, any two of which differ by chance by 0.02.
        >>> round(flattery(4, 0.02), 4)
        0.0146
    """
    standard_error = validate.within("standard_error", standard_error, low=0.0, high=math.inf)
    return best_of(count) * standard_error / math.sqrt(2.0)
