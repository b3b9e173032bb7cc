"""Columns of a stream on disk while it is read, and which of its rows are the first of their id."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from shipworthy.importers.live import Batch

Ids = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.uint32]
_ROUNDS = 16


class Spool:
    """Holds what was read of a stream, a column a file, so that memory stays small however long it is."""

    def __init__(self, room: Path, series: tuple[str, ...]) -> None:
        self._room = room
        self._graded = dict.fromkeys(series, False)
        self._files: dict[str, IO[bytes]] = {}
        self._numbers = {name: f"v{number}" for number, name in enumerate(series)}
        self.rows = 0

    def add(self, batch: Batch) -> None:
        """Take in further rows."""
        self.rows += len(batch.ids)
        self._append("ids", batch.ids)
        self._append("mixes", batch.mixes.astype(np.uint16))
        self._append("days", batch.days)
        for name, values in batch.values.items():
            if not self._graded[name] and not (values == np.rint(values)).all():
                self._widen(name)
            self._append(self._numbers[name], values if self._graded[name] else values.astype(np.int8))

    def ids(self) -> Ids:
        """Return the hash of each row's id."""
        return np.asarray(self._read("ids", np.uint64))

    def mixes(self) -> npt.NDArray[np.uint16]:
        """Return the number of each row's set of tags."""
        return np.asarray(self._read("mixes", np.uint16))

    def days(self) -> npt.NDArray[np.int32]:
        """Return each row's day."""
        return np.asarray(self._read("days", np.int32))

    def values(self, series: str) -> npt.NDArray[Any]:
        """Return each row's value: 0 to 1, -1 where there is none, -2 where it is out of range."""
        return np.asarray(self._read(self._numbers[series], np.float64 if self._graded[series] else np.int8))

    def _append(self, name: str, values: npt.NDArray[Any]) -> None:
        if name not in self._files:
            self._files[name] = (self._room / f"{name}.bin").open("wb")
        self._files[name].write(values.tobytes())

    def _widen(self, name: str) -> None:
        """Turn the bytes of a series into numbers, once a value is neither 0 nor 1."""
        number = self._numbers[name]
        before = self._read(number, np.int8) if number in self._files else np.array([], dtype=np.int8)
        self._graded[name] = True
        if file := self._files.pop(number, None):
            file.close()
        self._append(number, before.astype(np.float64))

    def _read(self, name: str, kind: type[np.generic]) -> npt.NDArray[Any]:
        self._files[name].flush()
        return np.fromfile(self._room / f"{name}.bin", dtype=kind)

    def close(self) -> None:
        """Let go of the files; the caller removes the folder."""
        for file in self._files.values():
            file.close()


@dataclass(frozen=True)
class Firsts:
    """Every id once, ascending, and the row in which it comes first."""

    ids: Ids
    rows: Positions


def firsts(ids: Ids) -> Firsts:
    """Return every id once with its first row.

    A sixteenth of the ids is sorted at a time, which takes a sixteenth of the room.

    >>> found = firsts(np.array([7, 3, 7, 1 << 62], dtype=np.uint64))
    >>> found.ids.tolist() == [3, 7, 1 << 62], found.rows.tolist()
    (True, [1, 0, 3])
    """
    found, rows, n = np.empty(len(ids), dtype=np.uint64), np.empty(len(ids), dtype=np.uint32), 0
    high = ids.astype("<u8", copy=False).view(np.uint8)[7::8] >> 4
    for number in range(_ROUNDS):
        where = np.flatnonzero(high == number).astype(np.uint32)
        part = ids[where]
        order = np.argsort(part, kind="stable")
        part = part[order]
        first = np.ones(len(part), dtype=np.bool_)
        first[1:] = part[1:] != part[:-1]
        m = int(first.sum())
        found[n : n + m], rows[n : n + m] = part[first], where[order][first]
        n += m
    return Firsts(found[:n], rows[:n])
