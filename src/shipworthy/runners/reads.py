"""Which values of a case a scorer reads, as a hash: cases with one hash are the same to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shipworthy.domain.criteria import Scorer
from shipworthy.runners.scoring import Unscored, field_of
from shipworthy.store.bases import basis_of

Basis = Callable[[Any, Any], int]
"""From a case's input and `expected` to the hash of what is read of them."""


def basis_for(scorer: Scorer) -> Basis | None:
    """Return what names the values that a check reads; None for one that reads nothing of the case.

    A function of scorers.py is given the whole input and all of `expected`, so both count for it.
    Tags, groups and sources of cases are given to no check.
    """
    if scorer.check is not None:
        return lambda given, expected: basis_of([given, expected])
    asked = scorer.definition
    if scorer.kind == "json_path":
        asked = asked.equals
    place = getattr(asked, "in_", None) or getattr(asked, "to", None)
    if place is None:
        return None
    find = field_of(place)

    def found(given: Any, expected: Any) -> int:
        try:
            return basis_of([find(given, expected)])
        except Unscored:
            return basis_of([])

    return found


def expected_basis(given: Any, expected: Any) -> int:
    """Return what names the `expected` of a case: all that may change while it stays the same case to a judge."""
    del given
    return basis_of([expected])
