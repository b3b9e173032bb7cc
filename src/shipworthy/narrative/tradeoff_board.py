"""The trade-off board as a figure: each axis with a row a variant, better to the right, and who is dominated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.decision.comparison import Comparison
from shipworthy.decision.tradeoff import Axis, Place, Standing
from shipworthy.narrative import wording
from shipworthy.narrative.comparison import axis_notes, axis_title
from shipworthy.narrative.text import plain

PLACES: dict[Place, str] = {"dominated": "dominated", "behind": "behind, not shown", "in front": "in front"}


@dataclass(frozen=True)
class BoardRow:
    """One variant on one axis.

    Attributes:
        variant: its name.
        low: left end of the whisker, 0 to 1.
        dot: what was seen.
        high: right end.
        words: the same in the axis' own unit.
        place: where the variant stands among the others, over all axes.
    """

    variant: str
    low: float
    dot: float
    high: float
    words: str
    place: Place


@dataclass(frozen=True)
class BoardPanel:
    """One axis.

    Attributes:
        title: what it counts.
        ends: the worse and the better end in words.
        rows: the variants, in the order of the launch.
        notes: what is not known on it.
    """

    title: str
    ends: tuple[str, str]
    rows: tuple[BoardRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class TradeoffBoard:
    """All axes, and the same as sentences."""

    panels: tuple[BoardPanel, ...]
    words: str


def tradeoff_board(found: Comparison) -> TradeoffBoard:
    """Return the board of a comparison."""
    place = {each.variant: each.place for each in found.trade.placed}
    panels = tuple(
        _panel(axis, [s for s in found.trade.standings if s.axis == axis.name], place)
        for axis in found.board.axes
    )
    words = " ".join(
        f"{panel.title}: {'; '.join(f'{row.variant} {row.words}' for row in panel.rows)}." for panel in panels
    )
    return TradeoffBoard(panels, words)


def _panel(axis: Axis, standings: Sequence[Standing], place: dict[str, Place]) -> BoardPanel:
    low, high = min(s.lower for s in standings), max(s.upper for s in standings)
    width = (high - low) or 1.0

    def at(value: float) -> float:
        return round(min(max((value - low) / width, 0.0), 1.0), 6)

    rows = tuple(
        BoardRow(
            plain(s.variant, 60), at(s.lower), at(s.estimate), at(s.upper), standing_words(axis, s),
            place.get(s.variant, "in front"),
        )
        for s in standings
    )  # fmt: skip
    seen = standings[0].estimate
    return BoardPanel(
        axis_title(axis),
        (amount_words(axis, low, seen), amount_words(axis, high, seen)),
        rows,
        tuple(axis_notes(axis)),
    )


def standing_words(axis: Axis, one: Standing) -> str:
    """Return what was seen of a variant on an axis, and what it could be."""
    ends = [amount_words(axis, end, one.estimate) for end in (one.lower, one.upper)]
    if axis.side == "harm" or axis.unit is not None:
        ends.reverse()  # less is better, so the better bound is the smaller number
    shown = axis.shown.get(one.variant) if axis.shown else None
    seen = amount_words(axis, one.estimate, one.estimate)
    if axis.unit is not None and axis.shown is not None:
        seen = "unknown" if shown is None else wording.money(shown)
    aside = ""
    if axis.unit is None and shown is not None:
        aside = f"; {wording.seconds(shown) if axis.side == 'time' else wording.money(shown)}"
    return f"{seen} ({ends[0]} to {ends[1]}){aside}"


def amount_words(axis: Axis, share: float, beside: float) -> str:
    """Return a place on the axis in its own unit, rounded away from what was seen."""
    if axis.unit is not None:
        amount = axis.unit * (1.0 - share)
        return wording.money(amount) if axis.side == "cost" else wording.seconds(amount)
    flip = axis.side == "harm"
    towards: wording.Towards = "nearest" if share == beside else "down" if (share < beside) != flip else "up"
    return wording.hundredths(1.0 - share if flip else share, towards=towards)
