"""The text of a changed YAML file: as its person writes, and with every line that is not concerned as it was."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

WIDTH = 100_000
"""No line is broken for its length: a person's long sentence stays in its line."""
EMPTY = re.compile(r"^(\[ *\]|\{ *\}|null|~)[ \t]*(#.*)?$")
_KEY = r"^( *(?:- )?)[^\s#-][^#\n]*:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)?"
NESTED_LIST = re.compile(_KEY + r"( *)- ", re.MULTILINE)
NESTED_KEYS = re.compile(_KEY + r"( +)[^\s#-]", re.MULTILINE)


def writings(text: str, data: Any, wanted: Any) -> Iterator[str]:
    """Yield the texts that a change could make of a file, the one that leaves most as it was first.

    Args:
        text: what the person wrote.
        data: its values, with their comments.
        wanted: the values as they shall be.
    """
    shape, ours = _Shape.of(text), _lines(text)
    for lines in _attempts(data, wanted, shape, ours):
        yield shape.ended(_spaced(lines, ours))


def _attempts(data: Any, wanted: Any, shape: _Shape, ours: list[str]) -> Iterator[list[str]]:
    try:
        if data is None or data in ([], {}):
            at = next((n for n, line in enumerate(ours) if EMPTY.match(line)), len(ours))
            yield [*ours[:at], *shape.dump(_fresh(wanted)), *ours[at + 1 :]]
        else:
            merged = _merged(shape.dump(data), shape.dump(wanted), ours)
            yield _with_comments(merged, ours)
            yield merged
        yield shape.dump(wanted)
    except (YAMLError, IndexError, TypeError, AttributeError):
        return  # values and comments that no text can be made of


@dataclass(frozen=True)
class _Shape:
    """How a person writes: the indentation of keys and of lists, and how lines end."""

    keys: int
    dash: int
    eol: str
    last: bool
    """Whether the last line is ended."""
    rooted: bool
    """Whether a list at the top begins at the edge."""

    @staticmethod
    def of(text: str) -> _Shape:
        """Read the shape off a text."""
        eol = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
        bare = text.replace("\r\n", "\n")
        lists = [len(found[2]) - len(found[1]) for found in NESTED_LIST.finditer(bare)]
        deeper = [len(found[2]) - len(found[1]) for found in NESTED_KEYS.finditer(bare)]
        dash = max((n for n in lists if n >= 0), default=0, key=lists.count)
        keys = next((n for n in deeper if n > 0), 2)
        rooted = re.search(r"^ +- ", bare.split("\n- ", 1)[0]) is None
        return _Shape(keys, min(dash, 8), eol, text == "" or text.endswith("\n"), rooted)

    def dump(self, data: Any) -> list[str]:
        """Return the lines of values, in this shape."""
        yaml = round_trip()
        yaml.indent(mapping=self.keys, sequence=self.dash + 2, offset=self.dash)
        yaml.width = WIDTH
        stream = io.StringIO()
        yaml.dump(data, stream)
        lines = _lines(stream.getvalue())
        if isinstance(data, list) and self.dash and self.rooted:
            lines = [line.removeprefix(" " * self.dash) for line in lines]
        return lines

    def ended(self, lines: Sequence[str]) -> str:
        """Return lines as a text, each ended as the person ends them."""
        return self.eol.join(lines) + (self.eol if self.last and lines else "")


def _fresh(data: Any) -> Any:
    """Return the values without the comments of an empty file, which stay where they are."""
    if isinstance(data, dict):
        return CommentedMap(data)
    return CommentedSeq(data) if isinstance(data, list) else data


def _lines(text: str) -> list[str]:
    """Return the lines of a text without their ends; only an end of line ends one, not every separator."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _spaced(lines: list[str], ours: list[str]) -> list[str]:
    """Put an empty line before each entry where the person writes one before most of theirs."""
    starts = [n for n, line in enumerate(ours) if n and line.startswith("- ")]
    if sum(not ours[n - 1].strip() for n in starts) * 2 <= len(starts):
        return lines
    close = {ours[n] for n in starts if ours[n - 1].strip()}
    out = list[str]()
    for line in lines:
        apart = line.startswith("- ") and line not in close and out
        if apart and out[-1].strip() and not out[-1].startswith("#"):
            out.append("")
        out.append(line)
    return out


def _with_comments(lines: list[str], ours: list[str]) -> list[str]:
    """Put back the comments that stood beside what went: they are about something else, or still worth reading."""
    out: list[str] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, ours, lines, autojunk=False).get_opcodes():
        out += lines[j1:j2]
        if kind in ("delete", "replace"):
            there = {line.strip() for line in lines[j1:j2]}
            out += [line for line in _remarks(ours[i1:i2]) if not line.strip() or line.strip() not in there]
    return out


def _remarks(lines: list[str]) -> list[str]:
    """Return the comments among lines, and those at their end with the empty lines between them."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    below = lines[end:] if any(line.strip() for line in lines[end:]) else []
    return [*(line for line in lines[:end] if line.lstrip().startswith("#")), *below]


def _merged(old: Sequence[str], new: Sequence[str], ours: Sequence[str]) -> list[str]:
    """Carry what differs between two writings into the text as the person wrote it.

    Cuts are made wherever all three are known to be at the same place; a piece that does not differ is the person's.
    """
    to_ours = dict(_pairs(old, ours))
    cuts = [
        (i + after, j + after)
        for i, j in _pairs(old, new)
        for after in (0, 1)
        if _place(to_ours, i + after) is not None
    ]
    out: list[str] = []
    b, t, o = 0, 0, 0
    for i, j in [*dict.fromkeys(cuts), (len(old), len(new))]:
        there = len(ours) if i == len(old) else _place(to_ours, i) or 0
        untouched = [line.rstrip() for line in old[b:i]] == [line.rstrip() for line in new[t:j]]
        out += ours[o:there] if untouched else new[t:j]
        b, t, o = i, j, there
    return out


def _place(to_ours: dict[int, int], i: int) -> int | None:
    """Return where the cut before line `i` lies in the person's text; None where nobody can say."""
    if i == 0:
        return 0
    return to_ours[i - 1] + 1 if i - 1 in to_ours else to_ours.get(i)


def _pairs(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Return which lines of one writing are which of another, whatever blanks stand between their words."""
    keys = [[" ".join(line.split()) for line in lines] for lines in (left, right)]
    blocks = SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks()
    return [(a + k, b + k) for a, b, size in blocks for k in range(size)]


def round_trip() -> YAML:
    """Return a reader and writer that keeps comments and quotes."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    return yaml
