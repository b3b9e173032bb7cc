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
    start, end = _whole_words(text, aligned.dest_start, aligned.dest_end)
    while end - 1 > start and not text[end - 1].isalnum() and text[end - 1] != quote[-1]:
        end -= 1
    best = max(
        ((a, b) for a in _starts(text, start) for b in _ends(text, end)),
        key=lambda place: (fuzz.ratio(wanted, plain[slice(*place)]), place[0] - place[1]),
    )
    return *best, aligned.score


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a passage grown to whole words, without blanks at its ends."""
    while start > 0 and text[start - 1].isalnum() and text[start : start + 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1 : end].isalnum():
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _starts(text: str, start: int) -> list[int]:
    """Return where a passage could begin: here, or at one of the two words before it in its line."""
    before = [m.start() for m in re.finditer(r"\S+", text[max(0, start - 60) : start])]
    cut = max(0, start - 60)
    return [start, *[cut + at for at in before[-2:] if "\n" not in text[cut + at : start]]]


def _ends(text: str, end: int) -> list[int]:
    """Return where a passage could end: here, or after one of the two words behind it in its line."""
    behind = [m.end() for m in re.finditer(r"\S*\w", text[end : end + 60])]
    return [end, *[end + at for at in behind[:2] if "\n" not in text[end : end + at]]]


def _made_same(text: str) -> str:
    """Return the text with marks made the same, letter for letter, so that places do not move."""
    return "".join(low if len(low := _SAME.get(c, c).lower()) == 1 else c for c in text)
