"""Costs or times as a figure: how many outputs took how much, with quantiles, what they could be, and the bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shipworthy.decision.distribution import LEVEL, Distribution, Quantile
from shipworthy.domain.criteria import Criterion
from shipworthy.narrative import wording
from shipworthy.narrative.text import plain
from shipworthy.statistics.results import NotEstimable

Measure = Literal["latency_s", "cost_usd"]
TITLES: dict[Measure, str] = {"latency_s": "Time of one output", "cost_usd": "Cost of one output"}


@dataclass(frozen=True)
class Column:
    """Outputs between two values: from left to right, and how high of the highest, 0 to 1."""

    left: float
    right: float
    height: float


@dataclass(frozen=True)
class Reach:
    """A quantile on the axis.

    Attributes:
        label: which, "95 of 100".
        at: where it is; None when it is not known or lies beyond the axis.
        low: left end of what it could be: the dearest; None when that is not known.
        high: right end: the cheapest.
    """

    label: str
    at: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Histogram:
    """How values are spread; better to the right, as on every axis, so large values are left.

    Attributes:
        title: what is counted.
        columns: the counts.
        ticks: position and label, from left to right.
        reaches: quantiles.
        lines: bars that criteria draw: position and words.
        notes: what is not in the columns.
        quantiles: the same as a table: share, seen, could be as little as, as much as.
        words: the same as sentences.
    """

    title: str
    columns: tuple[Column, ...]
    ticks: tuple[tuple[float, str], ...]
    reaches: tuple[Reach, ...]
    lines: tuple[tuple[float, str], ...]
    notes: tuple[str, ...]
    quantiles: tuple[tuple[str, str, str, str], ...]
    words: str


def histogram(found: Distribution, measure: Measure, bars: Sequence[Criterion] = ()) -> Histogram:
    """Return the figure of a distribution.

    Args:
        found: what was measured.
        measure: a time or a cost.
        bars: criteria that draw a line through it.
    """
    last = found.edges[-1] if found.edges else 0.0
    most = max(found.counts, default=0) or 1

    def at(value: float | NotEstimable | None) -> float | None:
        if value is None or isinstance(value, NotEstimable) or not last or value > last:
            return None
        return round(1.0 - value / last, 6)

    columns = tuple(
        Column(at(right) or 0.0, at(left) or 0.0, n / most)
        for left, right, n in zip(found.edges, found.edges[1:], found.counts, strict=False)
    )
    middle = [last, last / 2, 0.0] if last else []
    ticks = tuple((at(value) or 0.0, _amount(value, measure)) for value in middle)
    reaches = tuple(Reach(_share(q), at(q.value), at(q.upper), at(q.lower)) for q in found.quantiles)
    lines = tuple(
        (place, f"{plain(c.id.replace('_', ' '), 40)}: {_bar(c, measure)}")
        for c in bars
        if c.estimand in ("mean", "quantile") and (place := at(c.bar.value)) is not None
    )
    table = tuple(_row(q, measure) for q in found.quantiles)
    notes = tuple(_notes(found, measure))
    words = " ".join(f"{share}: {seen}, {low} to {high}." for share, seen, low, high in table)
    said = f"{wording.plural(found.outputs, 'output')}. {words} {' '.join(notes)}".strip()
    return Histogram(TITLES[measure], columns, ticks, reaches, lines, notes, table, said)


def _share(quantile: Quantile) -> str:
    return f"{wording.line_per_100(quantile.share)} within"


def _bar(criterion: Criterion, measure: Measure) -> str:
    amount = _amount(criterion.bar.value, measure)
    if criterion.quantile:
        return f"{wording.line_per_100(criterion.quantile)} within {amount}"
    return f"mean at most {amount}"


def _row(quantile: Quantile, measure: Measure) -> tuple[str, str, str, str]:
    def say(value: float | NotEstimable, towards: wording.Towards) -> str:
        return (
            f"not known: {value.reason}"
            if isinstance(value, NotEstimable)
            else _measured(value, measure, towards)
        )

    ends = say(quantile.lower, "down"), say(quantile.upper, "up")
    return (_share(quantile), say(quantile.value, "nearest"), *ends)


def _notes(found: Distribution, measure: Measure) -> list[str]:
    notes = []
    if found.never:
        notes.append(f"{wording.plural(found.never, 'output')} never came: longer than any time here.")
    if found.beyond and found.largest is not None:
        largest = _measured(found.largest, measure, "nearest")
        notes.append(f"{wording.plural(found.beyond, 'output')} beyond the left end, the largest {largest}.")
    if found.unknown:
        notes.append(f"Not recorded for {wording.plural(found.unknown, 'output')}.")
    if found.mean is not None:
        notes.append(f"Mean {_measured(found.mean, measure, 'nearest')}.")
    if found.quantiles:
        notes.append(
            f"Each range covers the true value in about {wording.line_per_100(LEVEL)} repetitions, on "
            f"{wording.plural(found.groups, 'group')}; no verdict is made from it."
        )
    return notes


def _amount(value: float, measure: Measure) -> str:
    return wording.line_amount(value, "money" if measure == "cost_usd" else "seconds")


def _measured(value: float, measure: Measure, towards: wording.Towards) -> str:
    say = wording.money if measure == "cost_usd" else wording.seconds
    return say(value, towards=towards)
