"""One case by its id, found in the files without reading the others as JSON."""

from __future__ import annotations

from collections.abc import Iterator

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
    for line in _lines(layout):
        if name in line and (found := _decoded(line)) is not None and found.id == key:
            return found
    # An id may be written with other escapes than ours; this takes long and is rare.
    return next((found for line in _lines(layout) if (found := _decoded(line)) and found.id == key), None)


def _lines(layout: Layout) -> Iterator[bytes]:
    for path in layout.evalset_files():
        try:
            with path.open("rb") as file:
                yield from file
        except OSError:  # the folder's problems say so
            continue


def _decoded(line: bytes) -> Case | None:
    try:
        return _DECODER.decode(line)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
