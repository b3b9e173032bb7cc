"""Which outputs a judge has yet to judge, and which it judged that carry a person's label."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from shipworthy.store.tables import PARTS, cases, closings, intents, members, outputs, runs, scores, texts

CHUNK = 256


class Unjudged:
    """The answered outputs of one variant without a score in one series.

    Args:
        set_no: the index of the eval set.
        variant_no: whose outputs.
        series_no: the judge's series.
        parts: of which parts.
        but: ids of cases that are left out.
    """

    def __init__(
        self, set_no: int, variant_no: int, series_no: int, parts: Collection[str], but: Collection[str] = ()
    ) -> None:
        self.set_no, self.variant_no, self.series_no = set_no, variant_no, series_no
        self.parts = [PARTS.index(part) for part in sorted(parts)]
        self.but = sorted(but)

    def size(self, connection: Connection) -> tuple[int, int]:
        """Return how many there are, and how many characters they have."""
        query = self._those(func.count(), func.coalesce(func.sum(func.length(texts.c.text)), 0), answered=1)
        n, characters = connection.execute(query).one()
        return int(n), int(characters)

    def silent(self, connection: Connection) -> list[tuple[Any, ...]]:
        """Return score rows of outputs without an answer: nobody is asked about those."""
        o = outputs.c
        query = self._those(o.case_no, o.repeat, o.run_no, answered=0)
        return [
            (self.variant_no, self.series_no, row.case_no, row.repeat, 0, row.run_no, 0, None)
            for row in connection.execute(query)
        ]

    def wordless(self, connection: Connection) -> list[tuple[Any, ...]]:
        """Return score rows of answers of which no text was recorded: there is nothing to show to a judge."""
        o = outputs.c
        query = self._those(o.case_no, o.repeat, o.run_no, answered=1, told=False)
        return [
            (self.variant_no, self.series_no, row.case_no, row.repeat, 0, row.run_no, 1, None)
            for row in connection.execute(query)
        ]

    def after(self, connection: Connection, case_no: int, repeat: int) -> list[Any]:
        """Return the next few after one in the order of cases and repeats: key, numbers, part, run, text and kind."""
        o = outputs.c
        query = self._those(
            cases.c.key, o.case_no, o.repeat, o.run_no, members.c.part, texts.c.text, runs.c.kind, answered=1
        )
        later = or_(o.case_no > case_no, and_(o.case_no == case_no, o.repeat > repeat))
        return list(connection.execute(query.where(later).order_by(o.case_no, o.repeat).limit(CHUNK)))

    def _those(self, *columns: Any, answered: int, told: bool = True) -> Select[Any]:
        o, s, t = outputs.c, scores.c, texts.c
        words = [] if not answered else [t.text.is_not(None) if told else t.text.is_(None)]
        has_score = exists().where(
            s.variant_no == o.variant_no, s.series_no == self.series_no, s.case_no == o.case_no,
            s.repeat == o.repeat, s.attempt == o.attempt,
        )  # fmt: skip
        return (
            select(*columns)
            .select_from(recorded(self.set_no))
            .where(
                o.variant_no == self.variant_no,
                o.attempt == 0,
                o.answered == answered,
                members.c.part.in_(self.parts),
                cases.c.key.not_in(self.but),
                ~has_score,
                *words,
            )
        )


def recorded(set_no: int) -> Any:
    """Return outputs that count, joined with their run, case, place in the eval set and text."""
    o, t = outputs.c, texts.c
    same: ColumnElement[bool] = and_(
        t.variant_no == o.variant_no, t.case_no == o.case_no, t.repeat == o.repeat, t.attempt == o.attempt
    )
    return (
        outputs.join(runs, runs.c.no == o.run_no)
        .join(closings, closings.c.run_no == runs.c.no)
        .join(cases, cases.c.no == o.case_no)
        .join(members, (members.c.case_no == o.case_no) & (members.c.set_no == set_no))
        .outerjoin(texts, same)
    )


def kin(connection: Connection, set_no: int, keys: Collection[str]) -> frozenset[str]:
    """Return the ids of some cases with those that stand or fall with them: of their groups, or with the same words."""
    c, m = cases.c, members.c
    mine = cases.join(members, (m.case_no == c.no) & (m.set_no == set_no))
    groups = select(m.group_no).select_from(mine).where(c.key.in_(list(keys)), m.alone == 0)
    query = select(c.key).select_from(mine).where(m.alone == 0, m.group_no.in_(groups))
    return frozenset(keys) | frozenset(connection.execute(query).scalars())


def labelled(
    connection: Connection, *, set_no: int, variant_no: int, series_no: int, labels_no: int, part: str
) -> Iterator[Any]:
    """Yield the labelled and answered outputs of a part: key, numbers, group, tag set, label, the judge's value, text."""
    o, m = outputs.c, members.c
    judged, label = scores.alias("judged"), scores.alias("label")

    def of(table: Any, number: int) -> ColumnElement[bool]:
        return and_(
            table.c.variant_no == o.variant_no, table.c.case_no == o.case_no, table.c.repeat == o.repeat,
            table.c.attempt == o.attempt, table.c.series_no == number,
        )  # fmt: skip

    query = (
        select(
            cases.c.key, o.case_no, o.repeat, m.alone, m.group_no, m.tagset_no, runs.c.kind, texts.c.text,
            label.c.value.label("label"), judged.c.value.label("judged"), judged.c.case_no.label("has"),
        )
        .select_from(recorded(set_no).join(label, of(label, labels_no)).outerjoin(judged, of(judged, series_no)))
        .where(
            o.variant_no == variant_no,
            o.attempt == 0,
            o.answered == 1,
            m.part == PARTS.index(part),
            label.c.value.is_not(None),
        )
        .order_by(o.case_no, o.repeat)
    )  # fmt: skip
    yield from connection.execute(query)


def judged_after(connection: Connection, series: str, variant_no: int, call: int) -> set[tuple[int, int]]:
    """Return case number and repeat of the outputs about which a judge was first asked after a call."""
    i = intents.c
    query = (
        select(i.case_no, i.repeat)
        .where(i.purpose == series, i.variant_no == variant_no)
        .group_by(i.case_no, i.repeat)
        .having(func.min(i.no) > call)
    )
    return {(row[0], row[1]) for row in connection.execute(query)}


def tally(
    connection: Connection,
    *,
    set_no: int,
    variant_no: int,
    series_no: int,
    part: str,
    least: float,
    only: Collection[tuple[int, int]] | None = None,
) -> tuple[int, int]:
    """Count the answered outputs of an open part with a row in a series, and those that pass there; only some, if so said."""
    o, s = outputs.c, scores.c
    same = and_(
        s.variant_no == o.variant_no, s.case_no == o.case_no, s.repeat == o.repeat, s.attempt == o.attempt,
        s.series_no == series_no,
    )  # fmt: skip
    query = (
        select(o.case_no, o.repeat, s.value)
        .select_from(recorded(set_no).join(scores, same))
        .where(
            o.variant_no == variant_no,
            o.attempt == 0,
            o.answered == 1,
            members.c.part == PARTS.index(part),
        )
    )
    values = [
        value
        for number, repeat, value in connection.execute(query)
        if only is None or (number, repeat) in only
    ]
    return len(values), sum(value is not None and value >= least for value in values)
