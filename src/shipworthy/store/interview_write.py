"""Write the files of an interview: guarded by the hash of what was read, comments and order kept, whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import BadInput, Refused, Unavailable
from shipworthy.domain.interview import Coding
from shipworthy.store.front_matter import dumped, joined, split
from shipworthy.store.yaml_file import YamlFile, parse_yaml, read_text, read_yaml

OPTIONAL = ("coder", "note", "quoted_as", "important", "external_ok")
EXCERPTS_HEAD = "# Excerpts with their codes; start and end count characters of the text, from 0.\n"


@dataclass(frozen=True)
class Seen:
    """A file as it was read: its text, and the hash that a save is guarded by."""

    text: str | None
    sha: str


def seen(path: Path) -> Seen:
    """Return a file as it is now; a missing one has no text."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Seen(None, "")
    return Seen(content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest())


def save(path: Path, text: str, *, was: str) -> None:
    """Write a file unless somebody changed it since it was read.

    Args:
        path: the file.
        text: its new content.
        was: the hash under which it was read; empty when there was none.

    Raises:
        Refused: it is not what was read any more; nothing is written.
        Unavailable: it cannot be written.
    """
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if seen(path).sha != was:
            raise Refused(
                "the file was changed meanwhile, and nothing of yours was written over it",
                where=str(path),
                remedy="look at it again, and repeat what you did",
            )
        new.replace(path)
    except OSError as error:
        raise Unavailable(f"the file cannot be written: {error.strerror}", where=str(path)) from error
    finally:
        new.unlink(missing_ok=True)


def change_head(path: Path, change: Callable[[Any], None], *, body: str | None = None) -> str:
    """Change the front matter of an interview in place, and return the file's new text without writing it.

    Args:
        path: the file.
        change: changes the values.
        body: a new text; the old one unless said.

    Raises:
        BadInput: the file cannot be understood.
    """
    file = YamlFile(path.name)
    text = read_text(path, file)
    parts = split(text) if text is not None else None
    if parts is None or parse_yaml(parts.head, file).broken or not isinstance(file.data, dict):
        raise BadInput("the file has no front matter", where=str(path), remedy="run `shipworthy check`")
    change(file.data)
    return joined(file.data, parts.body if body is None else body)


def new_interview(head: Mapping[str, Any], body: str) -> str:
    """Return the text of a new file."""
    return joined(dict(head), body)


def with_codings(path: Path, added: Sequence[Coding], *, without: Sequence[Coding] = ()) -> str:
    """Return the text of a file of excerpts with some added and some taken out.

    Args:
        path: the file; it need not exist.
        added: new excerpts; they are put in the order of the text.
        without: excerpts to take out, told by place and coder.

    Raises:
        BadInput: the file cannot be understood.
    """
    file = read_yaml(path, path.name)
    if file.broken or not isinstance(file.data, list | None):
        raise BadInput(
            "the file of excerpts cannot be read", where=str(path), remedy="run `shipworthy check`"
        )
    data = file.data if file.data is not None else []
    gone = {(each.start, each.end, each.coder) for each in without}
    for position in reversed(range(len(data))):
        entry = data[position]
        if isinstance(entry, dict) and (entry.get("start"), entry.get("end"), entry.get("coder", "")) in gone:
            del data[position]
    for each in added:
        at = next(
            (i for i, e in enumerate(data) if isinstance(e, dict) and _start(e) > each.start), len(data)
        )
        data.insert(at, entry_of(each))
    return (EXCERPTS_HEAD if file.data is None else "") + (dumped(data) if data else "[]\n")


def entry_of(coding: Coding) -> dict[str, Any]:
    """Return an excerpt as it is written: what is empty is left out."""
    entry: dict[str, Any] = {
        "start": coding.start,
        "end": coding.end,
        "text": coding.text,
        "codes": list(coding.codes),
        "kind": coding.kind,
    }
    return entry | {key: value for key in OPTIONAL if (value := getattr(coding, key))}


def _start(entry: Mapping[str, Any]) -> int:
    start = entry.get("start")
    return start if isinstance(start, int) else 0
