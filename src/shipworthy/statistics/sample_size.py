"""How many groups it takes to show a rate, by the very test that will decide."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from shipworthy.statistics import validate
from shipworthy.statistics.results import NotEstimable

MOST = 10_000_000
"""More groups than this are not a plan."""

STEADY = 15
"""The power has to hold for this many sizes in a row, so that a few groups more do not lose it."""

_CHUNK = 256
_LARGEST_CHUNK = 1 << 16


def groups_for_power(*, bar: float, hoped: float, alpha: float, power: float) -> int | NotEstimable:
    """Return how many groups give the exact binomial test the wanted chance of showing the rate.

    Estimand: the smallest n for which the chance that the Clopper-Pearson lower bound reaches the bar
    is at least `power`, at n and at each of the next 14 sizes. That chance rises in a saw-tooth, since
    passes are whole numbers: single sizes reach it sooner, and some later ones may dip under it by
    a little. No normal approximation is involved.

    Args:
        bar: what is to be shown, in [0, 1).
        hoped: the true rate that is assumed, in [0, 1].
        alpha: one-sided error, in (0, 1).
        power: wanted chance of showing it, in (0, 1).

    Returns:
        A number of groups, or why no number will do.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: groups are independent and each passes or fails as a whole. Groups of several cases
    or repeats whose outcomes differ need fewer.

    Source: Chow, Shao, Wang and Lokhnygina (2017), Sample Size Calculations in Clinical Research,
    on exact tests for one proportion.

    Example: showing 90 % where the truth is 95 %.
        >>> groups_for_power(bar=0.90, hoped=0.95, alpha=0.05, power=0.8)
        203
        >>> groups_for_power(bar=0.90, hoped=0.90, alpha=0.05, power=0.8)
        NotEstimable(reason='the hoped-for rate 0.9 is not above the bar 0.9: no number of groups shows it')
    """
    bar = validate.within("bar", bar, low=0.0, high=1.0)
    hoped = validate.within("hoped", hoped, low=0.0, high=1.0)
    alpha = validate.between("alpha", alpha)
    power = validate.between("power", power)
    if hoped <= bar:
        return NotEstimable(
            f"the hoped-for rate {hoped:g} is not above the bar {bar:g}: no number of groups shows it"
        )
    start = _earliest(bar=bar, hoped=hoped, alpha=alpha, power=power)
    chunk = _CHUNK
    while start <= MOST:
        sizes = np.arange(start, start + chunk)
        enough = _power(sizes, bar=bar, hoped=hoped, alpha=alpha) >= power
        steady = np.flatnonzero(np.convolve(enough, np.ones(STEADY, dtype=int), "valid") == STEADY)
        if steady.size:
            return int(sizes[steady[0]])
        start += chunk - STEADY + 1
        chunk = min(4 * chunk, _LARGEST_CHUNK)
    return NotEstimable(f"more than {MOST:,} groups would be needed")


def zero_failures(*, bar: float, alpha: float) -> int:
    """Return the fewest groups that show the bar when every one of them passes.

    Args:
        bar: what is to be shown, in (0, 1).
        alpha: one-sided error, in (0, 1).

    Assumptions: groups are independent and each passes or fails as a whole.

    Source: bar^n <= alpha, the Clopper-Pearson bound with no failure; Hanley and Lippman-Hand
    (1983), JAMA 249(13), 1743-1745, for its approximation by 3/n.

    Example: the "rule of 59" for 95 %.
        >>> zero_failures(bar=0.95, alpha=0.05)
        59
    """
    bar = validate.between("bar", bar)
    alpha = validate.between("alpha", alpha)
    n = max(int(np.log(alpha) / np.log(bar)) - 1, 1)
    while betainc(n, 1, bar) > alpha:
        n += 1
    return n


def _power(sizes: NDArray[np.int64], *, bar: float, hoped: float, alpha: float) -> NDArray[np.float64]:
    """Return the chance of showing the bar at consecutive sizes; 0 where even all passed is too few."""
    # The fewest passes that show it grow by 0 or 1 with each group, so one search brackets all.
    first = _fewest_passes(np.array(sizes[:1]), np.zeros(1, dtype=np.int64), sizes[:1] + 1, bar, alpha)[0]
    low = np.full(sizes.shape, first - 1)
    needed = _fewest_passes(sizes, low, np.minimum(first + sizes - sizes[0], sizes + 1), bar, alpha)
    reachable = needed <= sizes
    chance = betainc(needed, np.where(reachable, sizes - needed + 1, 1), hoped)
    return np.where(reachable, chance, 0.0)


def _fewest_passes(
    sizes: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64], bar: float, alpha: float
) -> NDArray[np.int64]:
    """Bisect for the fewest passes whose p-value is at most alpha: too few at `low`, enough at `high`."""
    low, high = low.copy(), high.copy()
    while np.any(high - low > 1):
        middle = np.where(high - low > 1, (low + high) // 2, low)
        few = (middle == low) | (
            betainc(np.maximum(middle, 1), sizes - np.maximum(middle, 1) + 1, bar) > alpha
        )
        low, high = np.where(few, middle, low), np.where(few, high, middle)
    return high


def _earliest(*, bar: float, hoped: float, alpha: float, power: float) -> int:
    """Return a size before which no size has the power, whatever the rounding of passes to whole numbers.

    If passes were real numbers the test would use all of its error and power would rise smoothly.
    """
    low, high = 0, 1
    while _smooth_power(high, bar=bar, hoped=hoped, alpha=alpha) < power:
        low, high = high, 2 * high
        if low > MOST:
            return low
    while high - low > 1:
        middle = (low + high) // 2
        if _smooth_power(middle, bar=bar, hoped=hoped, alpha=alpha) < power:
            low = middle
        else:
            high = middle
    return high


def _smooth_power(n: int, *, bar: float, hoped: float, alpha: float) -> float:
    low, high = 0.0, n + 1.0
    while high - low > 1e-9 * n:
        middle = (low + high) / 2
        low, high = (middle, high) if betainc(middle, n - middle + 1.0, bar) > alpha else (low, middle)
    return float(betainc(low, n - low + 1.0, hoped)) if low > 0 else 1.0
