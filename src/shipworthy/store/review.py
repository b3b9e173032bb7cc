"""Reviewers, queues and labels in the ledger: appended, numbered in the order of writing, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from shipworthy.domain.review import Act, Output, Said
from shipworthy.store.insert import add
from shipworthy.store.tables import labels, queue_items, queues, reveals, reviewers


class LabelRow(NamedTuple):
    """A row of `labels`, in column order."""

    no: int
    at: str
    reviewer_no: int
    variant_no: int
    case_no: int
    repeat: int
    criterion: str
    turn: str
    version: int
    state: str
    note: str
    modes: str
    step: int | None
    queue_no: int | None
    client_id: str
    ms_spent: int | None
    blind: str
    undoes: int | None

    @property
    def output(self) -> Output:
        """Which output it is about."""
        return Output(self.variant_no, self.case_no, self.repeat)

    @property
    def said(self) -> Said:
        """What it says."""
        state: Any = self.state
        return Said(state, self.note, tuple(json.loads(self.modes)), self.step)


class Light(NamedTuple):
    """As much of a label as is kept in memory."""

    no: int
    reviewer_no: int
    variant_no: int
    case_no: int
    repeat: int
    criterion: str
    turn: str
    version: int
    state: str
    queue_no: int | None


class ItemRow(NamedTuple):
    """A row of `queue_items` but for its queue."""

    position: int
    variant_no: int
    case_no: int
    repeat: int
    probability: float | None
    again: int
    readers: int

    @property
    def output(self) -> Output:
        """Which output it is."""
        return Output(self.variant_no, self.case_no, self.repeat)


@dataclass(frozen=True)
class Queue:
    """A queue, without its items.

    Attributes:
        no: its number.
        key: its name in addresses and commands.
        name: what people call it.
        kind: how its outputs were chosen.
        criterion: what is asked of them; empty for open reading.
        seed: what the draw was made with.
        about: what it was drawn from: parts, variants, numbers, and in words what it stands for.
        at: when it was made.
    """

    no: int
    key: str
    name: str
    kind: str
    criterion: str
    seed: int
    about: dict[str, Any]
    at: str

    @property
    def sealed(self) -> bool:
        """Whether it is about sealed outputs, of which no aggregate is shown."""
        return bool(self.about.get("sealed"))


def reviewers_of(connection: Connection) -> dict[str, int]:
    """Return the number of each reviewer, by name."""
    return {row.name: row.no for row in connection.execute(select(reviewers))}


def all_queues(connection: Connection) -> list[Queue]:
    """Return every queue, oldest first."""
    rows = connection.execute(select(queues).order_by(queues.c.no))
    return [Queue(r.no, r.key, r.name, r.kind, r.criterion, r.seed, json.loads(r.about), r.at) for r in rows]


def items_of(connection: Connection, queue_no: int) -> list[ItemRow]:
    """Return the items of a queue, in order."""
    query = select(*list(queue_items.c)[1:]).where(queue_items.c.queue_no == queue_no)
    return [ItemRow(*row) for row in _fetched(connection, query.order_by(queue_items.c.position))]


def light_labels(connection: Connection, after: int) -> list[Light]:
    """Return labels with a number above one, oldest first, as much as is kept in memory."""
    c = labels.c
    columns = (
        c.no, c.reviewer_no, c.variant_no, c.case_no, c.repeat, c.criterion, c.turn, c.version, c.state, c.queue_no
    )  # fmt: skip
    query = select(*columns).where(c.no > after).order_by(c.no)
    return [Light(*row) for row in _fetched(connection, query)]


def last_label(connection: Connection) -> int:
    """Return the number of the last label; 0 when there is none."""
    return connection.execute(select(func.max(labels.c.no))).scalar() or 0


def chain(
    connection: Connection, reviewer_no: int, output: Output, criterion: str, turn: str
) -> list[LabelRow]:
    """Return every label of one person on one output under one criterion, oldest first."""
    c = labels.c
    mine = (
        c.reviewer_no == reviewer_no, c.variant_no == output.variant_no, c.case_no == output.case_no,
        c.repeat == output.repeat, c.criterion == criterion, c.turn == turn,
    )  # fmt: skip
    return [LabelRow(*row) for row in connection.execute(select(labels).where(*mine).order_by(c.version))]


def by_number(connection: Connection, number: int) -> LabelRow:
    """Return the label of a number."""
    return LabelRow(*connection.execute(select(labels).where(labels.c.no == number)).one())


def by_client(connection: Connection, clients: Iterable[str]) -> dict[str, LabelRow]:
    """Return the labels that were saved under these client ids."""
    rows = connection.execute(select(labels).where(labels.c.client_id.in_(list(clients))))
    return {row.client_id: LabelRow(*row) for row in rows}


def acts_of(connection: Connection, reviewer_no: int, queue_no: int | None) -> list[Act]:
    """Return everything one person did, in one queue or in all, oldest first."""
    c = labels.c
    query = select(c.no, c.undoes).where(c.reviewer_no == reviewer_no).order_by(c.no)
    if queue_no is not None:
        query = query.where(c.queue_no == queue_no)
    return [Act(*row) for row in _fetched(connection, query)]


def current_labels(
    connection: Connection, criterion: str | None = None, outputs: Sequence[Output] | None = None
) -> list[LabelRow]:
    """Return the label that holds in each chain, those withdrawn left out, oldest first.

    Args:
        connection: a consistent view.
        criterion: under one criterion; all unless said.
        outputs: on these outputs; all unless said.
    """
    c = labels.c
    key = (c.reviewer_no, c.variant_no, c.case_no, c.repeat, c.criterion, c.turn)
    query = select(labels).order_by(c.no)
    if criterion is not None:
        query = query.where(c.criterion == criterion)
    if outputs is not None and len(outputs) <= FEW:
        query = query.where(c.case_no.in_({each.case_no for each in outputs}))
    wanted = None if outputs is None else set(outputs)
    held: dict[tuple[Any, ...], LabelRow] = {}
    at = [list(labels.c).index(column) for column in key]
    for row in _fetched(connection, query):
        if wanted is None or (row[3], row[4], row[5]) in wanted:
            held[tuple(row[i] for i in at)] = LabelRow(*row)
    return sorted((row for row in held.values() if row.state != "withdrawn"), key=lambda row: row.no)


FEW = 500


def write_labels(connection: Connection, rows: Sequence[LabelRow]) -> None:
    """Append labels."""
    add(connection, labels, rows)


def write_reviewer(connection: Connection, name: str) -> int:
    """Add a reviewer and return the number."""
    number = (connection.execute(select(func.max(reviewers.c.no))).scalar() or 0) + 1
    connection.execute(reviewers.insert().values(no=number, name=name))
    return int(number)


def next_queue(connection: Connection) -> int:
    """Return the number of the next queue."""
    return int(connection.execute(select(func.max(queues.c.no))).scalar() or 0) + 1


def write_queue(connection: Connection, queue: Queue, items: Sequence[ItemRow]) -> None:
    """Write a queue with its items."""
    connection.execute(
        queues.insert().values(
            no=queue.no, key=queue.key, name=queue.name, kind=queue.kind, criterion=queue.criterion,
            seed=queue.seed, about=json.dumps(queue.about, sort_keys=True), at=queue.at,
        )
    )  # fmt: skip
    add(connection, queue_items, [(queue.no, *item) for item in items])


def write_reveal(connection: Connection, reviewer_no: int, output: Output, criterion: str, at: str) -> bool:
    """Write down that a person was shown what others said of an output; whether it is the first time."""
    return bool(add(connection, reveals, [(reviewer_no, *output, criterion, at)]))


def all_reveals(connection: Connection) -> list[tuple[int, Output, str]]:
    """Return who was shown what others said, of which output, under which criterion."""
    c = reveals.c
    rows = _fetched(connection, select(c.reviewer_no, c.variant_no, c.case_no, c.repeat, c.criterion))
    return [(row[0], Output(*row[1:4]), row[4]) for row in rows]


def _fetched(connection: Connection, query: Any) -> list[tuple[Any, ...]]:
    cursor: Any = connection.execute(query).cursor  # plain tuples: there may be a hundred thousand
    return list(cursor.fetchall())
