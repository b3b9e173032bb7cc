"""Redefine: a failure mode is drawn wider or narrower, and exactly the outputs that this could change are read again."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.decision.relabel import Again, affected
from shipworthy.services.desk import Desk
from shipworthy.services.taxonomy_split import relabel_queue
from shipworthy.services.taxonomy_state import open_reads
from shipworthy.services.taxonomy_suggest import notes_like
from shipworthy.services.taxonomy_write import describe_mode
from shipworthy.store.review import Queue


@dataclass(frozen=True)
class Redefined:
    """A failure mode whose definition changed.

    Attributes:
        number: of the change in the journal; 0 where the definition was the same before.
        again: the outputs to read again.
        queue: the queue that holds them; None where there are none.
    """

    number: int
    again: tuple[Again, ...]
    queue: Queue | None


def redefine_mode(
    desk: Desk, mode: str, definition: str, *, by: str, wider: bool, seen: str | None = None
) -> Redefined:
    """Give a failure mode another definition, and make a queue of the outputs whose label that could change.

    Args:
        desk: the launch.
        mode: which.
        definition: when an output has it.
        by: who draws it anew.
        wider: whether more outputs may have it than before: then failing outputs without a failure mode, and those
            whose note speaks of it, are read again too.
        seen: the hash of taxonomy.yaml as the person saw it.

    Raises:
        BadInput: there is no such failure mode.
        Refused: the file was changed by somebody else in between.
    """
    change = describe_mode(desk, mode, by=by, seen=seen, definition=definition)
    if not change.number:
        return Redefined(0, (), None)
    reads, _ = open_reads(desk)
    modes = desk.launch.reading.taxonomy
    now = next(each for each in modes if each.id == mode)
    alike = notes_like(reads, [now.name, now.definition, *now.includes]) if wider else frozenset()
    again = tuple(affected(modes, reads, mode, wider=wider, alike=alike))
    queue = relabel_queue(desk, mode, again, number=change.number) if again else None
    return Redefined(change.number, again, queue)
