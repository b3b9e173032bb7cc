"""Scope: the largest set of slices, declared before the lock, for which everything holds.

Two ways to ship, one error. The whole scope ships when every claim in every slice holds, each tested
at the full level (an intersection-union test: some claim is false, and that one alone is passed with
probability at most the level). Otherwise slices are chosen by Holm's procedure on each slice's largest
p-value. Together the two are contained in Simes' closed test, so the chance that any slice shipped is
wrong stays at the level for slices that are independent or positively dependent.

Claims on slices across the partition ("must hold for Spanish inside the scope") depend on the set
chosen, so they cost: with such claims half the level goes to the whole scope, a quarter to choosing
slices, and a quarter, shared equally by all proper subsets, to the claims across them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shipworthy.statistics.multiplicity import holm


@dataclass(frozen=True)
class Levels:
    """How the level of one look is divided."""

    whole: float
    slices: float
    across: float


@dataclass(frozen=True)
class Chosen:
    """The slices that may ship, and the level at which each was tested."""

    included: tuple[str, ...]
    whole: bool


def divide(level: float, *, n_slices: int, has_across: bool) -> Levels:
    """Divide the level of a look between shipping the whole scope and choosing a part of it.

    >>> divide(0.05, n_slices=3, has_across=False)
    Levels(whole=0.05, slices=0.05, across=0.0)
    >>> divide(0.04, n_slices=2, has_across=True)
    Levels(whole=0.02, slices=0.01, across=0.005)
    """
    if not has_across or n_slices < 2:
        return Levels(level, level, level if has_across else 0.0)
    subsets = 2**n_slices - 2
    return Levels(level / 2, level / 4, level / 4 / subsets)


def choose(
    p_values: dict[str, float],
    *,
    whole_across: float,
    across: Callable[[tuple[str, ...]], float],
    levels: Levels,
) -> Chosen:
    """Choose the slices that may ship.

    Args:
        p_values: slice to the largest p-value of its claims.
        whole_across: largest p-value of the claims across the whole scope; 0 when there are none.
        across: largest p-value of the claims across a given part of the scope.
        levels: as `divide` returns them.

    Returns:
        All slices, a proper part of them, or none.
    """
    names = tuple(p_values)
    if levels.whole <= 0:
        return Chosen((), whole=False)
    if all(p <= levels.whole for p in p_values.values()) and whole_across <= levels.whole:
        return Chosen(names, whole=True)
    if len(names) < 2:
        return Chosen((), whole=False)
    kept = tuple(n for n, ok in zip(names, holm(list(p_values.values()), alpha=levels.slices), strict=True) if ok)
    if not kept or len(kept) == len(names):
        # All slices alone, but not what must hold across them: no proper part was chosen by its own merit.
        return Chosen((), whole=False)
    if levels.across > 0 and across(kept) > levels.across:
        return Chosen((), whole=False)
    return Chosen(kept, whole=False)
