"""Split: one failure mode turns out to be several, and exactly the outputs that have it are read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shipworthy.decision.mode_changes import mode_id, split
from shipworthy.decision.relabel import Again, affected
from shipworthy.domain.errors import BadInput
from shipworthy.services.desk import Desk
from shipworthy.services.make_queue import QueueWanted, make_queue
from shipworthy.services.taxonomy_change import Changed, change_modes
from shipworthy.services.taxonomy_state import open_reads
from shipworthy.services.taxonomy_write import name_line
from shipworthy.store.review import Queue


@dataclass(frozen=True)
class Split:
    """A failure mode that was split.

    Attributes:
        change: what was written.
        parts: ids of what it was split into.
        again: the outputs to read again.
        queue: the queue that holds them; None where no output has the failure mode.
    """

    change: Changed
    parts: tuple[str, ...]
    again: tuple[Again, ...]
    queue: Queue | None


def parts_of(given: Sequence[str]) -> dict[str, str]:
    """Return id to name of parts that were given as `name` or `id=name`.

    Raises:
        BadInput: two parts have one id, or no id can be made of a name.

    >>> parts_of(["Link elsewhere", "link=Link to the shop"])
    {'link-elsewhere': 'Link elsewhere', 'link': 'Link to the shop'}
    """
    found: dict[str, str] = {}
    for each in given:
        left, sign, right = each.partition("=")
        part, name = (left.strip(), right) if sign else (mode_id(each), each)
        if part in found:
            raise BadInput(f"two parts are called `{part}`", remedy="give them names that differ")
        found[part] = name
    return found


def split_mode(desk: Desk, mode: str, parts: Mapping[str, str], *, by: str, seen: str | None = None) -> Split:
    """Split a failure mode, and make a queue of the outputs that have it.

    Labels stay as they are until somebody reads those outputs again; what has the old failure mode counts for it.

    Args:
        desk: the launch.
        mode: which.
        parts: id to name of what it is split into, at least two; one may be the mode itself, drawn narrower.
        by: who splits it.
        seen: the hash of taxonomy.yaml as the person saw it.

    Raises:
        BadInput: the mode is not there, or a part is.
        Refused: the mode was merged into another, or the file was changed by somebody else in between.
    """
    named = {part: name_line(name) for part, name in parts.items()}
    change = change_modes(
        desk, "split", lambda entries: split(entries, mode, named), by=by, seen=seen, about={"of": mode}
    )
    reads, _ = open_reads(desk)
    again = tuple(affected(desk.launch.reading.taxonomy, reads, mode))
    queue = relabel_queue(desk, mode, again, number=change.number) if again else None
    return Split(change, tuple(named), again, queue)


def relabel_queue(desk: Desk, mode: str, again: tuple[Again, ...], *, number: int) -> Queue:
    """Make the queue of outputs that a change of one failure mode concerns; labels from before do not count in it.

    Args:
        desk: the launch.
        mode: the failure mode that changed.
        again: the outputs.
        number: of the change, so that the queue has a name of its own.
    """
    key = f"again-{number}-{mode.replace('_', '-')}"[:60].rstrip("-")
    return make_queue(
        desk,
        QueueWanted(
            key,
            n=len(again),
            kind="list",
            name=f"Read again: {mode}",
            outputs=[each.read.output for each in again],
            afresh=True,
            why=f"the failure mode {mode} was split or drawn anew",
            more={"mode": mode, "change": number},
        ),
    )
