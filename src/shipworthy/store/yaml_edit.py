"""Change a YAML file that people write: comments, order, quotes and every line that is not concerned stay.

The file is parsed with its comments, changed, and written out; what differs between the old and the new writing
is then carried into the text as the person wrote it. What comes out is parsed again: it says what was meant, or
nothing is saved.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken

from shipworthy.domain.errors import BadInput, FolderHasProblems, Unavailable
from shipworthy.domain.problem import Problem
from shipworthy.store.guarded import NO_FILE, bytes_hash, moved_on, save
from shipworthy.store.yaml_file import MAX_YAML_BYTES, YamlFile, parse_yaml, plain
from shipworthy.store.yaml_lines import round_trip, writings

Change = Callable[[Any], Any]
"""Takes the file's values (`None` for an empty file) and returns them changed; they may be changed in place."""

BOM = "\ufeff"


@dataclass(frozen=True)
class Source:
    """A YAML file as it was read.

    Attributes:
        path: where it is.
        name: what problems call it.
        text: what stands in it, without a byte order mark; empty where there is no file.
        hash: of its bytes; shown to the person, and handed back with the change.
        data: its values with their comments; None for an empty file.
    """

    path: Path
    name: str
    text: str
    hash: str
    data: Any


@dataclass(frozen=True)
class Edited:
    """What came of a change.

    Attributes:
        before: the hash of the bytes that were replaced.
        after: the hash of the bytes that stand there now; equal to `before` where nothing was to change.
        old: the text that was replaced, so that a change can be taken back.
        text: the text that stands there now.
    """

    before: str
    after: str
    old: str
    text: str


def read_source(path: Path, *, name: str = "", seen: str | None = None) -> Source:
    """Read a YAML file to change it.

    Args:
        path: the file; one that is not there reads as an empty one.
        name: what problems call it; the file's own name unless said.
        seen: the hash that the person was shown; None where the file was only just read.

    Raises:
        Refused: the file is no longer what the person saw.
        FolderHasProblems: it is not YAML.
        BadInput: it is no text, or longer than a person writes.
    """
    label = name or path.name
    raw = _bytes(path)
    found = NO_FILE if raw is None else bytes_hash(raw)
    if seen is not None and found != seen:
        raise moved_on(path)
    text = _text(raw or b"", path)
    file = parse_yaml(text, YamlFile(label))
    if file.problems:
        raise FolderHasProblems(file.problems)
    return Source(path, label, text, found, _load(text))


def changed_text(source: Source, change: Change) -> str:
    """Return the text of a file with a change made; nothing is written.

    Args:
        source: what was read.
        change: makes the change.

    Raises:
        BadInput: the change cannot be written without touching what it does not concern.
    """
    wanted = change(copy.deepcopy(source.data))
    if _same_values(wanted, source.data):
        return source.text
    for text in writings(source.text, source.data, wanted):
        if _says(text, wanted):
            return text
    raise BadInput(
        "this change cannot be written into the file without touching what it does not concern",
        where=str(source.path),
        remedy="make it by hand in the file",
    )


def edit_yaml(
    path: Path,
    change: Change,
    *,
    name: str = "",
    seen: str | None = None,
    problems: Callable[[YamlFile], Sequence[Problem]] | None = None,
) -> Edited:
    """Change a YAML file in place.

    Args:
        path: the file; one that is not there is made.
        change: takes the file's values and returns them changed.
        name: what problems call it; the file's own name unless said.
        seen: the hash of the file as the person saw it; None where it was only just read.
        problems: what would be wrong with the file as it would be; it is saved only where there is nothing.

    Raises:
        Refused: the file was changed by somebody else in between; nothing is saved.
        FolderHasProblems: the file is broken, or would be; nothing is saved.
        BadInput: the change cannot be written safely; nothing is saved.
        Unavailable: the file cannot be written; the old bytes stay.
    """
    source = read_source(path, name=name, seen=seen)
    text = changed_text(source, change)
    if text == source.text:
        return Edited(source.hash, source.hash, source.text, source.text)
    return save_text(source, text, problems=problems)


