"""How many groups it takes to show a rate, by the very test that will decide."""

from __future__ import annotations

from dataclasses import dataclass

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


NEAR = 0.03
"""A power up to so much above the wanted one counts as met without waste."""


def groups_for_power(*, bar: float, hoped: float, alpha: float, power: float) -> int | NotEstimable:
    """Return how many groups give the exact binomial test the wanted chance, and keep it when a few are added.

    Estimand: the smallest n for which the chance that the Clopper-Pearson lower bound reaches the bar
    is at least `power`, at n and at each of the next 14 sizes. That chance rises in a saw-tooth, since
    passes are whole numbers: single sizes reach it sooner (`groups_near_power`), and some later ones
    may dip under it by a little. No normal approximation is involved.

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
    asked = _Asked(bar, hoped, alpha, power)
    found = asked.unreachable or _searched(asked)
    return found if isinstance(found, NotEstimable) else found[1]


def groups_near_power(
    *, bar: float, hoped: float, alpha: float, power: float, seen: int = 0, seen_passed: int = 0
) -> int | NotEstimable:
    """Return how many groups give the exact binomial test the wanted chance of showing the rate: the price.

    Estimand: the smallest n whose chance is at least `power` and at most `NEAR` above it; where the saw-tooth
    jumps over that band (a failure more is allowed, and there are few), the smallest with at least `power`.
    Exactly so many have the chance named. A few more may have a little less, until the next tooth: who
    cannot say how many it will be takes `groups_for_power`.

    Args:
        bar: what is to be shown, in [0, 1).
        hoped: the true rate that is assumed, in [0, 1].
        alpha: one-sided error, in (0, 1).
        power: wanted chance of showing it, in (0, 1).
        seen: groups seen already, which count along with the new ones.
        seen_passed: how many of those passed.

    Returns:
        A number of new groups, or why no number will do.

    Raises:
        TypeError: an argument is no number, or a count no whole number.
        ValueError: an argument is outside its range.

    Assumptions: groups are independent and each passes or fails as a whole.

    Source: as for `groups_for_power`.

    Example: 179 show 90 % at a true rate of 95 % with a chance of 0.813; having seen 45 of 50 pass, 213 more do.
        >>> groups_near_power(bar=0.90, hoped=0.95, alpha=0.05, power=0.8)
        179
        >>> groups_near_power(bar=0.90, hoped=0.95, alpha=0.05, power=0.8, seen=50, seen_passed=45)
        213
    """
    asked = _Asked(bar, hoped, alpha, power, _Seen(seen, seen_passed))
    found = asked.unreachable or _searched(asked)
    return found if isinstance(found, NotEstimable) else found[0]


@dataclass(frozen=True)
class _Seen:
    """Groups that count along with the new ones."""

    n: int = 0
    passed: int = 0

    def __post_init__(self) -> None:
        validate.count("seen", self.n)
        if validate.count("seen_passed", self.passed) > self.n:
            raise ValueError(f"seen_passed must be at most seen = {self.n}, got {self.passed}")


@dataclass(frozen=True)
class _Asked:
    """What is to be shown, at which truth, how surely."""

    bar: float
    hoped: float
    alpha: float
    power: float
    seen: _Seen = _Seen()

    def __post_init__(self) -> None:
        validate.within("bar", self.bar, low=0.0, high=1.0)
        validate.within("hoped", self.hoped, low=0.0, high=1.0)
        validate.between("alpha", self.alpha)
        validate.between("power", self.power)

    @property
    def unreachable(self) -> NotEstimable | None:
        if self.hoped > self.bar:
            return None
        why = f"the hoped-for rate {self.hoped:g} is not above the bar {self.bar:g}"
        return NotEstimable(f"{why}: no number of groups shows it")


def _searched(asked: _Asked) -> tuple[int, int] | NotEstimable:
    """Return the first size near the power, and the first of `STEADY` in a row that have it."""
    start, chunk = _earliest(asked), _CHUNK
    reached = near = 0
    while start <= MOST:
        sizes = np.arange(start, start + chunk)
        chance = _power(sizes, asked)
        enough = chance >= asked.power
        reached = reached or _first(sizes, enough)
        near = near or _first(sizes, enough & (chance <= asked.power + NEAR))
        steady = _first(sizes, np.convolve(enough, np.ones(STEADY, dtype=int), "valid") == STEADY)
        if steady:
            return (near if near and near <= steady else reached), steady
        start += chunk - STEADY + 1
        chunk = min(4 * chunk, _LARGEST_CHUNK)
    return NotEstimable(f"more than {MOST:,} groups would be needed")


def _first(sizes: NDArray[np.int64], where: NDArray[np.bool_]) -> int:
    """Return the first size where it is so; 0 when there is none."""
    found = np.flatnonzero(where)
    return int(sizes[found[0]]) if found.size else 0


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


def chance_to_show(*, n: int, bar: float, hoped: float, alpha: float) -> float:
    """Return the chance that n groups show the bar, exactly: the power of the exact binomial test.

    Args:
        n: number of groups, at least 0.
        bar: what is to be shown, in [0, 1).
        hoped: the true rate that is assumed, in [0, 1].
        alpha: one-sided error, in (0, 1).

    Assumptions: groups are independent and each passes or fails as a whole.

    Source: as for `groups_for_power`.

    Example: 59 groups show 95 % only if none fails, which at a true rate of 99 % is 0.99^59.
        >>> round(chance_to_show(n=59, bar=0.95, hoped=0.99, alpha=0.05), 4)
        0.5527
    """
    n = validate.count("n", n)
    asked = _Asked(bar, hoped, alpha, 0.5)
    return float(_power(np.array([n]), asked)[0]) if n else 0.0


def _power(new: NDArray[np.int64], asked: _Asked) -> NDArray[np.float64]:
    """Return the chance of showing the bar with so many new groups; 0 where even all passed is too few."""
    sizes, bar, alpha = new + asked.seen.n, asked.bar, asked.alpha
    # The fewest passes that show it grow by 0 or 1 with each group, so one search brackets all.
    first = _fewest_passes(np.array(sizes[:1]), np.zeros(1, dtype=np.int64), sizes[:1] + 1, bar, alpha)[0]
    low = np.full(sizes.shape, first - 1)
    needed = _fewest_passes(sizes, low, np.minimum(first + sizes - sizes[0], sizes + 1), bar, alpha)
    needed = needed - asked.seen.passed
    reachable = needed <= new
    chance = betainc(np.maximum(needed, 1), np.where(reachable, new - needed + 1, 1), asked.hoped)
    return np.where(needed <= 0, 1.0, np.where(reachable, chance, 0.0))


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


def _earliest(asked: _Asked) -> int:
    """Return a size before which no size has the power, whatever the rounding of passes to whole numbers.

    If passes were real numbers the test would use all of its error and power would rise smoothly.
    """
    low, high = 0, 1
    while _smooth_power(high, asked) < asked.power:
        low, high = high, 2 * high
        if low > MOST:
            return low
    while high - low > 1:
        middle = (low + high) // 2
        if _smooth_power(middle, asked) < asked.power:
            low = middle
        else:
            high = middle
    return high


def _smooth_power(new: int, asked: _Asked) -> float:
    n = new + asked.seen.n
    low, high = 0.0, n + 1.0
    while high - low > 1e-9 * n:
        middle = (low + high) / 2
        low, high = (
            (middle, high) if betainc(middle, n - middle + 1.0, asked.bar) > asked.alpha else (low, middle)
        )
    low -= asked.seen.passed
    if low <= 0:
        return 1.0
    return float(betainc(low, new - low + 1.0, asked.hoped)) if low < new + 1.0 else 0.0
