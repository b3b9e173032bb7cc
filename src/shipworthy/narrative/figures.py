"""Figures as data: positions, shapes and words. Whoever draws them adds nothing and leaves nothing out.

Every axis runs from 0 (left) to 1 (right) with better to the right, also for costs and waiting times,
so that a claim that holds always floats on the same side of its line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from shipworthy.domain.verdict import State, Verdict
from shipworthy.narrative import wording
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.claim import ClaimRow, Ref, place, state_words
from shipworthy.narrative.scale import Unit
from shipworthy.narrative.text import plain

ROWS_OF_A_SHEET = 14
"""Claims that one drawing shows: more would run off a sheet of paper."""
TITLES: dict[Unit, str] = {
    "share": "axis: of 100",
    "gain": "axis: against the baseline",
    "money": "axis: cost of one output",
    "seconds": "axis: seconds",
    "number": "axis: mean",
}
"""Keys of what an axis counts."""


@dataclass(frozen=True)
class Mark:
    """One claim on its axis: the line, the dot, and the whisker to the bound that matters.

    Attributes:
        ref: the claim drawn.
        label: criterion.
        where: slice.
        counts: what the row says in numbers.
        short: the same where there is little room.
        bound: the bound as a sentence part.
        bar: position of the line; None when it is not known.
        bar_words: the bar as it was drawn.
        bar_short: the same where the axis says of what.
        dot: position of what was seen; None when nothing can be estimated.
        low: left end of the whisker.
        high: right end of the whisker.
        state: which shape to draw.
        state_words: the word beside it.
    """

    ref: Ref
    label: str
    where: str
    counts: str
    short: str
    bound: str
    bar: float | None
    bar_words: str
    bar_short: str
    dot: float | None
    low: float | None
    high: float | None
    state: State
    state_words: str


@dataclass(frozen=True)
class Panel:
    """The claims that share an axis.

    Attributes:
        unit: what the axis counts.
        title: the axis in words.
        ticks: position and label, from left to right.
        marks: the claims, in the verdict's order.
    """

    unit: Unit
    title: str
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class LoadLine:
    """The main figure: how far above the line the evidence floats.

    Attributes:
        panels: one for each kind of axis.
        drawn: the day the bars were fixed, in words; empty when they were not.
        caption: how to read it.
        language: of its words.
    """

    panels: tuple[Panel, ...]
    drawn: str
    caption: str
    language: Language = ENGLISH


@dataclass(frozen=True)
class IconArray:
    """One hundred marks: so many right, so many wrong, and those that could be wrong as well.

    Attributes:
        ref: the claim it shows.
        title: criterion and slice.
        right: marks that stay right down to the bound.
        doubtful: marks right as seen, wrong at the bound.
        wrong: marks wrong as seen.
        words: the same for a reader who does not see it.
    """

    ref: Ref
    title: str
    right: int
    doubtful: int
    wrong: int
    words: str


@dataclass(frozen=True)
class Area:
    """One slice on the scope map.

    Attributes:
        name: the slice in words.
        share: part of the traffic, 0 to 1; None when it is not known.
        kept: whether the verdict covers it.
        words: kept, or why not and at what price.
    """

    name: str
    share: float | None
    kept: bool
    words: str


@dataclass(frozen=True)
class ScopeMap:
    """Slices as areas by traffic share, kept or left out, and the language of its words."""

    areas: tuple[Area, ...]
    language: Language = ENGLISH


def load_line(
    rows: Sequence[ClaimRow],
    *,
    drawn: str = "",
    among: Sequence[ClaimRow] = (),
    language: Language = ENGLISH,
) -> LoadLine:
    """Return the main figure for some claims.

    Args:
        rows: the claims to draw.
        drawn: the day the bars were fixed, in words.
        among: claims whose axes they share; their own unless said.
        language: of its words.
    """
    units = dict.fromkeys(row.scale.unit for row in rows)
    panels = tuple(
        _panel(
            unit,
            [r for r in rows if r.scale.unit == unit],
            [r for r in among or rows if r.scale.unit == unit],
            language,
        )
        for unit in units
    )
    return LoadLine(panels, drawn, language.say("how to read the load line"), language)


def load_lines(
    rows: Sequence[ClaimRow], *, drawn: str = "", language: Language = ENGLISH
) -> tuple[LoadLine, ...]:
    """Return the main figure for many claims: in parts that a sheet of paper holds, told once how to read them.

    Args:
        rows: the claims to draw.
        drawn: the day the bars were fixed, in words.
        language: of their words.
    """
    if len(rows) <= ROWS_OF_A_SHEET:
        return (load_line(rows, drawn=drawn, language=language),)
    parts = []
    for unit in dict.fromkeys(row.scale.unit for row in rows):
        alike = [row for row in rows if row.scale.unit == unit]
        parts += [alike[i : i + ROWS_OF_A_SHEET] for i in range(0, len(alike), ROWS_OF_A_SHEET)]
    made = [
        load_line(part, drawn="" if i else drawn, among=rows, language=language)
        for i, part in enumerate(parts)
    ]
    return (*(replace(each, caption="") for each in made[:-1]), made[-1])


def icon_array(row: ClaimRow) -> IconArray | None:
    """Return one hundred marks for a share; None for a claim that is no share or has no estimate."""
    claim = row.claim
    if row.scale.unit != "share" or claim.estimate is None or claim.lower is None:
        return None
    seen = _marks(claim.estimate)
    right = min(math.floor(100 * claim.lower + 1e-7), seen)
    words = row.language.say("{wrong} of 100 wrong as seen", wrong=100 - seen, could_be=100 - right)
    return IconArray(row.ref, f"{row.name}, {row.where}", right, seen - right, 100 - seen, words)


def _marks(share: float) -> int:
    """Return a share as whole marks; only all is 100, and only none is 0."""
    if share in (0.0, 1.0):
        return round(100 * share)
    return min(max(round(100 * share), 1), 99)


def scope_map(verdict: Verdict, shares: dict[str, float], language: Language = ENGLISH) -> ScopeMap:
    """Return the slices of the scope as areas.

    Args:
        verdict: whose scope is drawn.
        shares: slice, as the verdict names it, to its traffic share.
        language: of its words.
    """
    kept = language.say("would be kept" if verdict.exploratory else "kept")
    areas = [Area(_value(name), shares.get(name), kept=True, words=kept) for name in verdict.scope.included]
    for out in verdict.scope.excluded:
        said = state_words(
            out.state, more=out.more_needed, exploratory=verdict.exploratory, language=language
        )
        words = language.say("left out: {claim} {state}", claim=place(out.claim, language), state=said)
        areas.append(Area(_value(out.slice), out.share, kept=False, words=words))
    return ScopeMap(tuple(areas), language)


def _value(slice_name: str) -> str:
    """Return a slice of the one partition by its value alone: the tag is the same for all."""
    return plain(slice_name.split("=", 1)[-1], 60)


@dataclass(frozen=True)
class _Axis:
    """Where values fall on a drawing."""

    worst: float
    best: float

    def position(self, value: float | None) -> float | None:
        if value is None:
            return None
        where = (value - self.worst) / (self.best - self.worst)
        return round(min(max(where, 0.0), 1.0), 6)


def _panel(unit: Unit, rows: Sequence[ClaimRow], among: Sequence[ClaimRow], language: Language) -> Panel:
    drawn = [
        v
        for r in among
        for v in (r.scale.line, r.claim.estimate, r.claim.lower, r.claim.upper)
        if v is not None
    ]
    axis, ticks = _axis(unit, drawn, language)
    return Panel(unit, language.say(TITLES[unit]), ticks, tuple(_mark(row, axis) for row in rows))


def _mark(row: ClaimRow, axis: _Axis) -> Mark:
    claim, scale = row.claim, row.scale
    low, high = axis.position(scale.worst(claim)), axis.position(scale.best(claim))
    dot = axis.position(claim.estimate)
    if claim.state == "holds":
        high = dot
    elif claim.state == "does not hold":
        low = dot
    return Mark(
        ref=row.ref,
        label=row.name,
        where=row.where,
        counts=row.counts,
        short=in_short(row),
        bound=row.bound,
        bar=axis.position(scale.line),
        bar_words=scale.line_words,
        bar_short=scale.line_short,
        dot=dot,
        low=low,
        high=high,
        state=claim.state,
        state_words=row.state_words,
    )


def in_short(row: ClaimRow) -> str:
    """Return the counts where there is little room: of a difference, what it fixes and what it breaks."""
    changed = row.claim.flips
    if row.claim.estimand == "judged_rate" and row.estimate:
        return row.language.say(
            "{estimate}, corrected", estimate=row.estimate
        )  # what a judge said by itself is no result
    if changed is None:
        return row.counts
    return wording.flips(changed.get("fixed", 0), changed.get("broken", 0), language=row.language)


def _axis(
    unit: Unit, values: Sequence[float], language: Language
) -> tuple[_Axis, tuple[tuple[float, str], ...]]:
    """Return an axis that holds all values, and its ticks at round numbers."""
    if unit == "share":
        floor = max(0.0, math.floor(10 * min(values, default=0.0) - 0.2) / 10)
        axis = _Axis(min(floor, 0.9), 1.0)
        return axis, _ticks(axis, _steps(axis.worst, 1.0), lambda v: language.number(f"{100 * v:g}"))
    if unit == "gain":
        axis = _Axis(
            max(-1.0, min(-0.1, math.floor(10 * min(values, default=0.0) - 0.2) / 10)),
            min(1.0, max(0.1, math.ceil(10 * max(values, default=0.0) + 0.2) / 10)),
        )
        return axis, _ticks(
            axis, (axis.worst, 0.0, axis.best), lambda v: language.number(f"{100 * v:+g}" if v else "0")
        )
    most = _round_up(1.1 * max([*values, 0.0])) or 1.0
    return _Axis(most, 0.0), _ticks(
        _Axis(most, 0.0), (most, most / 2, 0.0), lambda v: _amount(v, unit, language)
    )


def _amount(value: float, unit: Unit, language: Language) -> str:
    if unit in ("money", "seconds"):
        return wording.line_amount(value, "money" if unit == "money" else "seconds", language)
    return language.number(f"{value:g}")


def _steps(low: float, high: float) -> tuple[float, ...]:
    step = 0.1 if high - low <= 0.55 else 0.25 if high - low > 0.75 else 0.2
    count = math.floor((high - low) / step + 1e-9)
    return tuple(sorted(round(high - i * step, 6) for i in range(count + 1)))


def _ticks(
    axis: _Axis, values: Sequence[float], say: Callable[[float], str]
) -> tuple[tuple[float, str], ...]:
    made = []
    for value in values:
        position = axis.position(value)
        if position is not None:
            made.append((position, say(round(value, 9))))
    return tuple(made)


def _round_up(value: float) -> float:
    """Return the next number of one or two figures that reads easily."""
    if value < wording.LEAST:
        return 0.0
    size: float = 10.0 ** math.floor(math.log10(value))
    return next(m * size for m in (1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10) if m * size >= value * (1 - 1e-12))


def summary(figure: LoadLine) -> str:
    """Return the main figure as sentences, for a reader who does not see it."""
    say = figure.language.say
    return " ".join(
        f"{m.label}, {m.where}: {m.counts}, {m.bound or say('no bound')}, {say('bar', bar=m.bar_words)}, {m.state_words}."
        for panel in figure.panels
        for m in panel.marks
    )


def share_words(area: Area, language: Language = ENGLISH) -> str:
    """Return an area's part of the traffic in words.

    >>> share_words(Area("topic orders", 0.55, kept=True, words="kept"))
    '55 of 100'
    """
    if area.share is None:
        return language.say("share not known")
    return wording.per_100(area.share, language=language)


def map_words(figure: ScopeMap) -> str:
    """Return the map of the scope as sentences, without the last stop."""
    return ". ".join(f"{a.name}, {share_words(a, figure.language)}: {a.words}" for a in figure.areas)
