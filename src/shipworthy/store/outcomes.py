"""How outputs turned out, in whole columns: one entry an output, in the order of the eval set.

The eval set's columns and those of a variant's outcomes are read once for each state of the ledger. Counting,
choosing and paging are then work on arrays; only the words of what is shown are looked up.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    case,
    cast,
    exists,
    func,
    literal,
    select,
)

from shipworthy.store.columns import Whole
from shipworthy.store.of_outputs import FAILED, NO_ANSWER, PASSED, STATES, UNSCORED, Of
from shipworthy.store.reading import Counts
from shipworthy.store.remember import lasting, remembered
from shipworthy.store.tables import PARTS, closings, members, outputs, runs, scores

REPEATS = 1 << 15
MICRO = 1_000_000
"""Times and costs are read in millionths: finer than any clock or price here."""


@dataclass(frozen=True, eq=False)
class Cases:
    """The eval set in the order of its cases.

    Attributes:
        number: the ledger's numbers of the cases, ascending.
        part: the part of each.
        group: a number for its group.
        tagset: the number of its tag set.
    """

    number: Whole
    part: Whole
    group: Whole
    tagset: Whole


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Outputs of the chosen parts, in the order of the eval set and of repeats.

    Attributes:
        case_no: the ledger's number of each one's case.
        at: its place in `Cases`.
        repeat: which repeat.
        code: how it turned out: a place in `STATES`.
    """

    case_no: Whole
    at: Whole
    repeat: Whole
    code: Whole


@dataclass(frozen=True, eq=False)
class Took:
    """What outputs of the chosen parts took; nan where it is not known."""

    at: Whole
    answered: NDArray[np.bool_]
    latency_s: NDArray[np.float64]
    cost_usd: NDArray[np.float64]


def cases_of(connection: Connection, set_no: int) -> Cases:
    """Return the columns of the eval set."""

    def read() -> Cases:
        m = members.c
        packed = m.case_no * literal(8, BigInteger) + m.part * literal(2, BigInteger) + m.alone
        query = select(packed.label("a"), m.group_no.label("b"), m.tagset_no.label("c")).where(
            m.set_no == set_no
        )
        head, group, tagset = _read(connection, query)
        order = np.argsort(head, kind="stable")
        head, group, tagset = head[order], group[order], tagset[order]
        number, alone = head >> 3, (head & 1) == 1
        # A case that is its own group is named by its number; named groups, and twins below 0, are odd.
        return Cases(number, (head >> 1) & 3, np.where(alone, 2 * number, 2 * group + 1), tagset)

    return lasting(connection, ("cases", set_no), read)


