"""Is a quote in its transcript: word for word, in the same words, nearly, or not at all?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

State = Literal["verbatim", "same words", "near", "not found"]
NEAR = 60.0
"""Of 100; from here on a passage is shown as near. Nothing is taken for the same by it: a person looks."""
SHORTEST = 8
"""Characters that a near match needs: shorter words are alike by chance."""
_SAME = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."}  # noqa: RUF001 - what is made the same
_SPLIT = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Found:
    """Where a quote is in a text.

    Attributes:
        state: how well it is found.
        start: where the passage begins; 0 when nothing is found.
        end: where it ends.
        text: the passage as it stands in the transcript.
        likeness: of 100; 100 for the same characters.
        times: how often the same characters stand there.
    """

    state: State
    start: int = 0
    end: int = 0
    text: str = ""
    likeness: float = 0.0
    times: int = 0


def locate(text: str, quote: str, *, near: float = NEAR) -> Found:
    """Return the passage of a text that a quote comes from.

    Args:
        text: the transcript.
        quote: the words that somebody wrote down.
        near: from which likeness, of 100, a passage is called near.
    """
    wanted = quote.strip()
    if not wanted:
        return Found("not found")
    at = text.find(wanted)
    if at >= 0:
        return Found("verbatim", at, at + len(wanted), wanted, 100.0, text.count(wanted))
    if same := _same_words(text, wanted):
        return Found("same words", *same, text[slice(*same)], 100.0, 1)
    if len(wanted) < SHORTEST:
        return Found("not found")
    start, end, likeness = _nearest(text, wanted)
    state: State = "near" if likeness >= near else "not found"
    return Found(state, start, end, text[start:end], round(likeness, 1))


def _same_words(text: str, quote: str) -> tuple[int, int] | None:
    """Return where the words of a quote stand in a row, whatever their case, marks and line ends."""
    wanted = [m[0].casefold() for m in _SPLIT.finditer(quote)]
    words = list(_SPLIT.finditer(text))
    plain = [m[0].casefold() for m in words]
    if not wanted:
        return None
    joined, target = f" {' '.join(plain)} ", f" {' '.join(wanted)} "
    at = joined.find(target)
    if at < 0:
        return None
    first = joined.count(" ", 0, at + 1) - 1
    return words[first].start(), words[first + len(wanted) - 1].end()


def _nearest(text: str, quote: str) -> tuple[int, int, float]:
    """Return the passage that is most alike, grown to whole words."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - only where a quote is not there word for word

    plain, wanted = _made_same(text), _made_same(quote)
    aligned = fuzz.partial_ratio_alignment(wanted, plain)
    if aligned is None or len(plain) < len(wanted):
        whole = text.strip()
        start = text.find(whole)
        return start, start + len(whole), fuzz.ratio(wanted, _made_same(whole))
    start, end = aligned.dest_start, aligned.dest_end
    while start > 0 and text[start - 1].isalnum() and text[start : start + 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1 : end].isalnum():
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end, aligned.score


def _made_same(text: str) -> str:
    """Return the text with marks made the same, letter for letter, so that places do not move."""
    return "".join(low if len(low := _SAME.get(c, c).lower()) == 1 else c for c in text)
