"""From rows to tallies: how many groups had which outcome.

One pass over the rows of a variant answers every criterion that reads them (`scan`); its groups are counted
by their pattern in arrays or in the database (`in_columns`, `in_sql`). Rows of runs that are not closed,
later attempts and repeats beyond the plan are never counted; a planned output without a row is *no answer*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Select, func, select

from shipworthy.domain.evidence import CaseTally, GroupTally, Tally
from shipworthy.store.asked import Asked, Field, Source
from shipworthy.store.in_sql import InSql
from shipworthy.store.packed import Pattern, Words
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


class Reader(Protocol):
    """Counts the groups of a scan by their pattern."""

    def patterns(
        self, scans: Sequence[Scan], masks: Sequence[Sequence[Words]]
    ) -> Iterator[list[Counter[Pattern]]]:
        """Yield for each scan, and for each mask of it, how many groups have which pattern."""
        ...


def count(
    connection: Connection, field: Field, asked: Sequence[Asked], *, reader: Reader | None = None
) -> list[Counted]:
    """Count criteria.

    Args:
        connection: a consistent view.
        field: which cases.
        asked: the criteria, and where their outcomes are.
        reader: what counts patterns; the quickest for the database at hand, unless given.

    Returns:
        For each criterion the tally over groups.
    """
    if reader is None:
        reader = _quickest(connection, field)
    passes = list(scans(connection, asked, last_tagset=max(field.cell_of, default=0)))
    names = [[("tagset", *scan.names(i)) for i in range(len(scan.asked))] for scan in passes]
    masks = [
        [scan.packing.mask(each) for each in of_scan] for scan, of_scan in zip(passes, names, strict=True)
    ]
    counted: dict[int, Counted] = {}
    for scan, of_scan, found in zip(passes, names, reader.patterns(passes, masks), strict=True):
        for each, of_each, patterns in zip(scan.asked, of_scan, found, strict=True):
            counted[id(each)] = _counted(field, each, scan.packing.unpacker(of_each), patterns)
    return [counted[id(each)] for each in asked]


def _quickest(connection: Connection, field: Field) -> Reader:
    if connection.dialect.name != "sqlite":
        return InSql(connection, field)
    from shipworthy.store.in_columns import InColumns  # noqa: PLC0415 - loads numpy, which may be loading meanwhile

    return InColumns(connection, field)


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


def _counted(
    field: Field, asked: Asked, unpack: Callable[[Words], list[int]], patterns: Counter[Pattern]
) -> Counted:
    groups: Counter[GroupTally] = Counter()
    missing = against_missing = 0
    planned, against = asked.source.repeats, asked.against.repeats if asked.against else 0
    for pattern, number in patterns.items():
        cases = [(tagset, Figures(*figures)) for tagset, *figures in map(unpack, pattern)]
        if not field.started_only or any(found.against_rows for _, found in cases):
            against_missing += number * sum([against - found.against_rows for _, found in cases])
        if not field.started_only or any(found.rows for _, found in cases):
            missing += number * sum([planned - found.rows for _, found in cases])
            groups[tuple(sorted([_tally(field, asked, *each) for each in cases]))] += number
    return Counted(Tally(tuple(sorted(groups.items()))), missing, against_missing, groups.total())


def _tally(field: Field, asked: Asked, tagset: int, found: Figures) -> CaseTally:
    planned, against = asked.source.repeats, asked.against.repeats if asked.against else 0
    return CaseTally(
        cell=field.cell_of[tagset],
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
        handed_over=found.handed_over,
    )
