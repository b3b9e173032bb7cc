"""Insert many rows quickly; a row whose key is there already is left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def add(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], *, columns: tuple[str, ...] = ()
) -> None:
    """Append rows given as tuples in column order.

    Args:
        connection: a writing transaction.
        table: where to.
        rows: one tuple a row; facts are never changed, so a key that exists keeps its row.
        columns: the columns the tuples hold; all of the table's unless said.
    """
    if rows:
        names = columns or tuple(column.name for column in table.columns)
        connection.exec_driver_sql(_statement(table, names, connection.dialect.name), list(rows))


@cache
def _statement(table: Table, columns: tuple[str, ...], dialect: str) -> str:
    """Compile once: a statement built for every batch would cost more than the insert."""
    module = {"sqlite": sqlite, "postgresql": postgresql}[dialect]
    insert = module.insert(table).on_conflict_do_nothing()
    values = dict.fromkeys(columns)
    paramstyle = "qmark" if dialect == "sqlite" else "format"
    return str(insert.values(values).compile(dialect=module.dialect(paramstyle=paramstyle)))
