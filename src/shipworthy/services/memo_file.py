"""Memo file: the memo as it was written last, for a page to show; none is written here, and no look is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from shipworthy.store.layout import Layout

Name = Literal["memo", "rehearsal"]
NAMES: tuple[Name, ...] = ("memo", "rehearsal")
MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class MemoFile:
    """One written memo: which, when it was written, and whether it may be shown."""

    name: Name
    at: str
    size: int


def memo_files(layout: Layout) -> tuple[MemoFile, ...]:
    """Return the memos that were written as HTML."""
    found = []
    for name in NAMES:
        path = layout.memo / f"{name}.html"
        if path.is_file():
            at = path.stat()
            written = datetime.fromtimestamp(at.st_mtime, UTC)
            found.append(MemoFile(name, written.strftime("%Y-%m-%d %H:%M UTC"), at.st_size))
    return tuple(found)


def memo_content(layout: Layout, name: str) -> bytes | None:
    """Return a written memo; None for any other name, and for a file too large to be one."""
    known = next((each for each in memo_files(layout) if each.name == name), None)
    if known is None or known.size > MOST_BYTES:
        return None
    return (layout.memo / f"{known.name}.html").read_bytes()
