"""What was recorded of variants, and what of the eval set stands in two parts: counts alone, which anybody may know."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, select

from shipworthy.store.caseset import OPEN_PARTS
from shipworthy.store.tables import PARTS, closings, journal, members, outputs, runs, scores, texts, variants

_SEALED = PARTS.index("holdout")


def _counting() -> Any:
    """Return first answers of closed runs."""
    o = outputs.c
    return outputs.join(closings, closings.c.run_no == o.run_no).join(runs, runs.c.no == o.run_no)


def outputs_by_variant(connection: Connection) -> dict[str, int]:
    """Count the outputs of each variant by its name, whatever state its code was in."""
    o = outputs.c
    query = (
        select(variants.c.name, func.count())
        .select_from(_counting().join(variants, variants.c.no == o.variant_no))
        .where(o.attempt == 0)
        .group_by(variants.c.name)
    )
    return {name: int(n) for name, n in connection.execute(query)}


def outputs_of(connection: Connection, set_no: int, variant_no: int, *, since: int | None) -> tuple[int, int]:
    """Count the outputs of one variant on open cases, and on sealed cases since a lock.

    Args:
        connection: a consistent view.
        set_no: the index of the eval set.
        variant_no: whose outputs.
        since: the lock's event; None when nothing is locked, and then no sealed output counts.
    """
    o, m = outputs.c, members.c
    late = runs.c.opened >= since if since is not None else false()
    sealed = and_(m.part == _SEALED, late)
    query = (
        select(_times(m.part != _SEALED), _times(sealed))
        .select_from(_counting().join(members, (m.case_no == o.case_no) & (m.set_no == set_no)))
        .where(o.variant_no == variant_no, o.attempt == 0)
    )
    open_ones, closed = connection.execute(query).one()
    return int(open_ones), int(closed)


def _times(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def overlap(connection: Connection, variant_no: int, baseline_no: int | None) -> float | None:
    """Return the share of a variant's cases that the baseline has an output for too; None when there are none."""
    mine = _cases_of(variant_no).subquery()
    n = connection.execute(select(func.count()).select_from(mine)).scalar() or 0
    if not n:
        return None
    if baseline_no is None:
        return 0.0
    theirs = _cases_of(baseline_no).subquery()
    both = select(func.count()).select_from(mine.join(theirs, mine.c.case_no == theirs.c.case_no))
    return float(connection.execute(both).scalar() or 0) / n


def _cases_of(variant_no: int) -> Any:
    o = outputs.c
    return (
        select(o.case_no)
        .select_from(_counting())
        .where(o.variant_no == variant_no, o.attempt == 0)
        .distinct()
    )


def has_cost(connection: Connection, variant_no: int) -> bool:
    """Whether any output of a variant is known to have cost money."""
    o = outputs.c
    query = select(o.case_no).where(o.variant_no == variant_no, o.cost_usd > 0).limit(1)
    return connection.execute(query).first() is not None


def open_cost(connection: Connection, set_no: int, variant_no: int) -> float | None:
    """Return the mean recorded cost of a variant's outputs on open cases; None when none was recorded."""
    o, m = outputs.c, members.c
    query = (
        select(func.avg(o.cost_usd))
        .select_from(_counting().join(members, (m.case_no == o.case_no) & (m.set_no == set_no)))
        .where(o.variant_no == variant_no, o.attempt == 0, m.part != _SEALED, o.cost_usd.is_not(None))
    )
    found = connection.execute(query).scalar()
    return None if found is None else float(found)


def newest(connection: Connection, variant_no: int) -> str | None:
    """Return when the latest run of a variant was closed, as text; None when there is none."""
    query = (
        select(func.max(journal.c.at))
        .select_from(
            runs.join(closings, closings.c.run_no == runs.c.no).join(journal, journal.c.seq == closings.c.seq)
        )
        .where(runs.c.variant_no == variant_no)
    )
    return connection.execute(query).scalar()


def copied_repeats(
    connection: Connection, set_no: int, variant_no: int, most: int = 500
) -> tuple[float, float] | None:
    """Return how alike the repeats of open cases are, and how quick.

    Args:
        connection: a consistent view.
        set_no: the index of the eval set.
        variant_no: whose outputs.
        most: so many cases are looked at, in the order of the eval set.

    Returns:
        The share of cases whose repeats are the same to the letter, and the time of later repeats as a share of the
        first one's, in the middle case; None when texts or times were not recorded.
    """
    o, m, t = outputs.c, members.c, texts.c
    same = (
        (t.variant_no == o.variant_no)
        & (t.case_no == o.case_no)
        & (t.repeat == o.repeat)
        & (t.attempt == o.attempt)
    )
    first, later = func.max(case((o.repeat == 1, o.latency_s))), func.avg(case((o.repeat > 1, o.latency_s)))
    query = (
        select(func.count(t.text.distinct()).label("texts"), first.label("first"), later.label("later"))
        .select_from(
            _counting().join(members, (m.case_no == o.case_no) & (m.set_no == set_no)).join(texts, same)
        )
        .where(o.variant_no == variant_no, o.attempt == 0, o.answered == 1, m.part != _SEALED)
        .group_by(o.case_no)
        .having(func.count() > 1)
        .order_by(o.case_no)
        .limit(most)
    )
    rows = connection.execute(query).all()
    ratios = sorted(row.later / row.first for row in rows if row.first and row.later is not None)
    if not rows or not ratios:
        return None
    return sum(row.texts == 1 for row in rows) / len(rows), ratios[len(ratios) // 2]


def always_fail(
    connection: Connection, set_no: int, variant_no: int, series_no: int, passes_from: float
) -> list[int]:
    """Return the numbers of open cases that failed at every one of three or more repeats, the first fifty."""
    s, m = scores.c, members.c
    query = (
        select(s.case_no)
        .select_from(
            scores.join(closings, closings.c.run_no == s.run_no).join(
                members, (m.case_no == s.case_no) & (m.set_no == set_no)
            )
        )
        .where(s.variant_no == variant_no, s.series_no == series_no, s.attempt == 0, m.part != _SEALED)
        .group_by(s.case_no)
        .having((func.count(s.value) > 2) & (func.max(s.value) < passes_from))
        .order_by(s.case_no)
        .limit(50)
    )
    return list(connection.execute(query).scalars())


def has_open_texts(connection: Connection, set_no: int) -> bool:
    """Whether the text of any output on an open case is recorded: something that a person could read."""
    t, m = texts.c, members.c
    joined = texts.join(closings, closings.c.run_no == t.run_no).join(
        members, (m.case_no == t.case_no) & (m.set_no == set_no)
    )
    query = (
        select(t.case_no)
        .select_from(joined)
        .where(t.text.is_not(None), m.part.in_([PARTS.index(part) for part in OPEN_PARTS]))
    )
    return connection.execute(query.limit(1)).first() is not None
