"""The journal: every event of consequence, each sealed by the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import Connection, select

from shipworthy.store.tables import journal

GENESIS = "0" * 64


def append(connection: Connection, *, verb: str, body: dict[str, Any], at: str) -> int:
    """Append an event inside the caller's transaction and return its number.

    Args:
        connection: a writing transaction; it holds the lock, so numbers have no gaps.
        verb: what happened (`lock`, `close`, `look`, …).
        body: plain JSON values.
        at: the time as text; it is sealed too, and no number is derived from it.
    """
    seq, prev = head(connection)
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    seal = sealed(seq + 1, at, verb, text, prev)
    connection.execute(
        journal.insert().values(seq=seq + 1, at=at, verb=verb, body=text, prev=prev, hash=seal)
    )
    return seq + 1


def head(connection: Connection) -> tuple[int, str]:
    """Return the number and hash of the latest event; (0, zeros) for an empty journal."""
    row = connection.execute(
        select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
    ).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def has(connection: Connection, hash_: str) -> bool:
    """Return whether an event carries this hash."""
    return connection.execute(select(journal.c.seq).where(journal.c.hash == hash_)).first() is not None


def sealed(seq: int, at: str, verb: str, body: str, prev: str) -> str:
    """Return the hash that seals an event: SHA-256 over its fields and the hash before, each on its line."""
    return hashlib.sha256("\n".join((str(seq), at, verb, body, prev)).encode()).hexdigest()


def broken_at(connection: Connection) -> int | None:
    """Return the number of the first event whose seal does not fit, None when the chain is whole."""
    expected_seq, prev = 1, GENESIS
    for row in connection.execute(select(journal).order_by(journal.c.seq)):
        fits = row.seq == expected_seq and row.prev == prev
        if not fits or row.hash != sealed(row.seq, row.at, row.verb, row.body, row.prev):
            return expected_seq
        expected_seq, prev = row.seq + 1, row.hash
    return None


def events(connection: Connection, verb: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Return number, time and body of all events of one kind, oldest first."""
    rows = connection.execute(select(journal).where(journal.c.verb == verb).order_by(journal.c.seq))
    return [(row.seq, row.at, json.loads(row.body)) for row in rows]
