"""Cells with a claim about answered outputs alone: the rate among them on its bar, or too few of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from shipworthy.proving.answering import EASY, Answers
from shipworthy.proving.design import MIX, Ask, Design, Stratum
from shipworthy.proving.grid_many import partition, shares_of
from shipworthy.proving.grid_single import above

FAMILY = "answered outputs"

MADE: tuple[tuple[str, float, int, dict[str, Any]], ...] = (
    ("of 4 in 10", 0.90, 200, {"easy": 0.4, "hard": 0.4}),
    ("of 8 in 10", 0.80, 50, {"easy": 0.8, "hard": 0.8}),
    ("easy ones", 0.80, 150, {"easy": 0.8, "hard": 0.2, "gap": 0.3}),
    ("easy ones, 3 repeats", 0.80, 100, {"easy": 0.8, "hard": 0.3, "gap": 0.3, "repeats": 3, "alike": 0.3}),
    ("hard ones, 2 repeats", 0.90, 200, {"easy": 0.3, "hard": 0.7, "gap": 0.1, "repeats": 2, "alike": 0.5}),
)
"""What is answered, the bar, the groups, and the law."""


def answered(*, full: bool) -> Iterator[Design]:
    """The rate among answered outputs on its bar, the share answered on its own, both, by slices and by traffic."""
    for says, bar, n, law in MADE:
        for size in (n, 3 * n) if full else (n,):
            made = Answers(bar, **law)
            top = 0.995 - made.gap * made.hard * (1 - EASY) / made.answered
            ask = Ask(bar, of_cases=round(made.answered / 2, 3))
            yield _alone(f"{says} bar={bar} n={size}", ask, made, made.at(min(above(bar), top)), size)
    for repeats in (1, 3):
        enough = Answers(0.97, 0.65, 0.65, repeats=repeats, alike=0.3 if repeats > 1 else 0.0)
        few = replace(enough, easy=0.5, hard=0.5)
        yield _alone(
            f"too few, {repeats} repeats of_cases=0.5 n=200", Ask(0.9, of_cases=0.5), few, enough, 200
        )
    few, enough = Answers(0.9, 0.5, 0.5), Answers(0.97, 0.65, 0.65)
    yield _alone("too few and on the bar n=200", Ask(0.9, of_cases=0.5), few, enough, 200)
    yield _sliced()
    yield _by_traffic()


def _alone(says: str, ask: Ask, wrong: Answers, better: Answers, n: int) -> Design:
    return Design(f"answered {says}", FAMILY, (ask,), (Stratum((wrong,), n),), (Stratum((better,), n),))


def _sliced() -> Design:
    """Three slices, of which one has its rate on the bar and one too few answers."""
    good, on_it, few = Answers(0.98, 0.8, 0.8), Answers(0.9, 0.8, 0.8), Answers(0.98, 0.5, 0.5)
    wrong = partition([(good,), (on_it,), (few,)], [150] * 3)
    better = partition([(good,)] * 3, [150] * 3)
    ask = Ask(0.9, of_cases=0.5)
    return Design(
        "answered in slices, two false bar=0.9 n=450",
        FAMILY,
        (ask,),
        wrong,
        better,
        shares=shares_of([150] * 3),
    )


def _by_traffic() -> Design:
    """An eval set with too many of the requests that the feature answers well: half of the traffic is others."""
    easy, bar = Answers(0.95, 0.8, 0.8), 0.9
    hard = Answers((bar * (0.8 + 0.3) - 0.95 * 0.8) / 0.3, 0.3, 0.3)
    wrong, better = (
        tuple(
            Stratum((law,), n, frozenset({f"{MIX}={name}"}), 0.5)
            for name, n, law in (("x", 240, easy), ("y", 120, other))
        )
        for easy, other in ((easy, hard), (easy.at(0.99), hard.at(0.97)))
    )
    shares = {"x": 0.5, "y": 0.5}
    return Design(
        "answered by traffic bar=0.9 n=360", FAMILY, (Ask(bar, of_cases=0.4),), wrong, better, weighed=shares
    )
