"""What changed, drawn: a line in the middle, what broke left of it as open squares, what was fixed right of it filled."""

from __future__ import annotations

from shipworthy.exporters.drawing import line, picture, shape, text
from shipworthy.exporters.element import Child, Element
from shipworthy.narrative.flip_squares import FlipSquares

WIDTH, MIDDLE, STEP, SIDE, HIGH, TOP = 680, 340, 12, 9, 8, 34


def flips(figure: FlipSquares) -> Element:
    """Return the drawing: squares fill columns of eight, outwards from the line."""
    parts: list[Child] = [
        text(MIDDLE - 12, 12, figure.broken_words, "label", anchor="end"),
        text(MIDDLE + 12, 12, figure.fixed_words, "label"),
        text(MIDDLE - 12, 26, "← worse", "small", anchor="end"),
        text(MIDDLE + 12, 26, "better →", "small"),
        line(MIDDLE, 4, MIDDLE, TOP + STEP * HIGH + 6, "bar"),
    ]
    for number, kind, way in ((figure.broken, "broken", -1), (figure.fixed, "fixed", 1)):
        for i in range(number):
            column, row = divmod(i, HIGH)
            x = MIDDLE + way * (8 + STEP * column) - (SIDE if way < 0 else 0)
            parts.append(shape("rect", x=x, y=TOP + STEP * row, width=SIDE, height=SIDE, class_=kind))
    height = TOP + STEP * HIGH + 24
    many = f"; a square stands for up to {figure.each:,} groups" if figure.each > 1 else ""
    parts.append(text(MIDDLE, height - 2, f"{figure.unchanged_words}{many}", "small", anchor="middle"))
    return picture(figure.title, figure.words, WIDTH, height + 4, *parts)
