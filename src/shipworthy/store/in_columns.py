"""From rows to patterns, in whole columns: the database reads and packs, arrays join and count.

Each row comes as the number of its case and its packed figures, so nothing is assumed of the order of rows,
and rows may be missing. The eval set is read once for all passes. The answers are those of `in_sql`, which
takes three times as long on SQLite.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Connection, Subquery, func, literal, select

from shipworthy.store.asked import Field
from shipworthy.store.columns import MANY, SPAN, Rows, Whole, read_columns
from shipworthy.store.packed import ROOM, Pattern, Words
from shipworthy.store.scan import Scan
from shipworthy.store.tables import members


@dataclass(frozen=True)
class _Cases:
    """The cases of the field in the order of their numbers, as columns."""

    number: Whole
    tagset: Whole
    alone: NDArray[np.bool_]
    group: Whole


@dataclass(frozen=True)
class _Figures:
    """Rows with packed figures, one a case at most.

    Attributes:
        rows: what is read: number of the case and figures, in one number where there is room.
        first: the number of the packing that the first of the figures is added to.
        bits: how many bits the figures have that stand in one number with that of the case; 0 when they stand apart.
    """

    rows: Rows
    first: int
    bits: int

    def add(self, words: Whole, cases: _Cases, columns: list[Whole]) -> None:
        """Add what was read to the figures of its cases; other cases are passed over."""
        if self.bits:
            [packed] = columns
            number, found = packed >> self.bits, [packed & ((1 << self.bits) - 1)]
        else:
            number, *found = columns
        if np.array_equal(number, cases.number):  # every case has a row, and they came in order
            at: Whole | slice = slice(None)
        else:
            place = np.searchsorted(cases.number, number)
            place[place == cases.number.size] = 0
            mine = cases.number[place] == number if cases.number.size else np.zeros(number.size, bool)
            at, found = place[mine], [added[mine] for added in found]
        for word, added in enumerate(found, self.first):
            words[word, at] += added


class InColumns:
    """Counts the patterns of groups in arrays; for SQLite.

    Args:
        connection: a consistent view.
        field: which cases.
        span: how many case numbers are read at a time.
        many: from how many cases on two readers share the work.
    """

    def __init__(self, connection: Connection, field: Field, *, span: int = SPAN, many: int = MANY) -> None:
        self.connection = connection
        self.field = field
        self.span = span
        self.many = many

    def patterns(
        self, scans: Sequence[Scan], masks: Sequence[Sequence[Words]]
    ) -> Iterator[list[Counter[Pattern]]]:
        """Count the groups of scans by their pattern.

        Args:
            scans: which rows.
            masks: for each scan the bits to keep, for each answer.

        Yields:
            For each scan and mask how many groups have which pattern.
        """
        numbers = members.c.case_no
        mine = select(func.min(numbers), func.max(numbers)).where(members.c.set_no == self.field.set_no)
        first, last = self.connection.execute(mine).one()
        if first is None:
            for keep in masks:
                yield [Counter() for _ in keep]
            return
        figures = [list(_figures(scan, last)) for scan in scans]
        wanted = [self._members(), *(each.rows for of_scan in figures for each in of_scan)]
        found, *read = read_columns(self.connection, wanted, (first, last), span=self.span, many=self.many)
        cases = self._cases(found)
        for scan, of_scan, keep in zip(scans, figures, masks, strict=True):
            words = np.zeros((scan.packing.n_words, cases.number.size), np.int64)
            word, one = scan.packing.weight("tagset")
            words[word] = cases.tagset * one
            for each in of_scan:
                each.add(words, cases, read.pop(0))
            yield _counted(words, cases, keep)

    @property
    def _tagset_bits(self) -> int:
        return max(self.field.cell_of, default=0).bit_length()

    def _members(self) -> Rows:
        """Read the cases as case, tag set and whether alone in one number, and their groups."""
        m = members.c
        case_no = m.case_no * literal(2 << self._tagset_bits, BigInteger)
        packed = case_no + m.tagset_no * literal(2, BigInteger) + m.alone
        return Rows(members, m.case_no, (packed, m.group_no), (self.field.cases(),))

    def _cases(self, found: list[Whole]) -> _Cases:
        packed, group = found
        order = np.argsort(packed, kind="stable")
        packed, bits = packed[order], self._tagset_bits
        tagset = (packed >> 1) & ((1 << bits) - 1)
        return _Cases(packed >> (bits + 1), tagset, (packed & 1) == 1, group[order])


def _figures(scan: Scan, last_case: int) -> Iterator[_Figures]:
    """Say what is to be read for a scan."""
    packing = scan.packing
    if scan.found is not None:
        words = [scan.found.c[f"w{i}"] for i in range(packing.n_words)]
        yield _beside_case(scan.found, words, 0, packing.bits, last_case)
    if scan.against is not None:
        word, _ = packing.weight("lost")
        yield _beside_case(scan.against.of_all, [scan.against.of_all.c.w0], word, packing.bits, last_case)


def _beside_case(
    source: Subquery, words: Sequence[ColumnElement[int]], first: int, bits: int, last_case: int
) -> _Figures:
    case_no = source.c.case_no
    if len(words) > 1 or last_case.bit_length() + bits > ROOM:
        return _Figures(Rows(source, case_no, (case_no, *words)), first, 0)
    packed = case_no * literal(1 << bits, BigInteger) + words[0]
    return _Figures(Rows(source, case_no, (packed,)), first, bits)


def _counted(words: Whole, cases: _Cases, masks: Sequence[Words]) -> list[Counter[Pattern]]:
    """Count groups by the figures of their cases, for each mask."""
    if cases.alone.all():
        return _each_alone(words, masks)
    larger, group = words[:, ~cases.alone], cases.group[~cases.alone]
    single = _each_alone(words[:, cases.alone], masks)
    return [found + _together(larger, group, mask) for found, mask in zip(single, masks, strict=True)]


def _each_alone(words: Whole, masks: Sequence[Words]) -> list[Counter[Pattern]]:
    """Count cases by their figures, for each mask; few are distinct, so masks are laid on those."""
    if len(words) == 1:
        values, times = np.unique(words[0], return_counts=True)
        kinds = values[None]
    else:
        _, first, times = np.unique(_places(words), return_index=True, return_counts=True)
        kinds = words[:, first]
    answers: list[Counter[Pattern]] = []
    for mask in masks:
        kept, place = _distinct(kinds, mask)
        numbers = np.bincount(place, weights=times).astype(np.int64).tolist()
        answers.append(Counter({(figures,): n for figures, n in zip(kept, numbers, strict=True)}))
    return answers


def _together(words: Whole, group: Whole, mask: Words) -> Counter[Pattern]:
    """Count groups of several cases by the figures of these, in one order."""
    kept, place = _distinct(words, mask)
    order = np.lexsort((place, group))
    in_order, raw = group[order], place[order].astype(np.int64).tobytes()
    starts = [0, *((np.flatnonzero(np.diff(in_order)) + 1) * 8).tolist()]
    counted = Counter(raw[start:end] for start, end in zip(starts, [*starts[1:], len(raw)], strict=True))
    return Counter(
        {
            tuple([kept[i] for i in np.frombuffer(places, np.int64).tolist()]): number
            for places, number in counted.items()
        }
    )


def _distinct(words: Whole, mask: Words) -> tuple[list[Words], Whole]:
    """Return the distinct figures that a mask keeps, and which of them each case has."""
    masked = words & np.array(mask, np.int64)[:, None]
    place = _places(masked)
    _, first = np.unique(place, return_index=True)
    return list(zip(*masked[:, first].tolist(), strict=True)), place


def _places(words: Whole) -> Whole:
    """Number the distinct figures from 0, and return the number of each case's."""
    place = np.zeros(words.shape[1], np.int64)
    for word in words:
        values, rank = np.unique(word, return_inverse=True)
        _, place = np.unique(place * values.size + rank, return_inverse=True)
    return place