def save_text(
    source: Source, text: str, *, problems: Callable[[YamlFile], Sequence[Problem]] | None = None
) -> Edited:
    """Put a whole new text in place of one that was read; a byte order mark stays where there was one.

    Args:
        source: what was read, and is guarded.
        text: what shall stand there.
        problems: what would be wrong with it; it is saved only where there is nothing.

    Raises:
        Refused: the file was changed by somebody else in between.
        FolderHasProblems: the text has problems.
    """
    file = parse_yaml(text, YamlFile(source.name))
    found = [*file.problems, *(problems(file) if problems is not None and not file.problems else ())]
    if found:
        raise FolderHasProblems(sorted(set(found)))
    marked = (_bytes(source.path) or b"").startswith(BOM.encode())
    data = (BOM if marked else "").encode() + text.encode()
    if len(data) > MAX_YAML_BYTES:
        raise BadInput(
            f"the file would have {len(data):,} bytes, where people write at most {MAX_YAML_BYTES:,}",
            where=str(source.path),
            remedy="move what is no longer needed elsewhere",
        )
    return Edited(source.hash, save(source.path, data, seen=source.hash), source.text, text)


def listed(data: Any) -> Any:
    """Return a file's list of entries, ready to be added to one a line; an empty list for an empty file."""
    found = CommentedSeq() if data is None else data
    if isinstance(found, CommentedSeq) and not found:
        found.fa.set_block_style()
    return found


def entry(values: dict[str, Any]) -> CommentedMap:
    """Return a new entry: its keys a line each, its short lists in one line; what is empty is left out."""
    made = CommentedMap()
    for key, value in values.items():
        if value is None or value in ("", [], {}):
            continue
        made[key] = written(value)
    return made


def put(row: CommentedMap, key: str, value: Any) -> None:
    """Give an entry a value; a new key stands before the last one, which keeps what is written below the entry."""
    if key in row or not row:
        row[key] = written(value)
        return
    if len(row) > 1:
        row.insert(len(row) - 1, key, written(value))
        return
    below = _cut_below(row)
    row[key] = written(value)
    _put_below(row, below)


def insert(rows: CommentedSeq, at: int, row: CommentedMap) -> None:
    """Put an entry between others; comments above the one that follows stay above that one."""
    if 0 < at < len(rows) and row and not isinstance(row[list(row)[-1]], (dict, list)):
        _put_below(row, _cut_below(rows[at - 1]))
    rows.insert(at, row)


def _put_below(row: CommentedMap, below: str) -> None:
    if below:
        token = CommentToken("\n" + below, start_mark=CommentMark(0), end_mark=None)
        row.ca.items[list(row)[-1]] = [None, None, token, None]


def _cut_below(node: Any) -> str:
    """Take away and return the lines of comments that stand below an entry; its own at the end of a line stay."""
    while isinstance(node, (CommentedMap, CommentedSeq)) and node:
        key: Any = list(node)[-1] if isinstance(node, CommentedMap) else len(node) - 1
        place = 2 if isinstance(node, CommentedMap) else 0
        tokens = node.ca.items.get(key)
        if tokens and tokens[place] is not None:
            token = tokens[place]
            own, _, below = token.value.partition("\n")
            if own and token.column == 0:
                own, below = "", token.value
            if own:
                token.value = own + "\n"
            else:
                del node.ca.items[key]
            return str(below)
        node = node[key]
    return ""


def written(value: Any) -> Any:
    """Return a value as it is best written under a key: a short list in one line, entries of a list a line each."""
    if isinstance(value, dict):
        made = CommentedMap({key: written(each) for key, each in value.items()})
        made.fa.set_flow_style()
        return made
    if isinstance(value, (list, tuple)):
        rows = CommentedSeq([written(each) for each in value])
        if not any(isinstance(each, dict) for each in value):
            rows.fa.set_flow_style()
        return rows
    return value


def _says(text: str, wanted: Any) -> bool:
    """Tell whether a text, read again, holds the values that were meant."""
    file = parse_yaml(text, YamlFile(""))
    return not file.problems and _same_values(file.data, wanted)


def _same_values(left: Any, right: Any) -> bool:
    """Tell whether two files say the same, in the same order; `1` is not `true`."""
    return repr(plain(left)) == repr(plain(right))


def _load(text: str) -> Any:
    return round_trip().load(text.replace("\r\n", "\n"))


def _bytes(path: Path) -> bytes | None:
    try:
        if path.stat().st_size > MAX_YAML_BYTES:
            raise BadInput(
                f"a file of {path.stat().st_size:,} bytes where people write at most {MAX_YAML_BYTES:,}",
                where=str(path),
                remedy="make it shorter",
            )
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable(f"the file cannot be read: {error.strerror}", where=str(path)) from error


def _text(raw: bytes, path: Path) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(str(error), where=str(path), remedy="save the file as UTF-8 text") from error
