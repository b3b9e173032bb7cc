"""Cases still to be written: worksheets in `evalset/todo/`, which nothing reads as cases before they are filled in.

One JSON object a line: `new` is a case whose `input` is empty, `because` says what it is for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from shipworthy.domain.errors import BadInput, Refused, Unavailable
from shipworthy.domain.evalset import Case
from shipworthy.store.layout import Layout

MOST_BYTES = 64 * 1024 * 1024


class Todo(msgspec.Struct, kw_only=True):
    """One case still to be written.

    Attributes:
        new: the case; its input is null until somebody fills it in.
        because: what it is for; a reader's help, never read again.
    """

    new: dict[str, Any]
    because: dict[str, Any] = {}


def blank(case: Case, because: dict[str, Any]) -> Todo:
    """Return a case to be written, with every field that a person may fill in."""
    fields = {name: getattr(case, name) for name in Case.__struct_fields__}
    return Todo(new=fields, because=because)


def refuse_existing(layout: Layout, names: Iterable[str]) -> None:
    """Refuse when one of several worksheets is there already, before the first is written.

    Raises:
        Refused: somebody may have begun to fill it in.
    """
    for name in names:
        if (path := _path(layout, name)).exists():
            raise Refused(
                "this worksheet is there already, and somebody may have begun to fill it in",
                where=str(path),
                remedy="bring its cases in with --take, or move it away, and run the same command again",
            )


def _path(layout: Layout, name: str) -> Path:
    """Return where a worksheet lies; names that differ only in letters that files should not have stay apart."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:100]
    if plain != name.replace("=", "-"):
        plain += f"-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"
    return layout.evalset / "todo" / f"{plain}.jsonl"


def write_todo(layout: Layout, name: str, rows: Iterable[Todo]) -> Path:
    """Write a worksheet, whole or not at all; one that is there already is not written over.

    Raises:
        Refused: it is there already: somebody may have begun to fill it in.
        Unavailable: it cannot be written.
    """
    refuse_existing(layout, [name])
    path = _path(layout, name)
    unfinished = path.with_suffix(".unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
        unfinished.replace(path)
    except OSError as error:
        raise Unavailable(f"the worksheet cannot be written: {error.strerror}", where=str(path)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def read_todo(path: Path) -> tuple[list[Case], int]:
    """Return the cases of a worksheet that are filled in, and how many are not.

    Raises:
        BadInput: it is no worksheet, or a case in it is none.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise BadInput(
            f"the worksheet cannot be read: {error.strerror}", where=str(path), remedy="name the file to take"
        ) from error
    if size > MOST_BYTES:
        raise BadInput("a worksheet of more than 64 MiB", where=str(path), remedy="take it in pieces")
    filled, empty = [], 0
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            case = msgspec.convert(msgspec.json.decode(line, type=Todo).new, Case)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise BadInput(
                f"a line that is no case to be written ({str(error)[:120]})",
                where=f"{path}:{number}",
                remedy="keep `new` as it was made, and fill in `input` alone",
            ) from error
        if case.input is None or (isinstance(case.input, str) and not case.input.strip()):
            empty += 1
        else:
            filled.append(case)
    return filled, empty
