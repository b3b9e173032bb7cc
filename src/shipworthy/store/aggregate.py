"""From rows to tallies, in SQL: how many groups had which outcome.

One pass over the rows of a variant answers every criterion that reads them, in key order. Cases that are
their own group become counts in the database; groups of several cases come back as short patterns with the
number of groups that share each. Rows of runs that are not closed, later attempts and repeats beyond the
plan are never counted; a planned output without a row is *no answer*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import and_
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    Subquery,
    cast,
    func,
    literal,
    select,
    true,
)

from shipworthy.domain.evidence import CaseTally, GroupTally, Tally
from shipworthy.store.asked import Asked, Field, Source
from shipworthy.store.packed import Words
from shipworthy.store.scan import Figures, Scan, scans
from shipworthy.store.tables import members, outputs


@dataclass(frozen=True)
class Counted:
    """A tally, and how many planned outputs have no row at all.

    Attributes:
        tally: the groups by their outcome.
        missing: planned outputs of the variant without a row.
        against_missing: planned outputs of the baseline without a row, for a difference.
        groups: how many groups were counted.
    """

    tally: Tally
    missing: int
    against_missing: int
    groups: int


FETCHED = 2048
"""Rows fetched at a time."""

Pattern = tuple[Words, ...]
"""The cases of one group: the packed figures of each."""


def count(connection: Connection, field: Field, asked: Sequence[Asked]) -> list[Counted]:
    """Count criteria.

    Args:
        connection: a consistent view.
        field: which cases.
        asked: the criteria, and where their outcomes are.

    Returns:
        For each criterion the tally over groups.
    """
    counter = _Counter(connection, field)
    counted: dict[int, Counted] = {}
    for scan in scans(connection, asked, last_tagset=max(field.cell_of, default=0)):
        for each, found in zip(scan.asked, counter.run(scan), strict=True):
            counted[id(each)] = found
    return [counted[id(each)] for each in asked]


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
    mine = (o.variant_no == source.variant_no, *source.counting(connection, o))
    return select(o.case_no).select_from(joined).where(*mine, field.cases())


class _Counter:
    """Turns figures of cases into counts of groups."""

    def __init__(self, connection: Connection, field: Field) -> None:
        self.connection = connection
        self.field = field
        self.within = field.cases()

    def run(self, scan: Scan) -> list[Counted]:
        """Count the groups of a scan for each of its criteria, reading its rows once."""
        names = [("tagset", *scan.names(position)) for position in range(len(scan.asked))]
        masks = [scan.packing.mask(each) for each in names]
        found: list[Counter[Pattern]] = [Counter() for _ in masks]
        for pattern, number in chain(self._alone(scan), self._several(scan)):
            for mask, patterns in zip(masks, found, strict=True):
                patterns[tuple([tuple(map(and_, words, mask)) for words in pattern])] += number
        return [
            self._counted(each, scan.packing.unpacker(of_each), patterns)
            for each, of_each, patterns in zip(scan.asked, names, found, strict=True)
        ]

    def _counted(
        self, asked: Asked, unpack: Callable[[Words], list[int]], patterns: Counter[Pattern]
    ) -> Counted:
        groups: Counter[GroupTally] = Counter()
        missing = against_missing = 0
        planned, against = asked.source.repeats, asked.against.repeats if asked.against else 0
        for pattern, number in patterns.items():
            cases = [(tagset, Figures(*figures)) for tagset, *figures in map(unpack, pattern)]
            if not self.field.started_only or any(found.against_rows for _, found in cases):
                against_missing += number * sum([against - found.against_rows for _, found in cases])
            if not self.field.started_only or any(found.rows for _, found in cases):
                missing += number * sum([planned - found.rows for _, found in cases])
                groups[tuple(sorted([self._tally(asked, *each) for each in cases]))] += number
        return Counted(Tally(tuple(sorted(groups.items()))), missing, against_missing, groups.total())

    def _tally(self, asked: Asked, tagset: int, found: Figures) -> CaseTally:
        planned, against = asked.source.repeats, asked.against.repeats if asked.against else 0
        return CaseTally(
            cell=self.field.cell_of[tagset],
            planned=planned,
            passed=found.passed,
            unscored=found.unscored,
            no_answer=planned - found.rows + found.silent,
            points=found.points,
            against_planned=against,
            against_passed=against - found.lost if against else 0,
            labelled_passed=found.labelled_passed,
            upheld=found.upheld,
            labelled_failed=found.labelled_failed,
            rescued=found.rescued,
        )

    def _alone(self, scan: Scan) -> Iterator[tuple[Pattern, int]]:
        """Count cases that are their own group: those with rows, then those without any, if there are such."""
        counted = 0
        if scan.found is not None:
            with_rows = scan.found.join(members, members.c.case_no == scan.found.c.case_no)
            for pattern, number in self._grouped(self._with_rows(scan), with_rows):
                counted += number
                yield pattern, number
        if counted < self._sizes[1]:
            lack = true() if scan.found is None else scan.found.c.case_no.is_(None)
            yield from self._grouped(self._of_members(scan), self._joined(scan.found), lack)

    def _with_rows(self, scan: Scan) -> list[ColumnElement[int]]:
        """Return the packed figures of members with rows."""
        assert scan.found is not None
        return self._beside_tagset(scan, [scan.found.c[f"w{i}"] for i in range(scan.packing.n_words)])

    def _of_members(self, scan: Scan) -> list[ColumnElement[int]]:
        """Return the packed figures of members, whether there are rows or not."""
        zero = literal(0, BigInteger)
        if scan.found is None:
            return self._beside_tagset(scan, [zero] * scan.packing.n_words)
        words = [func.coalesce(scan.found.c[f"w{i}"], zero) for i in range(scan.packing.n_words)]
        return self._beside_tagset(scan, words)

    def _beside_tagset(self, scan: Scan, words: Sequence[ColumnElement[int]]) -> list[ColumnElement[int]]:
        """Add what is known of a member without its rows: its tag set, and what the baseline did."""
        added = list(words)
        word, one = scan.packing.weight("tagset")
        added[word] = added[word] + members.c.tagset_no * literal(one, BigInteger)
        if scan.against is not None:
            word, _ = scan.packing.weight("lost")
            added[word] = added[word] + scan.against
        return added

    def _grouped(
        self, words: list[ColumnElement[int]], source: FromClause, *which: ColumnElement[bool]
    ) -> Iterator[tuple[Pattern, int]]:
        named = [word.label(f"w{i}") for i, word in enumerate(words)]
        here = select(*named).select_from(source).where(self.within, members.c.alone == 1, *which)
        each = here.subquery("e")
        for *found, number in self._rows(select(*each.c, func.count()).group_by(*each.c)):
            yield (tuple(found),), number

    def _joined(self, found: Subquery | None) -> FromClause:
        return members if found is None else members.outerjoin(found, members.c.case_no == found.c.case_no)

    def _several(self, scan: Scan) -> Iterator[tuple[Pattern, int]]:
        """Count groups of several cases by their pattern, whose order the database does not promise."""
        n_cases, n_alone = self._sizes
        if n_alone == n_cases:
            return
        first, *rest = (cast(word, String) for word in self._of_members(scan))
        one: ColumnElement[str] = first
        for word in rest:
            one = one + literal(":") + word
        groups = (
            select(func.aggregate_strings(one, " ").label("pattern"))
            .select_from(self._joined(scan.found))
            .where(self.within, members.c.alone == 0)
            .group_by(members.c.group_no)
            .subquery("g")
        )
        counted = select(groups.c.pattern, func.count()).group_by(groups.c.pattern)
        for pattern, number in self._rows(counted):
            yield tuple(tuple(map(int, words.split(":"))) for words in pattern.split(" ")), number

    def _rows(self, query: Select[Any]) -> Iterator[Any]:
        return chain.from_iterable(self.connection.execute(query).partitions(FETCHED))

    @cached_property
    def _sizes(self) -> tuple[int, int]:
        """How many cases there are, and how many of them are their own group."""
        counts = select(func.count(), func.coalesce(func.sum(members.c.alone), 0)).where(self.within)
        n_cases, n_alone = self.connection.execute(counts).one()
        return n_cases, n_alone
