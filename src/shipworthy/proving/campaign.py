"""One cell of the grid to what it shows; the whole grid is so many independent calls."""

from __future__ import annotations

from collections.abc import Callable

from shipworthy.proving.codes import Rng
from shipworthy.proving.design import Design
from shipworthy.proving.exact import can_be_enumerated, enumerated
from shipworthy.proving.results import Cell
from shipworthy.proving.simulate import simulated
from shipworthy.proving.tuned import Tuned


def shown(cell: Design | Tuned, rng_of: Callable[[str], Rng], *, thorough: bool = False) -> Cell:
    """Return what a cell shows: enumerated where that is possible, drawn elsewhere.

    Args:
        cell: the launch whose truth is known.
        rng_of: gives a generator of its own for each purpose; the same each time.
        thorough: take the draws of the full grid.
    """
    if isinstance(cell, Tuned):
        return cell.shown(rng_of, thorough=thorough)
    if can_be_enumerated(cell):
        return enumerated(cell)
    return simulated(cell, rng_of, thorough=thorough)
