"""The trade-off board drawn: one panel an axis, a dot with its whisker a variant; what is dominated is hollow and crossed."""

from __future__ import annotations

from shipworthy.exporters.drawing import cut, line, picture, shape, text
from shipworthy.exporters.element import Child, Element, element
from shipworthy.narrative.tradeoff_board import PLACES, BoardPanel, BoardRow, TradeoffBoard

WIDTH, LEFT, RIGHT = 680, 150, 430
ROW, HEAD, GAP = 24, 40, 14


def tradeoff_board(figure: TradeoffBoard) -> Element:
    """Return the drawing."""
    parts: list[Child] = []
    y = 0.0
    for panel in figure.panels:
        parts += _panel(panel, y)
        y += HEAD + ROW * len(panel.rows) + GAP
    return picture("Trade-off board", figure.words, WIDTH, max(y - GAP, 1.0), *parts)


def _panel(panel: BoardPanel, y: float) -> list[Child]:
    parts: list[Child] = [
        text(0, y + 12, cut(panel.title, 70), "label"),
        text(LEFT, y + 30, panel.ends[0], "small"),
        text((LEFT + RIGHT) / 2, y + 30, "better →", "small", anchor="middle"),
        text(RIGHT, y + 30, panel.ends[1], "small", anchor="end"),
    ]
    return [*parts, *(_row(row, y + HEAD + ROW * i + 8) for i, row in enumerate(panel.rows))]


def _row(row: BoardRow, y: float) -> Element:
    dot = _x(row.dot)
    parts: list[Child] = [
        element("title", f"{row.variant}: {row.words}; {PLACES[row.place]}"),
        text(0, y + 4, cut(row.variant, 20), ""),
        line(LEFT, y, RIGHT, y, "rule"),
        line(_x(row.low), y, _x(row.high), y, "whisker"),
        shape("circle", cx=dot, cy=y, r=4.5, class_="dot"),
        text(RIGHT + 14, y + 4, cut(row.words, 36), "small"),
    ]
    if row.place == "dominated":
        parts.append(line(dot - 6, y + 6, dot + 6, y - 6, "bar"))
    return element("g", *parts, class_=row.place.replace(" ", "-"))


def _x(position: float) -> float:
    return round(LEFT + position * (RIGHT - LEFT), 2)
