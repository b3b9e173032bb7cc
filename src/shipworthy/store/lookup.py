"""Find many cases by id at once: one statement, one parameter, plain tuples back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from shipworthy.store.tables import PARTS, cases, members


class Member(NamedTuple):
    """A case of the eval set."""

    no: int
    input_hash: str
    part: str


_ALL = "SELECT c.key, c.input_hash, c.no FROM json_each(?) AS j CROSS JOIN cases AS c ON c.key = j.value"
_MEMBERS = (
    "SELECT c.key, c.no, c.input_hash, m.part FROM json_each(?) AS j CROSS JOIN cases AS c ON c.key = j.value "
    "CROSS JOIN members AS m ON m.set_no = ? AND m.case_no = c.no"
)


def numbers_of(connection: Connection, keys: Iterable[str]) -> dict[tuple[str, str], int]:
    """Return (id, input hash) to number, of all cases with these ids."""
    if connection.dialect.name == "sqlite":
        rows = _fetch(connection, _ALL, (_list(keys),))
    else:
        query = select(cases.c.key, cases.c.input_hash, cases.c.no).where(cases.c.key.in_(list(keys)))
        rows = [tuple(row) for row in connection.execute(query)]
    return {(key, hashed): number for key, hashed, number in rows}


def members_of(connection: Connection, set_no: int, keys: Iterable[str]) -> dict[str, Member]:
    """Return id to case, of those that are in an eval set."""
    if connection.dialect.name == "sqlite":
        rows = _fetch(connection, _MEMBERS, (_list(keys), set_no))
    else:
        query = (
            select(cases.c.key, cases.c.no, cases.c.input_hash, members.c.part)
            .join(members, (members.c.case_no == cases.c.no) & (members.c.set_no == set_no))
            .where(cases.c.key.in_(list(keys)))
        )
        rows = [tuple(row) for row in connection.execute(query)]
    return {key: Member(number, hashed, PARTS[part]) for key, number, hashed, part in rows}


def keys_of(connection: Connection, numbers: Iterable[int]) -> list[str]:
    """Return the ids of cases by their numbers, in the order of the numbers."""
    query = select(cases.c.key).where(cases.c.no.in_(list(numbers))).order_by(cases.c.no)
    return list(connection.execute(query).scalars())


def _list(keys: Iterable[str]) -> str:
    return msgspec.json.encode(list(keys)).decode()


def _fetch(connection: Connection, sql: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    cursor: Any = connection.exec_driver_sql(sql, parameters).cursor
    return list(cursor.fetchall())
