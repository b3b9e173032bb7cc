"""Insert many rows quickly; a row whose key is there already is left as it is.

SQLite takes many rows with one statement: a statement for each row would cost more, and would take and give back the
interpreter's lock for each, so that whoever works beside a writing thread waits for it row by row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

MANY, SOME = 64, 8
"""Rows of one statement. Few sizes: every one is a text of its own, parsed once and kept."""
MOST_VALUES = 999
"""Values of one statement that every build of SQLite takes."""


def add(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> int:
    """Append rows given as tuples in column order, and return how many were new.

    Args:
        connection: a writing transaction.
        table: where to.
        rows: one tuple a row; facts are never changed, so a key that exists keeps its row.
    """
    if not rows:
        return 0
    dialect = connection.dialect.name
    if dialect != "sqlite":
        return connection.exec_driver_sql(_statement(table, dialect, 1), list(rows)).rowcount
    cursor = connection.connection.cursor()  # what SQLAlchemy does around a statement would cost more than it
    try:
        return _add_to_sqlite(cursor, table, rows)
    except sqlite3.Error as error:
        said = f"INSERT INTO {table.name}"
        raise DBAPIError.instance(said, None, error, sqlite3.Error, dialect=connection.dialect) from error
    finally:
        cursor.close()


def _add_to_sqlite(cursor: Any, table: Table, rows: Sequence[tuple[Any, ...]]) -> int:
    new = done = 0
    for size in (MANY, SOME):
        if size * len(rows[0]) > MOST_VALUES:
            continue
        while len(rows) - done >= size:
            values = tuple(chain.from_iterable(rows[done : done + size]))
            new += cursor.execute(_statement(table, "sqlite", size), values).rowcount
            done += size
    if done < len(rows):
        new += cursor.executemany(_statement(table, "sqlite", 1), rows[done:]).rowcount
    return int(new)


@cache
def _statement(table: Table, dialect: str, n: int) -> str:
    """Return the text of an insert of so many rows, made once."""
    one = _one_row(table, dialect)
    marks = f"({', '.join('?' * len(table.columns))})"
    return one if n == 1 else one.replace(marks, ", ".join([marks] * n), 1)


@cache
def _one_row(table: Table, dialect: str) -> str:
    """Compile once: a statement built for every batch would cost more than the insert."""
    module = import_module(
        f"sqlalchemy.dialects.{dialect}"
    )  # only the one in use: each takes its time to load
    insert = module.insert(table).on_conflict_do_nothing()
    values = dict.fromkeys(column.name for column in table.columns)
    paramstyle = "qmark" if dialect == "sqlite" else "format"
    return str(insert.values(values).compile(dialect=module.dialect(paramstyle=paramstyle)))
