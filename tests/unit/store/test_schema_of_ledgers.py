"""A new ledger is made at once, an old one by migrations: both end the same."""

from __future__ import annotations

import sqlite3

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from shipworthy.store.ledger import SCHEMA, open_ledger


def _described(path):
    with sqlite3.connect(path) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            table: [(c[1], c[3], c[5]) for c in connection.execute(f"PRAGMA table_info({table})")]
            for table in tables
        }
        unique = {
            (table, tuple(i[2] for i in connection.execute(f"PRAGMA index_info({index[1]})")))
            for table in tables
            for index in connection.execute(f"PRAGMA index_list({table})")
            if index[2]
        }
        without_rowid = {
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")
        }
    return columns, unique, without_rowid


def _migrated(path, *, to):
    """Make a ledger by migrations alone, up to one schema."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "shipworthy:store/migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    engine.dispose()


def test_a_ledger_made_at_once_has_what_the_migrations_make(tmp_path):
    """Tables, columns, keys, what may be empty, what is unique: no difference."""
    open_ledger(tmp_path / "new.db").close()
    _migrated(tmp_path / "old.db", to=SCHEMA)

    assert _described(tmp_path / "new.db") == _described(tmp_path / "old.db")


def test_a_ledger_of_the_first_schema_is_upgraded_when_it_is_opened(tmp_path):
    """It gains the tables of calls, and what it held stays."""
    path = tmp_path / "old.db"
    _migrated(path, to="first")
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO variants VALUES (1, 'new', 'abc')")

    open_ledger(path).close()

    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM variants").fetchall() == [("new",)]
        assert connection.execute("SELECT count(*) FROM intents").fetchone() == (0,)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (SCHEMA,)
