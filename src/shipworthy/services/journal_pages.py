"""Journal pages: the events of a launch, latest first, with the chain of their seals checked; and what mattered of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from shipworthy.services.opened import Opened
from shipworthy.store.journal import broken_at, head
from shipworthy.store.remember import remembered
from shipworthy.store.tables import journal

SIZE = 50
MARKED = ("lock", "look")
MOST_MARKED = 60


@dataclass(frozen=True)
class Event:
    """One event of the journal.

    Attributes:
        seq: its number.
        at: when, as text.
        verb: what happened.
        body: what it says; empty where it cannot be read.
        hash: its seal.
    """

    seq: int
    at: str
    verb: str
    body: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class JournalPage:
    """A page of the journal.

    Attributes:
        events: the latest first.
        total: how many events there are.
        head: the seal of the latest.
        broken: the number of the first event whose seal does not fit; None when the chain is whole.
        pages: how many pages there are.
        page: which one this is, from 1.
    """

    events: tuple[Event, ...]
    total: int
    head: str
    broken: int | None
    pages: int
    page: int


def journal_page(launch: Opened, page: int = 1) -> JournalPage:
    """Return a page of the journal; the whole chain is checked, not only what is shown."""
    with launch.ledger.read() as connection:
        total = connection.execute(select(func.count()).select_from(journal)).scalar_one()
        pages = max(-(-total // SIZE), 1)
        page = min(max(page, 1), pages)
        rows = connection.execute(
            select(journal).order_by(journal.c.seq.desc()).limit(SIZE).offset((page - 1) * SIZE)
        ).all()
        broken, seal = remembered(connection, "chain", lambda: (broken_at(connection), head(connection)[1]))
        return JournalPage(tuple(map(_event, rows)), total, seal, broken, pages, page)


def locks_and_looks(launch: Opened) -> tuple[tuple[Event, ...], int]:
    """Return every lock and look in their order, and how many earlier ones are left out."""
    with launch.ledger.read() as connection:
        mine = select(journal).where(journal.c.verb.in_(MARKED))
        rows = connection.execute(mine.order_by(journal.c.seq.desc()).limit(MOST_MARKED)).all()
        total = _count(connection)
    return tuple(map(_event, reversed(rows))), total - len(rows)


def _count(connection: Connection) -> int:
    query = select(func.count()).select_from(journal).where(journal.c.verb.in_(MARKED))
    return int(connection.execute(query).scalar_one())


def _event(row: Row[Any]) -> Event:
    try:
        body = json.loads(row.body)
    except ValueError:
        body = {}
    return Event(row.seq, row.at, row.verb, body if isinstance(body, dict) else {}, row.hash)
