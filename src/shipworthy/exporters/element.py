"""HTML and SVG from values: a tag is made here or nowhere, and every text in it is escaped.

There is no way to hand over markup as text: a string is always a text, and only `element` makes
an `Element`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from shipworthy.narrative.text import plain

_TOGETHER = re.compile(r"(?<=\d) (of|in) (?=\d)")
"""Counts such as 250 of 260 stay on one line."""
VOID = frozenset({"meta", "br", "hr", "wbr"})


@dataclass(frozen=True)
class Element:
    """A piece of a document, already written out."""

    markup: str


Child = Element | str


def element(tag: str, *children: Child, **attributes: str | float) -> Element:
    """Return an element.

    Args:
        tag: its name; always one of ours.
        children: elements, and texts that are escaped here.
        attributes: its attributes; `class_` is class, and `_` stands for `-`.

    >>> element("p", "a < b", class_="quiet").markup
    '<p class="quiet">a &lt; b</p>'
    """
    opened = "".join([f"<{tag}", *(_attribute(name, value) for name, value in attributes.items()), ">"])
    if tag in VOID:
        return Element(opened)
    return Element(f"{opened}{''.join(_written(child) for child in children)}</{tag}>")


def verbatim_style(css: str) -> Element:
    """Return a style sheet of ours, which a browser reads as it stands.

    Raises:
        ValueError: it could end its element early.
    """
    if "</" in css:
        raise ValueError("a style sheet holds no closing tag")
    return Element(f"<style>{css}</style>")


def _written(child: Child) -> str:
    return child.markup if isinstance(child, Element) else html.escape(_spaced(child), quote=False)


def _spaced(text: str) -> str:
    """Return plain text, its blanks at both ends kept as one: they part it from its neighbours."""
    line = _TOGETHER.sub("\u00a0\\1\u00a0", plain(text, 4000))
    if not line:
        return " " if text.strip(" ") == "" and text else ""
    return f"{' ' if text[0] == ' ' else ''}{line}{' ' if text[-1] == ' ' else ''}"


def _attribute(name: str, value: str | float) -> str:
    said = f"{value:g}" if isinstance(value, float) else plain(str(value), 1000)
    return f' {name.rstrip("_").replace("_", "-")}="{html.escape(said)}"'
