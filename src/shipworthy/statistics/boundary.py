"""The chance that failures ever fall to a boundary, added up exactly over every path.

Groups pass or fail, each with the same chance. A boundary names, for each number of groups m, the
most failures c(m) at which a look would show the claim. The chance that some m has at most c(m)
failures is the sum, over the m where the boundary rises above all before, of the chance of
getting there for the first time. Only non-negative numbers are added and multiplied, so it has a
small relative error even where it is tiny. Whatever is left out is counted as crossing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln, xlog1py, xlogy

from shipworthy.statistics.exponential_sum import Floats

Whole = NDArray[np.int64]

TOLERANCE = 1e-9
"""Crossing chances are raised by this share of themselves: more than rounding can have taken."""

NEGLIGIBLE = 1e-13
"""What is left out at one step, as a share of the level in question; it is counted as crossing."""


@dataclass(frozen=True)
class Crossing:
    """When failures first fall to a boundary.

    Assumptions: groups are independent and each fails with the same chance. Source: the vocabulary of
    this module. Example:
        >>> Crossing(times=(3, 4), chances=(0.125, 0.1875), last=5).by((2, 3, 5))
        (0.0, 0.125, 0.3125)

    Attributes:
        times: numbers of groups at which the boundary rises.
        chances: the chance that the first crossing is at that time.
        last: the planned end.
    """

    times: tuple[int, ...]
    chances: tuple[float, ...]
    last: int

    @property
    def chance(self) -> float:
        """The chance of ever crossing up to the end."""
        return min(math.fsum(self.chances), 1.0)

    def by(self, groups: Sequence[int]) -> tuple[float, ...]:
        """Return the chances of crossing at or before these numbers of groups."""
        total = np.append(0.0, np.cumsum(self.chances))
        at = total[np.searchsorted(self.times, groups, side="right")]
        return tuple(np.minimum(at, 1.0).tolist())

    def mean_groups(self) -> float:
        """Return the mean number of groups used by someone who stops at the crossing, else at the end."""
        saved = math.fsum(c * (self.last - t) for t, c in zip(self.times, self.chances, strict=True))
        return self.last - saved


def at_most(failures: Whole, groups: Whole, fail: float) -> Floats:
    """Return the chance of at most so many failures, elementwise; 0 for fewer than none.

    Assumptions: independent groups with one failure rate. Source: the incomplete beta function. Example:
        >>> at_most(np.array([-1, 0, 2]), np.array([2, 2, 2]), 0.5)
        array([0.  , 0.25, 1.  ])
    """
    passes = groups - failures
    inside = (failures >= 0) & (passes > 0)
    # betainc(a, b, x) with a = passes: the chance of at least that many passes
    chance = betainc(np.where(inside, passes, 1), np.where(inside, failures + 1, 1), 1.0 - fail)
    return np.where(inside, chance, np.where(failures < 0, 0.0, 1.0))


def most_failures(levels: Floats, normal: Floats, groups: Whole, fail: float) -> Whole:
    """Return the most failures whose chance of "at most so many" is within the level; -1 where none is.

    Args:
        levels: one level for each number of groups.
        normal: the standard normal quantiles of the levels, for a first guess.
        groups: numbers of groups, ascending.
        fail: the chance of failure, in (0, 1).

    Assumptions: independent groups with one failure rate. Source: Clopper and Pearson (1934).

    Example: the rule of 59, and 93 groups with one failure.
        >>> most_failures(np.full(3, 0.05), np.full(3, -1.645), np.array([58, 59, 93]), 0.05)
        array([-1,  0,  1])
    """
    mean, spread = groups * fail, np.sqrt(groups * fail * (1.0 - fail))
    skewed = mean + spread * normal + (1.0 - 2.0 * fail) * (normal**2 - 1.0) / 6.0 - 0.5
    most: Whole = np.clip(np.floor(np.clip(skewed, -1.0, groups - 1.0)), -1, groups - 1).astype(np.int64)
    for step in (1, -1):
        open_ = np.arange(len(groups))
        while open_.size:
            tried = most[open_] + (step == 1)
            fits = at_most(tried, groups[open_], fail) <= levels[open_]
            move = fits & (tried < groups[open_]) if step == 1 else ~fits & (tried >= 0)
            open_ = open_[move]
            most[open_] += step
    found: Whole = most
    return found


def crossing(boundary: Whole, groups: Whole, *, fail: float, level: float) -> Crossing:
    """Return when failures first fall to the boundary, if groups fail at this rate.

    Args:
        boundary: the most failures that count as crossing, for each number of groups; -1 for none.
        groups: the numbers of groups at which it is looked, ascending; the last is the end.
        fail: the chance of failure, in [0, 1].
        level: how small a chance still matters; the share `NEGLIGIBLE` of it may be left out at each
            step, and is counted as crossing.

    Assumptions: groups are independent and each fails with the same chance.

    Source: the two-term recursion of exact group-sequential tests; Schultz and others (1973),
    Biometrics 29, 293-318.

    Example: no failure in the first three groups, or at most one in four, at a rate of one half.
        >>> found = crossing(np.array([-1, -1, 0, 1]), np.arange(1, 5), fail=0.5, level=0.05)
        >>> found.times, round(found.chance, 6)
        ((3, 4), 0.3125)
    """
    # Whoever is still alive has more failures than any boundary so far.
    boundary = np.maximum.accumulate(boundary)
    rises = np.flatnonzero(np.diff(boundary, prepend=-1) > 0)
    lowest, m, alive, highest = 0, 0, np.ones(1), int(boundary[-1])
    times: list[int] = []
    chances: list[float] = []
    reach = math.sqrt(-2.0 * math.log(level * NEGLIGIBLE))
    negligible = level * NEGLIGIBLE
    for i in rises:
        now, most = int(groups[i]), int(boundary[i])
        fewest, more, crossed = _failures(now - m, fail, negligible)
        lowest += fewest
        # Those with more failures than the boundary ever allows can no longer cross.
        alive = np.convolve(alive, more)[: max(highest - lowest + 1, 0)]
        cut = max(most + 1 - lowest, 0)
        crossed += math.fsum(alive[:cut])
        alive, lowest, m = alive[cut:], lowest + cut, now
        spread = reach * math.sqrt(now * fail * (1.0 - fail)) + reach**2 / 3.0
        width = max(math.ceil(now * fail + spread) - lowest, 0) + 1
        crossed += float(alive[width:].sum())
        alive = alive[:width]
        times.append(now)
        chances.append(crossed)
        if not alive.size:
            break
    return Crossing(tuple(times), tuple(chances), int(groups[-1]))


@lru_cache(maxsize=4096)
def _failures(groups: int, fail: float, negligible: float) -> tuple[int, Floats, float]:
    """Return the chances of some failures among so many groups: the fewest, their chances, what is left out."""
    k = np.arange(groups + 1)
    ways = gammaln(groups + 1) - gammaln(k + 1) - gammaln(groups - k + 1)
    chances: Floats = np.exp(ways + xlogy(k, fail) + xlog1py(groups - k, -fail))
    kept = np.flatnonzero(chances > negligible / (groups + 1))
    first, last = int(kept[0]), int(kept[-1]) + 1
    return first, chances[first:last], float(chances[:first].sum() + chances[last:].sum())
