"""From rows to patterns, in the database: it joins, groups and counts, and few rows come back.

Works on every database. Cases that are their own group become counts; groups of several cases come back
as short patterns with the number of groups that share each. `in_columns` gives the same answers, sooner,
where reading a file is cheap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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

from shipworthy.store.asked import Field
from shipworthy.store.packed import Pattern, Words
from shipworthy.store.scan import Scan
from shipworthy.store.tables import members

FETCHED = 2048
"""Rows fetched at a time."""


class InSql:
    """Counts the patterns of groups in the database.

    Args:
        connection: a consistent view.
        field: which cases.
    """

    def __init__(self, connection: Connection, field: Field) -> None:
        self.connection = connection
        self.within = field.cases()

    def patterns(
        self, scans: Sequence[Scan], masks: Sequence[Sequence[Words]]
    ) -> Iterator[list[Counter[Pattern]]]:
        """Count the groups of scans by their pattern, reading the rows of each once.

        Args:
            scans: which rows.
            masks: for each scan the bits to keep, for each answer.

        Yields:
            For each scan and mask how many groups have which pattern.
        """
        for scan, keep in zip(scans, masks, strict=True):
            found: list[Counter[Pattern]] = [Counter() for _ in keep]
            for pattern, number in chain(self._alone(scan), self._several(scan)):
                for mask, patterns in zip(keep, found, strict=True):
                    patterns[tuple([tuple(map(and_, words, mask)) for words in pattern])] += number
            yield found

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
            added[word] = added[word] + scan.against.of_member
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
