"""What scores rest on: a hash of the values of the case that a check read, so that a corrected case is noticed.

A score whose case has other values by now is *stale*. It is moved to `rescored`, words and all, before a new one takes
its place: what was said before stays on record, and decides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, exists, func, select

from shipworthy.store.insert import add
from shipworthy.store.tables import bases, explanations, rescored, rests_on, scores

Key = tuple[int, int, int]
"""Case number, repeat and attempt."""
_ENCODER = msgspec.json.Encoder(order="deterministic")


def basis_of(values: Any) -> int:
    """Return 64 bits, signed, that name JSON values: equal values have equal names.

    >>> (
    ...     basis_of(["Paris", None]) == basis_of(["Paris", None]),
    ...     basis_of(["Paris", None]) == basis_of(["Rome", None]),
    ... )
    (True, False)
    """
    named = hashlib.blake2b(_ENCODER.encode(values), digest_size=8).digest()
    return int.from_bytes(named, "big", signed=True)


@dataclass(frozen=True)
class Scored:
    """The scores of one variant in one series.

    Attributes:
        variant_no: whose outputs.
        series_no: under which check or judge.
    """

    variant_no: int
    series_no: int

    def within(self, table: Table) -> ColumnElement[bool]:
        """Return the condition that a table's row is among them."""
        return and_(table.c.variant_no == self.variant_no, table.c.series_no == self.series_no)

    def is_current(self, connection: Connection, cases: str) -> bool:
        """Whether all of them are known to rest on an eval set as it stands.

        Args:
            connection: a consistent view.
            cases: the fingerprint of the eval set.
        """
        query = select(exists().where(self.within(rests_on), rests_on.c.cases == cases))
        return bool(connection.execute(query).scalar())

    def note_current(self, connection: Connection, cases: str) -> None:
        """Note that all of them rest on an eval set as it stands."""
        self.forget_current(connection)
        values = {"variant_no": self.variant_no, "series_no": self.series_no, "cases": cases}
        connection.execute(rests_on.insert().values(values))

    def forget_current(self, connection: Connection) -> None:
        """Note that nobody knows which eval set they rest on: some are about to be written."""
        connection.execute(delete(rests_on).where(self.within(rests_on)))

    def has_bases(self, connection: Connection) -> bool:
        """Whether it was written down for any of them what it rests on."""
        return bool(connection.execute(select(exists().where(self.within(bases)))).scalar())

    def bases_between(self, connection: Connection, first: int, last: int) -> list[tuple[Key, int]]:
        """Return what scores rest on, for case numbers from one to another, both included."""
        b = bases.c
        query = select(b.case_no, b.repeat, b.attempt, b.basis)
        rows = connection.execute(query.where(self.within(bases), b.case_no.between(first, last)))
        return [((row.case_no, row.repeat, row.attempt), row.basis) for row in rows]

    def retire(self, connection: Connection, keys: Collection[Key]) -> None:
        """Move stale scores out of the way; they stay on record with their words and what they rested on."""
        wanted, numbers = set(keys), [key[0] for key in keys]
        if not wanted:
            return
        s, w, b = scores.c, explanations.c, bases.c
        rows = connection.execute(
            select(
                s.case_no, s.repeat, s.attempt, s.run_no, s.answered, s.value, b.basis, w.text,
                self._earlier(scores).label("earlier"),
            )
            .select_from(
                scores.outerjoin(explanations, _same(explanations)).outerjoin(bases, _same(bases))
            )
            .where(self.within(scores), s.case_no.between(min(numbers), max(numbers)))
        )  # fmt: skip
        old = [
            (self.variant_no, self.series_no, *key, row.earlier + 1, *tuple(row)[3:8])
            for row in rows
            if (key := (row.case_no, row.repeat, row.attempt)) in wanted
        ]
        add(connection, rescored, old)
        gone = [
            dict(zip(("gone_case", "gone_repeat", "gone_attempt"), key, strict=True))
            for key in sorted(wanted)
        ]
        for table in (scores, explanations, bases):
            there = and_(
                table.c.case_no == bindparam("gone_case"),
                table.c.repeat == bindparam("gone_repeat"),
                table.c.attempt == bindparam("gone_attempt"),
            )
            connection.execute(delete(table).where(self.within(table), there), gone)

    def _earlier(self, table: Table) -> Any:
        r, t = rescored.c, table.c
        same = (r.case_no == t.case_no, r.repeat == t.repeat, r.attempt == t.attempt)
        return select(func.count()).where(self.within(rescored), *same).scalar_subquery()


def _same(table: Table) -> ColumnElement[bool]:
    names = ("variant_no", "series_no", "case_no", "repeat", "attempt")
    return and_(*(table.c[name] == scores.c[name] for name in names))
