"""The grid: every cell of the campaign, small and full, in an order that never depends on the machine."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from shipworthy.proving import grid_answered, grid_judges, grid_looks, grid_many, grid_single
from shipworthy.proving.design import Design
from shipworthy.proving.tuned import Tuned

PARTS = (
    grid_single.rates, grid_single.repeats, grid_single.groups, grid_single.of_k, grid_single.measures,
    grid_single.differences, grid_answered.answered, grid_many.criteria, grid_many.scope, grid_many.mixes, grid_many.variants,
    grid_looks.looks, grid_judges.judges, grid_judges.compound,
)  # fmt: skip


def cells(*, full: bool = False, only: str = "") -> dict[str, Design | Tuned]:
    """Return the cells by name.

    Args:
        full: the full grid; the small one is a part of it.
        only: keep cells whose name or family holds this text, or matches it where it has a `*`.

    Raises:
        ValueError: two cells have one name, and would be drawn alike.
    """
    found: dict[str, Design | Tuned] = {}
    for cell in _all(full=full):
        if cell.name in found:
            raise ValueError(f"two cells are called {cell.name!r}")
        found[cell.name] = cell
    return {name: cell for name, cell in found.items() if _matches(only, name, cell.family)}


def _all(*, full: bool) -> Iterator[Design | Tuned]:
    for part in PARTS:
        yield from part(full=full)


def _matches(only: str, *texts: str) -> bool:
    pattern = only if "*" in only else f"*{only}*"
    return any(fnmatchcase(text, pattern) for text in texts)
