"""The figures drawn as SVG inside the page: no style attribute, no script, nothing fetched."""

from __future__ import annotations

from shipworthy.domain.verdict import State
from shipworthy.exporters.drawing import cut as _cut
from shipworthy.exporters.drawing import line as _line
from shipworthy.exporters.drawing import shape as _shape
from shipworthy.exporters.drawing import text as _text
from shipworthy.exporters.element import Child, Element, element
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.figures import (
    Area,
    IconArray,
    LoadLine,
    Mark,
    Panel,
    ScopeMap,
    map_words,
    share_words,
    summary,
)

WIDTH, LEFT, RIGHT = 760, 264, 512
"""The drawing, and where its axes begin and end; names stand left of them, words right."""
MAP_WIDTH = 680
BESIDE, BEHIND = 40, 36
"""Small letters that fit left of the axis, and right of it, in a wide face."""
ROW, HEAD, GAP = 47, 44, 12
LIFT = 6
"""How much higher three lines of words begin than two, so that they keep off the next row."""
FEWEST = 9
"""Letters that an area must have room for, to carry words."""
CLASS: dict[State, str] = {"holds": "holds", "not shown": "not-shown", "does not hold": "does-not-hold"}


def plimsoll() -> Element:
    """Return the mark: a ring crossed by a line, with the rungs for other waters beside it."""
    stroke = {"stroke": "currentColor", "stroke-width": "2.5", "fill": "none"}
    parts = [
        _shape("circle", cx=18, cy=22, r=12, **stroke),
        _shape("path", d="M2 22H34M38 10V34M34 14H42M34 22H42M34 30H42", **stroke),
    ]
    return element(
        "svg", *parts, viewBox="-2 0 44 44", role="img", aria_label="Shipworthy", focusable="false"
    )


def load_line(figure: LoadLine) -> Element:
    """Return the main figure: one row a claim, better to the right of its line."""
    parts: list[Child] = [
        element("title", figure.language.say("Load line")),
        element("desc", summary(figure)),
    ]
    y = 0.0
    for panel in figure.panels:
        parts.append(_panel_head(panel, y, figure.drawn if y == 0 else "", figure.language))
        top = y + HEAD
        height = ROW * len(panel.marks)
        parts += [_line(_x(at), top - 4, _x(at), top + height - 4, "rule") for at, _ in panel.ticks]
        parts += [_mark(mark, top + ROW * i, figure.language) for i, mark in enumerate(panel.marks)]
        y = top + height + GAP
    return element("svg", *parts, viewBox=f"0 0 {WIDTH} {y - GAP:g}", role="img")


def icon_array(figure: IconArray) -> Element:
    """Return one hundred marks: wrong ones filled, those that could be wrong grey, the others open."""
    parts: list[Child] = [element("title", f"{figure.title}. {figure.words}")]
    kinds = ["wrong"] * figure.wrong + ["doubtful"] * figure.doubtful + ["right"] * figure.right
    for i, kind in enumerate(kinds):
        row, column = divmod(i, 10)
        parts.append(_shape("circle", cx=5 + 10 * column, cy=5 + 10 * row, r=3.6, class_=kind))
    return element("svg", *parts, viewBox="0 0 100 100", role="img")


def scope_map(figure: ScopeMap) -> Element:
    """Return the slices as areas by traffic share: kept ones filled, those left out dashed."""
    known = [area for area in figure.areas if area.share]
    total = sum(area.share or 0.0 for area in known)
    say = figure.language.say
    parts: list[Child] = [element("title", say("Scope map")), element("desc", map_words(figure))]
    x = 1.0
    for area in known:
        width = (MAP_WIDTH - 2) * (area.share or 0.0) / total
        parts += _area(area, x, width, figure.language)
        x += width
    return element("svg", *parts, viewBox=f"0 0 {MAP_WIDTH} 72", role="img")


def has_room(area: Area, figure: ScopeMap) -> bool:
    """Say whether an area is wide enough to carry its words."""
    total = sum(each.share or 0.0 for each in figure.areas)
    return bool(total) and _room((MAP_WIDTH - 2) * (area.share or 0.0) / total) >= FEWEST


def _room(width: float) -> int:
    return int((width - 20) / 7.2)


