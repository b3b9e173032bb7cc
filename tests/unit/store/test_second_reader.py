"""A second reader sees what the first one sees, or there is none."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import case, create_engine, func, select
from sqlalchemy.exc import OperationalError

from shipworthy.store.columns import Rows, read_columns
from shipworthy.store.ledger import Ledger, journal_mode, open_ledger
from shipworthy.store.second_reader import second_reader
from shipworthy.store.tables import outputs, series

ADD = "INSERT INTO series (name) VALUES ('more')"
NEVER_A_LOG = pytest.mark.skipif(
    journal_mode(sqlite3.sqlite_version_info)[0] == "WAL", reason="this SQLite keeps a write-ahead log"
)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """An empty ledger, in a folder whose name is no address as it stands."""
    return open_ledger(tmp_path / "50% #1 ?" / "ledger.db")


def _writer(ledger: Ledger) -> sqlite3.Connection:
    return sqlite3.connect(ledger.place, timeout=0, isolation_level=None)


@NEVER_A_LOG
def test_nobody_commits_between_the_first_reader_and_the_second(ledger: Ledger) -> None:
    """A writer that comes between is refused its commit, so both readers count the same series."""
    writer = _writer(ledger)
    counting = select(func.count()).select_from(series)
    with ledger.read() as first:
        before = first.execute(counting).scalar()
        with second_reader(first) as second:
            assert second is not None
            writer.execute("BEGIN IMMEDIATE")
            writer.execute(ADD)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                writer.execute("COMMIT")
            assert second.execute(counting).scalar() == before == first.execute(counting).scalar()
    writer.execute("COMMIT")
    with ledger.read() as first:
        assert first.execute(counting).scalar() == 1
    ledger.close()


@NEVER_A_LOG
def test_there_is_none_while_a_writer_waits_for_readers_to_go(ledger: Ledger) -> None:
    """The writer waits for the first reader; a second one that waited for the writer would wait for a minute."""
    writer = _writer(ledger)
    with ledger.read() as first:
        first.execute(select(func.count()).select_from(series))
        writer.execute("BEGIN IMMEDIATE")
        writer.execute(ADD)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            writer.execute("COMMIT")  # it now lets nobody in any more
        began = time.monotonic()
        with second_reader(first) as second:
            assert second is None
        assert time.monotonic() - began < 10
    writer.execute("COMMIT")
    ledger.close()


@NEVER_A_LOG
def test_a_second_reader_never_writes(ledger: Ledger) -> None:
    """It is opened read-only: an insert through it is refused."""
    with ledger.read() as first, second_reader(first) as second:
        assert second is not None
        with pytest.raises(OperationalError, match="readonly"):
            second.exec_driver_sql(ADD)
    ledger.close()


def test_there_is_none_beside_a_write_ahead_log(tmp_path: Path) -> None:
    """A log lets a writer commit between two readers, so the second might see more than the first."""
    path = tmp_path / "ledger.db"
    sqlite3.connect(path).execute("PRAGMA journal_mode=WAL").close()
    with create_engine(f"sqlite:///{path}").connect() as first, second_reader(first) as second:
        assert second is None


def test_a_null_in_a_column_is_refused_and_not_skipped(ledger: Ledger) -> None:
    """Two outputs of which one has no time: a column of times would be one short, and shift what stands beside it."""
    o = outputs.c
    key = {"variant_no": 1, "repeat": 1, "attempt": 0, "run_no": 1, "answered": 1}
    rows = [{"case_no": 1, "latency_s": 2.0}, {"case_no": 2, "latency_s": None}]
    with ledger.write() as connection:
        connection.execute(outputs.insert(), [key | row for row in rows])
    with (
        ledger.read() as connection,
        pytest.raises(RuntimeError, match=r"2 rows were read as columns of \[2, 1\]"),
    ):
        read_columns(
            connection,
            [Rows(outputs, o.case_no, (o.case_no, case((o.latency_s > 1, 5))))],
            (1, 2),
            span=10,
            many=10,
        )
    ledger.close()
