"""What takes long to work out of a launch, kept until a file of its folder, its ledger or the day changes.

Nothing is kept for a time: before each use all files of the folder and the state of the ledger are looked at, which
takes a few milliseconds. Where that cannot be told (a folder of very many files), it is worked out each time.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from shipworthy.services.clock import now
from shipworthy.services.kept import Kept
from shipworthy.store import journal
from shipworthy.store.ledger import Ledger

T = TypeVar("T")
MOST_FILES = 5_000
"""Files of a folder from which on nothing is kept: looking at each would take longer than many a page."""
MOST_KEPT = 16
"""Values that are kept of one launch; the one that was used longest ago goes first."""
TICK_NS = 50_000_000
"""How long after a change a file may change again without its time saying so."""
PASSED_OVER = ("__pycache__", ".git", "ledger.db")
_lock = threading.Lock()
_kept: WeakKeyDictionary[Kept, dict[Hashable, tuple[Hashable, Any]]] = WeakKeyDictionary()


def worked_out(kept: Kept, name: Hashable, make: Callable[[], T]) -> T:
    """Return a value that was made from a launch; made now when anything that it could rest on has changed.

    Args:
        kept: the launch.
        name: what names the value.
        make: makes it from the launch's files, its ledger and the day; the value is never changed.
    """
    state = state_of(kept)
    with _lock:
        values = _kept.setdefault(kept, {})
        found = values.get(name)
    if state is not None and found is not None and found[0] == state:
        return cast(T, found[1])
    made = make()
    with _lock:
        values.pop(name, None)
        if state is not None:
            values[name] = (state, made)
        while len(values) > MOST_KEPT:
            del values[next(iter(values))]
    return made


def state_of(kept: Kept) -> Hashable | None:
    """Return what changes with every file of the folder, every commit to the ledger, and the hour; None where unknown."""
    files = _files(kept.layout.folder)
    return None if files is None else (files, _commits(kept.ledger), now()[:13], time.strftime("%F"))


def _files(folder: Path) -> Hashable | None:
    """Return name, times, size and place of every file; None when one was changed so lately that it may again unseen."""
    found: list[tuple[str, int, int, int, int]] = []
    waiting = [str(folder)]
    latest = 0
    while waiting:
        for entry in _entries(waiting.pop()):
            if entry.name.startswith(PASSED_OVER):
                continue
            if entry.is_dir():
                waiting.append(entry.path)
                continue
            with contextlib.suppress(OSError):
                at = entry.stat()
                found.append((entry.path, at.st_mtime_ns, at.st_ctime_ns, at.st_size, at.st_ino))
                latest = max(latest, at.st_mtime_ns, at.st_ctime_ns)
            if len(found) > MOST_FILES:
                return None
    return None if time.time_ns() - latest < TICK_NS else tuple(sorted(found))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        return list(os.scandir(folder))
    except OSError:
        return []


def _commits(ledger: Ledger) -> Hashable:
    """Return the journal's head, and of a SQLite ledger the number of its changes, which counts what has no event."""
    with ledger.read() as connection:
        head = journal.head(connection)
    if ledger.engine.dialect.name != "sqlite":
        return head
    changes: list[Hashable] = []
    for end in ("", "-wal"):
        with contextlib.suppress(OSError), Path(f"{ledger.place}{end}").open("rb") as file:
            at = os.fstat(file.fileno())
            changes.append((at.st_mtime_ns, at.st_size, at.st_ino, file.read(28)[24:]))
    return head, *changes
