"""Outputs to which people gave a failure mode: what a re-label queue is made of when the failure mode is split."""

from __future__ import annotations

from shipworthy.domain.review import OPEN_READING, Output
from shipworthy.services.desk import Desk
from shipworthy.store.drawable import sealed_cases
from shipworthy.store.review import current_labels


def labelled_with(desk: Desk, mode: str, *, criterion: str = OPEN_READING) -> list[Output]:
    """Return the outputs whose label that holds names a failure mode, in order; sealed ones are left out.

    Args:
        desk: the launch.
        mode: the failure mode.
        criterion: under which the outputs were labelled; empty for open reading.
    """
    with desk.launch.ledger.read() as connection:
        rows = current_labels(connection, criterion)
        sealed = sealed_cases(connection, desk.launch.cases.no)
    return sorted({row.output for row in rows if mode in row.said.modes and row.case_no not in sealed})
