"""Calls: what was sent for a launch, what came of it, and what it cost, added up from the ledger's rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shipworthy.services.opened import opened
from shipworthy.store.calls import Bill, Doubt, bills, in_doubt


@dataclass(frozen=True)
class Called:
    """All calls of a launch.

    Attributes:
        bills: by variant and purpose.
        doubts: calls that were about to be sent when a run was interrupted.
        as_of: the day of the price list, as text; empty without one.
    """

    bills: list[Bill]
    doubts: list[Doubt]
    as_of: str


def calls_of(folder: Path, *, most: int = 100) -> Called:
    """Return the calls of a launch.

    Args:
        folder: the launch.
        most: how many calls in doubt are listed at most.
    """
    with opened(folder) as launch, launch.ledger.read() as connection:
        listed = launch.launch.price_list
        as_of = listed.as_of.isoformat() if listed else ""
        return Called(bills(connection), in_doubt(connection, most), as_of)
