"""Redefine: a failure mode is described anew, and exactly the outputs whose label that could change are read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shipworthy.decision.relabel import Again, affected
from shipworthy.services.desk import Desk
from shipworthy.services.taxonomy_change import Changed
from shipworthy.services.taxonomy_split import relabel_queue
from shipworthy.services.taxonomy_state import open_reads
from shipworthy.services.taxonomy_suggest import notes_like
from shipworthy.services.taxonomy_write import describe_mode
from shipworthy.store.review import Queue


@dataclass(frozen=True)
class Redefined:
    """A failure mode that was described anew.

    Attributes:
        change: what was written; its number is 0 where nothing was to change.
        again: the outputs to read again.
        queue: the queue that holds them; None where there are none.
    """

    change: Changed
    again: tuple[Again, ...] = ()
    queue: Queue | None = None


def redefine_mode(
    desk: Desk, mode: str, *, by: str, wider: bool, seen: str | None = None, **values: Any
) -> Redefined:
    """Describe a failure mode anew, and make a queue of the outputs whose label that could change.

    Args:
        desk: the launch.
        mode: which.
        by: who draws it anew.
        wider: whether more outputs may have it than before: then failing outputs without a failure mode, and those
            whose note speaks of it, are read again too.
        seen: the hash of taxonomy.yaml as the person saw it.
        values: what is said of it; see `SAYABLE`.

    Raises:
        BadInput: there is no such failure mode, or no such key.
        Refused: the file was changed by somebody else in between.
        FolderHasProblems: a value is none that a failure mode can have.
    """
    change = describe_mode(desk, mode, by=by, seen=seen, **values)
    if not change.number:
        return Redefined(change)
    reads, _ = open_reads(desk)
    modes = desk.launch.reading.taxonomy
    now = next(each for each in modes if each.id == mode)
    alike = notes_like(reads, [now.name, now.definition, *now.includes]) if wider else frozenset()
    again = tuple(affected(modes, reads, mode, wider=wider, alike=alike))
    queue = relabel_queue(desk, mode, again, number=change.number) if again else None
    return Redefined(change, again, queue)
