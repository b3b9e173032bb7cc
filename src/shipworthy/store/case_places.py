"""Where each case stands in its file, so that one can be read without reading the others."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import msgspec

from shipworthy.domain.evalset import Case
from shipworthy.store.layout import Layout

_CASE = msgspec.json.Decoder(Case)


class _Named(msgspec.Struct):
    id: str


_NAME = msgspec.json.Decoder(_Named)


class CasePlaces:
    """Cases by id, read where they stand; files that changed meanwhile are gone through again.

    Args:
        layout: the launch's files.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.places: dict[str, tuple[Path, int, int]] = {}
        self.going_through = threading.Lock()
        self.seen: tuple[tuple[str, int, int], ...] = ()

    def case(self, key: str) -> Case | None:
        """Return a case, None when the eval set has none of that id."""
        if self._stamp() != self.seen:
            with self.going_through:
                stamp = self._stamp()
                if stamp != self.seen:
                    self.places = self._gone_through()
                    self.seen = stamp
        place = self.places.get(key)
        if place is None:
            return None
        path, start, size = place
        with path.open("rb") as file:
            file.seek(start)
            case = _CASE.decode(file.read(size))
        return case if case.id == key else None

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        try:
            entries = list(os.scandir(self.layout.evalset))
        except (FileNotFoundError, NotADirectoryError):
            return ()
        found = [
            (each.name, status.st_size, status.st_mtime_ns)
            for each in entries
            if each.name.endswith(".jsonl") and (status := each.stat())
        ]
        return tuple(sorted(found))

    def _gone_through(self) -> dict[str, tuple[Path, int, int]]:
        places: dict[str, tuple[Path, int, int]] = {}
        for path in self.layout.evalset_files():
            start = 0
            with path.open("rb") as file:
                for line in file:
                    if line.strip():
                        places.setdefault(_NAME.decode(line).id, (path, start, len(line)))
                    start += len(line)
        return places
