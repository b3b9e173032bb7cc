"""Put values into a file's values by their keys: `decision.who`, `harm.0.event`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from shipworthy.domain.errors import BadInput


def put(data: Any, key: str, value: Any) -> None:
    """Put a value at a key, making what leads there.

    Args:
        data: the values of a file, changed in place.
        key: with dots; a number is a place in a list, the one after the last adds a row.
        value: plain.

    Raises:
        BadInput: the key leads through something else, or past the end of a list.
    """
    steps = _steps(key)
    node = data
    for step, following in pairwise(steps):
        inner = _inside(node, step, key)
        if inner is None:
            inner = CommentedSeq() if isinstance(following, int) else CommentedMap()
            _store(node, step, inner, key)
        node = inner
    _store(node, steps[-1], written_out(value), key)


def clear(data: Any, key: str, *, left: Any = None, keep: bool = False) -> None:
    """Take away what stands at a key; nothing happens where nothing does.

    Args:
        data: the values of a file, changed in place.
        key: with dots.
        left: what stands there afterwards, where the key stays.
        keep: whether the key stays, with what is said beside it.
    """
    *path, last = _steps(key)
    node = data
    for step in path:
        node = _inside(node, step, key)
        if node is None:
            return
    if not isinstance(node, dict) or last not in node:
        return
    if keep:
        node[last] = left
    else:
        del node[last]


def take_rows(data: Any, key: str, rows: Iterable[int]) -> None:
    """Take rows out of a list, by their places; a list without rows goes too."""
    *path, last = _steps(key)
    node = data
    for step in path:
        node = _inside(node, step, key)
        if node is None:
            return
    found = _inside(node, last, key)
    for row in sorted(rows, reverse=True):
        if isinstance(found, list) and row < len(found):
            del found[row]
    if isinstance(found, list) and not found:
        del node[last]


def written_out(value: Any) -> Any:
    """Return a value as it is best written: a text of several lines as such, a list a line each."""
    if isinstance(value, str) and "\n" in value:
        return LiteralScalarString(value)
    if isinstance(value, list):
        rows = CommentedSeq(value)
        rows.fa.set_block_style()
        return rows
    return value


def _steps(key: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in key.split(".")]


def _inside(node: Any, step: str | int, key: str) -> Any:
    if isinstance(node, dict) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, list) and isinstance(step, int):
        return node[step] if step < len(node) else None
    raise _blocked(key)


def _store(node: Any, step: str | int, value: Any, key: str) -> None:
    if isinstance(node, dict) and isinstance(step, str):
        before = node.get(step)
        if isinstance(value, CommentedSeq) and isinstance(before, CommentedSeq) and _in_one_line(before):
            value.fa.set_flow_style()  # a list that stands in one line goes on standing there
        node[step] = value
    elif isinstance(node, list) and isinstance(step, int) and step <= len(node):
        if step == len(node):
            node.append(value)
        else:
            node[step] = value
    else:
        raise _blocked(key)


def _in_one_line(rows: CommentedSeq) -> bool:
    return not rows or bool(rows.fa.flow_style())


def _blocked(key: str) -> BadInput:
    return BadInput(
        f"`{key}` leads through something that is no list and no set of keys",
        where="launch.yaml",
        remedy="mend what stands there, or number rows from 0 without leaving one out",
    )
