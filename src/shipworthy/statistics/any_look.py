"""p-values that stay valid whenever one looks, up to a planned end.

A p-value at n groups says how likely a sample as good as this one is *at n*. Who looks more than once
picks the best of several, so this one is turned into the chance that *some* number of groups up to
the end N looks as good. "As good" is measured by z·(n/N)^WEIGHT, z being the normal quantile of 1 - p:
early looks have to be much better, the last one hardly (the boundaries of Wang and Tsiatis). That chance
is added up exactly for groups that pass or fail at the bar. Being a chance of all looks at once, it is the
same for every schedule: a schedule looks at a part of what is counted.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from scipy.special import betainc, ndtr, ndtri

from shipworthy.statistics import validate
from shipworthy.statistics.boundary import TOLERANCE, Whole, crossing, most_failures
from shipworthy.statistics.exponential_sum import Floats

WEIGHT = 0.6
"""The power of n/N that early looks are held down by: 1/2 - Delta of Wang and Tsiatis."""

EXACT = 5_000
"""Up to this end every number of groups may decide; beyond it, `STEPS` equal steps may."""

STEPS = 200

_FLOOR = 1e-300
_TIES = 1e-9


def any_look_p(p: float, *, n: int, end: int, bar: float) -> float:
    """Return the p-value at n groups, corrected for looking at any times up to the end."""
    p = validate.within("p", p, low=0.0, high=1.0)
    n, end = validate.count("n", n, least=1), validate.count("end", end, least=1)
    bar = validate.between("bar", bar)
    if n > end or p >= 0.5:
        return p if end == 1 == n else 1.0
    step = next_step(n, end)
    if step > n:
        p = _padded(p, n=n, step=step, bar=bar)
    if p >= 0.5:
        return 1.0
    score = -float(ndtri(max(p, _FLOOR))) * (step / end) ** WEIGHT
    return max(_chance(score, end, bar), p)


def nominal_level(alpha: float, *, n: int, end: int, bar: float) -> float:
    """Return the largest level for a fixed number of groups that keeps `alpha` over all looks."""
    alpha = validate.between("alpha", alpha)
    n, end = validate.count("n", n, least=1), validate.count("end", end, least=1)
    bar = validate.between("bar", bar)
    if n > end:
        return 0.0
    if end == 1:
        return alpha
    step = next_step(n, end)
    level = min(float(ndtr(-_needed(alpha, end, bar) * (end / step) ** WEIGHT)), alpha)
    return level if step == n else _unpadded(level, n=n, step=step, bar=bar)


def next_step(n: int, end: int) -> int:
    """Return the number of groups at which a look at n counts: n itself, unless the end is far away."""
    if end <= EXACT:
        return n
    i = -(-n * STEPS // end)
    return -(-i * end // STEPS)


def most_failures_at(looks: tuple[int, ...], *, bar: float, end: int, alpha: float) -> tuple[int, ...]:
    """Return the most failures at which each look shows the bar; -1 where none would."""
    boundary, _ = _boundary(_needed(alpha, end, bar), end, bar)
    grid = _looks(end)
    steps = np.searchsorted(grid, looks)
    # Groups not yet seen count as failures.
    return tuple(max(int(boundary[i] - (grid[i] - m)), -1) for i, m in zip(steps, looks, strict=True))


@cache
def _looks(end: int) -> Whole:
    if end <= EXACT:
        return np.arange(1, end + 1)
    return -(-np.arange(1, STEPS + 1) * end // STEPS)


@cache
def _chance(score: float, end: int, bar: float) -> float:
    """Return the chance at the bar that some look is as good as this score."""
    boundary, early = _boundary(score, end, bar)
    found = crossing(boundary, _looks(end), fail=1.0 - bar, level=float(ndtr(-score)))
    return min((found.chance + early) * (1.0 + TOLERANCE), 1.0)


def _boundary(score: float, end: int, bar: float) -> tuple[Whole, float]:
    """Return the most failures that reach the score, and what the looks left out could add at the bar."""
    looks = _looks(end)
    normal = -(score - _TIES) * (end / looks) ** WEIGHT
    levels: Floats = ndtr(normal)
    # Looks so early that they hardly add to the chance are not followed; at most their level is added.
    kept = levels > levels[-1] * 1e-13
    boundary = np.full(len(looks), -1)
    boundary[kept] = most_failures(levels[kept], normal[kept], looks[kept], 1.0 - bar)
    return boundary, math.fsum(levels[~kept])


@cache
def _needed(alpha: float, end: int, bar: float) -> float:
    """Return the smallest score, or one hardly above it, that is reached with a chance of at most alpha."""
    low, high = 0.0, -float(ndtri(alpha)) + 2.0
    while _chance(high, end, bar) > alpha:
        low, high = high, high + 2.0
    while high - low > 1e-8:
        middle = (low + high) / 2.0
        low, high = (middle, high) if _chance(middle, end, bar) > alpha else (low, middle)
    return high + 2.0 * _TIES


def _padded(p: float, *, n: int, step: int, bar: float) -> float:
    """Return the p-value at the next step if all groups up to it failed."""
    passes = _passes(p, n=n, bar=bar)
    return 1.0 if passes == 0 else float(betainc(passes, step - passes + 1, bar))


def _passes(p: float, *, n: int, bar: float) -> int:
    """Return the most passes among n whose p-value is no less than this one."""
    low, high = 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        if float(betainc(middle, n - middle + 1, bar)) * (1 + _TIES) >= p:
            low = middle
        else:
            high = middle
    return low


def _unpadded(level: float, *, n: int, step: int, bar: float) -> float:
    """Return the largest level at n whose passes reach the level at the next step."""
    low, high = 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        if float(betainc(middle, step - middle + 1, bar)) > level:
            low = middle
        else:
            high = middle
    return 0.0 if high > n else float(betainc(high, n - high + 1, bar))
