"""How often the whole path ships wrongly: plan and evidence in, verdict out, the truth known.

A *ship* is wrong when some claim of the plan is false in the scope that it covers; a *ship narrower*
when some claim is false in a slice it includes, or across them. Each design puts the truth where a
wrong ship is most likely: exactly on the bar, or one false claim among many true ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from shipworthy.decision.error_budget import Look
from shipworthy.decision.evaluate import evaluate
from shipworthy.decision.plan import Plan, PlannedCases
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import CaseTally, Evidence, Tally
from shipworthy.domain.launch import Looks, PlannedLooks, Slice

BAR = 0.8
TRIALS = 800
CAMPAIGN = 2_000


@dataclass(frozen=True)
class Design:
    """A launch whose truth is known.

    Attributes:
        rates: chance that a case passes, for each topic of the partition; for Spanish ones if given apart.
        spanish: chance that a Spanish case passes (half of every topic); None without that claim.
        n: groups in each topic.
        size: cases in a group, which share their rate and pass together the more the larger `alike` is.
        repeats: goes at each case.
        alike: correlation inside a group and between repeats, from 0 to 1.
        looks: the policy; the evidence is looked at after every part of it named in `at`.
        at: groups of each topic at each look.
        guard: chance that a case passes a second criterion; None without one.
    """

    rates: tuple[float, ...]
    spanish: float | None = None
    n: int = 60
    size: int = 1
    repeats: int = 1
    alike: float = 0.0
    looks: Looks = "once"
    at: tuple[int, ...] = ()
    guard: float | None = None
    topics: tuple[str, ...] = field(default=("a", "b", "c", "d"))


DESIGNS = {
    "one slice at the bar": Design((BAR,), n=100),
    "three slices at the bar": Design((BAR, BAR, BAR)),
    "all but one above": Design((0.97, 0.97, BAR), n=90),
    "one above, two at the bar": Design((0.99, BAR, BAR), n=90),
    "just under the bar": Design((0.99, 0.795, 0.795, 0.795), n=90),
    "a guardrail at its bar": Design((0.99, 0.99, 0.99), guard=BAR, n=90),
    "across at the bar": Design((0.99, 0.99), spanish=BAR, n=120),
    "across and slices at the bar": Design((BAR, BAR), spanish=BAR, n=120),
    "one slice and across at the bar": Design((0.99, 0.99, BAR), spanish=BAR, n=120),
    "groups of five": Design((BAR, BAR), n=30, size=5, alike=0.5),
    "three repeats": Design((BAR, BAR), n=40, repeats=3, alike=0.6),
    "looks once, groups in repeats": Design((BAR, 0.99), n=30, size=3, repeats=2, alike=0.3),
    "open, five looks": Design((BAR,), looks="open", n=100, at=tuple(range(20, 101, 20))),
    "planned, seventeen looks": Design(
        (BAR,), looks=PlannedLooks(end=100), n=100, at=tuple(range(20, 101, 5))
    ),
    "planned, past its end": Design((BAR,), looks=PlannedLooks(end=60), n=100, at=(30, 60, 80, 100)),
    "once, looked at again": Design((BAR,), n=100, at=tuple(range(20, 101, 5))),
}


@pytest.fixture(autouse=True)
def _without_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the price out: it takes most of the time and no part in the verdict."""
    monkeypatch.setattr("shipworthy.decision.claims.more_needed", lambda *_, **__: None)


def plan_of(design: Design) -> Plan:
    """Return the plan of a design."""
    topics = design.topics[: len(design.rates)]
    across = [] if design.spanish is None else ["spanish"]
    criteria = [_criterion("right", across)]
    if design.guard is not None:
        criteria.append(_criterion("harmless", [], kind="guardrail"))
    slices = {"topic": Slice(by="topic", shares=dict.fromkeys(topics, 1 / len(topics)), scope=True)}
    if across:
        slices["spanish"] = Slice(where={"language": "es"})
    return Plan(
        candidate="new", candidate_fingerprint="", baseline=None, baseline_fingerprint="", repeats=design.repeats,
        baseline_repeats=0, criteria=tuple(criteria), series={}, slices=slices, error=0.05, looks=design.looks,
        cases=PlannedCases("", 0, 0),
    )  # fmt: skip


def _criterion(name: str, across: Sequence[str], kind: str = "goal") -> Criterion:
    body = {"id": name, "kind": kind, "bar": {"at_least": BAR}, "slices": list(across)}
    return Criterion.model_validate(body | {"scorer": {"recorded": name}})


def draw(rng: np.random.Generator, design: Design, rate: float, n: int) -> np.ndarray:
    """Draw passes of `repeats` for n groups of `size` cases whose mean rate is `rate`."""
    if design.alike and rate < 1:
        spread = (1 - design.alike) / design.alike
        rates = rng.beta(rate * spread, (1 - rate) * spread, (n, 1))
    else:
        rates = np.full((n, 1), rate)
    return rng.binomial(design.repeats, np.broadcast_to(rates, (n, design.size)))


