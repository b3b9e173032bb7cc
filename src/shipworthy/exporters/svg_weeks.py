"""A promise week by week as a small drawing: a dot a week, larger with more outputs, and the promised line."""

from __future__ import annotations

from shipworthy.exporters.drawing import cut, line, picture, shape, text
from shipworthy.exporters.element import Child, Element, element
from shipworthy.narrative.weeks import Week, Weeks

WIDTH, HEIGHT = 680, 132
LEFT, RIGHT, TOP, BOTTOM = 56, 664, 12, 100
FEW, MANY = 20, 200


def weeks_drawing(figure: Weeks) -> Element:
    """Return the drawing of a promise; the axis begins below the worst week and ends at 100."""
    rates = [week.passed / week.n for week in figure.weeks]
    low = max(min([*rates, figure.rate]) - 0.05, 0.0)
    parts: list[Child] = [
        text(LEFT - 10, _y(1.0, low) + 4, "100", "small", anchor="end"),
        text(LEFT - 10, _y(figure.rate, low) + 4, f"{100 * figure.rate:g}", "label", anchor="end"),
        line(LEFT, _y(1.0, low), RIGHT, _y(1.0, low), "rule"),
        line(LEFT, _y(figure.rate, low), RIGHT, _y(figure.rate, low), "bar"),
    ]
    step = (RIGHT - LEFT) / max(len(figure.weeks), 1)
    for number, week in enumerate(figure.weeks):
        parts.append(_week(week, LEFT + step * (number + 0.5), low, figure.rate))
    return picture(cut(figure.title, 120), figure.words, WIDTH, HEIGHT, *parts)


def _week(week: Week, x: float, low: float, promised: float) -> Element:
    rate = week.passed / week.n
    size = 3.0 if week.n < FEW else 4.5 if week.n < MANY else 6.0
    kind = "holds" if rate >= promised else "does-not-hold"
    words = f"week of {week.begins.isoformat()}: {week.passed:g} of {week.n:,} passed"
    return element(
        "g",
        element("title", words),
        shape("circle", cx=round(x, 1), cy=_y(rate, low), r=size, class_="dot"),
        text(x, BOTTOM + 18, f"{week.begins:%d.%m.}", "small", anchor="middle"),
        class_=kind,
    )


def _y(rate: float, low: float) -> float:
    return round(BOTTOM - (rate - low) / (1.0 - low) * (BOTTOM - TOP), 1) if low < 1.0 else TOP
