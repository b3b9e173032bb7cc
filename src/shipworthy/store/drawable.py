"""Answered outputs that people can be asked to read: which, in which group and tag set, and what was scored."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, select

from shipworthy.domain.review import Output
from shipworthy.store.judged import recorded
from shipworthy.store.tables import PARTS, cases, members, outputs, scores, texts


class Answered(NamedTuple):
    """An answered output.

    Attributes:
        key: id of its case.
        output: which.
        group: what it stands or falls with.
        tagset: its combination of tags.
    """

    key: str
    output: Output
    group: int
    tagset: int


def answered(
    connection: Connection, set_no: int, variants: Collection[int], parts: Collection[str]
) -> list[Answered]:
    """Return the answered outputs of variants on parts of the eval set, in the order of cases."""
    o, m = outputs.c, members.c
    query = _those(set_no, variants, parts, cases.c.key, o.variant_no, o.case_no, o.repeat, m.alone, m.group_no, m.tagset_no)  # fmt: skip
    return [
        Answered(key, Output(variant, case, repeat), 2 * case if alone else 2 * group + 1, tagset)
        for key, variant, case, repeat, alone, group, tagset in _rows(connection, query)
    ]


def values(connection: Connection, variant_no: int, series_no: int | None) -> dict[Output, float | None]:
    """Return the score of each answered output of a variant in a series; None where it is unscored."""
    s = scores.c
    query = select(s.case_no, s.repeat, s.value).where(
        s.variant_no == variant_no, s.series_no == series_no, s.attempt == 0, s.answered == 1
    )
    return {Output(variant_no, case, repeat): value for case, repeat, value in _rows(connection, query)}


def sealed_cases(connection: Connection, set_no: int) -> set[int]:
    """Return the numbers of the sealed cases."""
    m = members.c
    query = select(m.case_no).where(m.set_no == set_no, m.part == PARTS.index("holdout"))
    return {row[0] for row in _rows(connection, query)}


def texts_of(
    connection: Connection, set_no: int, variants: Collection[int], parts: Collection[str]
) -> Iterator[tuple[Output, str]]:
    """Yield the text of each answered output."""
    o = outputs.c
    query = _those(set_no, variants, parts, o.variant_no, o.case_no, o.repeat, texts.c.text)
    for variant, case, repeat, text in _rows(connection, query):
        yield Output(variant, case, repeat), text or ""


def _those(set_no: int, variants: Collection[int], parts: Collection[str], *columns: Any) -> Select[Any]:
    o = outputs.c
    return (
        select(*columns)
        .select_from(recorded(set_no))
        .where(
            and_(
                o.variant_no.in_(list(variants)),
                o.attempt == 0,
                o.answered == 1,
                members.c.part.in_([PARTS.index(part) for part in sorted(parts)]),
            )
        )
        .order_by(o.case_no, o.variant_no, o.repeat)
    )


def _rows(connection: Connection, query: Any) -> list[tuple[Any, ...]]:
    cursor: Any = connection.execute(query).cursor  # plain tuples: there may be a hundred thousand
    return list(cursor.fetchall())
