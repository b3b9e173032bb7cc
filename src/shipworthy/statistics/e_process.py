"""p-values and bounds that stay valid at any number of looks with no planned end.

Someone who holds that "the mean is at most the bar" should be willing to pay 1 - u + u·x/bar for a group
with value x, whose price at the bar is 1. Stakes u are multiplied group by group; a mean of such
fortunes is again fair. If the claim under test is true, no fortune that starts at 1 ever grows to 1/alpha
with a chance above alpha, however long one plays and whenever one stops. The product does not depend on
the order of groups, so a histogram is enough.

Each fortune falls as the bar rises, so the bound is found by halving and cannot disagree with the p-value.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import expit, logsumexp

from shipworthy.statistics import validate
from shipworthy.statistics.exponential_sum import Floats

STAKES: Floats = expit(np.linspace(-4.5, 3.5, 17))
"""The shares of the fortune that are put on "above the bar"; fixed beforehand."""

_CHANCES = STAKES**1.5 * (1.0 - STAKES) ** 1.5
WEIGHTS: Floats = _CHANCES / _CHANCES.sum()
"""How the first unit is divided over the stakes; they add up to 1."""

TOLERANCE = 1e-9
"""p-values are raised by this share of themselves, so that rounding never favours the claim."""

RESOLUTION = 1e-12
"""Bounds are found down to this distance, and rounded against the claim."""


def e_p_above(values: Floats, counts: Floats, bar: float) -> float:
    """Return the p-value of "the mean is at most `bar`", valid at every look.

    Estimand: the mean of independent, identically distributed values in [0, 1].

    Args:
        values: distinct values in [0, 1].
        counts: how often each occurs, at least 1.
        bar: in [0, 1].

    Returns:
        A p-value in [0, 1].

    Assumptions: groups come one after the other, each with a mean of at most the bar given those before,
    and the order does not depend on their values. No level is a conjecture here.

    Source: Ville (1939); Waudby-Smith and Ramdas (2024), JRSS B 86, 1-27, on betting; Robbins (1970),
    Annals of Mathematical Statistics 41, 1397-1409, on mixtures.

    Example: 100 of 100 passed, under a bar of 0.9.
        >>> round(e_p_above(np.array([1.0]), np.array([100.0]), 0.9), 5)
        0.00044
    """
    bar = validate.within("bar", bar, low=0.0, high=1.0)
    return min(math.exp(-max(_log_fortune(values, counts, bar), 0.0)) * (1.0 + TOLERANCE), 1.0)


def e_p_below(values: Floats, counts: Floats, bar: float) -> float:
    """Return the p-value of "the mean is at least `bar`", valid at every look.

    Assumptions: as for `e_p_above`, of which this is the mirror image (x becomes 1 - x).

    Source: as for `e_p_above`.

    Example: none of 20 passed, under a bar of 0.5.
        >>> round(e_p_below(np.array([0.0]), np.array([20.0]), 0.5), 5)
        2e-05
    """
    return e_p_above(1.0 - values, counts, 1.0 - bar)


def e_lower_bound(values: Floats, counts: Floats, alpha: float) -> float:
    """Return the lower bound that is ever above the truth, at any look, with a chance of at most `alpha`.

    Assumptions: as for `e_p_above`; the bound is its inversion. Source: as for `e_p_above`.

    Example: 100 of 100 passed.
        >>> round(e_lower_bound(np.array([1.0]), np.array([100.0]), 0.05), 4)
        0.9537
    """
    alpha = validate.between("alpha", alpha)
    low, high = 0.0, float(values.max())
    while high - low > RESOLUTION:
        middle = (low + high) / 2.0
        low, high = (middle, high) if e_p_above(values, counts, middle) <= alpha else (low, middle)
    return low


def e_upper_bound(values: Floats, counts: Floats, alpha: float) -> float:
    """Return the upper bound that is ever below the truth, at any look, with a chance of at most `alpha`.

    Assumptions: as for `e_p_above`. Source: as for `e_p_above`. Example: none of 100 passed.
        >>> round(e_upper_bound(np.array([0.0]), np.array([100.0]), 0.05), 4)
        0.0463
    """
    return 1.0 - e_lower_bound(1.0 - values, counts, alpha)


def with_reserve(p_planned: float, p_open: float, *, reserve: float) -> float:
    """Return one p-value of a planned one and an open-ended one, dividing the error between them.

    Args:
        p_planned: valid at any look up to the planned end; 1 past it.
        p_open: valid at any look.
        reserve: the share of the error kept for the second, in (0, 1), fixed before looking.

    Assumptions: none beyond those of the two. Source: the union bound. Example:
        >>> round(with_reserve(0.04, 0.01, reserve=0.1), 4)
        0.0444
    """
    reserve = validate.between("reserve", reserve)
    return min(p_planned / (1.0 - reserve), p_open / reserve, 1.0)


def _log_fortune(values: Floats, counts: Floats, bar: float) -> float:
    gains = values / max(bar, np.finfo(float).tiny)
    with np.errstate(over="ignore"):
        each = np.log1p(STAKES[:, None] * (np.minimum(gains, 1e300)[None, :] - 1.0))
    return float(logsumexp(np.log(WEIGHTS) + each @ counts))
