"""Doctor: whether the machine, the folder and the ledger are fit for work; reads only, and takes no look."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from shipworthy import __version__
from shipworthy.domain.errors import BadInput, ShipworthyError
from shipworthy.services.change_gate import Change, change_gate
from shipworthy.services.check import check
from shipworthy.services.verify import verify
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import WAL_IS_SAFE, journal_mode

State = Literal["fine", "note", "wrong"]
EXTRAS = {
    "judge": ("pydantic_ai", "to let a model judge"),
    "tables": ("duckdb", "to read Parquet"),
    "documents": ("typst", "to write PDF"),
    "postgresql": ("psycopg", "to keep the ledger in PostgreSQL"),
    "otlp": ("opentelemetry", "to take in traces"),
}
LITTLE = 1 << 30
"""Bytes: with less free space a run may end in the middle."""
TIMES = 3
"""A rewrite of the ledger needs its size again, and some."""
HARDLY = 0.001
"""A/A trials that chance alone brings about less often than this are no chance."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        about: what.
        state: fine, worth a note, or wrong.
        text: what was found.
        remedy: what to do; empty where nothing is wrong.
    """

    about: str
    state: State
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class Examined:
    """Everything that was found.

    Attributes:
        findings: in the order in which it was looked at.
    """

    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> bool:
        """Whether anything is wrong."""
        return any(found.state == "wrong" for found in self.findings)


def doctor(folder: Path, *, trials: int = 0) -> Examined:
    """Look at the environment, the folder and the ledger.

    Args:
        folder: the launch folder; where it holds no launch, only the environment is looked at.
        trials: try the gate so often on changes that change nothing, made from the open cases; 0 for not at all.

    Raises:
        BadInput: there is no such folder.
    """
    if not folder.is_dir():
        raise BadInput("there is no such folder", where=str(folder), remedy="name a launch folder")
    layout = Layout(folder)
    found = [*_environment(), _disk(layout)]
    if not layout.launch.exists():
        found.append(Finding("launch", "note", "no launch.yaml here: only the environment was looked at"))
        return Examined(tuple(found))
    found += [*_folder(folder), _ledger(layout)]
    if trials:
        found.append(_alarms(folder, trials))
    return Examined(tuple(found))


def _environment() -> Iterator[Finding]:
    yield Finding("program", "fine", f"Shipworthy {__version__}, Python {platform.python_version()}")
    mode, synchronous = journal_mode(sqlite3.sqlite_version_info)
    safe = ".".join(map(str, WAL_IS_SAFE))
    why = "" if mode == "WAL" else f"; before {safe} a write-ahead log can lose a database, so none is used"
    yield Finding(
        "SQLite",
        "fine",
        f"{sqlite3.sqlite_version}: journal_mode={mode}, synchronous={synchronous}: what is acknowledged is on disk{why}",
    )
    for name, (module, use) in EXTRAS.items():
        there = find_spec(module) is not None
        remedy = "" if there else f"where it is needed {use}: pip install 'shipworthy[{name}]'"
        yield Finding(
            f"extra {name}", "fine" if there else "note", "installed" if there else "not installed", remedy
        )


def _disk(layout: Layout) -> Finding:
    free = shutil.disk_usage(layout.folder).free
    size = layout.ledger.stat().st_size if layout.ledger.exists() else 0
    text = f"{free / LITTLE:,.1f} GiB free; the ledger has {size / (1 << 20):,.1f} MiB"
    if free < max(LITTLE, TIMES * size):
        return Finding("disk", "wrong", text, "free some space before the next run")
    return Finding("disk", "fine", text)


def _folder(folder: Path) -> Iterator[Finding]:
    checked = check(folder)
    if not checked.problems:
        cases = sum(checked.cases.values())
        yield Finding("folder", "fine", f"no problems; {cases:,} cases in {checked.groups:,} groups")
        return
    number = len(checked.problems)
    yield Finding(
        "folder",
        "wrong",
        f"{number:,} problem{'s' if number != 1 else ''}, the first: {checked.problems[0]}",
        f"shipworthy check {folder}",
    )


def _ledger(layout: Layout) -> Finding:
    if not layout.ledger.exists():
        return Finding("ledger", "note", "none yet: nothing was run or imported")
    try:
        found = verify(layout.folder)
    except ShipworthyError as error:
        return Finding("ledger", "wrong", error.what, error.remedy or "restore it from a copy")
    if found.faults:
        more = f", and {len(found.faults) - 1:,} more" if len(found.faults) > 1 else ""
        return Finding("ledger", "wrong", f"{found.faults[0]}{more}", f"shipworthy verify {layout.folder}")
    return Finding("ledger", "fine", f"whole: {found.events:,} events, head {found.head[:12]}")


def _alarms(folder: Path, trials: int) -> Finding:
    """Try the gate on changes that change nothing."""
    try:
        done = change_gate(folder, Change(trials=trials))
    except ShipworthyError as error:
        return Finding("gate, A/A", "note", f"it could not be tried: {error.what}", error.remedy)
    alarms, level = done.alarms, done.gated.level
    assert alarms is not None
    text = (
        f"{alarms.stopped:,} of {alarms.times:,} changes that change nothing were stopped, on {done.cases:,} open cases; "
        f"the gate says at most {100 * level:g} in 100"
    )
    if alarms.p_above(level) < HARDLY:
        return Finding(
            "gate, A/A",
            "wrong",
            f"{text}: that is more than chance does",
            "declare what makes cases alike as a group",
        )
    return Finding("gate, A/A", "fine", text)
