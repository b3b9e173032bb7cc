"""One output whole, and outputs that hold a text: what a person who labels reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, bindparam, func, select

from shipworthy.domain.review import Output
from shipworthy.store.tables import (
    PARTS,
    cases,
    closings,
    explanations,
    members,
    outputs,
    queue_items,
    scores,
    series,
    steps,
    texts,
    variants,
)


class Whole(NamedTuple):
    """One output.

    Attributes:
        case: id of its case.
        part: of its case in the eval set as it is; empty when it is no longer there.
        text: the output as JSON, or as the imported file has it.
        reason: why there is none.
        steps: turns and tool calls as JSON; None where there was one step.
    """

    case: str
    part: str
    text: str | None
    reason: str | None
    steps: str | None


class Scored(NamedTuple):
    """What a scorer said of an output."""

    series: str
    value: float | None
    words: str | None


def whole(connection: Connection, set_no: int, output: Output) -> Whole:
    """Return one output with all its words."""
    return wholes(connection, set_no, [output])[output]


def wholes(connection: Connection, set_no: int, wanted: Sequence[Output]) -> dict[Output, Whole]:
    """Return several outputs with all their words; read by one variant's and repeat's cases at a time."""
    found: dict[Output, Whole] = {}
    for variant_no, repeat in dict.fromkeys((each.variant_no, each.repeat) for each in wanted):
        numbers = [each.case_no for each in wanted if (each.variant_no, each.repeat) == (variant_no, repeat)]
        given = {"set_no": set_no, "variant_no": variant_no, "repeat": repeat, "case_nos": numbers}
        for no, case, part, *words in connection.execute(_whole(), given):
            of = Output(variant_no, no, repeat)
            found[of] = Whole(case, "" if part is None else PARTS[part], *words)
    return found


@cache
def _whole() -> Select[Any]:
    """Build the statement once: every page asks it."""
    m, c = members.c, cases.c

    def this(table: Any) -> Any:
        t = table.c
        return (
            (t.variant_no == bindparam("variant_no", type_=Integer))
            & (t.case_no == c.no)
            & (t.repeat == bindparam("repeat", type_=Integer))
            & (t.attempt == 0)
        )

    here = (m.case_no == c.no) & (m.set_no == bindparam("set_no", type_=Integer))
    return (
        select(c.no, c.key, m.part, texts.c.text, texts.c.reason, steps.c.text)
        .select_from(
            cases.outerjoin(members, here).outerjoin(texts, this(texts)).outerjoin(steps, this(steps))
        )
        .where(c.no.in_(bindparam("case_nos", type_=Integer, expanding=True)))
    )


def said_of(connection: Connection, output: Output) -> tuple[str, list[Scored]]:
    """Return the variant of an output, and every score of it."""
    s, w = scores.c, explanations.c
    name = connection.execute(select(variants.c.name).where(variants.c.no == output.variant_no)).scalar_one()
    every = list(connection.execute(select(series.c.no)).scalars())
    query = (
        select(series.c.name, s.value, w.text)
        .select_from(
            scores.join(series, series.c.no == s.series_no).outerjoin(
                explanations,
                (w.variant_no == s.variant_no) & (w.series_no == s.series_no) & (w.case_no == s.case_no)
                & (w.repeat == s.repeat) & (w.attempt == s.attempt),
            )
        )
        .where(*_this(scores, output), s.series_no.in_(every))
        .order_by(series.c.name)
    )  # fmt: skip
    return name, [Scored(*row) for row in connection.execute(query)]


def holding(connection: Connection, queue_no: int, text: str, most: int) -> list[int]:
    """Return the positions of a queue whose output, or whose case's id, holds a text; case makes no difference."""
    q, t = queue_items.c, texts.c
    low = text.lower()
    here = (
        (t.variant_no == q.variant_no) & (t.case_no == q.case_no) & (t.repeat == q.repeat) & (t.attempt == 0)
    )
    query = (
        select(q.position)
        .select_from(queue_items.join(cases, cases.c.no == q.case_no).outerjoin(texts, here))
        .where(
            q.queue_no == queue_no,
            q.again == 0,
            func.lower(func.coalesce(t.text, "")).contains(low, autoescape=True)
            | func.lower(cases.c.key).contains(low, autoescape=True),
        )
        .order_by(q.position)
        .limit(most)
    )
    return list(connection.execute(query).scalars())


def of_case(connection: Connection, queue_no: int, key: str) -> list[int]:
    """Return the positions of a case's outputs in a queue."""
    q = queue_items.c
    numbers = select(cases.c.no).where(cases.c.key == key)
    query = select(q.position).where(q.queue_no == queue_no, q.again == 0, q.case_no.in_(numbers))
    return list(connection.execute(query.order_by(q.position)).scalars())


def keys_of(connection: Connection, outputs: Sequence[Output]) -> dict[int, str]:
    """Return the ids of the cases of outputs, by their number."""
    found: dict[int, str] = {}
    numbers = sorted({output.case_no for output in outputs})
    for start in range(0, len(numbers), CHUNK):
        query = select(cases.c.no, cases.c.key).where(cases.c.no.in_(numbers[start : start + CHUNK]))
        found.update({row.no: row.key for row in connection.execute(query)})
    return found


CHUNK = 500


def _this(table: Any, output: Output) -> tuple[Any, ...]:
    c = table.c
    return (
        c.variant_no == output.variant_no, c.case_no == output.case_no, c.repeat == output.repeat, c.attempt == 0
    )  # fmt: skip


def variant_names(connection: Connection) -> dict[int, str]:
    """Return the name of each variant, by its number."""
    return {row.no: row.name for row in connection.execute(select(variants.c.no, variants.c.name))}


def recorded_outputs(connection: Connection, numbers: set[int]) -> set[Output]:
    """Return the answered outputs of variants that count."""
    o = outputs.c
    query = (
        select(o.variant_no, o.case_no, o.repeat)
        .select_from(outputs.join(closings, closings.c.run_no == o.run_no))
        .where(o.variant_no.in_(sorted(numbers)), o.attempt == 0, o.answered == 1)
    )
    return {Output(*row) for row in connection.execute(query)}
