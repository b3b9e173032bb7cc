"""Cells with one claim: rates, repeats, groups, several of k, means, waiting times, differences."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from shipworthy.proving.design import Ask, Design, Stratum
from shipworthy.proving.laws import Law, Pairs, Passes, Spend

BARS = (0.80, 0.90, 0.95, 0.99)


def above(bar: float, part: float = 0.6) -> float:
    """Return a truth above the bar: a part of the way to one.

    >>> above(0.9)
    0.96
    """
    return round(bar + (1.0 - bar) * part, 6)


def single(name: str, family: str, law: Law, ask: Ask, n: int, better: float, **more: Any) -> Design:
    """Return a cell with one claim whose wrong truth lies on its bar."""
    wrong, right = (Stratum((law.at(ask.bar),), n),), (Stratum((law.at(better),), n),)
    return Design(name, family, (ask,), wrong, right, **more)


def rates(*, full: bool) -> Iterator[Design]:
    """One output a case: every chance is enumerated."""
    sizes = (10, 20, 30, 50, 80, 100, 150, 200, 300, 500)
    bars = (*BARS, 0.85, 0.975) if full else BARS
    for bar, n in product(bars, sizes):
        yield single(f"rate bar={bar} n={n}", "one rate", Passes(bar), Ask(bar), n, above(bar))
    for error, n in ((0.01, 200), (0.1, 100), (0.2, 50)):
        yield single(
            f"rate error={error} bar=0.9 n={n}", "one rate", Passes(0.9), Ask(0.9), n, above(0.9), error=error
        )


SCATTERS = (
    (2, 0.2, "beta"), (3, 0.5, "beta"), (5, 0.8, "beta"), (3, 0.5, "stars"), (5, 0.3, "duds"),
    (8, 0.2, "beta"), (8, 0.8, "stars"), (2, 0.8, "duds"), (8, 0.0, "beta"),
)  # fmt: skip
"""Repeats, correlation within a case, and how cases differ."""


def repeats(*, full: bool) -> Iterator[Design]:
    """Several outputs of each case."""
    places = list(product((10, 20, 50, 100, 200, 500), BARS))
    for i, (n, bar) in enumerate(places):
        if bar**n > 0.05 and n > 10:
            continue  # even a perfect holdout is too small; one such size is enough
        chosen = SCATTERS if full else [SCATTERS[(2 * i + j) % len(SCATTERS)] for j in (0, 1)]
        for k, alike, shape in chosen:
            law = Passes(bar, repeats=k, alike=alike, shape=shape)  # type: ignore[arg-type]
            name = f"repeats k={k} alike={alike} {shape} bar={bar} n={n}"
            yield single(name, "repeats", law, Ask(bar), n, above(bar))


GROUPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("of 2", {"sizes": (2,), "alike": 0.5}),
    ("of 4", {"sizes": (4,), "alike": 0.3}),
    ("of 8", {"sizes": (8,), "alike": 0.1}),
    ("of 8, stars", {"sizes": (8,), "alike": 0.8, "shape": "stars"}),
    ("of 4, duds", {"sizes": (4,), "alike": 0.5, "shape": "duds"}),
    ("of 1-8", {"sizes": (1, 2, 3, 4, 5, 6, 7, 8), "alike": 0.3}),
    ("of 1-8, large worse", {"sizes": (1, 2, 4, 8), "alike": 0.2, "uneven": 0.05}),
    ("of 1-8, small worse", {"sizes": (8, 4, 2, 1), "alike": 0.2, "uneven": 0.05}),
    ("of 4, 3 repeats", {"sizes": (4,), "alike": 0.3, "repeats": 3, "within": 0.3}),
    ("of 1-4, 2 repeats", {"sizes": (1, 2, 4), "alike": 0.15, "repeats": 2, "within": 0.5}),
)


def groups(*, full: bool) -> Iterator[Design]:
    """Cases that belong together, in groups of equal and unequal sizes."""
    for i, (says, law) in enumerate(GROUPS):
        for bar, n in ((0.80, 12), (0.80, 40), (0.90, 40), (0.90, 100), (0.95, 100)):
            if not full and (i + n + round(bar * 20)) % 2:
                continue
            made = Passes(bar, **law)
            if made.uneven and bar > 0.9:
                continue
            better = min(above(bar), 0.995 - made.uneven)
            yield single(f"groups {says} bar={bar} n={n}", "groups", made, Ask(bar), n, better)
    small = Passes(0.8, sizes=(4,), alike=0.3)
    yield single("groups of 4 bar=0.8 n=8", "groups", small, Ask(0.8), 8, 0.95)


def of_k(*, full: bool) -> Iterator[Design]:
    """All, or any, of k repeats."""
    made = [
        ("all", 2, 4, 0.3, "beta", 0.80, 100), ("all", 3, 3, 0.5, "beta", 0.80, 60), ("all", 4, 8, 0.2, "stars", 0.80, 100),
        ("all", 8, 8, 0.5, "beta", 0.80, 200), ("all", 3, 5, 0.8, "duds", 0.90, 100), ("any", 2, 4, 0.3, "beta", 0.90, 100),
        ("any", 3, 5, 0.5, "beta", 0.95, 100), ("any", 4, 8, 0.8, "duds", 0.90, 60), ("any", 8, 8, 0.5, "beta", 0.90, 200),
        ("any", 2, 3, 0.5, "beta", 0.80, 30),
    ]  # fmt: skip
    if full:
        made += [(of, k, r, a, "beta", b, n) for of, k, r, a, _, b, _ in made for n in (20, 500)]
    for of, k, r, alike, shape, bar, n in made:
        law = Passes(bar, repeats=r, alike=alike, shape=shape, of_k=of, k=k)  # type: ignore[arg-type]
        name = f"{of} {k} of {r} alike={alike} {shape} bar={bar} n={n}"
        yield single(name, "all or any of k", law, Ask(bar, f"{of}_of_k", k=k), n, above(bar))


def measures(*, full: bool) -> Iterator[Design]:
    """Mean costs under a cap, and shares of waiting times."""
    made = [
        (0.70, 0.1, "beta", 50), (0.70, 0.5, "beta", 100), (0.80, 0.9, "beta", 100), (0.80, 0.3, "stars", 50),
        (0.90, 0.2, "beta", 30), (0.90, 0.5, "duds", 100), (0.90, 0.8, "stars", 200), (0.95, 0.05, "beta", 100),
    ]  # fmt: skip
    if full:
        made += [(bar, alike, shape, n) for bar, alike, shape, _ in made for n in (20, 500)]
    for bar, alike, shape, n in made:
        law = Spend(bar, alike, shape)  # type: ignore[arg-type]
        name = f"mean cost alike={alike} {shape} at {round(1 - bar, 2)} of cap n={n}"
        yield single(name, "means and waiting times", law, Ask(bar, "mean"), n, above(bar, 0.4))
    for share, n in ((0.5, 50), (0.9, 100), (0.95, 100), (0.95, 300), (0.99, 500)):
        ask = Ask(share, "quantile")
        yield single(
            f"quantile {share} n={n}", "means and waiting times", Passes(share), ask, n, above(share)
        )


def differences(*, full: bool) -> Iterator[Design]:
    """Better than the baseline, or not worse by more than a margin."""
    made = [
        (0.0, 0.10, 100), (0.0, 0.30, 100), (0.0, 0.02, 200), (0.0, 0.30, 30), (0.0, 0.60, 300), (-0.05, 0.06, 100),
        (-0.05, 0.15, 200), (-0.05, 0.40, 200), (-0.02, 0.05, 400), (-0.10, 0.20, 50), (0.05, 0.20, 300), (0.03, 0.10, 200),
    ]  # fmt: skip
    if full:
        made += [(bar, discord, n) for bar, discord in sorted({each[:2] for each in made}) for n in (20, 500)]
    for bar, discord, n in made:
        name = f"gain above {bar} discord={discord} n={n}"
        ask = Ask(bar, "difference")
        yield single(name, "differences", Pairs(bar, discord), ask, n, round(bar + max(0.06, discord / 3), 6))
    for bar, discord, flaky, r, n in (
        (0.0, 0.1, 0.2, 3, 100),
        (-0.05, 0.1, 0.3, 3, 100),
        (0.0, 0.05, 0.5, 8, 60),
        (-0.05, 0.05, 0.2, 2, 300),
    ):
        name = f"gain above {bar} discord={discord} flaky={flaky} k={r} n={n}"
        law = Pairs(bar, discord, flaky, r)
        yield single(name, "differences", law, Ask(bar, "difference"), n, round(bar + 0.1, 6))
