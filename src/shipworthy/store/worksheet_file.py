"""Worksheets as a page shows them: found by a key, never by a path; filled in only over what was read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.store.guarded import bytes_hash, save
from shipworthy.store.layout import Layout
from shipworthy.store.todo import MOST_BYTES, Todo


@dataclass(frozen=True)
class Worksheet:
    """Cases to be written.

    Attributes:
        key: its name in addresses.
        name: its file's name, without what stands behind the point.
        path: where it is.
        seen: the hash of what was read, to be handed back with a change.
        rows: in their order.
    """

    key: str
    name: str
    path: Path
    seen: str
    rows: tuple[Todo, ...]

    @property
    def filled(self) -> int:
        """How many are filled in."""
        return sum(is_filled(row) for row in self.rows)

    @property
    def empty(self) -> int:
        """How many are still to be written."""
        return len(self.rows) - self.filled


def is_filled(row: Todo) -> bool:
    """Whether a case to be written has an input."""
    given = row.new.get("input")
    return given is not None and not (isinstance(given, str) and not given.strip())


def worksheets(layout: Layout) -> list[Worksheet]:
    """Return the worksheets that can be read, in the order of their names."""
    folder = layout.evalset / "todo"
    found = []
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        try:
            found.append(_read(path))
        except BadInput:
            continue  # somebody's own file; the command says what is wrong with it
    return found


def find_worksheet(layout: Layout, key: str) -> Worksheet:
    """Return the worksheet of a key.

    Raises:
        BadInput: there is none.
    """
    for sheet in worksheets(layout):
        if sheet.key == key:
            return sheet
    raise BadInput(
        "there is no such worksheet", where="evalset/todo/", remedy="choose one on the page of the eval set"
    )


def fill_in(sheet: Worksheet, given: Mapping[int, tuple[str, str]], *, seen: str) -> Worksheet:
    """Write inputs and what is expected of them into rows of a worksheet.

    Args:
        sheet: as it reads now.
        given: row to input and expected, as they were typed.
        seen: the hash of the worksheet as the person saw it.

    Raises:
        Refused: somebody else changed it since; nothing is written.
    """
    rows = [
        Todo(new=row.new | _typed(row, *given[n]), because=row.because) if n in given else row
        for n, row in enumerate(sheet.rows)
    ]
    return keep_rows(sheet, rows, seen=seen)


def keep_rows(sheet: Worksheet, rows: Sequence[Todo], *, seen: str) -> Worksheet:
    """Put rows in the place of those that a worksheet has."""
    after = save(sheet.path, b"".join(msgspec.json.encode(row) + b"\n" for row in rows), seen=seen)
    return Worksheet(sheet.key, sheet.name, sheet.path, after, tuple(rows))


def as_typed(value: Any) -> str:
    """Return an input as it stands in a form."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode("utf-8", "replace")


def _typed(row: Todo, given: str, expected: str) -> dict[str, Any]:
    """Return what was typed; where the case it comes from holds JSON, JSON that was typed is taken for it."""
    return {
        "input": _value(given, row.because.get("input"), row.new.get("input")),
        "expected": _value(expected, row.because.get("expected"), row.new.get("expected")),
    }


def _value(text: str, like: Any, before: Any) -> Any:
    plain = text.replace("\r\n", "\n")
    if not plain.strip():
        return None
    if plain == as_typed(before).replace("\r\n", "\n"):
        return before
    if isinstance(like, dict | list):
        try:
            return msgspec.json.decode(plain)
        except (msgspec.MsgspecError, RecursionError):
            return plain
    return plain


def _read(path: Path) -> Worksheet:
    try:
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise Unavailable(f"the worksheet cannot be read: {error.strerror}", where=str(path)) from error
    if content is None:
        raise BadInput("a worksheet of more than 64 MiB", where=str(path), remedy="take it in pieces")
    try:
        rows = tuple(msgspec.json.decode(line, type=Todo) for line in content.splitlines() if line.strip())
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadInput("a line that is no case to be written", where=str(path)) from error
    key = hashlib.sha256(path.name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return Worksheet(key, path.stem, path, bytes_hash(content), rows)
