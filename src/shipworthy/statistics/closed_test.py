"""Which of several hypotheses fall, in order of priority, with one error for all of them.

A closed test: a hypothesis is rejected when every set of hypotheses that holds it is rejected by a test
of its own at level alpha. Where p-values can take only some values, a Simes or Bonferroni test of a set uses
less than alpha: 120 cases against a bar of .90 have a p-value of .0056 or .0160 and none between, so at .05/6 a
third of the error lies idle. Here it is spent: in each set the thresholds of single hypotheses are lifted to
the next p-value they can reach, first of those that matter most, while the chance stays within alpha. So
no rejection of Holm's procedure is ever lost, whatever the order; with slices that are independent none of
Hommel's is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from shipworthy.statistics import validate
from shipworthy.statistics.multiplicity import holm, hommel_divisor

MOST_OPEN = 12
"""With more hypotheses than this left by Hommel's or Holm's procedure nothing is lifted: the sets are too many."""

ROUNDS = 3
"""How many steps a threshold may be lifted."""

_SLACK = 1e-12
_SAME = 1e-9

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Grid = tuple[float, ...]


@dataclass(frozen=True)
class Rejected:
    """Which hypotheses are rejected, and at which level each was tested.

    Attributes:
        rejected: for each hypothesis, in the order given.
        levels: for each, a level that its p-value had to reach, given all others: at least its p-value
            where it is rejected, less where it is not.

    Assumptions: those of `closed_test`. Source: as there. Example:
        >>> Rejected((True, False), (0.05, 0.05)).rejected
        (True, False)
    """

    rejected: tuple[bool, ...]
    levels: tuple[float, ...]


def closed_test(
    p_values: Sequence[float],
    *,
    alpha: float,
    independent: bool,
    attainable: Sequence[Sequence[float] | None] | None = None,
) -> Rejected:
    """Say which hypotheses are rejected, with a chance of at most alpha that a true one is among them.

    Args:
        p_values: one for each hypothesis, in [0, 1], in order of priority.
        alpha: chance, in (0, 1), of rejecting even one true hypothesis.
        independent: whether p-values are known to be independent. Then sets are tested by Simes' test, so
            that all fall where all are at most alpha; otherwise by Bonferroni's.
        attainable: for each hypothesis, every value its p-value can take short of 1, so that under the
            hypothesis a value is reached with at most a chance of that value; None where it may be anything.

    Returns:
        The rejections, with the level at which each hypothesis was tested.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range, or a p-value is none of those it can take.

    Assumptions: each p-value is valid by itself; `independent` and `attainable` are facts of the design,
    not of the outcome. Lists of attainable values are right only where every group can do no more than
    pass or fail, their number is fixed and there is one look.

    Source: Marcus, Peritz and Gabriel (1976), Biometrika 63(3), 655-660; Tarone (1990), Biometrics 46(2),
    515-522, for p-values that are discrete; the order of lifting is ours.

    Example: of four slices of 120 cases one has 115 passes: .0160 against a bar of .90, above .05/4. The set
    of all four tested at the attainable .0056 each leaves enough for .0160 in the first.
        >>> each = attainable_rates(n=120, bar=0.9)
        >>> p = [each[5], each[12], each[12], each[14]]
        >>> closed_test(p, alpha=0.05, independent=True).rejected
        (False, False, False, False)
        >>> closed_test(p, alpha=0.05, independent=True, attainable=[each] * 4).rejected
        (True, False, False, False)
    """
    alpha = validate.between("alpha", alpha)
    p = [validate.within("p-value", value, low=0.0, high=1.0) for value in p_values]
    grids = _grids(p, attainable)
    if independent:
        divisor = hommel_divisor(p, alpha=alpha)
        level = alpha / max(divisor, 1)
        done = [divisor == 0 or value <= level for value in p]
    else:
        done = holm(p, alpha=alpha)
        level = alpha / max(len(p) - sum(done), 1)
    levels = [level] * len(p)
    # A set that holds a rejected hypothesis is rejected, so only sets of the others are left to test.
    left = [i for i, is_done in enumerate(done) if not is_done]
    if len(left) <= MOST_OPEN and any(p[i] <= alpha and grids[i] is not None for i in left):
        sets = _Sets.of([p[i] for i in left], [grids[i] for i in left], alpha, independent=independent)
        for i, lifted in zip(left, sets.levels(), strict=True):
            if lifted is not None:
                done[i], levels[i] = True, lifted
    return Rejected(tuple(done), tuple(levels))


def attainable_rates(*, n: int, bar: float) -> tuple[float, ...]:
    """Return every p-value of "at least the bar" that n groups can have, short of 1, ascending.

    Entry f belongs to f failures; none belongs to n failures, whose p-value is 1.

    Args:
        n: number of groups, each of which passes or fails as a whole; at least 1.
        bar: in (0, 1).

    Assumptions: groups are independent, their number was fixed beforehand, there is one look.

    Source: Clopper and Pearson (1934), Biometrika 26, 404-413.

    Example: three groups and a bar of one half.
        >>> attainable_rates(n=3, bar=0.5)
        (0.125, 0.5, 0.875)
    """
    n = validate.count("n", n, least=1)
    bar = validate.between("bar", bar)
    passed = np.arange(n, 0, -1)
    return tuple(float(p) for p in betainc(passed, n - passed + 1, bar))


def _grids(p: list[float], attainable: Sequence[Sequence[float] | None] | None) -> list[Grid | None]:
    if attainable is None:
        return [None] * len(p)
    if len(attainable) != len(p):
        raise ValueError(
            f"attainable must name one list for each of {len(p)} p-values, got {len(attainable)}"
        )
    made: list[Grid | None] = []
    for value, listed in zip(p, attainable, strict=True):
        grid = None if listed is None else _grid(tuple(listed))
        if grid is not None and not np.any(np.abs(np.array(grid) - value) <= _SAME * np.array(grid)):
            raise ValueError(f"p-value {value!r} is none of the attainable values")
        made.append(grid)
    return made


@lru_cache(maxsize=256)
def _grid(listed: Grid) -> Grid:
    return tuple(sorted({validate.within("attainable value", v, low=0.0, high=1.0) for v in (*listed, 1.0)}))


@dataclass(frozen=True)
class _Sets:
    """Every set of the hypotheses left, with the threshold of each member."""

    p: Floats
    members: Flags
    thresholds: Floats
    rejected_together: Flags
    """Sets that Simes' test rejects; none where p-values may depend on each other."""

    @classmethod
    def of(cls, p: list[float], grids: list[Grid | None], alpha: float, *, independent: bool) -> _Sets:
        members = _all_sets(len(p))
        values = np.array(p)
        together = np.zeros(len(members), dtype=bool)
        if independent:
            together = _simes_rejects(members, values, alpha)
        return cls(values, members, _lift(tuple(grids), alpha, independent=independent), together)

    def levels(self) -> list[float | None]:
        """Return for each hypothesis the level at which it is rejected, None where it is not."""
        reached = self.members & (self.p <= self.thresholds)
        how_many = reached.sum(axis=1)
        found: list[float | None] = []
        for i in range(len(self.p)):
            mine = self.members[:, i] & ~self.rejected_together
            if not np.all(how_many[mine] > 0):
                found.append(None)
                continue
            alone = mine & (how_many == 1) & reached[:, i]
            found.append(float(self.thresholds[alone, i].min()) if alone.any() else float(self.p[i]))
        return found


