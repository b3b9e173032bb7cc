"""The whole plan before anything is looked at: the chance that everything holds everywhere, and what it costs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from shipworthy.decision.claims import POWER
from shipworthy.decision.measure import Picked
from shipworthy.decision.plan import Plan
from shipworthy.decision.sizing import SURELY, Assumed, Sized, assume, deciding, size, whole_level
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Prices
from shipworthy.statistics.design_effect import correlation, design_effect, worth_of_another_repeat
from shipworthy.statistics.results import NotEstimable

SHOWN = 0.05
"""Two-sided error of the interval that is shown for a correlation."""

WORTH_SAYING = 1.5
"""Where groups have fewer outcomes than this on average, nothing is said of how alike they are."""

_ROUNDS = 12


@dataclass(frozen=True)
class Known:
    """What a plan is made from: counts of sealed cases, outcomes of open ones, hopes.

    Attributes:
        groups: slice of the scope to its sealed groups; None for a plan without a partition.
        cases: the same, in cases.
        also: slices across the partition that a criterion names, to their sealed groups.
        opened: criterion to its open outcomes, by group.
        hoped: criterion to what is hoped for, in the place of what it says itself.
        labels: criterion to the labels it takes from people, where that is known.
    """

    groups: Mapping[str | None, int]
    cases: Mapping[str | None, int]
    also: Mapping[tuple[str, str], int] = field(default_factory=dict)
    opened: Mapping[str, Picked] = field(default_factory=dict)
    hoped: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)

    @property
    def several(self) -> bool:
        """Whether some group holds more than one case."""
        return any(self.cases[name] > n for name, n in self.groups.items())


@dataclass(frozen=True)
class Alike:
    """How alike the open outcomes of one group are, and what that makes of the plan's repeats.

    Attributes:
        criterion: which.
        groups: open groups it was seen on.
        size: outcomes in a group, on average.
        icc: the correlation, from nothing in common (0) to groups that pass or fail as a whole (1).
        interval: where it may lie, at 95 %, or why that cannot be said.
        design_effect: how many times an outcome is worth less than an independent one.
        repeats: goes at each case.
        worth: what one more repeat of every case is worth, in further cases for each case; None where
            groups hold several cases, or where the estimand is about the repeats themselves.
    """

    criterion: str
    groups: int
    size: float
    icc: float
    interval: tuple[float, float] | NotEstimable
    design_effect: float
    repeats: int
    worth: float | None


@dataclass(frozen=True)
class Joint:
    """The chance that every claim holds in every slice, from one or two assumptions.

    Attributes:
        at_least: whatever the claims have to do with each other (Frechet).
        independent: if they have nothing to do with each other.
        at_most: if the least likely claim decides.
        uncounted: claims without a chance of their own, which are not in it.
    """

    at_least: float
    independent: float
    at_most: float
    uncounted: tuple[str, ...]


@dataclass(frozen=True)
class Enough:
    """How many groups each slice takes for the whole plan to ship everywhere with a chance of `power`.

    Attributes:
        power: that chance, if claims are independent.
        groups: slice to groups, or why no number will do.
    """

    power: float
    groups: dict[str | None, int] | NotEstimable

    @property
    def total(self) -> int | None:
        """Groups in all slices together; a group in two slices is counted in both."""
        return None if isinstance(self.groups, NotEstimable) else sum(self.groups.values())


@dataclass(frozen=True)
class Bill:
    """What the sealed cases, or more of them, take.

    Attributes:
        cases: how many, of which `more` are still to be written.
        outputs: cases times repeats, of the candidate and of a baseline that is compared.
        labels: labels from people; None where nobody can say yet how many.
        money: in all, of what has a price; None when nothing has.
        hours: of people who label; None when that is not known.
    """

    cases: int
    more: int
    outputs: int
    labels: int | None
    money: float | None
    hours: float | None


@dataclass(frozen=True)
class Outlook:
    """Everything that can be said of a plan before its sealed cases are looked at."""

    sized: tuple[Sized, ...]
    also: tuple[Sized, ...]
    level: float
    joint: Joint
    enough: tuple[Enough, ...]
    alike: tuple[Alike, ...]
    bill: Bill
    bills: tuple[tuple[float, Bill], ...]
    currency: str


def foresee(
    plan: Plan, known: Known, *, prices: Prices | None = None, powers: tuple[float, ...] = (POWER, SURELY)
) -> Outlook:
    """Say what a plan can show, how likely it is to ship everywhere, and what it costs.

    Args:
        plan: what is about to be locked.
        known: counts of sealed cases, outcomes of open ones, hopes.
        prices: what an output, a label and a case cost.
        powers: the chances to price.
    """
    sized = size(
        plan, known.groups, opened=known.opened, hoped=known.hoped, powers=powers, several=known.several
    )
    level = whole_level(plan, len(known.groups))
    also = _across(plan, known, level, powers)
    enough = tuple(Enough(power, _enough(plan, known, level, power)) for power in powers)
    bills = tuple(
        (e.power, _bill(plan, known, prices, e.groups))
        for e in enough
        if not isinstance(e.groups, NotEstimable)
    )
    return Outlook(
        sized,
        also,
        level,
        _joint((*sized, *also)),
        enough,
        _alikes(plan, known),
        _bill(plan, known, prices, dict(known.groups)),
        bills,
        prices.currency if prices else "",
    )


def _across(plan: Plan, known: Known, level: float, powers: tuple[float, ...]) -> tuple[Sized, ...]:
    """Size the claims on slices across the partition, in the whole scope."""
    made: list[Sized] = []
    for criterion in deciding(plan):
        places: dict[str | None, int] = {
            name: n for (claim, name), n in known.also.items() if claim == criterion.id
        }
        if places:
            made += (
                s
                for s in size(
                    plan,
                    places,
                    opened=known.opened,
                    hoped=known.hoped,
                    powers=powers,
                    several=known.several,
                    level=level,
                )
                if s.criterion == criterion.id
            )
    return tuple(made)


def _joint(sized: tuple[Sized, ...]) -> Joint:
    chances = [s.chance for s in sized if s.chance is not None]
    return Joint(
        max(1.0 - math.fsum(1.0 - chance for chance in chances), 0.0),
        math.prod(chances),
        min(chances, default=1.0),
        tuple(dict.fromkeys(s.criterion for s in sized if s.chance is None)),
    )


def _enough(plan: Plan, known: Known, level: float, power: float) -> dict[str | None, int] | NotEstimable:
    """Return the groups of each slice at which all claims hold everywhere with a chance of `power`.

    Every claim is priced for one and the same chance, the lowest at which the product over all claims,
    each at the groups its slice then has, reaches the power. A slice takes what its hardest claim takes.
    """
    held = _held(plan, known, level)
    if not held:
        return NotEstimable("no claim has a chance that could be reckoned with")
    low, high = power, power ** (1.0 / (len(held) * len(known.groups)))
    best = _hardest(held, high)
    for _ in range(_ROUNDS):
        if isinstance(best, NotEstimable) or high - low < 4e-3:
            break
        middle = (low + high) / 2
        n = _hardest(held, middle)
        chances = [] if isinstance(n, NotEstimable) else [h.chance(n) or 0.0 for h in held]
        if chances and math.prod(chances) ** len(known.groups) >= power:
            high, best = middle, n
        else:
            low = middle
    return best if isinstance(best, NotEstimable) else dict.fromkeys(known.groups, best)


def _held(plan: Plan, known: Known, level: float) -> list[Assumed]:
    assumed = (
        assume(c, plan.looks, level, known.opened.get(c.id, []), known.hoped.get(c.id), several=known.several)
        for c in deciding(plan)
    )
    return [a for a in assumed if a is not None and not isinstance(a.law, NotEstimable)]


def _hardest(held: list[Assumed], power: float) -> int | NotEstimable:
    """Return the groups that the hardest claim takes."""
    most = 0
    for assumed in held:
        found = assumed.groups(min(power, 0.9999))
        if isinstance(found, NotEstimable):
            return found
        most = max(most, found)
    return most


def _alikes(plan: Plan, known: Known) -> tuple[Alike, ...]:
    """Return how alike open outcomes are under each criterion; the same outcomes under two are told of once."""
    made: dict[object, Alike] = {}
    rates = [c for c in deciding(plan) if c.estimand not in ("difference", "mean") and c.answered is None]
    for criterion in sorted(rates, key=lambda c: c.k is not None):
        found = _alike(plan, criterion, known.opened.get(criterion.id, []))
        if found is not None:
            made.setdefault((found.groups, found.size, found.icc), found)
    return tuple(made.values())


def _alike(plan: Plan, criterion: Criterion, opened: Picked) -> Alike | None:
    """Return how alike open outcomes of one group are; None where groups have one outcome, or nothing tells."""
    counts: Counter[tuple[int, int]] = Counter()
    cases = 0
    for group, times in opened:
        counts[sum(case.passed for case in group), sum(case.planned for case in group)] += times
        cases = max(cases, len(group))
    found = correlation(counts)
    if isinstance(found, NotEstimable) or found.size < WORTH_SAYING:
        return None
    icc = min(max(found.estimate, 0.0), 1.0)
    repeated = cases == 1 and criterion.k is None
    return Alike(
        criterion.id,
        found.n_groups,
        found.size,
        found.estimate,
        found.interval(SHOWN),
        design_effect(size=max(found.size, 1.0), icc=icc),
        plan.repeats,
        worth_of_another_repeat(repeats=plan.repeats, icc=icc) if repeated else None,
    )


def _bill(plan: Plan, known: Known, prices: Prices | None, groups: Mapping[str | None, int]) -> Bill:
    """Return what so many groups take, in the cases, outputs, labels and money of the plan."""
    now = sum(known.cases.values())
    cases = sum(math.ceil(n * _per_group(known, name)) for name, n in groups.items())
    compared = plan.baseline_repeats if any(c.estimand == "difference" for c in deciding(plan)) else 0
    outputs = cases * (plan.repeats + compared)
    labels = _labels(plan, known)
    more = max(cases - now, 0)
    if prices is None:
        return Bill(cases, more, outputs, labels, None, None)
    parts = [
        amount * price
        for amount, price in ((outputs, prices.output), (labels, prices.label), (more, prices.case))
        if amount is not None and price is not None
    ]
    minutes = prices.label_minutes
    hours = labels * minutes / 60 if labels and minutes is not None else None
    return Bill(cases, more, outputs, labels, math.fsum(parts) if parts else None, hours)


def _per_group(known: Known, name: str | None) -> float:
    groups = known.groups[name]
    return known.cases[name] / groups if groups else 1.0


def _labels(plan: Plan, known: Known) -> int | None:
    """Return the labels that people give; None where a criterion takes some and nobody said how many."""
    wanted = [c.id for c in deciding(plan) if c.estimand == "judged_rate"]
    if any(name not in known.labels for name in wanted):
        return None
    return sum(known.labels[name] for name in wanted)
