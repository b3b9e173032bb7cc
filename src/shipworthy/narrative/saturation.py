"""The saturation curve: how many failure modes fewer reviews would have shown, and how much may be unseen."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.decision.reading_rates import Saturation as Read
from shipworthy.narrative import wording
from shipworthy.statistics.unseen import Unseen

POINTS = 40


@dataclass(frozen=True)
class Saturation:
    """The curve.

    Attributes:
        points: where it runs: reviewed groups and modes, both 0 to 1 of the ends of their axes.
        reviewed: the right end in words.
        modes: the top in words.
        table: reviewed groups and the modes they show on average.
        words: what it says.
    """

    points: tuple[tuple[float, float], ...]
    reviewed: str
    modes: str
    table: tuple[tuple[str, str], ...]
    words: str


def saturation(seen: Unseen, *, alpha: float = 0.05) -> Saturation:
    """Return the curve of what was reviewed.

    Args:
        seen: what the reviewed groups showed.
        alpha: chance that the bound on what is unseen is too low.
    """
    n, top = seen.reviewed, len(seen.modes) or 1
    steps = sorted({round(n * i / POINTS) for i in range(POINTS + 1)})
    found = [(step, seen.expected_modes(step)) for step in steps]
    reviewed, modes = wording.plural(n, "group"), wording.plural(len(seen.modes), "failure mode")
    rows = tuple((wording.whole(step), f"{value:.1f}") for step, value in found[:: max(len(found) // 8, 1)])
    could = wording.per_100(seen.upper(alpha), towards="up")
    words = (
        f"{reviewed} reviewed, {modes} seen. One more group shows a mode not seen yet with a chance that could be as "
        f"much as {could}."
    )
    return Saturation(tuple((step / n, value / top) for step, value in found), reviewed, modes, rows, words)


def as_read(found: Read, *, drawn: bool = True) -> Saturation:
    """Return the curve of failure modes in the order in which outputs were read.

    Args:
        found: what was read, in order.
        drawn: whether it was drawn at random; of what was picked no bound follows.
    """
    n, top = found.reviewed, found.curve[-1] or 1
    steps = sorted({round(n * i / POINTS) for i in range(POINTS + 1)})
    seen = [(step, found.curve[step - 1] if step else 0) for step in steps]
    reviewed, modes = wording.plural(n, "group"), wording.plural(found.modes, "failure mode")
    if found.unnamed:
        modes = f"{modes} and {wording.plural(found.unnamed, 'failure')} without a name"
    since = f"the last new one {found.since_new:,} ago" if found.since_new else "the last one was new"
    words = f"{reviewed} read, {modes} seen{f', {since}' if found.curve[-1] else ''}."
    if drawn:
        could = wording.per_100(found.upper, towards="up")
        words += f" One more group shows one not seen yet with a chance that could be as much as {could}."
    else:
        words += " They were picked, so nothing follows for those that were not read."
    rows = tuple(
        (wording.whole(step), wording.whole(value)) for step, value in seen[:: max(len(seen) // 8, 1)]
    )
    return Saturation(tuple((step / n, value / top) for step, value in seen), reviewed, modes, rows, words)
