"""Locks and looks drawn on one line: a lock is a square, a look an open eye, a change of plan a crossed square."""

from __future__ import annotations

from shipworthy.exporters.drawing import line, picture, shape, text
from shipworthy.exporters.element import Child, Element, element
from shipworthy.narrative.timeline import Moment, Timeline

WIDTH, LEFT, RIGHT, Y = 680, 24, 656, 40
APART = 70
"""Days are written where the last one written is so far left."""


def timeline(figure: Timeline) -> Element:
    """Return the drawing; locks are named above the line, looks below."""
    parts: list[Child] = [line(LEFT, Y, RIGHT, Y, "axis")]
    last = float(-APART)
    for moment in figure.moments:
        x = round(LEFT + moment.at * (RIGHT - LEFT), 2)
        parts.append(_moment(moment, x))
        if x - last >= APART:
            anchor = "start" if x < LEFT + 30 else "end" if x > RIGHT - 30 else "middle"
            parts.append(text(x, Y + 30, moment.day, "small", anchor=anchor))
            last = x
    kinds = "■ lock   ◉ look   ▣ another plan"
    parts.append(text(WIDTH - 24, 12, kinds, "small", anchor="end"))
    return picture("Locks, looks and changes", figure.words, WIDTH, Y + 40, *parts)


def _moment(moment: Moment, x: float) -> Element:
    drawn: list[Child] = [element("title", f"{moment.day}: {moment.words}")]
    if moment.kind == "look":
        drawn += [
            shape("circle", cx=x, cy=Y, r=7, class_="ring"),
            shape("circle", cx=x, cy=Y, r=2.5, class_="pupil"),
        ]
    else:
        drawn.append(shape("rect", x=x - 6, y=Y - 6, width=12, height=12, class_=moment.kind))
        if moment.kind == "change":
            drawn.append(line(x - 6, Y + 6, x + 6, Y - 6, "bar"))
    return element("g", *drawn)
