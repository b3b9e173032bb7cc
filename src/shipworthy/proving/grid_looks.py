"""Cells that are looked at more than once: planned, open, tempted, past the end, in groups and slices."""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.domain.launch import Looks, PlannedLooks
from shipworthy.proving.design import Ask, Design, Stratum
from shipworthy.proving.grid_many import SAFE, partition, shares_of
from shipworthy.proving.grid_single import above, single
from shipworthy.proving.laws import Pairs, Passes

FAMILY = "looks"


def every(n: int, looks: int) -> tuple[int, ...]:
    """Return where so many evenly spaced looks fall.

    >>> every(100, 5)
    (20, 40, 60, 80, 100)
    """
    return tuple(n * (i + 1) // looks for i in range(looks))


def looks(*, full: bool) -> Iterator[Design]:
    """Every kind of looking."""
    yield from _planned(full=full)
    yield from _open(full=full)
    yield from _otherwise()
    yield from _deep()


def _planned(*, full: bool) -> Iterator[Design]:
    made = [
        (0.8, 50, 50),
        (0.8, 100, 100),
        (0.8, 500, 500),
        (0.9, 200, 200),
        (0.9, 300, 300),
        (0.95, 300, 300),
        (0.95, 500, 500),
    ]
    made += [
        (0.8, 100, 5),
        (0.8, 500, 20),
        (0.9, 200, 20),
        (0.9, 300, 5),
        (0.95, 300, 20),
        (0.99, 500, 20),
        (0.9, 100, 1),
    ]
    if full:
        made += [(bar, n, k) for bar in (0.8, 0.9, 0.95, 0.99) for n in (100, 300, 500) for k in (2, 10, 50)]
    better = {(0.8, 500): 0.85, (0.9, 200): 0.95, (0.9, 300): 0.95, (0.95, 300): 0.98, (0.95, 500): 0.985}
    for bar, n, k in made:
        name = f"planned, {k} look{'s' * (k > 1)} bar={bar} n={n}"
        truth = better.get((bar, n), above(bar))
        yield single(name, FAMILY, Passes(bar), Ask(bar), n, truth, looks=PlannedLooks(end=n), at=every(n, k))


def _open(*, full: bool) -> Iterator[Design]:
    made = [(0.8, 100, 100), (0.8, 500, 20), (0.9, 300, 300), (0.95, 500, 20), (0.9, 500, 5)]
    if full:
        made += [(0.8, 500, 500), (0.99, 500, 50), (0.95, 500, 500)]
    for bar, n, k in made:
        name = f"open, {k} looks bar={bar} n={n}"
        yield single(name, FAMILY, Passes(bar), Ask(bar), n, above(bar), looks="open", at=every(n, k))


def _otherwise() -> Iterator[Design]:
    for bar, n, k in ((0.8, 100, 5), (0.9, 200, 20)):
        name = f"once, looked at {k} times bar={bar} n={n}"
        yield single(name, FAMILY, Passes(bar), Ask(bar), n, above(bar), at=every(n, k))
    for bar, end, at in ((0.8, 60, (30, 60, 80, 100)), (0.9, 150, (50, 100, 150, 200, 300))):
        name = f"planned, past its end of {end} bar={bar} n={at[-1]}"
        yield single(
            name, FAMILY, Passes(bar), Ask(bar), at[-1], above(bar), looks=PlannedLooks(end=end), at=at
        )
    for bar, truth, end in ((0.8, 0.85, 500), (0.9, 0.95, 300), (0.95, 0.98, 300)):
        steps = (*every(end, end // 10), end + 50, end + 100)
        name = f"planned to {end} with a tenth kept for later, {len(steps)} looks bar={bar}"
        kept = PlannedLooks(end=end, reserve=0.1)
        yield single(name, FAMILY, Passes(bar), Ask(bar), steps[-1], truth, looks=kept, at=steps)
    for bar, n, k, policy in ((0.8, 100, 50, "planned"), (0.9, 200, 40, "planned"), (0.8, 200, 40, "open")):
        name = f"{policy}, up to {k} looks when it looks good bar={bar} n={n}"
        rule: Looks = PlannedLooks(end=n) if policy == "planned" else "open"
        yield single(
            name, FAMILY, Passes(bar), Ask(bar), n, above(bar), looks=rule, at=every(n, k), tempted=True
        )


def _deep() -> Iterator[Design]:
    for k, alike, bar, n, count in ((3, 0.5, 0.8, 100, 5), (5, 0.3, 0.9, 100, 10), (2, 0.8, 0.8, 60, 20)):
        law = Passes(bar, repeats=k, alike=alike)
        name = f"planned, {count} looks, repeats k={k} alike={alike} bar={bar} n={n}"
        yield single(
            name, FAMILY, law, Ask(bar), n, above(bar), looks=PlannedLooks(end=n), at=every(n, count)
        )
    for policy in ("planned", "open"):
        rule: Looks = PlannedLooks(end=80) if policy == "planned" else "open"
        law = Passes(0.8, sizes=(1, 2, 4), alike=0.3)
        name = f"{policy}, 5 looks, groups of 1-4 bar=0.8 n=80"
        yield single(name, FAMILY, law, Ask(0.8), 80, 0.92, looks=rule, at=every(80, 5))
    for bar, discord in ((0.0, 0.2), (-0.05, 0.1)):
        name = f"planned, 10 looks, gain above {bar} discord={discord} n=200"
        pairs, end = Pairs(bar, discord), PlannedLooks(end=200)
        ask = Ask(bar, "difference")
        yield single(name, FAMILY, pairs, ask, 200, bar + 0.1, looks=end, at=every(200, 10))
    sizes = [100, 100, 100]
    wrong = partition([(Passes(SAFE),), (Passes(0.8),), (Passes(0.8),)], sizes)
    better = partition([(Passes(0.95),), (Passes(0.95),), (Passes(0.78),)], sizes)
    both: tuple[tuple[str, Looks], ...] = (("planned", PlannedLooks(end=300)), ("open", "open"))
    for policy, either in both:
        yield Design(
            f"{policy}, 10 looks, 3 slices bar=0.8 n=100 each", FAMILY, (Ask(0.8),), wrong, better, looks=either,
            at=every(100, 10), shares=shares_of(sizes),
        )  # fmt: skip
    asks = (Ask(0.8), Ask(0.9, kind="guardrail"))
    yield Design(
        "planned, 20 looks, 2 criteria n=200", FAMILY, asks, (Stratum((Passes(SAFE), Passes(0.9)), 200),),
        (Stratum((Passes(0.9), Passes(0.97)), 200),), looks=PlannedLooks(end=200), at=every(200, 20),
    )  # fmt: skip
