"""Sealed cases whose very input stands in another part or another group: by the index alone, so that a lock is quick."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from shipworthy.store.tables import PARTS, cases, members


@dataclass(frozen=True)
class Astride:
    """How many sealed cases have the input of another case that should have nothing to do with them.

    Attributes:
        parts: sealed cases whose input also stands in another part.
        groups: sealed cases whose input also stands in another sealed group.
    """

    parts: int = 0
    groups: int = 0


def astride(connection: Connection, set_no: int) -> Astride:
    """Count the sealed cases of an index that have equals where they should have none."""
    m, c = members.c, cases.c
    sealed = case((m.part == PARTS.index("holdout"), 1), else_=0)
    own = case((m.alone == 1, 2 * m.case_no), else_=2 * m.group_no + 1)  # even and odd: never the same
    unit = case((m.part == PARTS.index("holdout"), own))
    query = (
        select(
            func.sum(sealed).label("sealed"),
            func.count().label("all"),
            func.count(unit.distinct()).label("units"),
        )
        .select_from(members.join(cases, c.no == m.case_no))
        .where(m.set_no == set_no, c.input_hash != "")
        .group_by(c.input_hash)
        .having((func.count() > 1) & (func.sum(sealed) > 0))
    )
    parts = groups = 0
    for row in connection.execute(query):
        parts += row.sealed if row.sealed < row.all else 0
        groups += row.sealed if row.units > 1 else 0
    return Astride(parts, groups)
