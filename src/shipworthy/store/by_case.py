"""Outcomes case by case, of open parts only: what several variants did with the same cases.

A verdict reads counts of one variant (`aggregate`); holding several against each other needs to know which
case is which. The rows that count are the same ones.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from shipworthy.store.asked import Field, Source
from shipworthy.store.tables import members, outputs, scores


class Member(NamedTuple):
    """One case of the field: its number, its group and its tag set."""

    case_no: int
    group: tuple[int, int]
    tagset: int


class Scored(NamedTuple):
    """One output under one criterion; `value` is None where nobody could score it, or there was no answer."""

    case_no: int
    repeat: int
    value: float | None


class Spent(NamedTuple):
    """One output: whether it was answered, and what it took."""

    case_no: int
    repeat: int
    answered: bool
    latency_s: float | None
    cost_usd: float | None


def members_of(connection: Connection, field: Field) -> list[Member]:
    """Return the cases of a field in their order; a case that is its own group is named by its number."""
    m = members.c
    rows = connection.execute(
        select(m.case_no, m.alone, m.group_no, m.tagset_no).where(field.cases()).order_by(m.case_no)
    )
    return [
        Member(case_no, (1, case_no) if alone else (0, group_no), tagset)
        for case_no, alone, group_no, tagset in rows
    ]


def scored(connection: Connection, field: Field, source: Source, series_no: int | None) -> list[Scored]:
    """Return every score of one variant in one series that counts."""
    if source.variant_no is None or series_no is None:
        return []
    s = scores.c
    mine = (s.variant_no == source.variant_no, s.series_no == series_no, *source.counting(connection, s))
    joined = scores.join(members, members.c.case_no == s.case_no)
    rows = select(s.case_no, s.repeat, s.value).select_from(joined).where(*mine, field.cases())
    return [Scored(*row) for row in connection.execute(rows)]


def spent(connection: Connection, field: Field, source: Source) -> list[Spent]:
    """Return every output of one variant that counts, with what it took."""
    if source.variant_no is None:
        return []
    o = outputs.c
    mine = (o.variant_no == source.variant_no, *source.counting(connection, o))
    joined = outputs.join(members, members.c.case_no == o.case_no)
    columns = (o.case_no, o.repeat, o.answered, o.latency_s, o.cost_usd)
    rows = select(*columns).select_from(joined).where(*mine, field.cases())
    return [Spent(*row[:2], bool(row[2]), *row[3:]) for row in connection.execute(rows)]
