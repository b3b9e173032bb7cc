"""Cells whose outputs a judge scored and people labelled in part; and everything at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shipworthy.domain.launch import PlannedLooks
from shipworthy.proving.design import Ask, Design
from shipworthy.proving.grid_looks import every
from shipworthy.proving.grid_many import SAFE, partition, shares_of
from shipworthy.proving.grid_single import above, single
from shipworthy.proving.judged import Judged, Way

JUDGES = {"good": (0.97, 0.90), "lenient": (0.95, 0.60), "fair": (0.85, 0.75), "useless": (0.70, 0.50)}
"""Chance that the judge passes what people pass, and that it fails what they fail."""


def judged(name: str, judge: str, law: Judged, bar: float, n: int, better: float, **more: Any) -> Design:
    """Return a cell with one judged claim."""
    chosen = more.pop("chosen", "by_verdict" if law.way == "by_group" else law.way)
    ask = Ask(bar, "judged_rate", chosen=chosen)
    slow = law.way != "enriched" and law.size == 1
    more = {"better_draws": 500 if slow else 1_000, "slow": slow} | more
    return single(f"{name}, {judge} judge", more.pop("family", "judges"), law, ask, n, better, **more)


def judges(*, full: bool) -> Iterator[Design]:
    """Judges from good to useless, labels chosen in four ways."""
    for says, (hit, reject) in JUDGES.items():
        ways: list[Way] = ["random", "by_verdict"]
        for labels in (50, 100, 200):
            for way in ways:
                if (
                    labels == 200
                    and not full
                    and (says == "fair" or (way == "by_verdict" and says != "good"))
                ):
                    continue  # slow, and near to others
                law = Judged(0.9, hit, reject, labels, way)
                yield judged(
                    f"{labels} labels {way} of 1000 bar=0.9", says, law, 0.9, 1_000, above(0.9), draws=2_000
                )
        enriched = Judged(0.9, hit, reject, 100, "enriched")
        yield judged("100 labels enriched of 1000 bar=0.9", says, enriched, 0.9, 1_000, 0.98)
        if full or says in ("good", "useless"):
            unknown = Judged(0.9, hit, reject, 100, "enriched")
            yield judged(
                "100 labels unknown of 1000 bar=0.9", says, unknown, 0.9, 1_000, 0.98, chosen="unknown"
            )
    for says, bar, labels, n in (("good", 0.8, 100, 1_000), ("good", 0.95, 100, 1_000), ("good", 0.95, 200, 1_000), ("fair", 0.8, 100, 1_000),
                                 ("good", 0.9, 100, 300), ("lenient", 0.8, 200, 300), ("good", 0.9, 50, 150), ("good", 0.8, 200, 5_000)):  # fmt: skip
        if n > 1_000 and not full:
            continue
        law = Judged(bar, *JUDGES[says], labels)
        yield judged(f"{labels} labels random of {n} bar={bar}", says, law, bar, n, above(bar))
    for says, labels in (("good", 50), ("good", 200), ("lenient", 50)):
        law = Judged(0.9, *JUDGES[says], labels, "enriched")
        yield judged(f"{labels} labels enriched of 500 bar=0.9", says, law, 0.9, 500, 0.98)
    for says in ("good", "lenient"):
        law = Judged(0.9, *JUDGES[says], 100, "enriched")
        why = "the plan says that labels were a random draw, and they were not"
        name = "100 labels enriched of 1000, said to be random bar=0.9"
        yield judged(name, says, law, 0.9, 1_000, 0.98, chosen="random", outside=why)
    yield from _sliced()


def _sliced() -> Iterator[Design]:
    hit, reject = JUDGES["good"]
    sizes = [300, 300]
    wrong = partition([(Judged(SAFE, hit, reject, 60),), (Judged(0.8, hit, reject, 60),)], sizes)
    better = partition([(Judged(0.95, hit, reject, 60),), (Judged(0.78, hit, reject, 60),)], sizes)
    yield Design(
        "2 slices, 60 labels random of 300 each bar=0.8, good judge", "judges",
        (Ask(0.8, "judged_rate", chosen="random"),), wrong, better, shares=shares_of(sizes),
    )  # fmt: skip


def compound(*, full: bool) -> Iterator[Design]:
    """Documents, cases, repeats, a judge, labels and looks, all at once."""
    made: list[tuple[str, float, int, int, int, Way]] = [
        ("good", 0.15, 40, 100, 1, "random"), ("good", 0.15, 40, 100, 1, "by_group"), ("lenient", 0.4, 40, 100, 1, "by_group"),
        ("good", 0.15, 80, 200, 4, "by_group"), ("lenient", 0.15, 80, 200, 4, "by_group"), ("good", 0.4, 80, 200, 1, "by_group"),
        ("useless", 0.15, 80, 200, 4, "by_group"), ("useless", 0.15, 40, 100, 4, "random"),
    ]  # fmt: skip
    if full:
        made += [
            (says, alike, n, labels, 4, way)
            for says in JUDGES
            for alike in (0.15, 0.4)
            for n in (60, 120)
            for labels in (100, 200)
            for way in ("random", "by_group")
        ]
    for says, alike, n, labels, count, way in made:
        law = Judged(0.9, *JUDGES[says], labels, way, size=4, repeats=3, alike=alike, within=0.3)
        drawn = "of each verdict in each document" if way == "by_group" else "at random"
        name = f"{n} documents x 4 cases x 3 repeats alike={alike}, {labels} labels {drawn}, {count} look{'s' * (count > 1)} bar=0.9"
        more: dict[str, Any] = {"looks": PlannedLooks(end=n), "at": every(n, count)} if count > 1 else {}
        yield judged(name, says, law, 0.9, n, 0.98, family="all at once", **more)
