"""Passages that an output quotes: which they are, which source each is ascribed to, whether it stands there.

What makes no difference: letter case, blanks, the form of quotation marks and dashes, a mark at the end of the passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from shipworthy.runners.scoring import Unscored, shown

FEWEST_WORDS = 3
"""A word or two in quotation marks are a name or irony, and no passage."""
MOST_PASSAGES = 50
LONGEST_PASSAGE = 1000
"""Characters; a longer passage is compared exactly alone, as nearness would take too long."""
NEAR = 200
"""Characters between a passage and the citation that it is ascribed to."""
_PASSAGE = re.compile(
    r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|»([^«»]+)«|(?<!\d)\"([^\"]+)\"|(?<!\w)‘((?:[^‘’]|’(?=\w))+)’(?!\w)"  # noqa: RUF001 - such marks are meant
)
"""A mark right behind a digit opens nothing, as in 5"; one inside a word is an apostrophe."""
_ADJOINS = re.compile(r"[\s.,;:!?()\[]*")
_LEFT_OUT = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.")
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2026": "...",
    }
)


class Passage(NamedTuple):
    """A passage in quotation marks, and where it stands in the output."""

    text: str
    start: int
    end: int


def passages(text: str) -> list[Passage]:
    """Return the passages that a text quotes.

    >>> [p.text for p in passages('It says "within five days of receipt" [1], not “soon”.')]
    ['within five days of receipt']
    """
    found = []
    for match in _PASSAGE.finditer(text):
        said = next(group for group in match.groups() if group is not None)
        if len(said.split()) >= FEWEST_WORDS:
            found.append(Passage(said, match.start(), match.end()))
    if len(found) > MOST_PASSAGES:
        raise Unscored(f"{len(found):,} quoted passages, and {MOST_PASSAGES} are compared at most")
    return found


def ascribed(
    text: str, quoted: Sequence[Passage], cited: Sequence[tuple[int, int, list[str]]]
) -> list[tuple[Passage, list[str]]]:
    """Return with each passage the sources it is ascribed to.

    A citation right behind a passage is meant; where there is none, the nearest before and the nearest behind may be.

    Args:
        text: the output.
        quoted: the passages, in order.
        cited: where citations stand, from and to, and what each names.
    """
    found = []
    for passage in quoted:
        behind = next((each for each in cited if passage.end <= each[0] < passage.end + NEAR), None)
        before = [names for _, end, names in cited if passage.start - NEAR <= end <= passage.start][-1:]
        names = list(behind[2]) if behind else []
        if behind is None or not _ADJOINS.fullmatch(text, passage.end, behind[0]):
            names += [name for each in before for name in each if name not in names]
        found.append((passage, names))
    return found


def plain(text: str) -> str:
    """Return a text without what makes no difference.

    >>> plain("Refunds  take “five” days — at most.")
    'refunds take "five" days - at most.'
    """
    return " ".join(text.translate(_SAME).split()).casefold()


def stands_in(passage: str, source: str) -> bool:
    """Whether a passage stands in a source; what it leaves out with dots may be anything, between pieces of some words."""
    at, where = 0, plain(source)
    pieces = [wanted for piece in _LEFT_OUT.split(passage) if (wanted := plain(piece).strip(" .,;:!?"))]
    if not pieces or (len(pieces) > 1 and any(len(piece.split()) < FEWEST_WORDS for piece in pieces)):
        return False  # single words with dots between them could be made of anything
    for piece in pieces:
        found = where.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def alike(passage: str, source: str, *, least: float) -> tuple[float, str]:
    """Return how alike a passage and the nearest part of a source are, of 100, and that part; exact once it is enough."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - only where quotations may be near

    wanted, where = plain(passage), plain(source)
    if len(wanted) > LONGEST_PASSAGE:
        return 0.0, ""
    if len(wanted) > len(where):  # the part must hold the passage, and never the other way round
        return fuzz.ratio(wanted, where), where
    enough = fuzz.partial_ratio(wanted, where, score_cutoff=least)
    if enough:
        return enough, ""
    nearest = fuzz.partial_ratio_alignment(wanted, where)
    return (nearest.score, where[nearest.dest_start : nearest.dest_end]) if nearest else (0.0, "")


class Quotes:
    """What is asked of quoted passages.

    Args:
        least: how alike a passage and its source must be, of 100; None where it must stand there as it is.
    """

    def __init__(self, least: float | None) -> None:
        self.least = least

    def wrong(
        self,
        text: str,
        cited: Sequence[tuple[int, int, list[str]]],
        source_of: Callable[[str], Iterable[str]],
    ) -> str:
        """Return why the first passage that is not right is not; empty when all are.

        Args:
            text: the output.
            cited: where citations stand, from and to, and what each names.
            source_of: the texts of a source by what names it.
        """
        for passage, names in ascribed(text, passages(text), cited):
            if not names:
                return f"quotes {shown(passage.text)} and cites no source for it"
            why = self._absent(passage.text, [(name, " ".join(source_of(name))) for name in names])
            if why:
                return f"quotes {shown(passage.text)} from {' and '.join(names)}, {why}"
        return ""

    def _absent(self, passage: str, sources: list[tuple[str, str]]) -> str:
        if any(stands_in(passage, source) for _, source in sources):
            return ""
        if self.least is None:
            return "which does not say so"
        score, part = max(alike(passage, source, least=self.least) for _, source in sources)
        if score >= self.least:
            return ""
        nearest = f", where the nearest is {shown(part)}" if part else ", which has nothing like it"
        return f"{nearest[2:]} (alike {score:.0f} of 100, and {self.least:g} are needed)"
