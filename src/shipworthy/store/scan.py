"""One pass over a variant's rows: what SQL finds of each case, for all criteria that read the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)

from shipworthy.domain.criteria import Criterion
from shipworthy.statistics.scaled_mean import STEPS
from shipworthy.store.asked import Asked, Source
from shipworthy.store.packed import Packing
from shipworthy.store.tables import members, outputs, scores


class Figures(NamedTuple):
    """What was found of one case."""

    rows: int = 0
    against_rows: int = 0
    """rows of the baseline"""
    lost: int = 0
    """under the baseline: scored and not passed"""
    passed: int = 0
    unscored: int = 0
    silent: int = 0
    """rows that say that there was no answer"""
    points: int = 0
    labelled_passed: int = 0
    upheld: int = 0
    labelled_failed: int = 0
    rescued: int = 0
    """what people said of outputs that a judge scored: see `CaseTally`"""
    handed_over: int = 0
    """answered, with a confidence that is too low, or none"""


SHARED = Figures._fields[:3]
OWN = Figures._fields[3:]

Weights = dict[str, int]


class Mark(NamedTuple):
    """What one row adds to some figures that are packed side by side.

    Attributes:
        names: those figures.
        most: the most that one row adds to each.
        added: the sum of what it adds, each times its weight.
    """

    names: tuple[str, ...]
    most: int
    added: Callable[[Weights], ColumnElement[int]]


@dataclass(frozen=True)
class Beside:
    """What the baseline did, packed: of one member, looked up by key; of every case with rows, `case_no` and `w0`."""

    of_member: ColumnElement[int]
    of_all: Subquery


@dataclass(frozen=True)
class Scan:
    """The rows of a variant that several criteria read.

    Attributes:
        asked: those criteria.
        packing: where each figure is; those of the first criterion are named `passed/0`, ….
        found: one row per case with rows: `case_no`, then the packed numbers `w0`, …; None when there are no rows.
        against: the same cases under the baseline; None when no criterion is a difference, or it never ran.
    """

    asked: list[Asked]
    packing: Packing
    found: Subquery | None
    against: Beside | None

    def names(self, position: int) -> tuple[str, ...]:
        """Return where the packing has the figures of a criterion, in the order of `Figures`."""
        asked = self.asked[position]
        shared = SHARED if asked.against else ("rows", "", "")
        # Criteria that read one series of scores differ in nothing but the baseline.
        return (*shared, *(_own(name, position if asked.criterion.of else 0) for name in OWN))


def scans(connection: Connection, asked: Sequence[Asked], *, last_tagset: int) -> Iterator[Scan]:
    """Divide criteria among as few passes as there are kinds of rows.

    Args:
        connection: a consistent view.
        asked: the criteria; all differences against the same baseline.
        last_tagset: the largest number of a tag set.
    """
    if len({each.against for each in asked if each.against}) > 1:
        raise ValueError("differences must be against one baseline")
    alike: dict[Any, list[Asked]] = {}
    for each in asked:
        alike.setdefault(_rows_read(each), []).append(each)
    for together in alike.values():
        yield _scan(connection, together, last_tagset)


def _rows_read(asked: Asked) -> Any:
    """Say which rows a criterion reads. Two means are apart: few cases have both the same cost and the same time."""
    of = asked.criterion.of
    if of is not None:
        return (
            asked.source,
            asked.against,
            asked.series,
            of if asked.criterion.estimand == "mean" else "cost_usd",
        )
    return asked.source, asked.series, asked.labels, asked.confidence


def _scan(connection: Connection, asked: list[Asked], last_tagset: int) -> Scan:
    source, (number, passes_from) = asked[0].source, asked[0].series
    against = next((each.against for each in asked if each.against), None)
    base = against.repeats if against else 0
    rows, marks = _rows(connection, asked)
    repeats = source.repeats
    fields = [{_own(name, i): mark.most * repeats for name in mark.names} for i, mark in marks]
    packing = Packing(
        [{"tagset": last_tagset}, {"against_rows": base, "lost": base}, {"rows": repeats}, *fields]
    )
    found = None if rows is None else _per_case(rows, marks, packing, repeats=repeats)
    lost = None
    if against is not None and against.variant_no is not None and number is not None:
        lost = _lost(connection, against, number, passes_from, packing)
    return Scan(asked, packing, found, lost)


def _rows(connection: Connection, asked: list[Asked]) -> tuple[Select[Any] | None, list[tuple[int, Mark]]]:
    """Return the rows with their case number, and what each adds to the figures of which criterion."""
    first = asked[0]
    source, (number, passes_from) = first.source, first.series
    if source.variant_no is None:
        return None, []
    if first.criterion.of is not None:
        o = outputs.c
        rows = select(o.case_no).where(o.variant_no == source.variant_no, *source.counting(connection, o))
        return rows, [(i, mark) for i, each in enumerate(asked) for mark in _of_outputs(each.criterion)]
    if number is None:
        return None, []
    if first.confidence is not None:
        return _surer(connection, source, first.series, first.confidence)
    s = scores.c
    rows = select(s.case_no).where(
        s.variant_no == source.variant_no, s.series_no == number, *source.counting(connection, s)
    )
    outcome = _outcome(s.answered, s.value, s.value >= passes_from)
    labels, label_passes_from = first.labels
    if labels is None:
        return rows, [(0, outcome)]
    rows, labelled = _beside_labels(rows, labels, label_passes_from, passes_from)
    return rows, [(0, outcome), (0, labelled)]


def _surer(
    connection: Connection,
    source: Source,
    series: tuple[int | None, float],
    confidence: tuple[int | None, float],
) -> tuple[Select[Any], list[tuple[int, Mark]]]:
    """Return every output with its score and its confidence beside it, where it has them.

    No answer is told before the confidence is asked: such an output is never one that was handed over. An output that
    is answered and has no row of the score lacks: it is left out here, and so counts as missing and as no answer. One
    that is handed over needs no score.
    """
    (number, passes_from), (sure, answers_from) = series, confidence
    o, s, b = outputs.c, scores.alias("s").c, scores.alias("b").c
    joined = outputs
    for of, wanted in ((s, number), (b, -1 if sure is None else sure)):
        same = (
            of.variant_no == o.variant_no,
            of.case_no == o.case_no,
            of.repeat == o.repeat,
            of.attempt == o.attempt,
        )
        joined = joined.outerjoin(  # type: ignore[assignment]
            of.case_no.table, and_(*same, of.series_no == wanted, *source.counting(connection, of))
        )
    silent = (o.answered == 0) | func.coalesce(s.answered == 0, False)
    below = func.coalesce(b.value, -1.0) < answers_from
    rows = (
        select(o.case_no)
        .select_from(joined)
        .where(o.variant_no == source.variant_no, *source.counting(connection, o))
        .where(silent | below | s.case_no.is_not(None))
    )
    mark = Mark(
        ("passed", "unscored", "silent", "handed_over"),
        1,
        lambda weigh: case(
            (silent, _number(weigh["silent"])),
            (below, _number(weigh["handed_over"])),
            (s.value >= passes_from, _number(weigh["passed"])),
            (s.value.is_(None), _number(weigh["unscored"])),
            else_=_number(0),
        ),
    )
    return rows, [(0, mark)]


def _own(name: str, position: int) -> str:
    return f"{name}/{position}"


def _outcome(answered: ColumnElement[int], value: ColumnElement[Any], passes: ColumnElement[bool]) -> Mark:
    return Mark(
        ("passed", "unscored", "silent"),
        1,
        lambda weigh: case(
            (answered == 0, _number(weigh["silent"])),
            (passes, _number(weigh["passed"])),
            (value.is_(None), _number(weigh["unscored"])),
            else_=_number(0),
        ),
    )


def _number(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


def _beside_labels(
    rows: Select[Any], labels: int, label_passes_from: float, passes_from: float
) -> tuple[Select[Any], Mark]:
    """Set people's labels beside a judge's scores of the same outputs."""
    s, b = scores.c, scores.alias("b").c
    same = and_(
        b.variant_no == s.variant_no,
        b.series_no == labels,
        b.case_no == s.case_no,
        b.repeat == s.repeat,
        b.attempt == s.attempt,
    )
    passed, good = s.value >= passes_from, b.value >= label_passes_from
    names = ("labelled_passed", "upheld", "labelled_failed", "rescued")
    mark = Mark(
        names,
        1,
        lambda weigh: case(
            (b.value.is_(None), _number(0)),
            (passed & good, _number(weigh["labelled_passed"] + weigh["upheld"])),
            (passed, _number(weigh["labelled_passed"])),
            (good, _number(weigh["labelled_failed"] + weigh["rescued"])),
            else_=_number(weigh["labelled_failed"]),
        ),
    )
    return rows.select_from(scores.outerjoin(b.case_no.table, same)), mark


def _of_outputs(criterion: Criterion) -> Iterator[Mark]:
    o = outputs.c
    value = o.latency_s if criterion.of == "latency_s" else o.cost_usd
    yield _outcome(o.answered, value, value <= criterion.bar.value)
    if criterion.estimand == "mean":
        cap = criterion.cap or 1.0
        known: ColumnElement[bool] = value.between(0.0, cap)
        if criterion.of == "latency_s":
            known &= o.answered == 1  # no answer is not a quick one; what it cost is spent all the same
        within = case((known, value), else_=cap)
        points = cast(STEPS * (cap - within) / cap, Integer)
        yield Mark(("points",), STEPS, lambda weigh: points * _number(weigh["points"]))


def _per_case(
    rows: Select[Any], marks: list[tuple[int, Mark]], packing: Packing, *, repeats: int
) -> Subquery:
    """Return one row per case with its packed figures; with one repeat a row is a case, and nothing is sorted."""
    words: list[ColumnElement[int]] = [_number(0)] * packing.n_words
    word, one = packing.weight("rows")
    words[word] = _number(one)
    for position, mark in marks:
        weights = {name: packing.weight(_own(name, position)) for name in mark.names}
        word, _ = weights[mark.names[0]]
        words[word] = words[word] + mark.added({name: weight for name, (_, weight) in weights.items()})
    if repeats > 1:
        words = [cast(func.sum(word), BigInteger) for word in words]
        rows = rows.group_by(rows.selected_columns[0])
    return rows.add_columns(*(word.label(f"w{i}") for i, word in enumerate(words))).subquery("f")


def _lost(
    connection: Connection, against: Source, number: int, passes_from: float, packing: Packing
) -> Beside:
    """Return how many rows the baseline has of a case, and how many of them it lost."""
    b = scores.alias("b").c
    (_, row), (_, loss) = packing.weight("against_rows"), packing.weight("lost")
    each = case((b.value < passes_from, _number(row + loss)), else_=_number(row))
    found = each if against.repeats == 1 else cast(func.sum(each), BigInteger)
    mine = (b.variant_no == against.variant_no, b.series_no == number, *against.counting(connection, b))
    one = select(found).where(b.case_no == members.c.case_no, *mine).correlate(members)
    every = select(b.case_no, found.label("w0")).where(*mine)
    if against.repeats > 1:
        every = every.group_by(b.case_no)
    return Beside(func.coalesce(one.scalar_subquery(), _number(0)), every.subquery("against"))
