"""Live outputs by day: what a page shows of weeks, and what is odd about their clocks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from shipworthy.importers.live import EARLIEST, EPOCH, NO_DAY
from shipworthy.store import watched
from shipworthy.store.watched import DayCount

UNKNOWN = -1
MOST_CELLS = 4_000_000


@dataclass(frozen=True)
class Days:
    """The day of each row, those that cannot be being unknown."""

    seq: int
    days: npt.NDArray[np.int32]

    def of(
        self,
        series: str,
        rows: npt.NDArray[np.uint32],
        mixes: npt.NDArray[np.uint16],
        values: npt.NDArray[np.float64] | None,
    ) -> list[DayCount]:
        """Return how many of the rows each day and set of tags had, and the sum of their values.

        Args:
            series: what is counted.
            rows: those that count.
            mixes: number of each row's set of tags.
            values: of those rows; None where only their number is wanted.
        """
        if not len(rows):
            return []
        day, mix = self.days[rows], mixes[rows]
        low, width = int(day.min()), int(mix.max()) + 1
        key = (day - low) * np.int64(width) + mix
        if key.max() > MOST_CELLS:
            found, key = np.unique(key, return_inverse=True)
        else:
            found = np.arange(int(key.max()) + 1)
        counts = np.bincount(key, minlength=len(found))
        sums = counts * 0.0 if values is None else np.bincount(key, weights=values, minlength=len(found))
        return [
            DayCount(self.seq, series, int(cell % width), int(cell // width) + low, int(n), float(passed))
            for cell, n, passed in zip(found, counts, sums, strict=True)
            if n
        ]


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
