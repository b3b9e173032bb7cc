"""Several variants on a terminal: one axis after the other, who is dominated, what it is worth, what next."""

from __future__ import annotations

from collections.abc import Iterable

from shipworthy.decision.comparison import Comparison
from shipworthy.decision.tradeoff import Axis, Standing
from shipworthy.decision.worth import Worth
from shipworthy.exporters.terminal import bold, cells, fit, wrapped
from shipworthy.narrative import comparison as said
from shipworthy.narrative import wording
from shipworthy.narrative.tradeoff_board import amount_words, standing_words

TRACK, NAME, VALUE = 24, 22, 27
"""Cells of a row's drawing, of its name and of its numbers; with blanks they fill the line."""


def compare_text(found: Comparison, *, folder: str = "", colour: bool = False) -> str:
    """Return the comparison as plain text of at most 80 columns.

    Args:
        found: what to show.
        folder: how the reader called the launch folder; it stands in the next step.
        colour: True where the reader's terminal shows colour.
    """
    lines = [bold(part, colour=colour) for part in wrapped(said.heading(found))]
    lines += _paragraphs(said.notices(found))
    for axis in found.board.axes:
        lines += ["", *_axis(axis, [s for s in found.trade.standings if s.axis == axis.name])]
    lines += [*_against(found), "", "Trade-off", *_paragraphs(said.placed(found))]
    lines += ["", "Worth", *_paragraphs(_money(found))]
    lines += ["", "Good enough", *_paragraphs([*_enough(found), *said.states(found)])]
    lines += ["", *wrapped(f"Next: {said.next_step(found, folder)}")]
    return "\n".join(lines) + "\n"


def _paragraphs(sentences: Iterable[str]) -> list[str]:
    return [line for sentence in sentences for line in wrapped(sentence, indent="  ")]


def _axis(axis: Axis, standings: list[Standing]) -> list[str]:
    """Return the axis with its ends in numbers, better to the right, and a row for each variant."""
    low, high = min(s.lower for s in standings), max(s.upper for s in standings)
    ends = [amount_words(axis, end, standings[0].estimate) for end in (low, high)]
    middle = "better →".center(max(TRACK - cells(ends[0]) - cells(ends[1]), 0))
    lines = [
        f"{fit(said.axis_title(axis), NAME + VALUE + 3)} {fit(f'{ends[0]}{middle}{ends[1]}', TRACK)}".rstrip()
    ]
    for one in standings:
        drawn = _track(one, low, high)
        lines.append(f"  {fit(one.variant, NAME)} {fit(standing_words(axis, one), VALUE)} {drawn}".rstrip())
    return lines + _paragraphs(said.axis_notes(axis))


def _track(one: Standing, low: float, high: float) -> str:
    """Return the whisker and the dot of one variant."""
    width = (high - low) or 1.0
    start, dot, end = (
        min(int((at - low) / width * (TRACK - 1) + 0.5), TRACK - 1)
        for at in (one.lower, one.estimate, one.upper)
    )
    track = ["·"] * TRACK
    track[start : end + 1] = "─" * (end - start + 1)
    track[start], track[end], track[dot] = "├", "┤", "●"
    return "".join(track)


def _against(found: Comparison) -> list[str]:
    rows = said.against_words(found)
    if not rows:
        return []
    level = wording.chance(found.trade.level)
    head = f"Against {found.trade.baseline}, at an error of {level} over all of these lines; p is adjusted"
    lines = ["", *wrapped(head)]
    for variant, axis, flips, state in rows:
        lines.append(f"  {fit(variant, 17)} {fit(axis, 16)} {fit(flips, 23)} {fit(state, 17)}".rstrip())
    return lines


def _money(found: Comparison) -> list[str]:
    lines: list[str] = []
    known = {name: worth for name, worth in found.worths.items() if isinstance(worth, Worth)}
    for name, worth in known.items():
        lines += said.worth_words(found, name, worth)
    if known:
        return lines + said.sums(found)
    reasons = {worth.reason for worth in found.worths.values() if not isinstance(worth, Worth)}
    return [f"Not known: {reason}." for reason in sorted(reasons)]


def _enough(found: Comparison) -> list[str]:
    name = said.judged(found)
    worth = found.worths.get(name or "")
    return [said.enough(found, name or "", worth)] if isinstance(worth, Worth) else []
