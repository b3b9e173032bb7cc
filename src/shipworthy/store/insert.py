"""Insert many rows quickly; a row whose key is there already is left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Table


def add(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> int:
    """Append rows given as tuples in column order, and return how many were new.

    Args:
        connection: a writing transaction.
        table: where to.
        rows: one tuple a row; facts are never changed, so a key that exists keeps its row.
    """
    if not rows:
        return 0
    return connection.exec_driver_sql(_statement(table, connection.dialect.name), list(rows)).rowcount


@cache
def _statement(table: Table, dialect: str) -> str:
    """Compile once: a statement built for every batch would cost more than the insert."""
    module = import_module(
        f"sqlalchemy.dialects.{dialect}"
    )  # only the one in use: each takes its time to load
    insert = module.insert(table).on_conflict_do_nothing()
    values = dict.fromkeys(column.name for column in table.columns)
    paramstyle = "qmark" if dialect == "sqlite" else "format"
    return str(insert.values(values).compile(dialect=module.dialect(paramstyle=paramstyle)))
