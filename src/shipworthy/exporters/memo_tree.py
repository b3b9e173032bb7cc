"""The memo as plain values: what JSON, PDF and Word are written from. Every number keeps the claim it comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shipworthy.narrative.document import (
    Block,
    Bullets,
    DecisionBox,
    Figures,
    Memo,
    Paragraph,
    Row,
    Section,
    Table,
)
from shipworthy.narrative.figures import IconArray, LoadLine, ScopeMap, map_words, summary
from shipworthy.narrative.prose import Number, Prose

FORMAT = "shipworthy memo 1"
Figure = LoadLine | IconArray | ScopeMap
Drawn = Callable[[Figure], dict[str, Any]]


def memo_tree(memo: Memo, drawn: Drawn | None = None) -> dict[str, Any]:
    """Return the memo as values that JSON can hold.

    Args:
        memo: the memo.
        drawn: further values for each figure, as its drawing; its words are always there.

    Returns:
        `format`, `title`, `notices`, `heading`, `page`, `appendix`, `foot`. A section has `name`, `title` and `blocks`;
        a sentence is a list of parts with `text`, and `claim` where the part is a number. A memo that is not in
        English has its `language`, and `in_english` the same memo for programs that read English.
    """
    more = drawn or (lambda _: {})
    tree = _tree(memo, more)
    if memo.language.code != "en":
        tree["language"] = memo.language.code
    if memo.in_english is not None and drawn is None:
        tree["in_english"] = _tree(memo.in_english, more)
    return tree


def _tree(memo: Memo, more: Drawn) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "title": memo.title,
        "notices": list(memo.notices),
        "heading": [list(line) for line in memo.heading],
        "page": [_section(section, more) for section in memo.page],
        "appendix": [_section(section, more) for section in memo.appendix],
        "foot": [list(line) for line in memo.foot],
    }


def figure_words(figure: Figure) -> str:
    """Return a figure as sentences, for a reader who does not see it."""
    if isinstance(figure, LoadLine):
        return summary(figure)
    if isinstance(figure, IconArray):
        return f"{figure.title}: {figure.words}"
    return f"{map_words(figure)}."


def _section(section: Section, more: Drawn) -> dict[str, Any]:
    blocks = [_block(block, more) for block in section.blocks]
    return {"name": section.name, "title": section.title, "blocks": blocks}


def _block(block: Block, more: Drawn) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "lead": block.lead, "prose": _prose(block.prose)}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_prose(item) for item in block.items]}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "caption": block.caption,
            "head": list(block.head),
            "rows": [_row(row) for row in block.rows],
            "numeric": sorted(block.numeric),
        }
    if isinstance(block, DecisionBox):
        lines = [list(line) for line in block.lines]
        return {"kind": "decision", "choices": list(block.choices), "lines": lines}
    return {"kind": "figures", "items": [_figure(item, more) for item in _all(block)]}


def _all(block: Figures) -> tuple[Figure, ...]:
    return block.items


def _figure(figure: Figure, more: Drawn) -> dict[str, Any]:
    kind = {LoadLine: "load line", IconArray: "icon array", ScopeMap: "scope map"}[type(figure)]
    caption = figure.caption if isinstance(figure, LoadLine) else ""
    if isinstance(figure, IconArray):
        caption = f"{figure.title}: {figure.words}"
    return {"figure": kind, "words": figure_words(figure), "caption": caption, **more(figure)}


def _row(row: Row) -> dict[str, Any]:
    claim = row.ref.number if row.ref else None
    return {"cells": [_prose(cell) for cell in row.cells], "claim": claim, "state": row.state}


def _prose(prose: Prose) -> list[dict[str, Any]]:
    return [
        {"text": part.text, "claim": part.ref.number}
        if isinstance(part, Number)
        else {"text": part, "claim": None}
        for part in prose
    ]
