"""Outputs that a check has not scored yet, a few cases at a time; and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, exists, func, select
from sqlalchemy.sql.selectable import FromClause

from shipworthy.store.tables import closings, members, outputs, runs, scores, texts

BATCH = 256
MOST_TEXT = 32 << 20
"""Characters of output texts held at a time."""


@dataclass(frozen=True)
class Todo:
    """Which outputs are meant: those of closed runs, first answers, cases of one eval set, without a score.

    Attributes:
        set_no: the index of the eval set.
        variant_no: whose outputs.
        series_no: the score they lack.
    """

    set_no: int
    variant_no: int
    series_no: int


def how_many(connection: Connection, todo: Todo) -> int:
    """Return how many outputs have no score yet."""
    query = select(func.count()).select_from(_closed()).where(*_mine(todo))
    return int(connection.execute(query).scalar() or 0)


def of_cases(connection: Connection, todo: Todo, case_nos: Sequence[int]) -> tuple[list[Any], bool]:
    """Return unscored outputs of some cases in the order of the ledger, and whether these were all.

    Fewer than all come back when their texts are long: ask again once these have their scores. Each row holds case,
    repeat, attempt, run, answered, latency, cost, text and the kind of its run.
    """
    cursor: Any = connection.execute(_OF_CASES, {**vars(todo), "case_nos": list(case_nos)}).cursor
    found: list[Any] = []
    length = 0
    while rows := cursor.fetchmany(BATCH):
        found += rows
        length += sum(len(row[7]) for row in rows if row[7])
        if length > MOST_TEXT:
            cursor.close()
            return found, False
    return found, True


def _closed() -> FromClause:
    o = outputs.c
    return (
        outputs.join(runs, runs.c.no == o.run_no)
        .join(closings, closings.c.run_no == o.run_no)
        .join(members, members.c.case_no == o.case_no)
    )


def _mine(todo: Todo | None) -> list[ColumnElement[bool]]:
    """Return the conditions; without values given they are parameters, so that the statement is made once."""
    o, s = outputs.c, scores.c
    given = {
        name: bindparam(name, None if todo is None else getattr(todo, name), o.case_no.type)
        for name in ("set_no", "variant_no", "series_no")
    }
    has_score = exists().where(
        s.variant_no == given["variant_no"], s.series_no == given["series_no"], _same(scores)
    )
    return [
        members.c.set_no == given["set_no"], o.variant_no == given["variant_no"], o.attempt == 0, ~has_score,
    ]  # fmt: skip


def _same(table: Table) -> ColumnElement[bool]:
    o, other = outputs.c, table.c
    return (other.case_no == o.case_no) & (other.repeat == o.repeat) & (other.attempt == o.attempt)


def _of_cases() -> Select[Any]:
    o, t = outputs.c, texts.c
    joined = _closed().outerjoin(texts, (t.variant_no == o.variant_no) & _same(texts))
    columns = (
        o.case_no, o.repeat, o.attempt, o.run_no, o.answered, o.latency_s, o.cost_usd, t.text, runs.c.kind,
    )  # fmt: skip
    wanted = o.case_no.in_(bindparam("case_nos", expanding=True))
    return select(*columns).select_from(joined).where(*_mine(None), wanted).order_by(o.case_no, o.repeat)


_OF_CASES = _of_cases()
