"""Which planned outputs are still missing, streamed from the eval set: no list of all of them is ever made."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import func, select

from shipworthy.domain.evalset import Case, input_hash
from shipworthy.runners.interface import Asked
from shipworthy.runners.seed import seed_of
from shipworthy.services.opened import Opened
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.lookup import Member, members_of
from shipworthy.store.tables import PARTS, members, outputs

CHUNK = 1000


class Planned(Asked, frozen=True, gc=False):
    """A planned output that is missing: what to ask, and where its answer goes."""

    no: int = 0
    sealed: bool = False
    expected: Any = None


class Missing(Protocol):
    """The missing outputs of one variant, wherever they are planned."""

    repeats: int
    run_no: int | None
    trouble: str
    """Why no more is yielded although more is missing; empty when that is not so."""

    @property
    def planned(self) -> int:
        """How many outputs are planned."""
        ...

    def there(self) -> int:
        """Count the planned outputs that have an answer, or a reason for none, already."""
        ...

    def counts(self) -> tuple[int, int, int]:
        """Count answered and unanswered outputs of open cases, and outputs of sealed ones."""
        ...

    def __iter__(self) -> Iterator[Planned]:
        """Yield what is missing."""
        ...


class Waiting:
    """The missing outputs of one variant in some parts.

    Args:
        launch: the launch.
        variant_no: whose.
        fingerprint: the variant's, for seeds.
        parts: of which parts.
        repeats: planned for each case.
        run_no: count as there only what this run holds (a fresh go); None for whatever is there.
    """

    def __init__(
        self,
        launch: Opened,
        *,
        variant_no: int,
        fingerprint: str,
        parts: Collection[str],
        repeats: int,
        run_no: int | None = None,
    ) -> None:
        self.launch = launch
        self.variant_no = variant_no
        self.fingerprint = fingerprint
        self.parts = frozenset(parts)
        self.repeats = repeats
        self.run_no = run_no
        self.trouble = ""

    @property
    def planned(self) -> int:
        """How many outputs are planned."""
        return self.repeats * sum(self.launch.cases.planned(part).n_cases for part in self.parts)

    def there(self) -> int:
        """Count the planned outputs that have an answer, or a reason for none, already."""
        o, m = outputs.c, members.c
        numbers = [PARTS.index(part) for part in self.parts]
        query = (
            select(func.count())
            .select_from(outputs.join(members, (m.case_no == o.case_no) & (m.set_no == self.launch.cases.no)))
            .where(*self._mine(), o.repeat <= self.repeats, m.part.in_(numbers))
        )
        with self.launch.ledger.read() as connection:
            return int(connection.execute(query).scalar() or 0)

    def counts(self) -> tuple[int, int, int]:
        """Count answered and unanswered outputs of open parts, and outputs of sealed cases, from the ledger's rows."""
        o, m = outputs.c, members.c
        sealed = PARTS.index("holdout")
        query = (
            select(m.part == sealed, o.answered, func.count())
            .select_from(outputs.join(members, (m.case_no == o.case_no) & (m.set_no == self.launch.cases.no)))
            .where(o.variant_no == self.variant_no, o.repeat <= self.repeats)
            .group_by(m.part == sealed, o.answered)
        )
        with self.launch.ledger.read() as connection:
            found = {(bool(row[0]), bool(row[1])): row[2] for row in connection.execute(query)}
        hidden = found.get((True, True), 0) + found.get((True, False), 0)
        return found.get((False, True), 0), found.get((False, False), 0), hidden

    def __iter__(self) -> Iterator[Planned]:
        """Yield what is missing, in the order of the eval set."""
        found = (case for case in read_cases(self.launch.layout, []) if case.part in self.parts)
        while not self.trouble and (chunk := list(islice(found, CHUNK))):
            yield from self._missing(chunk)

    def _missing(self, chunk: list[Case]) -> Iterator[Planned]:
        with self.launch.ledger.read() as connection:
            known = members_of(connection, self.launch.cases.no, [case.id for case in chunk])
            numbers = [member.no for member in known.values()]
            o = outputs.c
            query = select(o.case_no, o.repeat).where(
                *self._mine(), o.case_no >= min(numbers, default=0), o.case_no <= max(numbers, default=0)
            )
            there = {tuple(row) for row in connection.execute(query)}
        for case in chunk:
            member = known.get(case.id)
            if member is None or not self._is(case, member):
                self.trouble = f"the case `{case.id}` was changed after the run began; run again"
                return
            for repeat in range(1, self.repeats + 1):
                if (member.no, repeat) not in there:
                    seed = seed_of(case.id, self.fingerprint, repeat)
                    sealed = case.part == "holdout"
                    yield Planned(case.id, repeat, case.input, seed, member.no, sealed, case.expected)

    @staticmethod
    def _is(case: Case, member: Member) -> bool:
        """Whether a case is still what it was when the eval set was read: its answer goes by that number."""
        return case.part == member.part and input_hash(case.input) == member.input_hash

    def _mine(self) -> tuple[Any, ...]:
        o = outputs.c
        if self.run_no is not None:
            return (o.variant_no == self.variant_no, o.run_no == self.run_no)
        return (o.variant_no == self.variant_no, o.attempt == 0)
