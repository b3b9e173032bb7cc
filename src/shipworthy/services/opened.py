"""A launch, opened: its folder without problems, its ledger, the index of its eval set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import BadInput, FolderHasProblems
from shipworthy.domain.launch import Launch
from shipworthy.store.caseset import CaseSet, case_set
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import CACHE_MIB, Ledger, open_ledger
from shipworthy.store.read import Reading, read_launch


@dataclass(frozen=True)
class Opened:
    """Everything a service needs to work on a launch."""

    reading: Reading
    ledger: Ledger
    cases: CaseSet

    @property
    def launch(self) -> Launch:
        """The launch as it is written."""
        return self.reading.launch

    @property
    def layout(self) -> Layout:
        """Where its files are."""
        return self.reading.layout


@contextmanager
def opened(folder: Path, *, cache_mib: int = CACHE_MIB) -> Iterator[Opened]:
    """Open a launch for a while.

    Args:
        folder: the launch.
        cache_mib: how much of the ledger each connection may keep in memory.

    Raises:
        FolderHasProblems: something in the folder is wrong.
        BadInput: there is no such folder.
    """
    if not folder.is_dir():
        raise BadInput(
            "there is no such launch folder", where=str(folder), remedy=f"run `shipworthy init {folder}`"
        )
    reading = read_launch(folder)
    if reading.problems:
        raise FolderHasProblems(reading.problems)
    ledger = open_ledger(reading.layout.ledger, cache_mib=cache_mib)
    try:
        cases, problems = case_set(ledger, reading.layout, reading.launch.slices)
        if problems:
            raise FolderHasProblems(sorted(set(problems)))
        yield Opened(reading, ledger, cases)
    finally:
        ledger.close()
