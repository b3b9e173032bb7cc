"""Strokes that all drawings are made of: a text, a line, a shape; looks come from classes, never from attributes."""

from __future__ import annotations

from shipworthy.exporters.element import Child, Element, element
from shipworthy.exporters.terminal import fit


def cut(words: str, width: int) -> str:
    """Return a text that fits so many letters.

    >>> cut("a name that is long", 9)
    'a name t…'
    """
    return fit(words, width).rstrip()


def text(x: float, y: float, words: str, kind: str, *, anchor: str = "start") -> Element:
    """Return a text at a place."""
    return element("text", words, x=float(x), y=float(y), class_=kind, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Element:
    """Return a straight line."""
    return shape("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def shape(tag: str, **attributes: str | float) -> Element:
    """Return a shape; whole numbers are written as numbers are."""
    return element(tag, **{k: float(v) if isinstance(v, int | float) else v for k, v in attributes.items()})


def picture(title: str, words: str, width: float, height: float, *parts: Child) -> Element:
    """Return a whole drawing, with what it says for a reader who does not see it.

    Args:
        title: its name.
        words: what it shows, in sentences.
        width: of the drawing.
        height: of the drawing.
        parts: what is drawn.
    """
    said = (element("title", title), element("desc", words))
    return element("svg", *said, *parts, viewBox=f"0 0 {width:g} {height:g}", role="img")
