"""Scope: the largest set of slices, declared before the lock, for which everything holds.

One procedure for the whole scope and for a part of it: a closed test on each slice's largest p-value
(`statistics.closed_test`). The chance that any slice shipped is wrong is at most the level, whichever are bad.

Where slices share no groups their p-values are independent, every set of slices is tested by Simes'
test, and the whole scope ships when every claim holds at the full level. Where a group has cases in two
slices, nothing is known about how their p-values hang together. Simes' test is then replaced by
Bonferroni's, and the whole scope ships when every slice falls in its turn, as in Holm's procedure: to ship it at
the full level beside that could cost up to one and a half times the level.

Claims on slices across the partition ("must hold for Spanish inside the scope") depend on the set
chosen. Then a quarter of the level is kept for them: each part of the scope that might be chosen has its own
share of that quarter, half of it for the parts that leave out one slice, a quarter for those that leave out
two, and so on. The rest pays for the slices, and for the claims across the whole scope, of which a wrong one
is shipped only by passing its own test at that level. Of the parts made of slices that hold, the one that keeps
the most traffic is taken whose claims across hold at its share.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from shipworthy.statistics.closed_test import closed_test

MOST_TRIED = 64
"""So many parts of the scope are tried for claims across, those that keep the most traffic first."""


@dataclass(frozen=True)
class Levels:
    """How the level of one look is divided: between the slices (and the whole), and claims across a part."""

    whole: float
    across: float


@dataclass(frozen=True)
class Chosen:
    """The slices that may ship, and the levels at which claims were tested.

    Attributes:
        included: the slices that may ship, in the order given.
        whole: whether that is the whole scope.
        levels: for each slice in the order given, the level at which its claims were tested.
        across: the level at which claims across the slices included were tested.
    """

    included: tuple[str, ...]
    whole: bool
    levels: tuple[float, ...] = ()
    across: float = 0.0


@dataclass(frozen=True)
class Slices:
    """What is known of the slices before their outcomes.

    Attributes:
        shares: slice to its share of the traffic.
        share_groups: whether a group has cases in more than one of them.
        attainable: slice to every p-value it can have short of 1, where those are few: each group can only
            pass or fail, their number is fixed and there is one look. Slices not named may have any.
    """

    shares: Mapping[str, float]
    share_groups: bool = False
    attainable: Mapping[str, Sequence[float]] | None = None


def divide(level: float, *, n_slices: int, has_across: bool) -> Levels:
    """Divide the level of a look between the slices and what must hold across a part of them.

    >>> divide(0.05, n_slices=3, has_across=False)
    Levels(whole=0.05, across=0.0)
    >>> divide(0.04, n_slices=2, has_across=True)
    Levels(whole=0.03, across=0.01)
    """
    if not has_across or n_slices < 2:
        return Levels(level, 0.0)
    return Levels(level * 3 / 4, level / 4)


def choose(
    p_values: Mapping[str, float],
    *,
    slices: Slices,
    levels: Levels,
    whole_across: float = 0.0,
    across: Callable[[tuple[str, ...]], float] | None = None,
) -> Chosen:
    """Choose the slices that may ship.

    Args:
        p_values: slice to the largest p-value of its claims.
        slices: what is known of them beforehand.
        levels: as `divide` returns them; a level of 0 ships nothing.
        whole_across: largest p-value of the claims across the whole scope; 0 when there are none.
        across: largest p-value of the claims across a given part of the scope; None when there are none.

    Returns:
        All slices, a proper part of them, or none.
    """
    names = tuple(p_values)
    if levels.whole <= 0:
        return Chosen((), whole=False, levels=(0.0,) * len(names))
    held, tested = _slices_that_hold(p_values, slices, levels.whole)
    if len(held) == len(names) and whole_across <= levels.whole:
        return Chosen(names, whole=True, levels=tested, across=levels.whole)
    if across is None:
        return Chosen(held if len(held) < len(names) else (), whole=False, levels=tested, across=levels.whole)
    for part in islice(_parts(held, slices.shares, fewer_than=len(names)), MOST_TRIED):
        level = levels.across * _weight(len(names) - len(part), n_slices=len(names))
        if across(part) <= level:
            return Chosen(part, whole=False, levels=tested, across=level)
    return Chosen((), whole=False, levels=tested, across=levels.whole)


def _slices_that_hold(
    p_values: Mapping[str, float], slices: Slices, level: float
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the slices whose claims hold, and the level at which each was tested."""
    # What carries the most traffic comes first; slices of equal traffic keep the order of the plan.
    order = sorted(p_values, key=lambda name: -slices.shares.get(name, 0.0))
    known = slices.attainable or {}
    result = closed_test(
        [p_values[name] for name in order],
        alpha=level,
        independent=not slices.share_groups,
        attainable=[known.get(name) for name in order],
    )
    holds = dict(zip(order, result.rejected, strict=True))
    tested = dict(zip(order, result.levels, strict=True))
    return tuple(n for n in p_values if holds[n]), tuple(tested[n] for n in p_values)


def _parts(
    held: tuple[str, ...], shares: Mapping[str, float], *, fewer_than: int
) -> Iterator[tuple[str, ...]]:
    """Yield the parts made of slices that hold, those that keep the most traffic first."""
    fewest = max(len(held) - 2, 1) if len(held) > 6 else 1
    parts = [
        part
        for size in range(min(len(held), fewer_than - 1), fewest - 1, -1)
        for part in combinations(held, size)
    ]
    yield from sorted(parts, key=lambda part: -math.fsum(shares.get(name, 0.0) for name in part))


def _weight(left_out: int, *, n_slices: int) -> float:
    """Return the share of one part in the error for claims across; over all proper parts they add up to 1."""
    in_all = 1.0 - 2.0 ** (1 - n_slices)
    return 2.0**-left_out / math.comb(n_slices, left_out) / in_all
