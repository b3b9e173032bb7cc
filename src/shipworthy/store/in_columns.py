"""From rows to patterns, in whole columns: the database reads and packs, arrays join and count.

A pass hands over one text of whole numbers, each a case and its packed figures, so nothing is assumed of
their order, and rows may be missing. The eval set is read once for all passes. On SQLite this takes a
third of the time of joining and grouping there; the answers are those of `in_sql`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Connection, FromClause, case, func, literal, select

from shipworthy.store.asked import Field
from shipworthy.store.packed import ROOM, Pattern, Words
from shipworthy.store.scan import Scan
from shipworthy.store.tables import members

SPAN = 1 << 20
"""Case numbers read at a time: their texts stay far below the longest that SQLite makes."""

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class _Cases:
    """The cases of the field in the order of their numbers, as columns."""

    number: Whole
    tagset: Whole
    alone: NDArray[np.bool_]
    group: Whole


class InColumns:
    """Counts the patterns of groups in arrays; for SQLite.

    Args:
        connection: a consistent view.
        field: which cases.
    """

    def __init__(self, connection: Connection, field: Field) -> None:
        self.connection = connection
        self.within = field.cases()
        self.last_tagset = max(field.cell_of, default=0)

    def patterns(self, scan: Scan, masks: Sequence[Words]) -> list[Counter[Pattern]]:
        """Count the groups of a scan by their pattern, reading its rows once.

        Args:
            scan: which rows.
            masks: the bits to keep, for each answer.

        Returns:
            For each mask how many groups have which pattern.
        """
        words, alone = self._words(scan), self._cases.alone
        if alone.all():
            return _each_alone(words, masks)
        larger, group = words[:, ~alone], self._cases.group[~alone]
        single = _each_alone(words[:, alone], masks)
        return [found + _together(larger, group, mask) for found, mask in zip(single, masks, strict=True)]

    def _words(self, scan: Scan) -> Whole:
        """Return the packed figures of every case, one row for each number they are packed in."""
        packing, cases = scan.packing, self._cases
        words = np.zeros((packing.n_words, cases.number.size), np.int64)
        word, one = packing.weight("tagset")
        words[word] += cases.tagset * one
        if scan.found is not None:
            figures = [scan.found.c[f"w{i}"] for i in range(packing.n_words)]
            self._add(words, scan.found, scan.found.c.case_no, figures, packing.bits)
        if scan.against is not None:
            word, _ = packing.weight("lost")
            found = scan.against.of_all
            self._add(words[word : word + 1], found, found.c.case_no, [found.c.w0], packing.bits)
        return words

    def _add(
        self,
        words: Whole,
        source: FromClause,
        case_no: ColumnElement[int],
        figures: Sequence[ColumnElement[int]],
        bits: int,
    ) -> None:
        """Add figures to those of their cases; each case has one row at most, and other cases are passed over."""
        known = self._cases.number
        for number, *found in self._columns(source, case_no, figures, bits):
            if np.array_equal(number, known):  # every case has rows, and they came in order
                words += np.stack(found)
                continue
            at = np.searchsorted(known, number)
            at[at == known.size] = 0
            mine = known[at] == number
            for word, added in zip(words, found, strict=True):
                word[at[mine]] += added[mine]

    def _columns(
        self,
        source: FromClause,
        case_no: ColumnElement[int],
        figures: Sequence[ColumnElement[int]],
        bits: int,
    ) -> Iterator[list[Whole]]:
        """Read the numbers of the cases and their figures, a span of cases at a time."""
        known = self._cases.number
        if not known.size:
            return
        first, last = int(known[0]), int(known[-1])
        as_one = len(figures) == 1 and last.bit_length() + bits <= ROOM
        texts = [case_no * literal(1 << bits, BigInteger) + figures[0]] if as_one else [case_no, *figures]
        for start in range(first, last + 1, SPAN):
            here = case_no.between(start, min(start + SPAN - 1, last))
            rows, columns = self._read(source, texts, here)
            if any(column.size != rows for column in columns):
                raise _unread(rows, *columns)
            yield [columns[0] >> bits, columns[0] & ((1 << bits) - 1)] if as_one else columns

    def _read(
        self, source: FromClause, texts: Sequence[ColumnElement[int]], *which: ColumnElement[bool]
    ) -> tuple[int, list[Whole]]:
        """Read columns of whole numbers in one pass, so that what stands side by side belongs together.

        Returns:
            How many rows there are, and the columns, of what is not null.
        """
        joined = [func.group_concat(each, " ") for each in texts]
        query = select(func.count(), *joined).select_from(source).where(*which)
        [(rows, *found)] = self.connection.execute(query)
        return rows, [np.fromstring(text or "", dtype=np.int64, sep=" ") for text in found]

    @cached_property
    def _cases(self) -> _Cases:
        """Read the cases as case, tag set and whether alone in one number, and the groups of those that are not."""
        m = members.c
        bits = 1 + self.last_tagset.bit_length()
        packed = m.case_no * literal(1 << bits, BigInteger) + m.tagset_no * literal(2, BigInteger) + m.alone
        columns = [packed, case((m.alone == 0, m.group_no))]
        rows, (found, groups) = self._read(members, columns, self.within)
        alone = found & 1 == 1
        group = np.zeros(found.size, np.int64)
        group[~alone] = groups  # as many as there are cases that are not alone, or this is refused
        if found.size != rows:
            raise _unread(rows, found)
        order = np.argsort(found, kind="stable")
        found = found[order]
        return _Cases(found >> bits, (found >> 1) & ((1 << bits - 1) - 1), alone[order], group[order])


def _unread(rows: int, *columns: Whole) -> RuntimeError:
    return RuntimeError(f"{rows} rows were read as columns of {[column.size for column in columns]}")


def _each_alone(words: Whole, masks: Sequence[Words]) -> list[Counter[Pattern]]:
    """Count cases by their figures, for each mask."""
    if len(words) == 1:
        values, times = np.unique(words[0], return_counts=True)
        kinds = values[None]
    else:
        place = _places(words)
        _, first, times = np.unique(place, return_index=True, return_counts=True)
        kinds = words[:, first]
    answers: list[Counter[Pattern]] = []
    for mask in masks:
        kept, place = _distinct(kinds, mask)
        numbers = np.bincount(place, weights=times).astype(np.int64).tolist()
        answers.append(Counter({(figures,): n for figures, n in zip(kept, numbers, strict=True)}))
    return answers


def _together(words: Whole, group: Whole, mask: Words) -> Counter[Pattern]:
    """Count groups by the figures of their cases, in ascending order."""
    kept, place = _distinct(words, mask)
    order = np.lexsort((place, group))
    sorted_group, raw = group[order], place[order].astype(np.int64).tobytes()
    starts = np.flatnonzero(np.diff(sorted_group, prepend=sorted_group[0] - 1)) * 8
    ends = [*starts[1:].tolist(), len(raw)]
    counted = Counter(raw[start:end] for start, end in zip(starts.tolist(), ends, strict=True))
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
