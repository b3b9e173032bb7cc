"""Read outputs of open parts: how many passed, and what was said of some of them; `outcomes` chooses which.

Nothing here reaches the holdout: what is sealed is read one output at a time by whoever labels it, and summed up by
a look alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, case, exists, func, select

from shipworthy.store.of_outputs import Of
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
    texts,
    variants,
)


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


def counts(connection: Connection, of: Of) -> Counts:
    """Count outputs by how they turned out."""
    row = connection.execute(select(*_sums(of)).select_from(_joined(of)).where(*_mine(of))).one()
    return Counts(*map(int, row))


def values_of(connection: Connection, of: Of) -> dict[tuple[int, int], float]:
    """Return the values of a score on outputs of open parts, by number of the case and repeat; unscored ones are not there."""
    s = scores.c
    query = (
        select(s.case_no, s.repeat, s.value).select_from(_joined(of)).where(*_mine(of), s.value.is_not(None))
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def words_of(
    connection: Connection, of: Of, keys: Sequence[tuple[int, int]], *, letters: int | None = None
) -> list[Seen]:
    """Return outputs with what was said of them.

    Args:
        connection: a consistent view.
        of: whose outputs, under which score.
        keys: number of the case and repeat of each; few, as each is looked up.
        letters: how much of each output's text; all unless said.
    """
    given = {
        "variant": of.variant_no, "series": of.series_no or 0, "cases": sorted({case for case, _ in keys}), "letters": letters,
    }  # fmt: skip
    rows = connection.execute(_words_query(cut=letters is not None), given)
    found = {(row[0], row[2]): Seen(*row[1:]) for row in rows}
    return [found[key] for key in keys if key in found]


@cache
def _words_query(*, cut: bool) -> Select[Any]:
    """Return the query once made: making it takes longer than the database needs for it."""
    c, o, x, w, s = cases.c, outputs.c, texts.c, explanations.c, scores.c
    variant: BindParameter[int] = bindparam("variant")
    series_no: BindParameter[int] = bindparam("series")

    def same(t: Any) -> Any:
        return (
            (t.variant_no == variant) & (t.case_no == o.case_no) & (t.repeat == o.repeat) & (t.attempt == 0)
        )

    text = func.substr(x.text, 1, bindparam("letters")) if cut else x.text
    return (
        select(
            o.case_no, c.key, o.repeat, variants.c.name, text, x.reason, s.value, w.text, o.latency_s, o.cost_usd
        )
        .select_from(
            outputs.join(cases, c.no == o.case_no)
            .join(variants, variants.c.no == o.variant_no)
            .outerjoin(texts, same(x))
            .outerjoin(scores, same(s) & (s.series_no == series_no))
            .outerjoin(explanations, same(w) & (w.series_no == series_no))
        )
        .where(o.variant_no == variant, o.attempt == 0, o.case_no.in_(bindparam("cases", expanding=True)))
    )  # fmt: skip


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
