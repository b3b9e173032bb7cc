"""Save: what a person says of one output, durably, or not at all with the reason."""

from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import dataclass, replace

from shipworthy.domain.errors import BadInput
from shipworthy.domain.review import NOTE_MOST, Output, Said, Turn
from shipworthy.services.desk import Desk
from shipworthy.services.label_commits import Chain, ToSave
from shipworthy.services.queue_state import QueueState
from shipworthy.services.reviewer import reviewer_number
from shipworthy.store.review import LabelRow

LONGEST_CLIENT_ID = 100
MOST_MODES = 50


@dataclass(frozen=True)
class Saving:
    """A label to be saved.

    Attributes:
        queue: the key of the queue.
        position: which of its outputs.
        reviewer: who says it.
        said: pass, fail or defer, with note and failure modes.
        version: of the person's own label as it was read; 0 when there was none.
        client_id: made by whoever sends it; sending it again saves it once.
        ms_spent: how long the output was looked at.
    """

    queue: str
    position: int
    reviewer: str
    said: Said
    version: int
    client_id: str
    ms_spent: int | None = None


@dataclass(frozen=True)
class Saved:
    """A label that is durable.

    Attributes:
        position: of its output in the queue; None when the queue does not have it.
        version: to be sent with the next change of this label.
        said: what holds now.
        at: when it was written, as text.
    """

    position: int | None
    version: int
    said: Said
    at: str


def save_label(desk: Desk, saving: Saving) -> Saved:
    """Save a label and wait until it is durable.

    Raises:
        BadInput: the queue, the position, a failure mode or an id is not one that there is.
        Stale: the label was changed since it was read; both values are in the error, and nothing is lost.
    """
    return saved(desk, saving.queue, submit_label(desk, saving).result())


def submit_label(desk: Desk, saving: Saving) -> Future[LabelRow]:
    """Hand a label over to be written; the future is done when it is durable, or holds the reason that it is not.

    Raises:
        BadInput: the queue, the position, a failure mode or an id is not one that there is.
    """
    state = desk.state(saving.queue)
    number = reviewer_number(desk, saving.reviewer)
    chain = chain_of(state, saving.position, number)
    checked = checked_label(desk, saving)
    shown = (number, chain[1], chain[2]) in desk.revealed
    blind = json.dumps(dict.fromkeys(("judge", "others", "variant"), not shown))
    turn: Turn = "again" if chain[3] == "again" else "own"
    return desk.commits.submit(
        ToSave(
            number, chain[1], chain[2], turn, checked, saving.version, saving.client_id, state.queue.no,
            saving.ms_spent, blind,
        )
    )  # fmt: skip


def saved(desk: Desk, queue: str, row: LabelRow) -> Saved:
    """Return what a written row means to the person who wrote it."""
    state = desk.state(queue)
    where = state.again if row.turn == "again" else state.own
    return Saved(where.get(row.output), row.version, row.said, row.at)


def chain_of(state: QueueState, position: int, reviewer_no: int) -> Chain:
    """Return the chain that a person's label at a position belongs to.

    Raises:
        BadInput: the queue has no such position.
    """
    if not 0 <= position < len(state.items):
        raise BadInput(
            f"the queue has no output {position + 1:,}",
            where=state.queue.key,
            remedy=f"there are {len(state.items):,}",
        )
    item = state.items[position]
    return reviewer_no, Output(*item.output), state.queue.criterion, "again" if item.again else "own"


def checked_label(desk: Desk, saving: Saving) -> Said:
    """Return what is to be saved, as it can be written.

    Raises:
        BadInput: a state, a failure mode or an id is not one that there is, or the note is too long.
    """
    said = saving.said
    if said.state not in ("pass", "fail", "defer"):
        raise BadInput(f"a label cannot be `{said.state}`", remedy="use pass, fail or defer")
    if not 0 < len(saving.client_id) <= LONGEST_CLIENT_ID:
        raise BadInput("a label without an id of its own", remedy="send a `client_id` of 1 to 100 characters")
    if len(said.note) > NOTE_MOST:
        raise BadInput(
            f"a note of {len(said.note):,} characters",
            remedy=f"keep it to {NOTE_MOST:,}: what went wrong first?",
        )
    known = {mode.id for mode in desk.launch.reading.taxonomy}
    unknown = [mode for mode in said.modes if mode not in known]
    if unknown or len(said.modes) > MOST_MODES:
        raise BadInput(
            f"the failure mode `{unknown[0] if unknown else said.modes[0]}` is not declared",
            where="taxonomy.yaml",
            remedy=f"declare it, or use one of: {', '.join(sorted(known)) or 'none yet'}",
        )
    plain = said.note.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return replace(said, note=plain, modes=tuple(dict.fromkeys(said.modes)))
