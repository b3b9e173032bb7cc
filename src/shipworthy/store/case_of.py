"""One case by its id, found in the files without reading the others as JSON."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from shipworthy.domain.evalset import Case
from shipworthy.store.layout import Layout

_DECODER = msgspec.json.Decoder(Case)


def case_of(layout: Layout, key: str) -> Case | None:
    """Return a case by its id; None where no file has it.

    Args:
        layout: where the launch's files are.
        key: the id.
    """
    name = msgspec.json.encode(key)
    for path in layout.evalset_files():
        for line in _lines_with(path, name):
            if (found := _decoded(line)) is not None and found.id == key:
                return found
    return _slowly(layout, key)


def _slowly(layout: Layout, key: str) -> Case | None:
    """An id may be written with other escapes than ours: then every line is read, which is rare."""
    for path in layout.evalset_files():
        for line in _lines_with(path, b"\\"):
            if (found := _decoded(line)) is not None and found.id == key:
                return found
    return None


def _lines_with(path: Path, word: bytes) -> Iterator[bytes]:
    """Yield the lines that hold some bytes."""
    try:
        with (
            path.open("rb") as file,
            closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) as content,
        ):
            at = content.find(word)
            while at >= 0:
                start, end = content.rfind(b"\n", 0, at) + 1, content.find(b"\n", at)
                end = len(content) if end < 0 else end
                yield content[start:end]
                at = content.find(word, end)
    except (
        OSError,
        ValueError,
    ):  # an empty file has no map; what cannot be read is among the folder's problems
        return


def _decoded(line: bytes) -> Case | None:
    try:
        return _DECODER.decode(line)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
