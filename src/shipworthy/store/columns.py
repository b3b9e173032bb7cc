"""Whole columns of whole numbers, read from SQLite as one text each.

The database joins the numbers of all rows into a text that an array is read from: a fifth of the time of
handing over row by row. Columns asked for together come from one pass, so what stands side by side belongs
together; nothing is promised of the order of rows. Several passes share two readers where there is much to read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select

from shipworthy.store.second_reader import second_reader

SPAN = 1 << 20
"""Case numbers read at a time: their texts stay far below the longest that SQLite makes."""

MANY = 50_000
"""With fewer cases than this a second reader costs more than it saves."""

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Rows to read.

    Attributes:
        source: where they are.
        case_no: the number of a row's case, by which they are read piece by piece.
        numbers: what is read of each row; whole numbers below 2**63, never null.
        which: what else must hold of a row.
    """

    source: FromClause
    case_no: ColumnElement[int]
    numbers: tuple[ColumnElement[int], ...]
    which: tuple[ColumnElement[bool], ...] = ()


def read_columns(
    connection: Connection,
    wanted: Sequence[Rows],
    cases: tuple[int, int],
    *,
    span: int,
    many: int,
) -> list[list[Whole]]:
    """Read columns, in one pass for each of the rows wanted.

    Args:
        connection: a consistent view of a SQLite ledger.
        wanted: the rows.
        cases: the first and the last number of a case.
        span: how many case numbers at a time.
        many: from how many cases on two readers share the work.

    Returns:
        For each of the rows wanted, a column for each of its numbers.
    """
    first, last = cases
    starts = range(first, last + 1, span)
    queries = [_query(rows, start, min(start + span - 1, last)) for rows in wanted for start in starts]
    read = _in_turn(connection, queries) if last - first < many else _side_by_side(connection, queries)
    return [
        [np.concatenate([np.empty(0, np.int64), *parts]) for parts in zip(*pieces, strict=True)]
        for pieces in (read[i * len(starts) : (i + 1) * len(starts)] for i in range(len(wanted)))
    ]


def _query(rows: Rows, first: int, last: int) -> Select[Any]:
    texts = [func.group_concat(number, " ") for number in rows.numbers]
    here = rows.case_no.between(first, last)
    return select(func.count(), *texts).select_from(rows.source).where(*rows.which, here)


def _in_turn(connection: Connection, queries: Sequence[Select[Any]]) -> list[list[Whole]]:
    return [_columns(connection, query) for query in queries]


def _side_by_side(connection: Connection, queries: Sequence[Select[Any]]) -> list[list[Whole]]:
    """Let two readers take the next query as they are free."""
    with second_reader(connection) as second:
        if second is None:
            return _in_turn(connection, queries)
        todo = deque(enumerate(queries))
        found: dict[int, list[Whole]] = {}

        def work(reader: Connection) -> None:
            while todo:
                try:
                    position, query = todo.popleft()
                except IndexError:  # the other one was faster
                    return
                found[position] = _columns(reader, query)

        with ThreadPoolExecutor(1, "second reader") as pool:
            beside = pool.submit(work, second)
            work(connection)
            beside.result()
    return [found[position] for position in range(len(queries))]


def _columns(connection: Connection, query: Select[Any]) -> list[Whole]:
    rows, *texts = connection.execute(query).one()
    columns = [np.fromstring(text or "", dtype=np.int64, sep=" ") for text in texts]
    if any(column.size != rows for column in columns):
        raise RuntimeError(f"{rows} rows were read as columns of {[column.size for column in columns]}")
    return columns
