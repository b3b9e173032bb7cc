"""Outputs: where each output behind a number can be read."""

from __future__ import annotations

from collections.abc import Iterable

from shipworthy.decision.mode_counts import ReadOutput
from shipworthy.services.desk import Desk
from shipworthy.store.mode_labels import queue_places


def where_read(desk: Desk, reads: Iterable[ReadOutput]) -> dict[str, tuple[str, int]]:
    """Return for each output, by name, the first queue that has it and its number there, from 1.

    Args:
        desk: the launch.
        reads: outputs that somebody labelled; one that is in no queue is left out.
    """
    by_output = {read.output: read.name for read in reads}
    with desk.launch.ledger.read() as connection:
        found = queue_places(connection, list(by_output))
    return {by_output[output]: place for output, place in found.items()}
