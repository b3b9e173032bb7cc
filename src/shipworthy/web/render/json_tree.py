"""JSON with its structure: every object and list folds; what would be too much is told as a number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from shipworthy.web.render.plain import Part, as_json
from shipworthy.web.render.visible import visible

FIRST = 600
"""Values that are shown at first."""
WHOLE = 20_000
OPEN_DEPTH = 3
"""How deep it is unfolded at first."""
MOST_DEPTH = 40
LONGEST = 4_000
"""Characters of one text inside at first."""
MOST_INSIDE = 120
"""Members of a list or an object that is unfolded at first, deeper than the outermost."""


def json_tree(value: Any, *, whole: bool = False) -> Part:
    """Return the value as a tree that folds.

    Args:
        value: what JSON can say.
        whole: everything is asked for.
    """
    room = _Room(WHOLE if whole else FIRST, 200_000 if whole else LONGEST)
    markup = Markup('<div class="json">{}</div>').format(_value(value, 0, room))
    return Part(markup, f"The first {room.given:,} values." if room.is_cut else "")


class _Room:
    """How much may still be shown."""

    def __init__(self, values: int, longest: int) -> None:
        self.left = values
        self.longest = longest
        self.given = values
        self.is_cut = False

    def take(self) -> bool:
        """Take room for one value; False when there is none left."""
        if self.left <= 0:
            self.is_cut = True
            return False
        self.left -= 1
        return True

    def cut(self, text: str) -> str:
        """Return the text, or as much of it as there is room for."""
        if len(text) <= self.longest:
            return text
        self.is_cut = True
        return f"{text[: self.longest]}… ({len(text):,} characters)"


def _value(value: Any, depth: int, room: _Room) -> Markup:
    if isinstance(value, dict | list) and value:
        if depth >= MOST_DEPTH:
            return Markup("<span>{}</span>").format(visible(room.cut(as_json(value))))
        return _folding(value, depth, room)
    if isinstance(value, str):
        return Markup('<span class="string">{}</span>').format(visible(room.cut(value)) or "“”")
    return Markup('<span class="literal">{}</span>').format(visible(as_json(value, 2000)))


def _folding(value: dict[str, Any] | list[Any], depth: int, room: _Room) -> Markup:
    noun = "member" if isinstance(value, list) else "name"
    n = len(value)
    counted = f"{n:,} {noun}{'' if n == 1 else 's'}"
    unfolded = depth < OPEN_DEPTH and (n <= MOST_INSIDE or depth == 0)
    inside = Markup("").join(_members(value, depth, room))
    if depth == 0:
        return Markup('<dl class="{}">{}</dl>').format(
            "list" if isinstance(value, list) else "object", inside
        )
    return Markup("<details{}><summary>{}</summary><dl>{}</dl></details>").format(
        Markup(" open") if unfolded else "", counted, inside
    )


def _members(value: dict[str, Any] | list[Any], depth: int, room: _Room) -> Iterator[Markup]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value, start=1)
    for at, (name, member) in enumerate(pairs):
        if not room.take():
            yield Markup("<dt>…</dt><dd>{} more</dd>").format(f"{len(value) - at:,}")
            return
        yield Markup("<dt>{}</dt><dd>{}</dd>").format(
            visible(room.cut(str(name))), _value(member, depth + 1, room)
        )
