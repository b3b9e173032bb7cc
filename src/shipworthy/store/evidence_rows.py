"""Evidence row by row: the sealed cases, and what came of each output of them; for an export after a look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, and_, select

from shipworthy.store.asked import Field, Source
from shipworthy.store.caseset import tags_of
from shipworthy.store.tables import PARTS, cases, journal, members, outputs, scores

BATCH = 4096
SILENT, UNSCORED = "no answer", "unscored"
"""How the two endings without a score are written; an output without a row under a score has null."""


def journal_rows(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield every event of the journal as it was sealed."""
    for row in connection.execute(select(journal).order_by(journal.c.seq)):
        yield {name: getattr(row, name) for name in ("seq", "at", "verb", "body", "prev", "hash")}


def case_rows(connection: Connection, set_no: int, part: str) -> Iterator[list[Any]]:
    """Yield the cases of a part in the order of the eval set: id, group (null when it is its own), tags."""
    tags = tags_of(connection, set_no)
    m = members.c
    query = (
        select(cases.c.key, m.alone, m.group_no, m.tagset_no)
        .select_from(members.join(cases, cases.c.no == m.case_no))
        .where(m.set_no == set_no, m.part == PARTS.index(part))
        .order_by(m.case_no)
        .execution_options(yield_per=BATCH)
    )
    for row in connection.execute(query):
        yield [row.key, None if row.alone else row.group_no, tags[row.tagset_no]]


def output_rows(
    connection: Connection, field: Field, name: str, source: Source, series: Sequence[int | None]
) -> Iterator[list[Any]]:
    """Yield every output that counts: variant, case, repeat, answered, seconds, dollars, and a cell for each series.

    Args:
        connection: a consistent view.
        field: which cases.
        name: the variant's name.
        source: which of its outputs count.
        series: numbers of score series; None for one that was never written.
    """
    if source.variant_no is None:
        return
    o = outputs.c
    counting = source.counting(connection, o)
    joined = outputs.join(members, members.c.case_no == o.case_no).join(cases, cases.c.no == o.case_no)
    columns: list[Any] = [cases.c.key, o.repeat, o.answered, o.latency_s, o.cost_usd]
    for number in series:
        s = scores.alias().c
        same = (s.variant_no == o.variant_no, s.case_no == o.case_no, s.repeat == o.repeat)
        mine = (s.series_no == (0 if number is None else number), *source.counting(connection, s))
        joined = joined.outerjoin(s.case_no.table, and_(*same, *mine))
        columns += [s.answered, s.value]
    query = (
        select(*columns)
        .select_from(joined)
        .where(o.variant_no == source.variant_no, *counting, field.cases())
        .order_by(o.case_no, o.repeat)
        .execution_options(yield_per=BATCH)
    )
    for row in connection.execute(query):
        case, repeat, answered, latency, cost, *scored = row
        cells = [_cell(there, value) for there, value in zip(scored[::2], scored[1::2], strict=True)]
        yield [name, case, repeat, bool(answered), latency, cost, *cells]


def _cell(answered: int | None, value: float | None) -> float | str | None:
    if answered is None:
        return None
    if not answered:
        return SILENT
    return UNSCORED if value is None else value
