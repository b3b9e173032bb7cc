"""Change single values in files of cases: every byte that is not part of the change stays as it was."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from shipworthy.domain.errors import BadInput, Refused, Unavailable
from shipworthy.domain.evalset import Case
from shipworthy.store.layout import Layout

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],:]', re.DOTALL)
_DECODER = msgspec.json.Decoder(Case)


def with_value(line: bytes, key: str, value: str) -> bytes:
    r"""Return a line that holds a JSON object with one text value changed, or added at its end.

    >>> with_value(b'{"id": "a",  "part":"explore"}\n', "part", "holdout")
    b'{"id": "a",  "part":"holdout"}\n'
    >>> with_value(b'{"id": "a"}', "part", "tune")
    b'{"id": "a", "part": "tune"}'
    """
    new = msgspec.json.encode(value)
    found = list(_values(line, key))
    if found:
        for start, end in reversed(found):
            line = line[:start] + new + line[end:]
        return line
    end = line.rindex(b"}")
    head = line[:end].rstrip()
    comma = b"" if head.endswith(b"{") else b", "
    return head + comma + msgspec.json.encode(key) + b": " + new + line[len(head) : end] + line[end:]


def _values(line: bytes, key: str) -> Iterator[tuple[int, int]]:
    """Yield where the value of a key of the outermost object begins and ends; a key may stand twice."""
    depth, at_key, waits = 0, False, -1
    for token in _TOKEN.finditer(line):
        sign = token[0]
        if waits >= 0 and depth == 1 and sign in (b",", b"}"):
            end = token.start()
            raw = line[waits:end]
            start = waits + len(raw) - len(raw.lstrip())
            yield start, start + len(raw.strip())
            waits = -1
        if sign in b"{[":
            depth += 1
            at_key = depth == 1
        elif sign in b"}]":
            depth -= 1
        elif sign == b"," and depth == 1:
            at_key = True
        elif sign == b":" and depth == 1 and waits == -2:
            waits = token.end()
        elif at_key and depth == 1:
            at_key = False
            waits = -2 if msgspec.json.decode(sign) == key else -1


Changes = Mapping[str, Mapping[str, str]]
"""Case id to the keys and text values that its line is given."""


def change_cases(layout: Layout, changes: Changes) -> list[Path]:
    """Give cases new values in the files they stand in; all files are made before the first is put in place.

    Lines keep their order; a line that is not changed keeps its bytes.

    Returns:
        The files that were changed.

    Raises:
        Refused: a case is not where it was a moment ago; nothing is changed then.
        Unavailable: a file cannot be written; nothing is changed then.
    """
    left = set(changes)
    made: list[tuple[Path, Path]] = []
    try:
        for path in layout.evalset_files():
            new = path.resolve().with_suffix(".unfinished")
            touched = _rewrite(path, new, changes, left)
            made.append((new, path.resolve()))
            if not touched:
                new.unlink()
                made.pop()
        if left:
            raise Refused(
                f"the case `{min(left)}` is no longer in the eval set",
                where=str(layout.evalset),
                remedy="run the same command again",
            )
        for new, path in made:
            new.replace(path)
    except OSError as error:
        raise Unavailable(
            f"a file of cases cannot be written: {error.strerror}",
            where=str(error.filename or layout.evalset),
        ) from error
    finally:
        for new, _ in made:
            new.unlink(missing_ok=True)
    return [path for _, path in made]


def _rewrite(path: Path, new: Path, changes: Changes, left: set[str]) -> bool:
    """Write a file with its changes beside the old one, and say whether there are any."""
    touched = False
    try:
        with path.open("rb") as old, new.open("wb", buffering=1 << 20) as file:
            for line in old:
                given = _given(line, changes, left)
                file.write(_changed(line, given, path) if given else line)
                touched |= bool(given)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, new)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return touched


def _given(line: bytes, changes: Changes, left: set[str]) -> Mapping[str, str] | None:
    if not line.strip():
        return None
    try:
        case = _DECODER.decode(line)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    if case.id not in left:
        return None
    left.discard(case.id)
    return changes[case.id]


def _changed(line: bytes, given: Mapping[str, str], path: Path) -> bytes:
    before = _DECODER.decode(line)
    for key, value in given.items():
        line = with_value(line, key, value)
    wanted: Any = msgspec.structs.replace(before, **given)
    if _DECODER.decode(line) != wanted:
        raise BadInput(
            f"the line of the case `{before.id}` cannot be changed safely",
            where=str(path),
            remedy="write its values once each, and run the same command again",
        )
    return line
