"""Matrix: where outputs of several steps go wrong first."""

from __future__ import annotations

import json

from shipworthy.decision.first_failure import Matrix, Trace, first_failures, step_names
from shipworthy.services.desk import Desk
from shipworthy.services.taxonomy_state import open_reads
from shipworthy.store.mode_labels import traces_of


def failure_matrix(desk: Desk, *, mode: str | None = None) -> Matrix:
    """Return first failures by step, of failing outputs on open cases whose first wrong step somebody marked.

    Args:
        desk: the launch.
        mode: only outputs with this failure mode; all unless said.
    """
    reads, _ = open_reads(desk)
    marked = [
        read
        for read in reads
        if read.failed and read.step is not None and (mode is None or mode in read.modes)
    ]
    with desk.launch.ledger.read() as connection:
        texts = traces_of(connection, [read.output for read in marked])
    traces = [
        Trace(read.name, step_names(_steps(texts.get(read.output, "[]"))), read.step or 0) for read in marked
    ]
    return first_failures(traces)


def _steps(text: str) -> list[object]:
    found = json.loads(text)
    return found if isinstance(found, list) else []
