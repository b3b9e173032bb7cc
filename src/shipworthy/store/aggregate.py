"""From rows to tallies, in SQL: how many groups had which outcome.

One scan per criterion, in key order. Cases that are their own group become counts in the database;
groups of several cases come back as short patterns with the number of groups that share each. Rows of
runs that are not closed, later attempts and repeats beyond the plan are never counted; a planned output
without a row is *no answer*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    select,
)

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import CaseTally, GroupTally, Tally
from shipworthy.statistics.scaled_mean import STEPS
from shipworthy.store.tables import PARTS, closings, members, outputs, runs, scores


@dataclass(frozen=True)
class Source:
    """Where the outcomes of one variant are, and which of them count.

    Attributes:
        variant_no: whose outputs; None when the variant never ran.
        repeats: planned repeats of each case.
        since: only runs opened at or after this journal event count; 0 for all.
    """

    variant_no: int | None
    repeats: int
    since: int = 0


@dataclass(frozen=True)
class Field:
    """Which cases are counted.

    Attributes:
        set_no: the index of the eval set.
        parts: names of the parts.
        cell_of: tag set number to the cell it falls into.
        started_only: leave out groups without a single output yet.
        until: leave out groups that begin after this case number, in the order of the eval set.
    """

    set_no: int
    parts: frozenset[str]
    cell_of: dict[int, int]
    started_only: bool = False
    until: int | None = None

    def cases(self) -> ColumnElement[bool]:
        """Return the condition on `members` that keeps the cases of this field."""
        m = members.c
        here = and_(m.set_no == self.set_no, m.part.in_([PARTS.index(part) for part in sorted(self.parts)]))
        if self.until is None:
            return here
        begun = select(m.group_no).where(here, m.alone == 0).group_by(m.group_no)
        larger = m.group_no.in_(begun.having(func.min(m.case_no) <= self.until))
        return and_(here, case((m.alone == 1, m.case_no <= self.until), else_=larger))


@dataclass(frozen=True)
class Counted:
    """A tally, and how many planned outputs have no row at all."""

    tally: Tally
    missing: int
    groups: int


class Figures(NamedTuple):
    """What was found of one case."""

    rows: int = 0
    passed: int = 0
    unscored: int = 0
    silent: int = 0
    """rows that say that there was no answer"""
    points: int = 0
    lost: int = 0
    """under the baseline: scored and not passed"""
    labelled_passed: int = 0
    upheld: int = 0
    labelled_failed: int = 0
    rescued: int = 0
    """what people said of outputs that a judge scored: see `CaseTally`"""


FOUND = Figures._fields[:5]
LABELLED = Figures._fields[6:]
Pattern = list[tuple[int, Figures]]
"""The cases of one group: tag set and figures of each."""


def count(
    connection: Connection,
    criterion: Criterion,
    field: Field,
    *,
    source: Source,
    against: Source | None = None,
    series: tuple[int | None, float] = (None, 1.0),
    labels: int | None = None,
) -> Counted:
    """Count one criterion.

    Args:
        connection: a consistent view.
        criterion: what is asked; latency and cost come from outputs, all else from scores.
        field: which cases.
        source: the variant asked about.
        against: the baseline, for a difference.
        series: number of the score series and the value from which a score passes.
        labels: number of the series of people's labels that correct a judge; a label passes as a score does.

    Returns:
        The tally over groups.
    """
    figures = _figures(connection, criterion, source, series, labels)
    return _Counter(connection, field, source, against, _lost(connection, against, series)).run(figures)


def last_case(connection: Connection, field: Field, source: Source) -> int:
    """Return the highest number of a case of the field that has an output which counts; 0 for none."""
    there = _outputs_of(connection, field, source)
    return connection.execute(there.with_only_columns(func.max(outputs.c.case_no))).scalar() or 0


def has_outputs(connection: Connection, field: Field, source: Source) -> bool:
    """Whether any output of the field counts, answered or not."""
    return bool(connection.execute(select(_outputs_of(connection, field, source).exists())).scalar())


def _outputs_of(connection: Connection, field: Field, source: Source) -> Select[Any]:
    o = outputs.c
    joined = outputs.join(members, members.c.case_no == o.case_no)
    mine = (o.variant_no == source.variant_no, *that_count(connection, o, source))
    return select(o.case_no).select_from(joined).where(*mine, field.cases())


def _figures(
    connection: Connection,
    criterion: Criterion,
    source: Source,
    series: tuple[int | None, float],
    labels: int | None,
) -> Subquery | None:
    """Return one row per case with outcomes: its number, then the names of `Figures`."""
    if source.variant_no is None:
        return None
    if criterion.of is not None:
        return _of_outputs(connection, criterion, source)
    number, passes_from = series
    if number is None:
        return None
    s = scores.c
    found = {
        "passed": s.value >= passes_from,
        "unscored": and_(s.answered == 1, s.value.is_(None)),
        "silent": s.answered == 0,
    }
    rows = select(s.case_no).where(
        s.variant_no == source.variant_no, s.series_no == number, *that_count(connection, s, source)
    )
    if labels is not None:
        rows, more = _beside_labels(rows, labels, passes_from)
        found |= more
    return _per_case(rows, s.case_no, found, points=literal(0), repeats=source.repeats)


def _beside_labels(
    rows: Select[Any], labels: int, passes_from: float
) -> tuple[Select[Any], dict[str, ColumnElement[bool]]]:
    """Set people's labels beside a judge's scores of the same outputs."""
    s, b = scores.c, scores.alias("b").c
    same = and_(
        b.variant_no == s.variant_no,
        b.series_no == labels,
        b.case_no == s.case_no,
        b.repeat == s.repeat,
        b.attempt == s.attempt,
    )
    passed = func.coalesce(s.value >= passes_from, false())
    labelled, good = b.value.is_not(None), b.value >= passes_from
    found: dict[str, ColumnElement[bool]] = {
        "labelled_passed": passed & labelled,
        "upheld": passed & good,
        "labelled_failed": ~passed & labelled,
        "rescued": ~passed & good,
    }
    return rows.select_from(scores.outerjoin(b.case_no.table, same)), found


def _of_outputs(connection: Connection, criterion: Criterion, source: Source) -> Subquery:
    o = outputs.c
    value = o.latency_s if criterion.of == "latency_s" else o.cost_usd
    points: ColumnElement[Any] = literal(0)
    if criterion.estimand == "mean":
        cap = criterion.cap or 1.0
        known = value.is_not(None) & (value <= cap)
        if criterion.of == "latency_s":
            known &= o.answered == 1  # no answer is not a quick one; what it cost is spent all the same
        within = case((known, value), else_=cap)
        points = cast(STEPS * (cap - within) / cap, Integer)
    found = {
        "passed": and_(o.answered == 1, value <= criterion.bar.value),
        "unscored": and_(o.answered == 1, value.is_(None)),
        "silent": o.answered == 0,
    }
    rows = select(o.case_no).where(o.variant_no == source.variant_no, *that_count(connection, o, source))
    return _per_case(rows, o.case_no, found, points=points, repeats=source.repeats)


def _per_case(
    rows: Select[Any],
    case_no: ColumnElement[int],
    found: dict[str, ColumnElement[bool]],
    *,
    points: ColumnElement[Any],
    repeats: int,
) -> Subquery:
    """Return one row per case with the names of `Figures`; with one repeat a row is a case, and nothing is sorted."""
    marks = {name: case((condition, 1), else_=0) for name, condition in found.items()}
    if repeats == 1:
        columns = {"rows": literal(1), **marks, "points": points}
    else:
        sums = {name: func.sum(mark) for name, mark in marks.items()}
        columns = {"rows": func.count(), **sums, "points": func.sum(points)}
        rows = rows.group_by(case_no)
    names = (*FOUND, *(name for name in LABELLED if name in found))
    return rows.add_columns(*(columns[name].label(name) for name in names)).subquery("f")


def _lost(
    connection: Connection, against: Source | None, series: tuple[int | None, float]
) -> ColumnElement[Any]:
    """Return how many repeats of a member the baseline lost, looked up for each case by key."""
    number, passes_from = series
    if against is None or against.variant_no is None or number is None:
        return literal(0)
    b = scores.alias("b").c
    mine = (b.variant_no == against.variant_no, b.series_no == number, b.case_no == members.c.case_no)
    counted = select(func.count()).where(*mine, *that_count(connection, b, against), b.value < passes_from)
    return counted.correlate(members).scalar_subquery()


def that_count(connection: Connection, columns: Any, source: Source) -> list[ColumnElement[bool]]:
    """Return the conditions on rows that count: only first answers, planned repeats, closed runs, and runs begun after the lock."""
    visible = (
        select(runs.c.no).join(closings, closings.c.run_no == runs.c.no).where(runs.c.opened >= source.since)
    )
    numbers = list(connection.execute(visible.where(runs.c.variant_no == source.variant_no)).scalars())
    return [columns.attempt == 0, columns.repeat <= source.repeats, columns.run_no.in_(numbers)]


class _Counter:
    """Turns figures of cases into counts of groups."""

    def __init__(
        self,
        connection: Connection,
        field: Field,
        source: Source,
        against: Source | None,
        lost: ColumnElement[Any],
    ) -> None:
        self.connection = connection
        self.field = field
        self.planned = source.repeats
        self.against = against.repeats if against else 0
        self.lost = lost
        self.within = field.cases()

    def run(self, figures: Subquery | None) -> Counted:
        groups: Counter[GroupTally] = Counter()
        missing = 0
        for pattern, number in chain(self._alone(figures), self._several(figures)):
            if self.field.started_only and not any(found.rows for _, found in pattern):
                continue
            missing += number * sum(max(self.planned - found.rows, 0) for _, found in pattern)
            groups[tuple(sorted(self._tally(tagset, found) for tagset, found in pattern))] += number
        return Counted(Tally(tuple(sorted(groups.items()))), missing, groups.total())

    def _tally(self, tagset: int, found: Figures) -> CaseTally:
        return CaseTally(
            cell=self.field.cell_of[tagset],
            planned=self.planned,
            passed=found.passed,
            unscored=found.unscored,
            no_answer=self.planned - found.rows + found.silent,
            points=found.points,
            against_planned=self.against,
            against_passed=self.against - found.lost,
            labelled_passed=found.labelled_passed,
            upheld=found.upheld,
            labelled_failed=found.labelled_failed,
            rescued=found.rescued,
        )

    def _alone(self, figures: Subquery | None) -> Iterator[tuple[Pattern, int]]:
        """Count cases that are their own group, those without any row last."""
        m, is_alone = members.c, members.c.alone == 1
        if self.against or figures is None:
            yield from self._every(figures, is_alone)
            return
        everyone = select(m.tagset_no, func.count()).where(self.within, is_alone).group_by(m.tagset_no)
        left = Counter(dict(map(tuple, self.connection.execute(everyone))))
        names = _names(figures)
        columns = [m.tagset_no, *(figures.c[name] for name in names)]
        query = (
            select(*columns, func.count())
            .select_from(figures.join(members, m.case_no == figures.c.case_no))
            .where(self.within, is_alone)
            .group_by(*columns)
        )
        for tagset, *found, number in self.connection.execute(query):
            left[tagset] -= number
            yield [(tagset, Figures(**dict(zip(names, found, strict=True))))], number
        for tagset, number in left.items():
            if number:
                yield [(tagset, Figures())], number

    def _every(self, figures: Subquery | None, which: ColumnElement[bool]) -> Iterator[tuple[Pattern, int]]:
        """Count cases from the members' side: the baseline may have answered where the variant did not."""
        columns, source = self._figures_of_members(figures)
        named = [
            column.label(name) for column, name in zip(columns, ("tagset", *Figures._fields), strict=False)
        ]
        each = select(*named).select_from(source).where(self.within, which).subquery("e")
        for tagset, *found, number in self.connection.execute(
            select(*each.c, func.count()).group_by(*each.c)
        ):
            yield [(tagset, Figures(*found))], number

    def _figures_of_members(self, figures: Subquery | None) -> tuple[list[ColumnElement[Any]], Any]:
        """Return tag set and figures as columns of the members, and what to select them from."""
        if figures is None:
            return [members.c.tagset_no + 0, *(literal(0) for _ in FOUND), self.lost], members
        found: list[ColumnElement[Any]] = [func.coalesce(figures.c[name], 0) for name in _names(figures)]
        found.insert(len(FOUND), self.lost)
        joined = members.outerjoin(figures, members.c.case_no == figures.c.case_no)
        return [members.c.tagset_no + 0, *found], joined

    def _several(self, figures: Subquery | None) -> Iterator[tuple[Pattern, int]]:
        """Count groups of several cases by their pattern, whose order the database does not promise."""
        together = members.c.alone == 0
        if not self.connection.execute(select(exists().where(self.within, together))).scalar():
            return
        columns, source = self._figures_of_members(figures)
        first, *rest = (cast(column, String) for column in columns)
        one: ColumnElement[str] = first
        for word in rest:
            one = one + literal(":") + word
        groups = (
            select(func.aggregate_strings(one, " ").label("pattern"))
            .select_from(source)
            .where(self.within, together)
            .group_by(members.c.group_no)
            .subquery("g")
        )
        counted = select(groups.c.pattern, func.count()).group_by(groups.c.pattern)
        for pattern, number in self.connection.execute(counted):
            yield [_parsed(word) for word in pattern.split(" ")], number


def _names(figures: Subquery) -> tuple[str, ...]:
    """Return which figures a count has: those of labels only beside a judge."""
    return tuple(name for name in Figures._fields if name in figures.c)


def _parsed(word: str) -> tuple[int, Figures]:
    tagset, *found = map(int, word.split(":"))
    return tagset, Figures(*found)
