"""Foreign text made plain: names and questions come from files that anybody may have written."""

from __future__ import annotations

import unicodedata

JOINERS = frozenset("\u200c\u200d")
"""Zero-width joiners are letters of several scripts; every other invisible format character goes."""
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
MARKS_IN_A_ROW = 4
"""More combining marks than any script stacks on one letter would paint over neighbouring lines."""


def plain(text: str, limit: int = 200) -> str:
    r"""Return the text as one line without control characters, direction overrides or endless length.

    >>> plain("red\x1b[31m\nink")
    'red[31m ink'
    >>> plain("abcdef", limit=4)
    'abc…'
    """
    kept: list[str] = []
    marks = 0
    for char in text[: 4 * limit]:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if char.isspace() or kind in ("Zl", "Zp"):
            kept.append(" ")
        elif (kind not in UNSEEN or char in JOINERS) and marks <= MARKS_IN_A_ROW:
            kept.append(char)
    line = " ".join("".join(kept).split())
    longer = len(line) > limit or len(text) > 4 * limit
    return line[: limit - 1].rstrip() + "…" if longer else line


def sentence(text: str, limit: int = 400) -> str:
    """Return plain text that ends as a sentence does.

    >>> sentence("fewer than 8 of 10 are right")
    'Fewer than 8 of 10 are right.'
    """
    line = plain(text, limit)
    if not line:
        return ""
    if "_" not in line.split(" ")[0]:  # the name of a criterion stays as it is written
        line = line[0].upper() + line[1:]
    return line if line[-1] in ".?!…" else f"{line}."


def capital(text: str) -> str:
    """Return a text that begins with a capital.

    >>> capital("about 42 more cases")
    'About 42 more cases'
    """
    return text[:1].upper() + text[1:]
