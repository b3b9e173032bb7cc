"""Drawings inside a page: markup that our exporters made, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from shipworthy.exporters.element import Element


@dataclass(frozen=True)
class Drawing:
    """A drawing with what stands under it and the same as a table.

    Attributes:
        svg: the drawing.
        caption: how to read it.
        head: the table's columns.
        rows: the table's rows; the first cell of each names it.
    """

    svg: Markup
    caption: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = field(default=())


def drawing(
    made: Element, caption: str, head: tuple[str, ...] = (), rows: tuple[tuple[str, ...], ...] = ()
) -> Drawing:
    """Return what a template shows of a drawing."""
    return Drawing(Markup(made.markup), caption, head, rows)  # noqa: S704 - an element has escaped every text in it