def _simes_rejects(members: Flags, p: Floats, alpha: float) -> Flags:
    order = np.argsort(p, kind="stable")
    ordered = members[:, order]
    rank, size = np.cumsum(ordered, axis=1), ordered.sum(axis=1)[:, None]
    return np.asarray(np.any(ordered & (p[order] <= alpha * rank / size), axis=1))


def _all_sets(n: int) -> Flags:
    return np.asarray(np.arange(1, 2**n)[:, None] >> np.arange(n) & 1, dtype=bool)


@lru_cache(maxsize=64)
def _lift(listed: tuple[Grid | None, ...], alpha: float, *, independent: bool) -> Floats:
    """Return the thresholds of single members in every set, lifted while the set's test keeps its level."""
    members = _all_sets(len(listed))
    grids = [None if grid is None else np.array(grid) for grid in listed]
    size = members.sum(axis=1)
    share = alpha / size
    chance = np.where(members, share[:, None], 0.0)
    step = np.zeros(members.shape, dtype=np.int64)
    for i, grid in enumerate(grids):
        if grid is not None:
            step[:, i] = np.searchsorted(grid, share, side="right")
            chance[:, i] = np.where(members[:, i], np.append(0.0, grid)[step[:, i]], 0.0)
    beside = _beside(members, grids, alpha) if independent else np.zeros(len(members))
    for i in list(range(len(grids))) * ROUNDS:
        grid = grids[i]
        if grid is None:
            continue
        tried = chance.copy()
        tried[:, i] = grid[np.minimum(step[:, i], grid.size - 1)]
        fits = members[:, i] & (_any(tried, independent=independent) + beside <= alpha * (1 - _SLACK))
        chance[fits], step[fits, i] = tried[fits], step[fits, i] + 1
    return np.where(members, np.maximum(chance, share[:, None]), 0.0)


def _any(chance: Floats, *, independent: bool) -> Floats:
    """Return at most how likely one of the single thresholds is reached."""
    total = 1.0 - np.prod(1.0 - chance, axis=1) if independent else chance.sum(axis=1)
    return np.asarray(total, dtype=np.float64)


def _beside(members: Flags, grids: list[Floats | None], alpha: float) -> Floats:
    """Return at most how likely the later steps of Simes' test reject a set, for independent p-values.

    Step j wants j of k p-values at or under j alpha/k. Their number has a mean of L, say, and the chance
    that it reaches j is at most the mean number of groups of j, which is at most L^j/j!.
    """
    size = members.sum(axis=1)
    total = np.zeros(len(members))
    for k in range(2, members.shape[1] + 1):
        rows = size == k
        for j in range(2, k + 1):
            line = j * alpha / k
            under = np.array([_reached(grid, line) for grid in grids])
            total[rows] += (members[rows] @ under) ** j / math.factorial(j)
    return total


def _reached(grid: Floats | None, line: float) -> float:
    """Return the largest p-value at or under the line, 0 where there is none: how likely it is to be reached."""
    return line if grid is None else float(np.append(0.0, grid)[np.searchsorted(grid, line, side="right")])
