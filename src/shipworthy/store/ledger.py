"""Open the ledger: the right durability for the SQLite at hand, and the current schema.

Acknowledged means durable. SQLite before 3.51.3 can corrupt a WAL file when two connections write and
checkpoint at once, so there the rollback journal is used with synchronous=EXTRA; from 3.51.3 on WAL
with synchronous=FULL. At each commit the head of the rollback journal is overwritten with zeros and synchronised, and the
file stays: that is as durable as deleting it, and a commit changes neither the folder nor the size of a file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.store.alone import RUN, alone, can_hold
from shipworthy.store.tables import metadata

SCHEMA = "watched"
EARLIER = ("first", "calls", "review", "bases")
WAIT_SECONDS = 60
CACHE_MIB = 64
WAL_IS_SAFE = (3, 51, 3)
LOG = "calls.log"
"""What a run appends before it is in the ledger, beside it."""
JOURNAL_BYTES = 512 * 1024
"""How much of the journal stays on the disk between commits."""


class Ledger:
    """A connection pool to one ledger. Reads see closed runs only through the queries that ask for them."""

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a consistent view of the ledger."""
        with self._guarded(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that holds the write lock from its beginning; leaving it acknowledges."""
        with (
            self._guarded(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            said = str(error.orig)
            remedy = "free some space and run the same command again: what was acknowledged is kept"
            if "locked" in said:
                remedy = "another process is writing; wait for it to finish and run the command again"
            raise Unavailable(
                f"the ledger could not be used: {said}", where=self.place, remedy=remedy
            ) from error

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_ledger(path: Path, *, create: bool = True, cache_mib: int = CACHE_MIB) -> Ledger:
    """Open a launch's SQLite ledger, made or upgraded if need be.

    Args:
        path: the file.
        create: make it when there is none.
        cache_mib: how much of it each connection may keep in memory.

    Raises:
        BadInput: the file is not a ledger, or one of a later version.
        Unavailable: it cannot be opened.
    """
    if not path.exists() and not create:
        raise BadInput("there is no ledger yet", where=str(path), remedy="run or import something first")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Unavailable(f"the folder cannot be made: {error.strerror}", where=str(path.parent)) from error
    engine = create_engine(
        URL.create("sqlite", database=str(path.absolute())), connect_args={"timeout": WAIT_SECONDS}
    )
    event.listen(engine, "connect", partial(_configure, cache_mib=cache_mib))
    event.listen(engine, "begin", _begin)
    ledger = Ledger(engine, str(path))
    try:
        _ensure_schema(ledger)
    except DatabaseError as error:
        engine.dispose()
        if isinstance(error, OperationalError):
            raise Unavailable(f"the ledger could not be opened: {error.orig}", where=str(path)) from error
        raise BadInput(
            f"this is not a ledger: {error.orig}",
            where=str(path),
            remedy="restore it from a copy, or move it away",
        ) from error
    with suppress(OSError):
        path.chmod(
            0o600
        )  # not on a disk that is read-only, or another person's: whoever may read it may verify it
    try:
        recover(ledger, path)
    except BaseException:
        engine.dispose()
        raise
    return ledger


def recover(ledger: Ledger, path: Path, *, held: bool = False) -> None:
    """Take in what a run that was killed left beside the ledger, unless one is under way, or may be.

    Args:
        ledger: the ledger.
        path: its file.
        held: whoever asks has the launch, so that no other run can be under way.

    Raises:
        BadInput: what is there belongs to another ledger.
    """
    log = path.with_name(LOG)
    if not log.exists() or not log.stat().st_size or not (held or can_hold()):
        return
    with nullcontext(held) if held else alone(path.with_name(RUN)) as mine:
        if not mine:
            return
        from shipworthy.store.scribe import take_over  # noqa: PLC0415 - hardly ever needed

        with ledger.write() as connection:
            take_over(connection, log)
        os.truncate(log, 0)


def journal_mode(version: tuple[int, ...]) -> tuple[str, str]:
    """Return SQLite's journal_mode and synchronous settings that lose nothing acknowledged.

    >>> journal_mode((3, 40, 1)), journal_mode((3, 51, 3))
    (('PERSIST', 'EXTRA'), ('WAL', 'FULL'))
    """
    return ("WAL", "FULL") if version >= WAL_IS_SAFE else ("PERSIST", "EXTRA")


def _configure(connection: Any, _record: object, *, cache_mib: int) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    mode, synchronous = journal_mode(sqlite3.sqlite_version_info)
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute(f"PRAGMA journal_size_limit={JOURNAL_BYTES}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA cache_size=-{cache_mib * 1024}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _ensure_schema(ledger: Ledger) -> None:
    found = _version(ledger)
    if found == SCHEMA:
        return
    with ledger.write() as connection:
        if found is None and not inspect(connection).get_table_names():
            _create(connection)
            return
        from alembic import command  # noqa: PLC0415 - a third of a second that only an old ledger needs
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", "shipworthy:store/migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _create(connection: Connection) -> None:
    """Make the tables of a new ledger at once; a test holds them equal to what the migrations make."""
    metadata.create_all(connection, checkfirst=False)  # there is none yet, and asking for each takes long
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": SCHEMA})


def _version(ledger: Ledger) -> str | None:
    with ledger.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found not in (None, SCHEMA, *EARLIER):
        raise BadInput(
            f"the ledger has schema `{found}`, which this version does not know",
            where=ledger.place,
            remedy="upgrade shipworthy",
        )
    return str(found) if found else None
