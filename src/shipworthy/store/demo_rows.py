"""Rows about demo prompts: what came of each wording, and which sealed case has the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, exists, func, select

from shipworthy.store.tables import PARTS, cases, closings, explanations, members, outputs, scores, texts


@dataclass(frozen=True)
class DemoOutput:
    """One output of one wording.

    Attributes:
        repeat: which time.
        answered: whether there is an answer.
        value: its score; None when unscored.
    """

    repeat: int
    answered: bool
    value: float | None


def demo_outputs(
    connection: Connection, variant_no: int, series_no: int | None, numbers: Collection[int]
) -> dict[int, list[DemoOutput]]:
    """Return the outputs of closed runs by case number, with their score in one series."""
    o, s = outputs.c, scores.c
    joined = outputs.join(closings, closings.c.run_no == o.run_no).outerjoin(
        scores, and_(_same(s), s.series_no == (-1 if series_no is None else series_no))
    )
    query = (
        select(o.case_no, o.repeat, o.answered, s.value)
        .select_from(joined)
        .where(o.variant_no == variant_no, o.case_no.in_(numbers), o.attempt == 0)
        .order_by(o.case_no, o.repeat)
    )
    found: dict[int, list[DemoOutput]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.case_no].append(DemoOutput(row.repeat, bool(row.answered), row.value))
    return dict(found)


def unscored_answers(
    connection: Connection, variant_no: int, series_no: int, numbers: Collection[int]
) -> list[Any]:
    """Return the outputs of closed runs that have no score in a series, with their texts."""
    o, s, x = outputs.c, scores.c, texts.c
    joined = outputs.join(closings, closings.c.run_no == o.run_no).outerjoin(texts, _same(x))
    scored = exists().where(_same(s), s.series_no == series_no)
    query = (
        select(o.case_no, o.repeat, o.run_no, o.answered, o.latency_s, o.cost_usd, x.text)
        .select_from(joined)
        .where(o.variant_no == variant_no, o.case_no.in_(numbers), o.attempt == 0, ~scored)
        .order_by(o.case_no, o.repeat)
    )
    return list(connection.execute(query))


def demo_words(
    connection: Connection, variant_no: int, series_no: int | None, case_no: int, repeat: int
) -> tuple[str | None, str | None, str | None]:
    """Return what one output says, why there is none, and what the check said of it."""
    o, x, w = outputs.c, texts.c, explanations.c
    joined = outputs.outerjoin(texts, _same(x)).outerjoin(
        explanations, and_(_same(w), w.series_no == (-1 if series_no is None else series_no))
    )
    query = (
        select(x.text, x.reason, w.text.label("words"))
        .select_from(joined)
        .where(o.variant_no == variant_no, o.case_no == case_no, o.repeat == repeat, o.attempt == 0)
    )
    row = connection.execute(query).first()
    return (row.text, row.reason, row.words) if row else (None, None, None)


def cases_with_words(
    connection: Connection, set_no: int, hashes: Collection[str]
) -> dict[str, tuple[str, str]]:
    """Return the input hashes that cases of an eval set have too, with the id and the part of one."""
    c, m = cases.c, members.c
    query = (
        select(c.input_hash, c.key, m.part)
        .select_from(cases.join(members, (m.case_no == c.no) & (m.set_no == set_no)))
        .where(c.input_hash.in_(hashes))
        .order_by(m.part, c.no)
    )
    return {row.input_hash: (row.key, PARTS[row.part]) for row in connection.execute(query)}


def has_open_cases(connection: Connection, set_no: int, parts: Collection[str]) -> bool:
    """Whether an eval set has any case in these parts."""
    m = members.c
    query = select(func.count()).where(m.set_no == set_no, m.part.in_([PARTS.index(part) for part in parts]))
    return bool(connection.execute(query).scalar())


def _same(t: Any) -> Any:
    o = outputs.c
    return and_(
        t.variant_no == o.variant_no,
        t.case_no == o.case_no,
        t.repeat == o.repeat,
        t.attempt == o.attempt,
    )