def tally(passed: Sequence[np.ndarray], cells: Sequence[int], planned: int) -> Tally:
    """Count groups by outcome, as the ledger does."""
    groups: Counter[tuple[CaseTally, ...]] = Counter()
    for rows, cell in zip(passed, cells, strict=True):
        for row in rows.tolist():
            groups[tuple(CaseTally(cell, planned, p, 0, 0) for p in sorted(row))] += 1
    return Tally(tuple(sorted(groups.items())))


def wrongly_ships(design: Design, plan: Plan, rng: np.random.Generator) -> bool:
    """Draw one launch, take its looks in order, and say whether any of them shipped something false."""
    topics = design.topics[: len(design.rates)]
    halves = ("en",) if design.spanish is None else ("en", "es")
    cells, drawn, guards = [], [], []
    for topic, rate in zip(topics, design.rates, strict=True):
        for half in halves:
            cells.append(frozenset({f"topic={topic}"} | ({"spanish"} if half == "es" else set())))
            chance = rate if half == "en" or design.spanish is None else min(design.spanish, rate)
            drawn.append(draw(rng, design, chance, design.n // len(halves)))
            guards.append(draw(rng, design, design.guard or 1.0, design.n // len(halves)))
    before = 0
    for number, per_topic in enumerate(design.at or (design.n,), start=1):
        each = per_topic // len(halves)
        order = range(len(cells))
        tallies = {"right": tally([rows[:each] for rows in drawn], order, design.repeats)}
        tallies["harmless"] = tally([rows[:each] for rows in guards], order, design.repeats)
        groups = each * len(cells)
        verdict = evaluate(plan, Evidence("new", tuple(cells), tallies), Look(number, groups, before))
        before = groups
        if verdict.verdict in ("ship", "ship narrower") and is_false(design, verdict.scope.included):
            return True
    return False


def is_false(design: Design, included: tuple[str, ...]) -> bool:
    """Whether some claim is false for the slices that were shipped: a rate at the bar is not above it."""
    rates = dict(zip(design.topics, design.rates, strict=False))
    mixed = {t: r if design.spanish is None else (r + min(design.spanish, r)) / 2 for t, r in rates.items()}
    wrong = any(mixed[name.removeprefix("topic=")] <= BAR for name in included)
    across = design.spanish is not None and design.spanish <= BAR
    return wrong or across or (design.guard is not None and design.guard <= BAR)


def test_what_the_simulation_calls_false_is_false() -> None:
    """The judge of the simulation itself: shipping a slice at the bar is wrong, shipping the others is not."""
    design = DESIGNS["all but one above"]

    assert is_false(design, ("topic=a", "topic=c"))
    assert not is_false(design, ("topic=a", "topic=b"))


@pytest.mark.parametrize("name", DESIGNS)
def test_the_whole_verdict_keeps_its_error(keeps_its_level: Callable[..., None], name: str) -> None:
    """Over every look of a launch together, the chance of shipping something false is at most the plan's error."""
    design, rng = DESIGNS[name], np.random.default_rng([8, list(DESIGNS).index(name)])
    plan = plan_of(design)
    trials = TRIALS // 3 if design.at or design.size * design.repeats > 1 else TRIALS
    keeps_its_level(sum(wrongly_ships(design, plan, rng) for _ in range(trials)), trials)


@pytest.mark.campaign
@pytest.mark.parametrize("name", DESIGNS)
def test_the_whole_verdict_keeps_its_error_in_many_more(
    keeps_its_level: Callable[..., None], name: str
) -> None:
    """The same with two thousand launches a design, four hundred where each is looked at often; other draws."""
    design, rng = DESIGNS[name], np.random.default_rng([9, list(DESIGNS).index(name)])
    plan = plan_of(design)
    trials = CAMPAIGN // 5 if design.at else CAMPAIGN
    keeps_its_level(sum(wrongly_ships(design, plan, rng) for _ in range(trials)), trials)


def test_a_feature_that_is_good_everywhere_does_ship() -> None:
    """The simulation can see a ship: at 99 of 100 in every slice nearly all launches ship whole."""
    design, rng = Design((0.99, 0.99), n=90), np.random.default_rng(10)
    plan, shipped = plan_of(design), 0
    for _ in range(50):
        drawn = [draw(rng, design, 0.99, 90) for _ in design.rates]
        cells = (frozenset({"topic=a"}), frozenset({"topic=b"}))
        evidence = Evidence("new", cells, {"right": tally(drawn, (0, 1), 1)})
        shipped += evaluate(plan, evidence, Look(1, 180)).verdict == "ship"

    assert shipped >= 48
