"""Live outputs by day: what a page shows of weeks, and what is odd about their clocks."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from shipworthy.importers.live import EARLIEST, EPOCH, NO_DAY
from shipworthy.store import watched
from shipworthy.store.watched import DayCount

UNKNOWN = -1
MOST_CELLS = 4_000_000
PIECE = 1_000_000
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Days:
    """The day of each row, those that cannot be being unknown."""

    seq: int
    days: npt.NDArray[np.int32]

    def of(
        self,
        series: str,
        rows: Marks,
        mixes: npt.NDArray[np.uint16],
        values: npt.NDArray[Any] | None,
    ) -> list[DayCount]:
        """Return how many of the rows each day and set of tags had, and the sum of their values.

        Args:
            series: what is counted.
            rows: for each row whether it counts.
            mixes: number of each row's set of tags.
            values: of all rows; None where only their number is wanted.
        """
        counted: Counter[tuple[int, int]] = Counter()
        passed: Counter[tuple[int, int]] = Counter()
        for part in pieces(len(rows)):
            marks = rows[part]
            if marks.any():
                own = None if values is None else values[part][marks].astype(np.float64)
                _add(self.days[part][marks], mixes[part][marks], own, counted, passed)
        return [
            DayCount(self.seq, series, mix, day, n, float(passed[day, mix]))
            for (day, mix), n in counted.items()
        ]


def pieces(n: int) -> Iterator[slice]:
    """Yield slices that cover so many rows, a million at a time."""
    return (slice(begin, begin + PIECE) for begin in range(0, n, PIECE))


def _add(
    day: npt.NDArray[np.int32],
    mix: npt.NDArray[np.uint16],
    values: npt.NDArray[np.float64] | None,
    counted: Counter[tuple[int, int]],
    passed: Counter[tuple[int, int]],
) -> None:
    low, width = int(day.min()), int(mix.max()) + 1
    key = (day - low) * np.int64(width) + mix
    cells = np.arange(int(key.max()) + 1) if key.max() <= MOST_CELLS else None
    if cells is None:
        cells, key = np.unique(key, return_inverse=True)
    counts = np.bincount(key, minlength=len(cells))
    sums = np.zeros(len(cells)) if values is None else np.bincount(key, weights=values, minlength=len(cells))
    for at in np.flatnonzero(counts).tolist():
        place = int(cells[at] // width) + low, int(cells[at] % width)
        counted[place] += int(counts[at])
        passed[place] += sums[at]


def count_days(connection: Connection, seq: int, days: npt.NDArray[np.int32], notes: list[str]) -> Days:
    """Return the days of rows, and say what is odd about them; nothing is thrown away because of a clock.

    Args:
        connection: a view of the ledger.
        seq: the event that will seal the rows.
        days: as they were read.
        notes: is told what is odd.
    """
    tomorrow = dt.datetime.now(dt.UTC).date().toordinal() - EPOCH + 1
    told = days != NO_DAY
    jumped = told & ((days > tomorrow) | (days < EARLIEST - EPOCH))
    if odd := int(jumped.sum()):
        notes.append(f"{odd:,} rows have a time before 2000 or after tomorrow: they count, on no day")
    if (none := int((~told).sum())) and told.any():
        notes.append(f"{none:,} rows have no time that can be read: they count, on no day")
    good = np.where(told & ~jumped, days, UNKNOWN).astype(np.int32)
    latest = watched.latest_day(connection)
    if late := int(((good != UNKNOWN) & (good < latest)).sum()):
        notes.append(
            f"{late:,} rows are of days before {dt.date.fromordinal(latest + EPOCH).isoformat()}, which was there "
            "already: they count in the order in which they came"
        )
    return Days(seq, good)
