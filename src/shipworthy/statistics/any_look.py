"""p-values that stay valid whenever one looks, up to a planned end.

A p-value at n groups says how likely a sample as good as this one is *at n*. Who looks more than once
picks the best of several, so it is turned into the chance that *some* number of groups up to the
end N looks as good. "As good" is measured by the score z·(n/N)^w, z being the normal quantile of
1 - p: early looks have to be much better, the last one hardly (boundaries of Wang and Tsiatis). The weight
w follows from the end and the bar, which are fixed before the first look. Being a chance of all looks at
once, it is the same for every schedule, planned or not: a schedule looks at a part of what is counted.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy.special import betainc, ndtr, ndtri

from shipworthy.statistics import validate
from shipworthy.statistics.boundary import TOLERANCE, Whole, at_most, crossing, most_failures
from shipworthy.statistics.exponential_sum import Floats
from shipworthy.statistics.normal_walk import chance_of_reaching

WEIGHTS = (1.5, 7.5, 4.0)
"""The weight where many failures are expected, what is added to it for each expected one, and the most it can be."""

EXACT = 5_000
"""Up to this end every number of groups may decide; beyond it, every one of `STEPS` equal steps."""

STEPS = 200

_FLOOR = 1e-300
_TIES = 1e-9
_REMEMBERED = 16_384
_NARROW = 1e-3
_FINE = 1e-10


def any_look_p(p: float, *, n: int, end: int, bar: float, graded: bool = True) -> float:
    """Return the p-value at n groups, corrected for looking at any times up to the end.

    Estimand: the chance, were the mean at the bar, that a look at some number of groups up to the end
    has a score at least as high as this one.

    Args:
        p: one-sided p-value for a fixed number of groups, of "the mean is at most the bar".
        n: groups behind it, at least 1.
        end: the planned end in groups, fixed before the first look.
        bar: on the scale from 0 to 1 that p was computed on. For p-values of "at least the bar" it
            is 1 - bar.
        graded: whether some group so far has a value other than 0 and 1; True is always safe.

    Returns:
        A p-value in [0, 1], at least p; 1 past the end, and wherever p is 0.5 or more, unless a
        single group is all there will be.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: groups are independent and drawn alike, the order in which they come does not depend on
    their outcomes, and the end was fixed before looking. For 0/1 groups it is then valid by
    construction: the smaller the score, the larger the counted event. Graded values take the larger of
    that chance and the one of a walk with normal steps; that this suffices is a conjecture, like
    Gaffke's own, and was measured. Past `EXACT` groups a look counts as one at the next of `STEPS`
    equal steps at which all groups not yet seen have failed.

    Source: Wang and Tsiatis (1987), Biometrics 43, 193-199; Jennison and Turnbull (2000), Group
    Sequential Methods, chapter 12, for the exact binomial recursion.

    Example: 190 of 200 passed, under a bar of 0.9: at the planned end, and at two thirds of it.
        >>> from shipworthy.statistics.group_mean import GroupMean
        >>> p = GroupMean.from_counts(passed=190, n=200).p_above(0.9)
        >>> (
        ...     round(p, 4),
        ...     [round(any_look_p(p, n=200, end=end, bar=0.9, graded=False), 4) for end in (200, 300)],
        ... )
        (0.0081, [0.0087, 0.1332])
    """
    p = validate.within("p", p, low=0.0, high=1.0)
    n, end, bar = _door(n, end, bar)
    if n > end:
        return 1.0
    if end == 1:
        return p
    step = next_step(n, end)
    at_step = p if step == n else _padded(p, n=n, step=step, bar=bar)
    if at_step >= 0.5:
        return 1.0
    score = -float(ndtri(max(at_step, _FLOOR))) * (step / end) ** weight_of(end, bar)
    chance = _chance(score, end, bar)
    if graded:
        chance = max(chance, chance_of_reaching(score, steps=end, weight=weight_of(end, bar)))
    return min(max(chance, p), 1.0)


def nominal_level(alpha: float, *, n: int, end: int, bar: float, graded: bool = True) -> float:
    """Return the largest level for a fixed number of groups that keeps `alpha` over all looks.

    Estimand: the largest a with `any_look_p(a)` at most alpha, to a billionth: bounds drawn at it
    agree with that p-value at the bar.

    Args:
        alpha: one-sided error over all looks, in (0, 1).
        n: groups at this look, at least 1.
        end: the planned end in groups.
        bar: as for `any_look_p`.
        graded: as for `any_look_p`.

    Returns:
        A level from 0 (nothing can be shown) to alpha.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: as for `any_look_p`. Source: as for `any_look_p`.

    Example: three levels of a plan with 500 groups and an error of 0.05.
        >>> [round(nominal_level(0.05, n=n, end=500, bar=0.9, graded=False), 4) for n in (125, 250, 500)]
        [0.0, 0.0, 0.0446]
    """
    alpha = validate.between("alpha", alpha)
    n, end, bar = _door(n, end, bar)
    if n > end:
        return 0.0
    if end == 1:
        return alpha
    step = next_step(n, end)
    score = _needed_by_a_walk(alpha, end, weight_of(end, bar)) if graded else _needed(alpha, end, bar)
    if graded and _chance(score, end, bar) > alpha:
        score = _needed(alpha, end, bar)
    level = min(float(ndtr(-score * (end / step) ** weight_of(end, bar))), alpha)
    if level <= _FLOOR:
        return 0.0
    return level if step == n else min(_unpadded(level, n=n, step=step, bar=bar), alpha)


def most_failures_at(looks: tuple[int, ...], *, bar: float, end: int, alpha: float) -> tuple[int, ...]:
    """Return the most failures with which each look shows the bar, for 0/1 groups; -1 where none would.

    Assumptions: as for `any_look_p`. Source: as for `any_look_p`. Example:
        >>> most_failures_at((50, 100, 200), bar=0.9, end=200, alpha=0.05)
        (-1, -1, 12)
    """
    at = np.array([next_step(n, end) for n in looks])
    most = _most(_levels(_needed(alpha, end, bar), at, end, bar), at, bar)
    # Groups not yet seen count as failures.
    return tuple(np.maximum(most - (at - np.array(looks)), -1).tolist())


def weight_of(end: int, bar: float) -> float:
    """Return the power of n/N that early looks are held down by: 1/2 - Delta of Wang and Tsiatis.

    The fewer failures are expected at the bar by the end, the more: what early looks spend is then missing for a
    whole failure at the end, or takes more from graded groups than the walk that stands in for them says.

    Assumptions: the end is at least 1, the bar in (0, 1). Source: chosen by simulation, see docs/methods/looks.md.

    Example: twenty failures expected, one, and a thousand.
        >>> [round(weight_of(end, 0.9), 3) for end in (200, 10, 10_000)]
        [1.875, 4.0, 1.508]
    """
    least, more, most = WEIGHTS
    return min(least + more / (end * (1.0 - bar)), most)


@lru_cache(maxsize=64)
def deciding_looks(end: int) -> Whole:
    """Return the numbers of groups that may decide: every one, or `STEPS` equal steps to a far end.

    Assumptions: the end is at least 1. Source: house rule. Example:
        >>> len(deciding_looks(5_000)), len(deciding_looks(5_001))
        (5000, 200)
    """
    if end <= EXACT:
        return np.arange(1, end + 1)
    return -(-np.arange(1, STEPS + 1) * end // STEPS)


def next_step(n: int, end: int) -> int:
    """Return the number of groups at which a look at n counts: n itself, unless the end is far away.

    Assumptions: n is at most the end. Source: house rule. Example:
        >>> next_step(1_234, 5_000), next_step(1_234, 100_000)
        (1234, 1500)
    """
    return int(deciding_looks(end)[np.searchsorted(deciding_looks(end), n)])


def _door(n: int, end: int, bar: float) -> tuple[int, int, float]:
    return validate.count("n", n, least=1), validate.count("end", end, least=1), validate.between("bar", bar)


@lru_cache(maxsize=_REMEMBERED)
def _chance(score: float, end: int, bar: float) -> float:
    """Return the chance that some look at 0/1 groups is as good as this score, at the bar."""
    boundary, early = _boundary(score, end, bar)
    found = crossing(boundary, deciding_looks(end), fail=1.0 - bar, level=float(ndtr(-score)))
    return min((found.chance + early) * (1.0 + TOLERANCE), 1.0)


def _boundary(score: float, end: int, bar: float) -> tuple[Whole, float]:
    """Return the most failures that reach the score, and what the looks left out could add at the bar."""
    looks = deciding_looks(end)
    levels = _levels(score, looks, end, bar)
    # Looks so early that they hardly add to the chance are not followed; at most their level is added.
    left_out = levels <= levels[-1] * _FINE / end
    return _most(np.where(left_out, 0.0, levels), looks, bar), math.fsum(levels[left_out])


def _levels(score: float, looks: Whole, end: int, bar: float) -> Floats:
    """Return the level for a fixed number of groups that has this score at each look, hardly rounded up."""
    return np.asarray(ndtr(-(score - _TIES) * (end / looks) ** weight_of(end, bar)))


def _most(levels: Floats, looks: Whole, bar: float) -> Whole:
    """Return the most failures within each level; -1 where there is none, or hardly any level."""
    kept = levels > _FLOOR
    most = np.full(len(looks), -1)
    most[kept] = most_failures(levels[kept], ndtri(levels[kept]), looks[kept], 1.0 - bar)
    return most


@lru_cache(maxsize=_REMEMBERED)
def _needed(alpha: float, end: int, bar: float) -> float:
    """Return the smallest score that 0/1 groups at the bar reach with a chance of at most alpha.

    The chance only changes at scores that some number of failures has, so those are searched.
    """
    high = max(-float(ndtri(alpha)), 0.0)
    low = max(high - 0.1, 0.0)
    if _chance(low, end, bar) <= alpha:
        low, high = 0.0, low
    if _chance(low, end, bar) <= alpha:
        return low
    while _chance(high, end, bar) > alpha:
        low, high = high, high + 0.3
    low, high = _narrowed(alpha, end, bar, low, high)
    scores = _scores_between(low, high, end, bar)
    few, enough = -1, len(scores)
    while enough - few > 1:
        middle_ = (few + enough) // 2
        few, enough = (middle_, enough) if _chance(scores[middle_], end, bar) > alpha else (few, middle_)
    return (scores[few] if few >= 0 else low) + 3.0 * _TIES


def _narrowed(alpha: float, end: int, bar: float, low: float, high: float) -> tuple[float, float]:
    """Close in on where the chance falls to alpha: its logarithm is nearly a line, with small steps."""
    side, turn = -1, 0
    while high - low > _NARROW:
        turn += 1
        above, below = _chance(low, end, bar), _chance(high, end, bar)
        probe = (low + high) / 2.0
        if turn % 3 and below > 0.0:
            line = low + (high - low) * math.log(above / alpha) / math.log(above / below)
            probe = min(max(line + side * _NARROW / 3.0, low + _NARROW / 3.0), high - _NARROW / 3.0)
        if _chance(probe, end, bar) > alpha:
            low, side = probe, 1
        else:
            high, side = probe, -1
    return low, high


def _scores_between(low: float, high: float, end: int, bar: float) -> tuple[float, ...]:
    """Return the scores between two that some look at 0/1 groups can have, ascending."""
    looks = deciding_looks(end)
    first, last = _boundary(high, end, bar)[0], _boundary(low, end, bar)[0]
    failures = [np.arange(a + 1, b + 1) for a, b in zip(first, last, strict=True)]
    groups = np.repeat(looks, np.maximum(last - first, 0))
    chances = at_most(np.concatenate(failures), groups, 1.0 - bar)
    return tuple(np.unique(-ndtri(chances) * (groups / end) ** weight_of(end, bar)).tolist())


@lru_cache(maxsize=_REMEMBERED)
def _needed_by_a_walk(alpha: float, end: int, weight: float) -> float:
    low, high = 0.0, max(-float(ndtri(alpha / 2.0)), 0.0) + _TIES
    while high - low > _FINE:
        middle = (low + high) / 2.0
        few = chance_of_reaching(middle, steps=end, weight=weight) > alpha
        low, high = (middle, high) if few else (low, middle)
    return high + 3.0 * _TIES


def _padded(p: float, *, n: int, step: int, bar: float) -> float:
    """Return the p-value at the next step if all groups up to it failed."""
    low, high = 0, n + 1
    while high - low > 1:
        passes = (low + high) // 2
        good = float(betainc(passes, n - passes + 1, bar)) * (1.0 + _TIES) >= p
        low, high = (passes, high) if good else (low, passes)
    return 1.0 if low == 0 else float(betainc(low, step - low + 1, bar))


def _unpadded(level: float, *, n: int, step: int, bar: float) -> float:
    """Return the largest level at n whose passes reach the level at the next step."""
    low, high = 0, n + 1
    while high - low > 1:
        passes = (low + high) // 2
        few = float(betainc(passes, step - passes + 1, bar)) > level
        low, high = (passes, high) if few else (low, passes)
    return 0.0 if high > n else float(betainc(high, n - high + 1, bar))
