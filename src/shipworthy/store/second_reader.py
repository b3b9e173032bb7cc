"""A second reader of a SQLite ledger that sees exactly what the first one sees.

SQLite works without Python's lock, so two readers use two cores. With a rollback journal nobody can commit
while a reader's transaction is open; so what is begun beside it reads the same state. That cannot be said
of a write-ahead log, nor had while a writer waits for readers to go: then there is no second reader.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

_TOUCH = text("SELECT count(*) FROM sqlite_master")


@contextmanager
def second_reader(connection: Connection) -> Iterator[Connection | None]:
    """Open a reader beside a connection that is in a transaction; for another thread, and never kept.

    Yields:
        The second reader; None where the same state cannot be promised, or not without waiting.
    """
    path = connection.engine.url.database
    if connection.dialect.name != "sqlite" or not path or path == ":memory:":
        yield None
        return
    connection.execute(_TOUCH)  # from here on nobody commits, until the transaction ends
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() not in ("delete", "truncate", "persist"):
        yield None
        return
    address = f"{Path(path).absolute().as_uri()}?mode=ro"
    engine = create_engine(
        "sqlite://",
        # A waiting writer lets nobody in until the first reader ends: to wait for it would be to wait for ourselves.
        creator=lambda: sqlite3.connect(
            address, uri=True, timeout=0, isolation_level=None, check_same_thread=False
        ),
        poolclass=NullPool,
    )
    try:
        second = engine.connect()
    except OperationalError:
        yield None
        return
    with second:
        yield second if _begun(second) else None


def _begun(second: Connection) -> bool:
    try:
        second.exec_driver_sql("BEGIN")
        second.execute(_TOUCH)
    except OperationalError:
        return False
    return True