def outcomes(connection: Connection, of: Of) -> Outcomes:
    """Return how the outputs of the chosen parts turned out."""

    def read() -> Outcomes:
        [packed] = _read(connection, _codes(of))
        packed.sort()
        case_no = packed // (4 * REPEATS)
        at, here = _places(cases_of(connection, of.set_no), case_no, of.part_numbers)
        packed, case_no = packed[here], case_no[here]
        return Outcomes(case_no, at, (packed // 4) % REPEATS, packed % 4)

    return remembered(connection, ("outcomes", of), read)


def took(connection: Connection, of: Of) -> Took:
    """Return what the outputs of the chosen parts took."""

    def read() -> Took:
        o = outputs.c
        key = o.case_no * literal(2, BigInteger) + o.answered
        query = select(key.label("a"), _micro(o.latency_s).label("b"), _micro(o.cost_usd).label("c")).where(
            o.variant_no == of.variant_no, o.attempt == 0, o.run_no.not_in(_unclosed())
        )
        head, latency, cost = _read(connection, query)
        at, here = _places(cases_of(connection, of.set_no), head >> 1, of.part_numbers)
        known = [np.where(each[here] < 0, np.nan, each[here] / MICRO) for each in (latency, cost)]
        return Took(at, (head[here] & 1) == 1, *known)

    return remembered(connection, ("took", of), read)


def recorded(connection: Connection, of: Of, *, repeats: int) -> dict[str, int]:
    """Count the planned outputs that have a row, by part: that they are there, and nothing of what came of them."""

    def read() -> dict[str, int]:
        o = outputs.c
        query = select(o.case_no.label("a")).where(
            o.variant_no == of.variant_no, o.attempt == 0, o.repeat <= repeats, o.run_no.not_in(_unclosed())
        )
        [case_no] = _read(connection, query)
        cases = cases_of(connection, of.set_no)
        at, _ = _places(cases, case_no, range(len(PARTS)))
        return dict(zip(PARTS, np.bincount(cases.part[at], minlength=len(PARTS)).tolist(), strict=True))

    return remembered(connection, ("recorded", of, repeats), read)


def by_tagset(cases: Cases, found: Outcomes) -> dict[int, tuple[int, ...]]:
    """Count outputs by tag set of their case, and within it by how they turned out, in the order of `STATES`."""
    table = np.bincount(cases.tagset[found.at] * len(STATES) + found.code)
    table = np.pad(table, (0, -table.size % len(STATES))).reshape(-1, len(STATES))
    return {number: tuple(row) for number, row in enumerate(table.tolist()) if any(row)}


def added(counted: dict[int, tuple[int, ...]], tagsets: Collection[int]) -> Counts:
    """Add up the counts of some tag sets.

    >>> added({0: (3, 1, 0, 0), 1: (2, 0, 1, 1)}, {0, 1, 7})
    Counts(outputs=8, passed=5, unscored=1, no_answer=1)
    """
    rows = [counted[number] for number in tagsets if number in counted]
    number = [sum(each) for each in zip(*rows, strict=True)] or [0] * len(STATES)
    return Counts(sum(number), number[PASSED], number[UNSCORED], number[NO_ANSWER])


def in_tagsets(cases: Cases, at: Whole, wanted: Collection[int]) -> NDArray[np.bool_]:
    """Return which of the outputs have a case with one of the tag sets."""
    return np.isin(cases.tagset[at], np.array(sorted(wanted), np.int64))


def _micro(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(func.coalesce(func.round(value * MICRO), -1), BigInteger)


def _places(cases: Cases, case_no: Whole, parts: Sequence[int]) -> tuple[Whole, NDArray[np.bool_]]:
    """Return the places of cases that are in the parts, and which of the given ones these are."""
    if not cases.number.size:
        return np.empty(0, np.int64), np.zeros(case_no.size, bool)
    place = np.searchsorted(cases.number, case_no)
    place[place == cases.number.size] = 0
    here = (cases.number[place] == case_no) & np.isin(cases.part[place], parts)
    return place[here], here


def _codes(of: Of) -> Select[Any]:
    """Return one number an output: its case, its repeat, and how it turned out."""
    table = outputs if of.of else scores
    t: Any = table.c
    value = t[of.of] if of.of else t.value
    passes = value <= of.passes_from if of.of else value >= of.passes_from
    code = case((t.answered == 0, NO_ANSWER), (value.is_(None), UNSCORED), (passes, PASSED), else_=FAILED)
    packed = (t.case_no * literal(REPEATS, BigInteger) + t.repeat) * literal(4, BigInteger) + code
    mine = [t.variant_no == of.variant_no, t.attempt == 0, t.run_no.not_in(_unclosed())]
    if not of.of:
        mine.append(t.series_no == of.series_no)
    return select(packed.label("a")).where(*mine)


def _unclosed() -> Any:
    """Return the runs that do not count: few, so the list is short."""
    return select(runs.c.no).where(~exists().where(closings.c.run_no == runs.c.no)).scalar_subquery()


def _read(connection: Connection, query: Select[Any]) -> list[Whole]:
    """Return whole numbers in columns; SQLite joins each into one text, which is quicker than rows."""
    names = query.selected_columns.keys()
    if connection.dialect.name != "sqlite":
        rows = connection.execute(query).all()
        return [np.array([int(row[i]) for row in rows], np.int64) for i in range(len(names))]
    inner = query.subquery()
    texts = [func.group_concat(cast(inner.c[name], Integer), " ") for name in names]
    n, *found = connection.execute(select(func.count(), *texts).select_from(inner)).one()
    columns = [np.fromstring(each or "", dtype=np.int64, sep=" ") for each in found]
    if any(column.size != n for column in columns):
        raise RuntimeError(f"{n} rows were read as columns of {[column.size for column in columns]}")
    return columns