def _area(area: Area, x: float, width: float, language: Language) -> list[Child]:
    kind = "kept" if area.kept else "out"
    box = _shape("rect", x=x + 1, y=1, width=max(width - 4, 1), height=70, class_=kind)
    room = _room(width)
    if room < FEWEST:
        return [box]
    return [
        box,
        _text(x + 10, 22, _cut(area.name, room), "label"),
        _text(x + 10, 40, _cut(share_words(area, language), room), "small"),
        _text(x + 10, 57, language.say("kept" if area.kept else "left out"), "small"),
    ]


def _panel_head(panel: Panel, y: float, drawn: str, language: Language) -> Element:
    parts: list[Child] = [_text(0, y + 12, panel.title, "label")]
    if drawn:
        parts.append(_text(0, y + 27, language.say("bars drawn on {day}", day=drawn), "small"))
    parts += [_text(_x(at), y + 26, label, "small", anchor="middle") for at, label in panel.ticks]
    parts.append(_text(RIGHT, y + 11, f"{language.say('better')} →", "small", anchor="end"))
    return element("g", *parts)


def _mark(mark: Mark, y: float, language: Language) -> Element:
    middle = y + 14
    bar = language.say("bar", bar=mark.bar_words)
    lift = LIFT if _under(mark.state_words) else 0
    parts: list[Child] = [
        _text(0, y + 11, _cut(mark.label, 33), "label"),
        _text(0, y + 27, _beside(mark, language), "small"),
        _text(RIGHT + 18, y + 11 - lift, _cut(mark.short, 28), ""),
        *_state(mark.state_words, y + 26 - lift, language),
        _line(LEFT, middle, RIGHT, middle, "rule"),
    ]
    if mark.low is not None and mark.high is not None:
        parts.append(_line(_x(mark.low), middle, _x(mark.high), middle, "whisker"))
        parts += [
            _line(_x(end), middle - 5, _x(end), middle + 5, "whisker")
            for end in (mark.low, mark.high)
            if end != mark.dot
        ]
    if mark.bar is not None:
        at = _x(mark.bar)
        parts += [
            _shape("circle", cx=at, cy=middle, r=5.5, class_="ring"),
            _line(at, y - 2, at, y + 31, "bar"),
        ]
    if mark.dot is not None:
        parts.append(_dot(mark.state, _x(mark.dot), middle))
    words = f"{mark.label}, {mark.where}: {mark.counts}; {mark.bound}; {bar}; {mark.state_words}"
    return element("g", element("title", words), *parts, class_=CLASS[mark.state])


def _beside(mark: Mark, language: Language) -> str:
    """Return place and bar as far as there is room; the bar is drawn, so the place goes first."""
    whole = f"{mark.where}; {language.say('bar', bar=mark.bar_words)}"
    short = f"{mark.where}; {language.say('bar', bar=mark.bar_short)}"
    return next((said for said in (whole, short) if len(said) <= BESIDE), _cut(mark.where, BESIDE))


def _state(words: str, y: float, language: Language) -> list[Child]:
    """Return the state, and under it what it takes."""
    short, under = words.partition(":")[0].partition(" (")[0], _under(words)
    return [
        _text(RIGHT + 18, y, _cut(short, 28), "state"),
        _text(
            RIGHT + 18,
            y + 13,
            _cut(under if len(under) <= BEHIND else under.replace(language.say("about"), ""), BEHIND),
            "small",
        ),
    ]


def _under(words: str) -> str:
    """Return what stands behind a state's colon or in its brackets."""
    head, _, price = words.partition(":")
    aside = head.partition(" (")[2]
    return "; ".join(part for part in (aside.rstrip(")"), price.strip()) if part)


def _dot(state: State, x: float, y: float) -> Element:
    """Return the shape of a state: a disc holds, an open diamond is open, a cross does not hold."""
    if state == "holds":
        return _shape("circle", cx=x, cy=y, r=4.5, class_="dot")
    if state == "not shown":
        return _shape(
            "path", d=f"M{x - 6:g} {y:g}L{x:g} {y - 6:g}L{x + 6:g} {y:g}L{x:g} {y + 6:g}Z", class_="dot"
        )
    cross = f"M{x - 5:g} {y - 5:g}L{x + 5:g} {y + 5:g}M{x + 5:g} {y - 5:g}L{x - 5:g} {y + 5:g}"
    return _shape("path", d=cross, class_="dot")


def _x(position: float) -> float:
    return round(LEFT + position * (RIGHT - LEFT), 2)
