"""Cells with several claims: criteria, slices, mixes, variants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shipworthy.proving.design import PARTITION, Ask, Design, Stratum, Truth
from shipworthy.proving.grid_single import above
from shipworthy.proving.laws import Law, Passes
from shipworthy.proving.tuned import Tuned

SAFE = 0.995
"""A truth far above any bar it is used with."""


def criteria(*, full: bool) -> Iterator[Design]:
    """A goal and guardrails, of which one is false, or all are."""
    made: list[tuple[int, float, int, dict[str, Any]]] = [
        (2, 0.8, 100, {}), (3, 0.9, 100, {}), (4, 0.8, 60, {}), (6, 0.9, 300, {}), (6, 0.95, 200, {}),
        (2, 0.8, 60, {"repeats": 3, "alike": 0.5}), (2, 0.9, 60, {"sizes": (4,), "alike": 0.3}),
    ]  # fmt: skip
    if full:
        made += [(m, bar, n, {}) for m in (2, 4, 6) for bar in (0.8, 0.9, 0.95) for n in (30, 500)]
    for m, bar, n, more in made:
        says = "".join(f" {key}={value}" for key, value in more.items())
        for false in ("one", "all"):
            asks = tuple(Ask(bar, kind="guardrail" if i else "goal") for i in range(m))
            rest = bar if false == "all" else SAFE
            wrong = Stratum(tuple(Passes(rest if i < m - 1 else bar, **more) for i in range(m)), n)
            better = Stratum(tuple(Passes(above(bar, 0.8), **more) for _ in range(m)), n)
            name = f"{m} criteria, {false} false{says} bar={bar} n={n}"
            yield Design(name, "several criteria", asks, (wrong,), (better,))

    asks = (Ask(0.8), Ask(0.9, kind="guardrail", error=0.01))
    own, shown = Stratum((Passes(SAFE), Passes(0.9)), 200), Stratum((Passes(0.9), Passes(0.98)), 200)
    yield Design(
        "2 criteria, one false with its own error=0.01 bar=0.9 n=200",
        "several criteria",
        asks,
        (own,),
        (shown,),
    )


def partition(laws: Sequence[tuple[Law, ...]], sizes: Sequence[int], across: str = "") -> Truth:
    """Return one stratum for each part of the partition, or two where half of each is in a further slice."""
    made: list[Stratum] = []
    for i, (each, n) in enumerate(zip(laws, sizes, strict=True)):
        name = f"{PARTITION}={chr(97 + i)}"
        if not across:
            made.append(Stratum(each, n, frozenset({name})))
            continue
        made.append(Stratum(each[:1], n // 2, frozenset({name})))
        made.append(Stratum(each[1:], n // 2, frozenset({name, across})))
    return tuple(made)


def shares_of(sizes: Sequence[float]) -> dict[str, float]:
    """Return shares of the traffic in proportion to sizes."""
    total = sum(sizes)
    return {chr(97 + i): n / total for i, n in enumerate(sizes)}


def scope(*, full: bool) -> Iterator[Design]:
    """Slices, of which some, or all, are not good enough."""
    made = [
        (3, 0.80, 60, 0), (3, 0.90, 120, 1), (3, 0.90, 120, 2), (4, 0.80, 60, 3), (4, 0.90, 120, 0), (4, 0.95, 200, 2),
        (6, 0.90, 120, 0), (6, 0.90, 120, 3), (6, 0.90, 120, 5), (8, 0.80, 60, 7), (8, 0.90, 120, 4), (12, 0.80, 60, 0),
        (12, 0.90, 120, 6), (12, 0.80, 60, 11), (12, 0.90, 60, 1),
    ]  # fmt: skip
    if full:
        made += [(m, bar, n, good) for m, bar, _, good in made for n in (30, 300)]
    for m, bar, n, good in made:
        wrong = [(Passes(above(bar, 0.8) if i < good else bar),) for i in range(m)]
        better = [
            (Passes(above(bar, 0.8) if i < max(good, 1) or not good else bar - 0.02),) for i in range(m)
        ]
        sizes = [n] * m
        name = f"{m} slices, {good} good bar={bar} n={n} each"
        yield Design(
            name,
            "scope",
            (Ask(bar),),
            partition(wrong, sizes),
            partition(better, sizes),
            shares=shares_of(sizes),
        )
    yield from _rare(full=full)
    yield from _two_claims()
    yield from _across(full=full)


def _rare(*, full: bool) -> Iterator[Design]:
    for m, bar, n, few in (
        (3, 0.80, 100, 20),
        (4, 0.90, 150, 30),
        (8, 0.80, 80, 16),
        *(((12, 0.9, 200, 60),) if full else ()),
    ):
        sizes = [n] * (m - 1) + [few]
        wrong = [(Passes(SAFE),)] * (m - 1) + [(Passes(bar),)]
        better = [(Passes(above(bar, 0.8)),)] * (m - 1) + [(Passes(bar - 0.15),)]
        name = f"{m} slices, one rare and hard bar={bar} n={n}, {few}"
        yield Design(
            name,
            "scope",
            (Ask(bar),),
            partition(wrong, sizes),
            partition(better, sizes),
            shares=shares_of(sizes),
        )


def _two_claims() -> Iterator[Design]:
    asks = (Ask(0.8), Ask(0.9, kind="guardrail"))
    wrong = [(Passes(SAFE), Passes(SAFE)), (Passes(0.8), Passes(SAFE)), (Passes(SAFE), Passes(0.9))]
    better = [(Passes(0.95), Passes(0.98)), (Passes(0.95), Passes(0.98)), (Passes(0.8), Passes(0.98))]
    sizes = [100, 100, 100]
    yield Design(
        "3 slices, 2 criteria n=100 each", "scope", asks, partition(wrong, sizes), partition(better, sizes),
        shares=shares_of(sizes),
    )  # fmt: skip
    deep: dict[str, Any] = {"repeats": 3, "alike": 0.5}
    laws = [(Passes(SAFE, **deep),), (Passes(0.8, **deep),), (Passes(0.8, **deep),)]
    good = [(Passes(0.95, **deep),), (Passes(0.95, **deep),), (Passes(0.78, **deep),)]
    yield Design(
        "3 slices, 3 repeats bar=0.8 n=60 each", "scope", (Ask(0.8),), partition(laws, [60] * 3), partition(good, [60] * 3),
        shares=shares_of([60] * 3),
    )  # fmt: skip


def _across(*, full: bool) -> Iterator[Design]:
    made = [
        (2, 0.8, 120, 0.99),
        (3, 0.8, 120, 0.99),
        (4, 0.8, 160, 0.8),
        *([(6, 0.8, 200, 0.99)] if full else []),
    ]
    for m, bar, n, rest in made:
        laws = [(Passes(rest), Passes(bar)) for _ in range(m)]
        good = [(Passes(0.97), Passes(0.95)) for _ in range(m)]
        sizes = [n] * m
        yield Design(
            f"{m} slices and one across, which is false, others {rest} bar={bar} n={n} each", "scope",
            (Ask(bar, across=("far",)),), partition(laws, sizes, "far"), partition(good, sizes, "far"),
            shares=shares_of(sizes),
        )  # fmt: skip


def mixes(*, full: bool) -> Iterator[Design]:
    """The holdout holds the slices in other proportions than the traffic."""
    bar = 0.85
    for few, share in ((30, 0.5), (60, 0.3), *(((15, 0.7), (120, 0.2)) if full else ())):
        shares = {"a": 1 - share, "b": share}
        sizes = [300 - few, few]
        wrong, better = [(Passes(0.97),), (Passes(bar),)], [(Passes(0.97),), (Passes(0.80),)]
        yield Design(
            f"mix: hard slice {few} of 300, {share} of the traffic, by slice", "wrong mix", (Ask(bar),),
            partition(wrong, sizes), partition(better, sizes), shares=shares,
        )  # fmt: skip
        # Pooled over the traffic exactly on the bar, over the holdout above it: the slices must catch it.
        hard = (bar - (1 - share) * 0.97) / share
        yield Design(
            f"mix: hard slice {few} of 300, {share} of the traffic, pooled on the bar", "wrong mix", (Ask(bar),),
            partition([(Passes(0.97),), (Passes(hard),)], sizes), partition([(Passes(0.97),), (Passes(0.96),)], sizes),
            shares=shares,
        )  # fmt: skip
    hard = (bar - 0.5 * 0.97) / 0.5 - 1e-9

    def pooled(last: float) -> Truth:
        common = Stratum((Passes(0.97),), 270, frozenset({"x"}), 0.5)
        return (common, Stratum((Passes(last),), 30, frozenset({"y"}), 0.5))

    yield Design(
        "mix: hard slice 30 of 300, 0.5 of the traffic, no slices declared", "wrong mix", (Ask(bar),), pooled(hard), pooled(0.96),
        outside="no slice was declared, so the plan cannot know that the holdout is not like the traffic",
    )  # fmt: skip


def variants(*, full: bool) -> Iterator[Design | Tuned]:
    """Many variants tried."""
    for bar, tried, n in (
        (0.8, 5, 100),
        (0.8, 20, 300),
        (0.9, 20, 300),
        (0.9, 50, 300),
        (0.95, 50, 200),
        (0.9, 50, 50),
    ):
        name = f"best of {tried} on {n} tuning cases, {n} sealed bar={bar}"
        yield Tuned(name, "variants", bar, tried, n, 0.01, above(bar, 0.5) - bar)
    for tries, bar, n in (
        (5, 0.8, 100),
        (20, 0.9, 200),
        (50, 0.9, 100),
        *(((50, 0.95, 500),) if full else ()),
    ):
        wrong, better = (Stratum((Passes(bar),), n),), (Stratum((Passes(above(bar)),), n),)
        for paid in (False, True):
            name = f"{tries} variants on one holdout, {'all' if paid else 'one'} planned bar={bar} n={n}"
            yield Design(name, "variants", (Ask(bar),), wrong, better, tries=tries, paid=paid, draws=4_000)
