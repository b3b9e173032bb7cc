"""Two texts, one against the other, word by word."""

from __future__ import annotations

import re
from itertools import groupby

from markupsafe import Markup
from rapidfuzz.distance import Indel

from shipworthy.web.render.plain import Part
from shipworthy.web.render.visible import visible

WORDS = re.compile(r"\w+|[^\w\s]|\n|[^\S\n]+")
MOST = 60_000
"""Characters of each side that are compared."""

Piece = tuple[str, str]
"""What became of a stretch (`same`, `gone`, `new`), and its text."""


def diff(before: str, after: str, *, names: tuple[str, str] = ("expected", "this output")) -> Part:
    """Return what the second text has and lacks against the first.

    Args:
        before: what it is held against.
        after: the output.
        names: what the two are called above the comparison.
    """
    pieces = compared(before[:MOST], after[:MOST])
    tags = {"same": Markup("{}"), "gone": Markup("<del>{}</del>"), "new": Markup("<ins>{}</ins>")}
    body = Markup("").join(tags[how].format(visible(text)) for how, text in pieces)
    words = _count(pieces)
    cut = (
        f"The first {MOST:,} characters of each are compared." if max(len(before), len(after)) > MOST else ""
    )
    return Part(
        Markup(
            '<p class="quiet">From <del>{}</del> to <ins>{}</ins>: {}.</p><div class="text diff" dir="auto">{}</div>'
        ).format(visible(names[0]), visible(names[1]), words, body),
        cut,
    )


def compared(before: str, after: str) -> list[Piece]:
    """Return the stretches that are the same, gone and new, in order; together they are both texts.

    >>> compared("ship it now", "ship it later")
    [('same', 'ship it '), ('gone', 'now'), ('new', 'later')]
    """
    one, other = WORDS.findall(before), WORDS.findall(after)
    pieces: list[Piece] = []
    for step in Indel.opcodes(one, other):
        if step.tag == "equal":
            pieces.append(("same", "".join(one[step.src_start : step.src_end])))
            continue
        if step.src_end > step.src_start:
            pieces.append(("gone", "".join(one[step.src_start : step.src_end])))
        if step.dest_end > step.dest_start:
            pieces.append(("new", "".join(other[step.dest_start : step.dest_end])))
    return _gathered(pieces)


def _gathered(pieces: list[Piece]) -> list[Piece]:
    """Take a space between two changes into both, and put what is gone before what is new."""
    lone = {
        at
        for at in range(1, len(pieces) - 1)
        if pieces[at][0] == "same"
        and not pieces[at][1].strip(" ")
        and "same" not in (pieces[at - 1][0], pieces[at + 1][0])
    }
    found: list[Piece] = []
    marked = [(at not in lone and how == "same", how, text) for at, (how, text) in enumerate(pieces)]
    for is_same, run in groupby(marked, key=lambda piece: piece[0]):
        stretch = list(run)
        if is_same:
            found.append(("same", "".join(text for _, _, text in stretch)))
            continue
        gone = "".join(text for _, how, text in stretch if how != "new")
        new = "".join(text for _, how, text in stretch if how != "gone")
        found += [("gone", gone)] if gone else []
        found += [("new", new)] if new else []
    return found


def _count(pieces: list[Piece]) -> str:
    gone = sum(len(re.findall(r"\w+", text)) for how, text in pieces if how == "gone")
    new = sum(len(re.findall(r"\w+", text)) for how, text in pieces if how == "new")
    if not gone and not new:
        return "no word differs"
    return f"{gone:,} {'word' if gone == 1 else 'words'} gone, {new:,} new"
