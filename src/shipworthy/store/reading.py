"""Read outputs of open parts: how many passed, slice by slice, the first failures, one output with all its words.

Nothing here reaches the holdout: what is sealed is read one output at a time by whoever labels it, and summed up by
a look alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, exists, func, select

from shipworthy.store.tables import (
    PARTS,
    cases,
    closings,
    explanations,
    members,
    outputs,
    runs,
    scores,
    series,
    steps,
    tagsets,
    texts,
    variants,
)

OPEN = ("explore", "tune", "calibrate")


@dataclass(frozen=True)
class Counts:
    """How outputs turned out under one score."""

    outputs: int
    passed: int
    unscored: int
    no_answer: int


@dataclass(frozen=True)
class Seen:
    """One output.

    Attributes:
        case: its case.
        repeat: which repeat.
        variant: whose.
        text: the output as JSON, or as the imported file has it; None when there is no answer.
        reason: why there is no answer.
        value: its score; None when unscored or not asked for.
        words: what the scorer said.
        latency_s: seconds it took.
        cost_usd: what it cost.
        steps: turns and tool calls as JSON.
    """

    case: str
    repeat: int
    variant: str
    text: str | None
    reason: str | None
    value: float | None = None
    words: str | None = None
    latency_s: float | None = None
    cost_usd: float | None = None
    steps: str | None = None


@dataclass(frozen=True)
class Of:
    """Which outputs are meant.

    Attributes:
        set_no: the index of the eval set.
        variant_no: whose outputs.
        series_no: under which score.
        passes_from: the least value that passes.
        parts: open parts.
    """

    set_no: int
    variant_no: int
    series_no: int
    passes_from: float = 1.0
    parts: tuple[str, ...] = ("explore", "tune")

    @property
    def part_numbers(self) -> list[int]:
        """The parts as the ledger numbers them; a sealed part is never among them."""
        return [PARTS.index(part) for part in self.parts if part in OPEN]


def counts(connection: Connection, of: Of) -> Counts:
    """Count outputs by how they turned out."""
    row = connection.execute(select(*_sums(of)).select_from(_joined(of)).where(*_mine(of))).one()
    return Counts(*map(int, row))


def counts_by_tagset(connection: Connection, of: Of) -> dict[str, Counts]:
    """Count outputs by the tags that slices use, given as JSON."""
    m, t = members.c, tagsets.c
    inner = (
        select(m.tagset_no, *_sums(of))
        .select_from(_joined(of))
        .where(*_mine(of))
        .group_by(m.tagset_no)
        .subquery()
    )
    query = (
        select(t.tags, *list(inner.c)[1:]).join(inner, inner.c.tagset_no == t.no).where(t.set_no == of.set_no)
    )
    return {row[0]: Counts(*map(int, row[1:])) for row in connection.execute(query)}


def failures(connection: Connection, of: Of, most: int = 50) -> list[Seen]:
    """Return the first outputs that did not pass, in the order of the eval set, with what was said of them."""
    s, c, x, w, o = scores.c, cases.c, texts.c, explanations.c, outputs.c
    failed = (s.value.is_(None)) | (s.value < of.passes_from)
    first = (
        select(s.case_no, s.repeat, s.value)
        .select_from(_joined(of))
        .where(*_mine(of), failed)
        .order_by(s.case_no, s.repeat)
        .limit(most)
        .subquery("first")
    )
    f = first.c

    def same(t: Any) -> Any:
        return (
            (t.variant_no == of.variant_no)
            & (t.case_no == f.case_no)
            & (t.repeat == f.repeat)
            & (t.attempt == 0)
        )

    query = (
        select(c.key, f.repeat, variants.c.name, x.text, x.reason, f.value, w.text, o.latency_s, o.cost_usd)
        .select_from(
            first.join(cases, c.no == f.case_no)
            .join(variants, variants.c.no == of.variant_no)
            .join(outputs, same(o))
            .outerjoin(texts, same(x))
            .outerjoin(explanations, same(w) & (w.series_no == of.series_no))
        )
        .order_by(f.case_no, f.repeat)
    )
    return [Seen(*row) for row in connection.execute(query)]


def one_output(
    connection: Connection, set_no: int, variant_no: int, key: str, repeat: int = 1
) -> tuple[Seen, str, Sequence[tuple[str, float | None, str | None]]] | None:
    """Return one output of a case, its part, and all scores of it with what was said; None when there is none."""
    c, o, x, m = cases.c, outputs.c, texts.c, members.c

    def same(t: Any) -> Any:
        return (
            (t.variant_no == o.variant_no)
            & (t.case_no == o.case_no)
            & (t.repeat == o.repeat)
            & (t.attempt == o.attempt)
        )

    numbers = list(connection.execute(select(c.no).where(c.key == key)).scalars())
    query = (
        select(
            c.key, o.repeat, variants.c.name, x.text, x.reason, o.latency_s, o.cost_usd, steps.c.text, m.part, o.case_no
        )
        .select_from(
            cases.join(members, (m.case_no == c.no) & (m.set_no == set_no))
            .join(outputs, (o.variant_no == variant_no) & (o.case_no == c.no))
            .join(runs, runs.c.no == o.run_no)
            .join(closings, closings.c.run_no == runs.c.no)
            .join(variants, variants.c.no == o.variant_no)
            .outerjoin(texts, same(x))
            .outerjoin(steps, same(steps.c))
        )
        .where(c.no.in_(numbers), m.case_no.in_(numbers), o.repeat == repeat, o.attempt == 0)
    )  # fmt: skip
    row = connection.execute(query).first()
    if row is None:
        return None
    s, w = scores.c, explanations.c
    said = connection.execute(
        select(series.c.name, s.value, w.text)
        .select_from(
            scores.join(series, series.c.no == s.series_no).outerjoin(
                explanations,
                (w.variant_no == s.variant_no) & (w.series_no == s.series_no) & (w.case_no == s.case_no)
                & (w.repeat == s.repeat) & (w.attempt == s.attempt),
            )
        )
        .where(
            s.variant_no == variant_no, s.series_no.in_(select(series.c.no)), s.case_no == row[9],
            s.repeat == repeat, s.attempt == 0,
        )
        .order_by(series.c.name)
    )  # fmt: skip
    seen = Seen(row[0], row[1], row[2], row[3], row[4], latency_s=row[5], cost_usd=row[6], steps=row[7])
    return seen, PARTS[row[8]], [(each[0], each[1], each[2]) for each in said]


def _joined(of: Of) -> Any:
    s, m = scores.c, members.c
    return scores.join(members, (m.set_no == of.set_no) & (m.case_no == s.case_no))


def _mine(of: Of) -> tuple[Any, ...]:
    s, m = scores.c, members.c
    open_runs = select(runs.c.no).where(
        ~exists().where(closings.c.run_no == runs.c.no)
    )  # few: the list is short
    return (
        s.run_no.not_in(open_runs.scalar_subquery()), s.variant_no == of.variant_no, s.series_no == of.series_no, s.attempt == 0, m.part.in_(of.part_numbers),
    )  # fmt: skip


def _sums(of: Of) -> list[Any]:
    s = scores.c

    def number(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    return [
        func.count(),
        number((s.answered == 1) & (s.value >= of.passes_from)),
        number((s.answered == 1) & s.value.is_(None)),
        number(s.answered == 0),
    ]
