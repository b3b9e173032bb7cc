"""What failed on open cases, output by output: for people who write fresh cases from it."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from shipworthy.store.asked import Field, Source
from shipworthy.store.tables import cases, explanations, members, scores, texts


class Failure(NamedTuple):
    """One output that did not pass; `output` and `explanation` are None where none was kept."""

    case: str
    repeat: int
    output: str | None
    explanation: str | None


def failures(
    connection: Connection, field: Field, source: Source, series_no: int, passes_from: float
) -> list[Failure]:
    """Return the scored outputs of one variant that fail, in the order of the eval set and of repeats.

    Args:
        connection: a consistent view.
        field: which cases; of open parts.
        source: whose outputs, and which of them count.
        series_no: the series of scores.
        passes_from: the least value that passes.
    """
    s, t, e = scores.c, texts.c, explanations.c
    same = (
        (t.variant_no == s.variant_no)
        & (t.case_no == s.case_no)
        & (t.repeat == s.repeat)
        & (t.attempt == s.attempt)
    )
    said = (
        (e.variant_no == s.variant_no)
        & (e.series_no == s.series_no)
        & (e.case_no == s.case_no)
        & (e.repeat == s.repeat)
        & (e.attempt == s.attempt)
    )
    joined = (
        scores.join(members, members.c.case_no == s.case_no)
        .join(cases, cases.c.no == s.case_no)
        .outerjoin(texts, same)
        .outerjoin(explanations, said)
    )
    query = (
        select(cases.c.key, s.repeat, t.text, e.text)
        .select_from(joined)
        .where(
            s.variant_no == source.variant_no,
            s.series_no == series_no,
            s.value < passes_from,
            *source.counting(connection, s),
            field.cases(),
        )
        .order_by(s.case_no, s.repeat)
    )
    return [Failure(*row) for row in connection.execute(query)]
