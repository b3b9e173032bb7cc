"""Write the files of an interview: guarded by the hash of what was read, comments and order kept, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import BadInput
from shipworthy.domain.interview import Coding
from shipworthy.store.front_matter import joined, split
from shipworthy.store.guarded import NO_FILE, bytes_hash, save
from shipworthy.store.yaml_edit import Edited, Source, changed_text, edit_yaml, entry, listed, written
from shipworthy.store.yaml_file import YamlFile, parse_yaml, read_text

OPTIONAL = ("coder", "note", "quoted_as", "important", "external_ok")
Head = dict[str, Any]


def changed_head(path: Path, change: Callable[[Head], None], *, body: str | None = None) -> str:
    """Return the text of an interview with its front matter changed in place; nothing is written.

    Args:
        path: the file.
        change: changes the values.
        body: a new text; the old one unless said.

    Raises:
        BadInput: the file has no front matter that could be changed.
    """
    file = YamlFile(path.name)
    text = read_text(path, file)
    parts = split(text) if text is not None else None
    if parts is None or parse_yaml(parts.head, file).broken or not isinstance(file.data, dict):
        raise BadInput("the file has no front matter", where=str(path), remedy="run `shipworthy check`")

    def apply(data: Any) -> Any:
        change(data)
        return data

    head = changed_text(Source(path, path.name, f"{parts.head}\n", NO_FILE, file.data), apply)
    return joined(head, parts.body if body is None else body)


def new_file(head: Mapping[str, Any], body: str = "") -> str:
    """Return the text of a new interview; what is empty is left out of its front matter."""
    return joined(head_text(head), body)


def head_text(head: Mapping[str, Any]) -> str:
    """Return front matter as it is written."""
    source = Source(Path("interview.md"), "interview.md", "", NO_FILE, None)
    return changed_text(source, lambda _: entry(dict(head)))


def put(path: Path, text: str, *, seen: str) -> str:
    """Write the file of an interview over what was read, and return its new hash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return save(path, text.encode("utf-8"), seen=seen)


def file_and_hash(path: Path) -> tuple[bytes | None, str]:
    """Return a file's bytes and their hash; none and `NO_FILE` where there is none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None, NO_FILE
    return content, bytes_hash(content)


def edit_codings(
    path: Path, *, add: Sequence[Coding] = (), remove: Sequence[Coding] = (), seen: str | None = None
) -> Edited:
    """Add excerpts to the file of one interview, in the order of the text, and take others out.

    Args:
        path: the file; it need not exist.
        add: new excerpts.
        remove: excerpts to take out, told by place and coder.
        seen: the hash of the file as the person saw it; None where it was only just read.

    Raises:
        Refused: somebody else changed the file in between.
        FolderHasProblems: the file is no list of excerpts.
    """
    gone = {(each.start, each.end, each.coder) for each in remove}

    def change(data: Any) -> Any:
        rows = listed(data)
        for position in reversed(range(len(rows))):
            if _key(rows[position]) in gone:
                del rows[position]
        for each in add:
            later = (i for i, row in enumerate(rows) if _key(row)[:2] > (each.start, each.end))
            rows.insert(next(later, len(rows)), _entry(each))
        return rows

    path.parent.mkdir(parents=True, exist_ok=True)
    return edit_yaml(path, change, name=f"interviews/{path.name}", seen=seen)


def delete(path: Path) -> bool:
    """Overwrite a file with nothing and delete it; whether it was there."""
    if not path.exists():
        return False
    with path.open("r+b") as file:
        file.truncate(0)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return True


def set_in(head: Head, key: str, value: Any) -> None:
    """Put a value into a front matter as it is best written, or take the key out where the value is empty."""
    if value in (None, "", [], {}):
        head.pop(key, None)
    else:
        head[key] = written(value)


def _entry(coding: Coding) -> Any:
    row: dict[str, Any] = {key: getattr(coding, key) for key in ("start", "end", "text", "codes", "kind")}
    made = entry(row | {key: value for key in OPTIONAL if (value := getattr(coding, key))})
    if coding.start == 0:
        made.insert(0, "start", 0)
    return made


def _key(row: Any) -> tuple[int, int, str]:
    if not isinstance(row, dict):
        return (-1, -1, "")
    start, end = (row.get(key) if isinstance(row.get(key), int) else -1 for key in ("start", "end"))
    return (start, end, str(row.get("coder", "")))  # type: ignore[return-value] # both are numbers here
