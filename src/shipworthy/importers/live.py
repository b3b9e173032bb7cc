"""A stream of live outputs as columns of numbers: what `watch` counts of a row, and nothing that it does not.

Small files are read row by row, as every import is, so that a mistake has its line. Large ones are read by DuckDB,
where it is installed; whatever that finds odd is read again row by row, so that both ways say the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from shipworthy.importers.interface import ColumnMap, Row
from shipworthy.importers.registry import open_file

NO_DAY = -(2**31)
"""Stands for a row without a time that can be read."""
EARLIEST = dt.date(2000, 1, 1).toordinal()
EPOCH = dt.date(1970, 1, 1).toordinal()
MOST_MIXES = 1_000
"""Different sets of tags that are told apart in one file."""
MEASURES = ("latency_s", "cost_usd")


@dataclass(frozen=True)
class Wanted:
    """What is to be read of a stream.

    Attributes:
        columns: the map, or what helps guessing; always a stream.
        salt: stands before each id when it is hashed, so that nobody can make two ids that look alike.
        scores: series to the names under which its score may be recorded; the first that a row has counts.
        bounds: series to a measure and the most that keeps it.
        means: series to a measure and the most that one output counts; its value is the share of that which is not used up.
    """

    columns: ColumnMap
    salt: str
    scores: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bounds: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    means: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    @property
    def series(self) -> tuple[str, ...]:
        """All series, in one fixed order."""
        return (*self.scores, *self.bounds, *self.means)


@dataclass(frozen=True)
class Batch:
    """Rows of a stream in the file's order.

    Attributes:
        ids: 64 bits of the salted hash of each id.
        mixes: number of each row's set of tags, in `Mixes`.
        days: days since 1970-01-01, or `NO_DAY`.
        values: series to a value in [0, 1] for each row; -1 where there is none, -2 where it is out of range.
    """

    ids: npt.NDArray[np.uint64]
    mixes: npt.NDArray[np.uint32]
    days: npt.NDArray[np.int32]
    values: dict[str, npt.NDArray[np.float64]]


@dataclass
class Mixes:
    """The sets of tags that were seen, each with its number."""

    known: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)
    beyond: int = 0
    """Rows whose tags were not told apart any more."""

    def number(self, tags: dict[str, str] | None, *, rows: int = 1) -> int:
        """Return the number of a set of tags; beyond the most that are told apart, that of no tags."""
        key = tuple(sorted(tags.items())) if tags else ()
        found = self.known.get(key)
        if found is None and len(self.known) >= MOST_MIXES and key:
            self.beyond += rows
            key = ()
            found = self.known.get(key)
        return self.known.setdefault(key, len(self.known)) if found is None else found


def id_of(salt: str, name: str) -> int:
    """Return 64 bits for an id.

    >>> id_of("salt", "a") == id_of("salt", "a") != id_of("pepper", "a")
    True
    """
    digest = hashlib.md5(f"{salt}{name}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little")


def day_of(text: str | None) -> int:
    """Return the days since 1970-01-01 of a time in ISO 8601 or in seconds or milliseconds since then, in UTC.

    >>> day_of("1970-01-02T23:30:00-01:00"), day_of("2026-02-30") == NO_DAY, day_of("1790000000")
    (2, True, 20717)
    """
    text = (text or "").strip()
    try:
        if text.replace(".", "", 1).isdigit() and text.isascii():
            seconds = float(text)
            found = int((seconds / 1000 if seconds > 1e11 else seconds) // 86_400)
        else:
            when = dt.datetime.fromisoformat(text)
            when = when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)
            found = when.toordinal() - EPOCH
    except (ValueError, OverflowError):
        return NO_DAY
    return found if 0 <= found < 10**6 else NO_DAY


def row_batches(path: Path, wanted: Wanted, mixes: Mixes) -> Iterator[Batch]:
    """Yield the rows of any file that is imported, some thousand at a time.

    Raises:
        BadInput: the file cannot be used, with the line and what to do.
    """
    for rows in open_file(path, columns=wanted.columns).batches():
        yield Batch(
            np.array([id_of(wanted.salt, row.case) for row in rows], dtype=np.uint64),
            np.array([mixes.number(row.tags) for row in rows], dtype=np.uint32),
            np.array([day_of(row.time) for row in rows], dtype=np.int32),
            {name: np.array([_value(row, name, wanted) for row in rows]) for name in wanted.series},
        )


def _value(row: Row, series: str, wanted: Wanted) -> float:
    if (bound := wanted.bounds.get(series) or wanted.means.get(series)) is not None:
        measure, most = bound
        amount = row.latency_s if measure == "latency_s" else row.cost_usd
        if row.status == "no answer" and measure == "latency_s":
            return 0.0  # who got no answer did not get it in time
        if amount is None:
            return -1.0
        return 1.0 - min(amount, most) / most if series in wanted.means else float(amount <= most)
    if row.status == "no answer":
        return 0.0  # what never answered was not kept
    scores = row.scores or {}
    value = next((scores[name] for name in wanted.scores[series] if scores.get(name) is not None), None)
    if value is None:
        return -1.0
    return value if 0.0 <= value <= 1.0 else -2.0
