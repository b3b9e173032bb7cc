"""The saturation curve drawn: it flattens where further reading brings nothing new."""

from __future__ import annotations

from shipworthy.exporters.drawing import line, picture, shape, text
from shipworthy.exporters.element import Element
from shipworthy.narrative.saturation import Saturation

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BASE = 680, 220, 8, 660, 28, 190


def saturation(figure: Saturation) -> Element:
    """Return the drawing."""
    steps = [f"{LEFT + x * (RIGHT - LEFT):.2f} {BASE - y * (BASE - TOP):.2f}" for x, y in figure.points]
    return picture(
        "Saturation", figure.words, WIDTH, HEIGHT,
        text(LEFT, 14, f"{figure.modes} seen", "label"),
        line(LEFT, TOP, RIGHT, TOP, "rule"),
        line(LEFT, BASE, RIGHT, BASE, "axis"),
        shape("path", d=f"M{'L'.join(steps)}", class_="curve"),
        text(LEFT, BASE + 18, "0", "small"),
        text(RIGHT, BASE + 18, f"{figure.reviewed} read", "small", anchor="end"),
    )  # fmt: skip
