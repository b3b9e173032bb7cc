"""What changed between two variants as a figure: paired squares, broken left, fixed right."""

from __future__ import annotations

import math
from dataclasses import dataclass

from shipworthy.narrative import wording
from shipworthy.narrative.text import plain
from shipworthy.statistics.results import NotEstimable

MOST = 120
"""Squares on each side; with more groups a square stands for several."""


@dataclass(frozen=True)
class FlipSquares:
    """Groups that changed, as squares.

    Attributes:
        title: between which variants.
        broken: squares on the left.
        fixed: squares on the right.
        each: how many groups a square stands for; the last one of a side may stand for fewer.
        broken_words: counts of the left side.
        fixed_words: counts of the right side.
        unchanged_words: counts of the middle, which is not drawn.
        gain_words: what was gained, and what it could be.
        words: the same as sentences.
    """

    title: str
    broken: int
    fixed: int
    each: int
    broken_words: str
    fixed_words: str
    unchanged_words: str
    gain_words: str
    words: str


def flip_squares(
    before: str,
    after: str,
    *,
    fixed: int,
    broken: int,
    unchanged: int,
    gain: tuple[float, float, float] | NotEstimable,
) -> FlipSquares:
    """Return the figure.

    Args:
        before: the variant held against.
        after: the other.
        fixed: groups in which more passes now.
        broken: groups in which less passes now.
        unchanged: the others.
        gain: mean gain, and what it could be at least and at most.
    """
    each = max(math.ceil(max(fixed, broken) / MOST), 1)
    title = f"From {plain(before, 40)} to {plain(after, 40)}"
    said = (f"{wording.plural(broken, 'group')} broken", f"{wording.plural(fixed, 'group')} fixed")
    same = f"{wording.plural(unchanged, 'group')} unchanged"
    n = fixed + broken + unchanged
    if isinstance(gain, NotEstimable):
        gained = f"no gain is estimated: {gain.reason}"
    else:
        seen, low, high = gain
        gained = (
            f"{wording.points(seen, n=n)} gained; could be from {wording.points(low, towards='down', n=n)} to "
            f"{wording.points(high, towards='up', n=n)}"
        )
    return FlipSquares(
        title, math.ceil(broken / each), math.ceil(fixed / each), each, said[0], said[1], same, gained,
        f"{title}: {said[1]}, {said[0]}, {same}; {gained}.",
    )  # fmt: skip
