"""Costs or times drawn: columns on one axis, quantiles as rings with whiskers, bars as lines."""

from __future__ import annotations

from shipworthy.exporters.drawing import cut, line, picture, shape, text
from shipworthy.exporters.element import Child, Element, element
from shipworthy.narrative.histogram import Histogram, Reach

WIDTH, LEFT, RIGHT = 680, 120, 660
TALL = 120
ROW = 24


def histogram(figure: Histogram) -> Element:
    """Return the drawing; better, which is less, is to the right."""
    top = 18 + 16 * len(figure.lines)
    base = top + TALL
    parts: list[Child] = [
        text(0, 12, figure.title, "label"),
        text(RIGHT, 12, "less →", "small", anchor="end"),
        line(LEFT, base, RIGHT, base, "axis"),
    ]
    parts += [
        shape(
            "rect", x=_x(each.left), y=base - TALL * each.height,
            width=max(_x(each.right) - _x(each.left) - 1, 0.5), height=TALL * each.height, class_="column",
        )
        for each in figure.columns
        if each.height
    ]  # fmt: skip
    for at, label in figure.ticks:
        anchor = "start" if at == 0 else "end" if at == 1 else "middle"
        parts.append(text(_x(at), base + 16, label, "small", anchor=anchor))
    y = base + 34
    for reach in figure.reaches:
        parts.append(_reach(reach, y))
        y += ROW
    for i, (at, words) in enumerate(figure.lines):
        height = 26 + 16 * i
        anchor = "start" if at < 0.5 else "end"
        parts += [
            line(_x(at), height - 8, _x(at), y - ROW / 2, "bar"),
            text(_x(at) + (6 if at < 0.5 else -6), height, cut(words, 60), "small", anchor=anchor),
        ]
    return picture(figure.title, figure.words, WIDTH, y, *parts)


def _reach(reach: Reach, y: float) -> Element:
    parts: list[Child] = [text(0, y + 4, cut(reach.label, 18), "small"), line(LEFT, y, RIGHT, y, "rule")]
    low = 0.0 if reach.low is None else reach.low
    if reach.at is not None and reach.high is not None:
        parts.append(line(_x(low), y, _x(reach.high), y, "whisker"))
    if reach.at is not None:
        parts.append(shape("circle", cx=_x(reach.at), cy=y, r=5, class_="ring"))
    return element("g", *parts, class_="measured")


def _x(position: float) -> float:
    return round(LEFT + position * (RIGHT - LEFT), 2)
