"""Gaffke's test for the mean of bounded values, without random numbers.

The p-value of "the mean is at most t" for values in [0, 1] is the chance that a mean of the sample
and one further 0, weighted at random (uniformly on the simplex), is at most t. Such weights are
independent exponentials over their sum, so the chance is that of S <= 0, where

    S = sum of (x_i - t) E_i over the sample, minus t E_0.

`exponential_sum` finds that chance to nearly full precision, whatever the number of groups.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from scipy.special import ndtri_exp

from shipworthy.statistics.exponential_sum import Floats, Steps, log_chance_not_positive

TOLERANCE = 1e-9
"""p-values are raised by this share of themselves; the arithmetic was off by 3e-10 at most where measured."""

RESOLUTION = 1e-12
"""Bars and bounds are told apart down to this distance; closer ones are rounded against the claim."""

_LEAST = -746.0
"""The exponential of anything below is 0 in floating point: such a p-value is 0 whatever its logarithm."""

_FLAT = 1e5
_PATIENCE = 4


def p_mean_above(values: Floats, counts: Floats, bar: float) -> float:
    """Return Gaffke's p-value of "the mean is at most `bar`"; small means it is shown to be above.

    Estimand: the mean of independent, identically distributed values in [0, 1].

    Args:
        values: distinct values in [0, 1].
        counts: how often each occurs, at least 1.
        bar: in [0, 1].

    Returns:
        A p-value in [0, 1], raised by `TOLERANCE` of itself so that numerics never favour the claim.

    Assumptions: values are independent and bounded as stated. That the test keeps its level is
    proved for 0/1 values (it then equals the exact binomial test) and other special cases, and is
    a conjecture otherwise; no violation is known.

    Source: Gaffke (2005), Mathematical Methods of Statistics 14(4), 451-467; Learned-Miller and
    Thomas (2020), arXiv:1905.06208.

    Example: nine of ten passed, which is 0.8^10 + 10 * 0.8^9 * 0.2 under a bar of 0.8.
        >>> round(p_mean_above(np.array([0.0, 1.0]), np.array([1.0, 9.0]), 0.8), 6)
        0.37581
    """
    return _p_value(_log_p(values, counts, bar, least=_LEAST))


def p_mean_below(values: Floats, counts: Floats, bar: float) -> float:
    """Return Gaffke's p-value of "the mean is at least `bar`"; small means it is shown to be below.

    Assumptions: as for `p_mean_above`, of which this is the mirror image (x becomes 1 - x).

    Source: as for `p_mean_above`.

    Example: none of three passed, which is (1 - 0.5)^3 under a bar of 0.5.
        >>> round(p_mean_below(np.array([0.0]), np.array([3.0]), 0.5), 6)
        0.125
    """
    return p_mean_above(1.0 - values, counts, 1.0 - bar)


def lower_bound(values: Floats, counts: Floats, alpha: float) -> float:
    """Return the largest bar, within `RESOLUTION`, whose p-value is no more than `alpha`.

    Assumptions: as for `p_mean_above`; the bound is its inversion, so the two cannot disagree.

    Source: as for `p_mean_above`.

    Example: all of 59 passed, the smallest all-pass sample that shows 95 %.
        >>> round(lower_bound(np.array([1.0]), np.array([59.0]), 0.05), 4)
        0.9505
    """
    top = float(values.max())
    wanted = float(ndtri_exp(math.log(alpha) - math.log1p(TOLERANCE)))

    @cache
    def excess(bar: float) -> float:
        """Rise through 0 where the p-value passes alpha, on the normal scale nearly as a line does."""
        return min(max(float(ndtri_exp(_log_p(values, counts, bar))), -_FLAT), _FLAT) - wanted

    if top <= RESOLUTION:
        return 0.0
    total = float(counts.sum()) + 1.0
    mean = float(counts @ values) / total
    spread = math.sqrt(float(counts @ (values - mean) ** 2) + 1.0) / total
    low, high = _bracket(excess, mean + wanted * spread, spread, top)
    return 0.0 if excess(low) > 0 else _crossing(excess, low, high)


def upper_bound(values: Floats, counts: Floats, alpha: float) -> float:
    """Return the smallest bar, within `RESOLUTION`, that the mean is shown to be below.

    Assumptions: as for `p_mean_above`. Source: as for `p_mean_above`.

    Example: none of three passed; 1 - 0.05^(1/3).
        >>> round(upper_bound(np.array([0.0]), np.array([3.0]), 0.05), 4)
        0.6316
    """
    return 1.0 - lower_bound(1.0 - values, counts, alpha)


def _log_p(values: Floats, counts: Floats, bar: float, *, least: float = -math.inf) -> float:
    bar = max(bar, RESOLUTION)
    steps = Steps(np.append(values - bar, -bar), np.append(counts, 1.0))
    return log_chance_not_positive(steps, least=least)


def _p_value(log_p: float) -> float:
    return min(math.exp(log_p) * (1.0 + TOLERANCE), 1.0)


def _bracket(excess: Callable[[float], float], guess: float, width: float, top: float) -> tuple[float, float]:
    """Return two points with the root of an increasing function between them, near the guess if possible.

    Where there is no such root the lower point is `RESOLUTION`, and too high.
    """
    low = high = min(max(guess, RESOLUTION), top)
    while low > RESOLUTION and excess(low) > 0:
        low, high, width = max(low - width, RESOLUTION), low, 2 * width
    while high < top and excess(high) <= 0:
        low, high, width = high, min(high + width, top), 2 * width
    return low, high


def _crossing(excess: Callable[[float], float], low: float, high: float) -> float:
    """Return a point at most `RESOLUTION` below the root of an increasing function, never above it.

    Regula falsi in the Illinois form, with bisections where that has not halved the bracket in time.
    """
    f_low, f_high = excess(low), excess(high)
    goal, steps, was_high = (high - low) / 2, 0, None
    while high - low > RESOLUTION:
        steps += 1
        secant = low - f_low * (high - low) / (f_high - f_low)
        point = (low + high) / 2 if steps > _PATIENCE else secant
        # Half a resolution off the nearer end, so that the last step closes the bracket from both sides.
        point = min(max(point, low + RESOLUTION / 2), high - RESOLUTION / 2)
        value = excess(point)
        is_high = value > 0
        # An end that stays twice running is given half its height, to draw the next secant towards it.
        if is_high:
            high, f_high, f_low = point, value, f_low / 2 if was_high is True else f_low
        else:
            low, f_low, f_high = point, value, f_high / 2 if was_high is False else f_high
        was_high = is_high
        if high - low <= goal:
            goal, steps = (high - low) / 2, 0
    return low
