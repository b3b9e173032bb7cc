"""Make a queue: outputs chosen on purpose, by a seed, with the chance that each had of being chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from shipworthy.decision.queue_draw import Place, arranged
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.review import OPEN_READING, Output, QueueKind
from shipworthy.services.clock import now
from shipworthy.services.desk import Desk
from shipworthy.services.queue_kinds import Choosing, Chosen, choose
from shipworthy.store import journal
from shipworthy.store.digest import queue_digest
from shipworthy.store.review import ItemRow, Queue, all_queues, next_queue, write_queue

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
MOST = 200_000


@dataclass(frozen=True)
class QueueWanted:
    """A queue that is to be made.

    Attributes:
        key: its name in addresses and commands, as `first-reading`.
        n: how many outputs at most.
        kind: how they are chosen.
        criterion: what is asked of them; empty for open reading.
        name: what people call it; the key unless said.
        seed: what the draw is made with.
        variants: whose outputs; the candidate's unless said. Reviewers are never told.
        part: open (explore and tune), calibrate or holdout.
        by: for stratified: the slice whose values are drawn from alike.
        between: for disagreements: variants, judge (and label), or reviewers.
        outputs: for a list: which outputs.
        cases: for a list: ids of cases, all of whose outputs are meant.
        overlap: the share that several people label.
        readers: how many people that is.
        again: the share that comes back to the same person, unannounced.
        afresh: whether labels from before count as not given, as after a failure mode was split.
    """

    key: str
    n: int = 100
    kind: QueueKind = "random"
    criterion: str = OPEN_READING
    name: str = ""
    seed: int = 1
    variants: Sequence[str] = ()
    part: str = "open"
    by: str = ""
    between: str = "variants"
    outputs: Sequence[Output] = ()
    cases: Sequence[str] = ()
    overlap: float = 0.0
    readers: int = 2
    again: float = 0.0
    afresh: bool = False
    why: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def make_queue(desk: Desk, wanted: QueueWanted) -> Queue:
    """Make a queue and write it down; a queue is never changed.

    Raises:
        BadInput: a key, a criterion, a variant or a slice is not one that there is, or the key is taken.
        Refused: there is nothing to put into it.
    """
    _check(desk, wanted)
    with desk.launch.ledger.read() as connection:
        chosen = choose(desk.launch, connection, _choosing(wanted))
    places = arranged(
        chosen.places[: wanted.n], seed=wanted.seed, overlap=wanted.overlap, readers=wanted.readers,
        again=wanted.again,
    )  # fmt: skip
    if not places:
        raise Refused(
            f"there is no output to put into the queue: {chosen.of}",
            where=wanted.key,
            remedy="run or import outputs first, or choose otherwise",
        )
    with desk.launch.ledger.write() as connection:
        queue = _write(connection, wanted, chosen, places)
    desk.refresh(always=True)
    return queue


def queues(desk: Desk) -> list[Queue]:
    """Return every queue, oldest first."""
    desk.refresh()
    return sorted(desk.known.values(), key=lambda queue: queue.no)


def _choosing(wanted: QueueWanted) -> Choosing:
    return Choosing(
        wanted.kind, wanted.n, wanted.seed, wanted.criterion, tuple(wanted.variants), wanted.part, wanted.by,
        wanted.between, tuple(wanted.outputs), tuple(wanted.cases),
    )  # fmt: skip


def _check(desk: Desk, wanted: QueueWanted) -> None:
    if not KEY.fullmatch(wanted.key):
        raise BadInput(
            f"`{wanted.key[:60]}` is no name for a queue", remedy="use small letters, digits and hyphens"
        )
    known = [criterion.id for criterion in desk.launch.reading.criteria]
    if wanted.criterion not in (OPEN_READING, *known):
        raise BadInput(
            f"there is no criterion `{wanted.criterion}`",
            where="criteria.yaml",
            remedy=f"use one of: {', '.join(known)}, or none for open reading",
        )
    if not 1 <= wanted.n <= MOST:
        raise BadInput(f"a queue of {wanted.n:,} outputs", remedy=f"use 1 to {MOST:,}")
    for name in ("overlap", "again"):
        if not 0 <= getattr(wanted, name) <= 1:
            raise BadInput(f"`{name}` of {getattr(wanted, name):g}", remedy="use a share from 0 to 1")
    if not 1 <= wanted.readers <= 20:
        raise BadInput(f"{wanted.readers} readers of one output", remedy="use 1 to 20")


def _write(connection: Connection, wanted: QueueWanted, chosen: Chosen, places: list[Place]) -> Queue:
    if any(queue.key == wanted.key for queue in all_queues(connection)):
        raise BadInput(
            f"there is a queue `{wanted.key}` already", where="the ledger", remedy="use another name"
        )
    about = {
        **wanted.more, "of": chosen.of, "outputs": chosen.outputs, "groups": chosen.groups, "sealed": chosen.sealed,
        "rates": chosen.rates, "variants": list(chosen.variants), "parts": list(chosen.parts),
        "overlap": wanted.overlap, "again": wanted.again, "afresh": wanted.afresh, "why": wanted.why, "by": wanted.by,
    }  # fmt: skip
    number = next_queue(connection)
    queue = Queue(
        number,
        wanted.key,
        wanted.name or wanted.key,
        wanted.kind,
        wanted.criterion,
        wanted.seed,
        about,
        now(),
    )
    rows = [
        ItemRow(i, *place.output, place.probability, int(place.again), place.readers)
        for i, place in enumerate(places)
    ]
    write_queue(connection, queue, rows)
    body = {"queue": number, "key": queue.key, "items": len(rows), "digest": queue_digest(connection, number)}
    journal.append(connection, verb="queue", body=body, at=queue.at)
    return queue
