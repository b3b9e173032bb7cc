"""Decoding JSON that a stranger wrote: every way it can be wrong becomes `BadInput` with a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shipworthy.domain.errors import BadInput
from shipworthy.importers.opened import byte_lines

T = TypeVar("T")

_BYTE = re.compile(r"\(byte (\d+)\)")
_NAN_OR_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"|-?\bInfinity\b|\bNaN\b', re.DOTALL)
_TOO_DEEP = "the JSON is nested too deep"
_REMEDY = "export the file again; nothing of it is kept"


def decode(data: bytes, *, kind: type[T], path: Path, line: int = 0) -> T:
    """Decode one JSON value of the given type.

    Args:
        data: the text.
        kind: the type to decode into.
        path: named in the error.
        line: the line `data` stands on; 0 when it is the whole file.

    Raises:
        BadInput: the text is not JSON of that type; NaN and Infinity are not JSON.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except RecursionError as error:
        raise BadInput(_TOO_DEEP, where=f"{path}:{line or 1}", remedy=_REMEDY) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise BadInput(
            _say(error, data), where=f"{path}:{line or _line_of(error, data)}", remedy=_REMEDY
        ) from error


def decode_with_nan(data: bytes, *, kind: type[T], path: Path) -> T:
    """Decode one JSON value whose writer may have left bare `NaN` for a score that was not given.

    A `NaN` becomes null, which is unscored; an `Infinity` becomes a word, which is no number either.
    """
    try:
        return decode(data, kind=kind, path=path)
    except BadInput:
        if b"NaN" not in data and b"Infinity" not in data:
            raise
    return decode(_NAN_OR_STRING.sub(_replace, data), kind=kind, path=path)


def objects_by_line(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the number and text of each line that is not blank."""
    for number, line in enumerate(byte_lines(path), 1):
        if not line or line.isspace():
            continue
        yield number, line


def twice(data: bytes) -> str | None:
    """Return a name that an object of this text gives twice; readers disagree on which value counts."""
    found: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in items]
        found.extend(name for name in names if names.count(name) > 1)
        return {}

    import json  # noqa: PLC0415 - only for the rare line that looks suspicious

    try:
        json.loads(data, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return None
    return found[0] if found else None


def _replace(match: re.Match[bytes]) -> bytes:
    token = match.group()
    if token.startswith(b'"'):
        return token
    return b"null" if token == b"NaN" else b'"Infinity"'


def _say(error: Exception, data: bytes) -> str:
    if (at := _BYTE.search(str(error))) and data[int(at.group(1)) :][:9].lstrip(b"-").startswith(
        (b"NaN", b"Inf")
    ):
        return "NaN and Infinity are not JSON and not scores"
    return f"the JSON cannot be read: {error}"


def _line_of(error: Exception, data: bytes) -> int:
    at = _BYTE.search(str(error))
    return 1 + (data.count(b"\n", 0, int(at.group(1))) if at else 0)
