"""Kept: a launch that stays open for a server, read again only when one of its files changed."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from shipworthy.domain.errors import BadInput, FolderHasProblems
from shipworthy.services.opened import Opened
from shipworthy.store.caseset import case_set
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import Ledger, open_ledger
from shipworthy.store.read import Reading, read_launch

Stamp = tuple[tuple[str, int, int, int], ...]
WRITTEN = (".yaml", ".jsonl", ".md", ".py")


class Kept:
    """One launch, kept open; safe to use from several threads.

    Args:
        folder: the launch.

    Raises:
        BadInput: there is no such folder, or its ledger is none.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise BadInput(
                "there is no such launch folder", where=str(folder), remedy=f"run `shipworthy init {folder}`"
            )
        self.layout = Layout(folder)
        self.ledger: Ledger = open_ledger(self.layout.ledger)
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._reading: Reading | None = None
        self._opened: Opened | None = None
        self._problems: FolderHasProblems | None = None
        self._now: tuple[Stamp | None, Opened | None] = (None, None)
        self._folders = _folders(self.layout)

    def reading(self) -> Reading:
        """Return the folder as far as it could be understood, with its problems."""
        with self._lock:
            self._refresh()
            assert self._reading is not None
            return self._reading

    def opened(self) -> Opened:
        """Return the launch with its ledger and the index of its eval set.

        Raises:
            FolderHasProblems: something in the folder is wrong.
        """
        with self._lock:
            self._refresh()
            if self._opened is not None:
                return self._opened
            assert self._problems is not None
            raise FolderHasProblems(self._problems.problems)

    def at_hand(self) -> Opened | None:
        """Return the launch if it is open and none of its files changed; None where it must be read first."""
        stamp, launch = self._now
        return launch if launch is not None and tuple(_stamps(self._folders)) == stamp else None

    def close(self) -> None:
        """Give the ledger back."""
        self.ledger.close()

    def _refresh(self) -> None:
        stamp = tuple(_stamps(self._folders))
        if stamp == self._stamp:
            return
        reading = read_launch(self.layout.folder)
        problems = list(reading.problems)
        self._opened = None
        if not problems:
            cases, problems = case_set(self.ledger, self.layout, reading.launch.slices)
            if not problems:
                self._opened = Opened(reading, self.ledger, cases)
        self._problems = FolderHasProblems(sorted(set(problems))) if problems else None
        self._reading, self._stamp = reading, stamp
        self._now = stamp, self._opened


def _folders(layout: Layout) -> tuple[str, ...]:
    return tuple(str(each) for each in (layout.folder, layout.evalset, layout.judges, layout.interviews))


def _stamps(folders: tuple[str, ...]) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, time, size and place of everything that people write."""
    for folder in folders:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            continue
        for entry in entries:
            if not entry.name.endswith(WRITTEN) or not entry.is_file():
                continue
            with contextlib.suppress(FileNotFoundError):  # moved away since
                at = entry.stat()
                yield entry.path, at.st_mtime_ns, at.st_size, at.st_ino
