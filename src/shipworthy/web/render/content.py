"""What an output is: read from its own text, never from what it says of itself."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

from shipworthy.web.render.turns import Turn, turns_of

Kind = Literal["plain", "markdown", "json", "table", "conversation", "diff"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_JSON = 5_000_000
"""Characters of a text that is tried as JSON."""
MOST_MARKDOWN = 30_000
"""Characters of a text that is set as Markdown; its rules take time that grows faster than the text."""
MOST_TABLE = 2_000_000
_STRONG = re.compile(
    r"^(?:#{1,6} \S|```|~~~|> \S|\|.+\|[ ]*\n\|[ :|-]+\||[-*+] \S.*\n(?:\s*\n)?[-*+] \S|\d+[.)] \S.*\n(?:.*\n)*?\d+[.)] \S)"
    r"|\*\*[^\s*][^*\n]*\*\*|__[^\s_][^_\n]*__|`[^`\n]+`|!?\[[^\[\]\n]*\]\([^()\s]+\)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Content:
    """An output, read.

    Attributes:
        text: what it says as text; for a value that is not text, the JSON as it is kept.
        value: the value, where the text is JSON that is more than a text or a number.
        turns: who said what, where it is a conversation.
        table: its header and rows, where it is a table.
    """

    text: str
    value: dict[str, Any] | list[Any] | None = None
    turns: tuple[Turn, ...] = ()
    table: tuple[list[str], list[list[Any]]] | None = None

    @property
    def kind(self) -> Kind:
        """What it is, by looking at it."""
        if self.turns:
            return "conversation"
        if self.table is not None:
            return "table"
        if self.value is not None:
            return "json"
        return "markdown" if _is_markdown(self.text) else "plain"

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What it can be shown as: what it is comes first."""
        able: list[Kind] = [self.kind]
        able += ["json"] if self.value is not None else []
        able += ["table"] if self.table is not None else []
        able += ["markdown"] if len(self.text) <= MOST_MARKDOWN and self.value is None else []
        return tuple(dict.fromkeys((*able, "plain")))


def read_content(text: str) -> Content:
    """Return an output, read: JSON that is only a text is that text.

    Args:
        text: the output as it is kept: JSON, or the text that an imported file had.
    """
    value = parsed(text)
    if isinstance(value, str):
        text, value = value, parsed(value)
    if not isinstance(value, dict | list) or not value:
        return Content(text, table=_separated(text))
    turns = turns_of(value)
    return Content(text, value, turns, None if turns else _records(value))


def parsed(text: str) -> Any:
    """Return the JSON that a text is; None when it is none, or none that can be read."""
    if len(text) > MOST_JSON or not text.strip().startswith(("{", "[", '"')):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_markdown(text: str) -> bool:
    return len(text) <= MOST_MARKDOWN and _STRONG.search(text.replace("\r\n", "\n")) is not None


def _records(value: dict[str, Any] | list[Any]) -> tuple[list[str], list[list[Any]]] | None:
    """Return a list of like objects as a table: a column for every name that occurs."""
    if not isinstance(value, list) or not all(isinstance(row, dict) and row for row in value):
        return None
    names = list(dict.fromkeys(str(name) for row in value for name in row))
    filled = sum(len(row) for row in value)
    if len(names) > 60 or filled * 2 < len(names) * len(value):
        return None
    return names, [[row.get(name, "") for name in names] for row in value]


def _separated(text: str) -> tuple[list[str], list[list[Any]]] | None:
    """Return text with the same number of cells in every line as a table; prose with commas is none."""
    if not text.strip() or len(text) > MOST_TABLE or "\n" not in text.strip() or "\0" in text:
        return None
    for mark, least, longest in (("\t", 2, 1000), (",", 3, 40), (";", 3, 40)):
        if mark not in text.strip().partition("\n")[0]:
            continue
        rows = _rows(text.strip(), mark)
        if len(rows) >= least and _is_even(rows) and len(text) <= longest * len(rows) * len(rows[0]):
            return rows[0], [list(row) for row in rows[1:]]
    return None


def _rows(text: str, mark: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text.replace("\r\n", "\n")), delimiter=mark, strict=True))
    except csv.Error:
        return []


def _is_even(rows: list[list[str]]) -> bool:
    return len(rows[0]) > 1 and all(len(row) == len(rows[0]) and any(row) for row in rows)
