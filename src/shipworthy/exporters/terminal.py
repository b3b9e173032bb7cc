"""Text for a terminal: cells, not characters; at most 80 columns; colour only when it is asked for."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from shipworthy.domain.verdict import State
from shipworthy.narrative.text import plain

WIDTH = 80
SHAPE: dict[State, str] = {"holds": "●", "not shown": "◇", "does not hold": "✕"}
_COLOUR: dict[State, str] = {"holds": "32", "not shown": "33", "does not hold": "31"}


def fit(text: str, width: int) -> str:
    """Return foreign text in exactly so many cells, with an ellipsis where it was cut.

    >>> fit("right_answer", 8), fit("日本語", 4), fit("ab", 4)
    ('right_a…', '日… ', 'ab  ')
    """
    return _exactly(_joined_out(plain(text, 4 * width)), width)


def cells(text: str) -> int:
    """Return how many columns a text takes."""
    return cell_len(text)


def clean(text: str, limit: int = 400) -> str:
    """Return foreign text as one line in which no character joins others into one cell."""
    return _joined_out(plain(text, limit))


def wrapped(text: str, *, width: int = WIDTH, indent: str = "") -> list[str]:
    """Return foreign text as lines of at most `width` cells; a word too long for a line is cut up."""
    room, lines, now = width - len(indent), [], ""
    for word in clean(text, 4000).split(" "):
        left = word
        while left:
            joined = f"{now} {left}" if now else left
            if cells(joined) <= room:
                now, left = joined, ""
            elif now:
                lines.append(now)
                now = ""
            else:
                head = _head(left, room)
                lines.append(head)
                left = left[len(head) :]
    return [f"{indent}{part}".rstrip() for part in [*lines, now] if part]


def painted(text: str, state: State, *, colour: bool) -> str:
    """Return the text in the colour of its state, or as it is."""
    return f"\x1b[{_COLOUR[state]}m{text}\x1b[0m" if colour else text


def bold(text: str, *, colour: bool) -> str:
    """Return the text strong, or as it is."""
    return f"\x1b[1m{text}\x1b[0m" if colour else text


def _exactly(text: str, width: int) -> str:
    if cells(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(f"{_head(text, width - 1)}…", width)


def _head(text: str, width: int) -> str:
    """Return the longest beginning that fits; at least one character, so that cutting up ends."""
    taken = ""
    for char in text:
        if taken and cells(taken + char) > width:
            break
        taken += char
    return taken


def _joined_out(text: str) -> str:
    """Drop joiners and variation marks: terminals disagree about the width of what they join."""
    return "".join(c for c in text if c not in "\u200c\u200d\ufe0e\ufe0f")
