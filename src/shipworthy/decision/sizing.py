"""What each claim of a plan can show, before anything is looked at: its chance, and the groups it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from shipworthy.decision.claims import POWER, TIE, bar_on_scale
from shipworthy.decision.measure import MIN_GROUPS, Measured, Picked, measure
from shipworthy.decision.plan import Plan
from shipworthy.decision.scope import divide
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Looks, PlannedLooks
from shipworthy.statistics.answered_rate import AnsweredRate
from shipworthy.statistics.any_look import nominal_level
from shipworthy.statistics.any_look_power import power_any_look
from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.e_process import e_p_above
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.projection import GroupLaw, law_like, law_of_gain, law_of_rate, law_seen
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.sample_size import MOST, zero_failures

SURELY = 0.9
"""The second chance that a plan is priced for."""

FINENESS = 40
"""Where looks are planned or open, groups are found to a fortieth of themselves."""


@dataclass(frozen=True)
class Sized:
    """Whether one claim of the plan can be shown.

    Attributes:
        criterion: which.
        slice: where; None for everywhere.
        groups: how many groups the sealed cases have there.
        needed: how many it takes to show it, 80 times in 100, at what is hoped for; None when that cannot be said.
        least: how many it takes when nothing fails at all; with fewer it cannot be shown.
        hoped: what `needed` assumes, on the criterion's own scale; None when nothing can be assumed.
        chance: how likely the groups there are show it; None when nothing can be assumed.
        prices: for further chances, how many groups; None for one that no number buys.
        basis: where the spread of groups comes from: "open" outcomes, or "whole" for groups that are taken to
            pass or fail as a whole, which never asks for too few.
        reason: why there is no number, when there is none.
    """

    criterion: str
    slice: str | None
    groups: int
    needed: int | None
    least: int
    hoped: float | None
    chance: float | None = None
    prices: tuple[tuple[float, int | None], ...] = ()
    basis: Literal["open", "whole"] = "whole"
    reason: str = ""

    @property
    def outlook(self) -> Literal["enough", "scarce", "hopeless", "open"]:
        """Enough for a fair chance; scarce when chance decides; hopeless when even perfection is not shown."""
        if self.groups < self.least:
            return "hopeless"
        if self.needed is None:
            return "open"
        return "enough" if self.groups >= self.needed else "scarce"


@dataclass(frozen=True)
class Assumed:
    """What is assumed of the groups to come, for one claim.

    Attributes:
        law: values of a group and their chances, or why nothing can be assumed.
        hoped: its mean on the criterion's own scale.
        bar: the bar on the scale of the law.
        least: fewest groups that show it if nothing fails.
        answered: the share of groups that have something answered; only those count.
    """

    law: GroupLaw | NotEstimable
    hoped: float | None
    bar: float
    level: float
    looks: Looks
    least: int
    basis: Literal["open", "whole"] = "whole"
    answered: float = 1.0

    def chance(self, groups: int) -> float | None:
        """Return the chance that so many groups show it, under the plan's policy of looks.

        Up to a planned end: by some look, if there is one after every group, where groups pass or fail as a whole;
        else by the one at the end. Without an end: by one look at so many groups.
        """
        if isinstance(self.law, NotEstimable):
            return None
        n = min(groups, self.looks.end) if isinstance(self.looks, PlannedLooks) else groups
        if n < self.least:
            return 0.0
        return self._chance(self.law, n if self.answered == 1.0 else math.floor(n * self.answered + TIE))

    def groups(self, power: float) -> int | NotEstimable:
        """Return how many groups show it with that chance, under the plan's policy of looks."""
        if isinstance(self.law, NotEstimable):
            return self.law
        if self.answered < 1.0:
            found = self.law.groups(bar=self.bar, alpha=self.level, power=power)
            return (
                found if isinstance(found, NotEstimable) else max(self.least, _of_all(found, self.answered))
            )
        found = self.law.groups(bar=self.bar, alpha=self.level, power=power)
        if isinstance(found, NotEstimable):
            return found
        low = high = max(found, self.least)
        if self.looks == "once" or self._chance(self.law, low) >= power:
            return low
        while self._chance(self.law, high) < power:
            low, high = high, high + high // 2 + 1
            if high > MOST:
                return NotEstimable(f"more than {MOST:,} groups would be needed")
        while high - low > max(low // FINENESS, 1):
            middle = (low + high) // 2
            low, high = (low, middle) if self._chance(self.law, middle) >= power else (middle, high)
        return high

    def _chance(self, law: GroupLaw, n: int) -> float:
        if self.looks == "once":
            return law.chance(n=n, bar=self.bar, alpha=self.level)
        if not isinstance(self.looks, PlannedLooks):
            return law.chance(n=n, bar=self.bar, alpha=self.level, by=e_p_above)
        alpha = self.level * (1.0 - self.looks.reserve)
        if law.is_binary:
            return power_any_look(bar=self.bar, truth=law.mean, end=n, alpha=alpha).chance
        last = nominal_level(alpha, n=n, end=n, bar=self.bar)
        return law.chance(n=n, bar=self.bar, alpha=last) if last > 0 else 0.0


def size(
    plan: Plan,
    groups: Mapping[str | None, int],
    *,
    opened: Mapping[str, Picked] | None = None,
    hoped: Mapping[str, float] | None = None,
    powers: tuple[float, ...] = (),
    several: bool = False,
    level: float | None = None,
) -> tuple[Sized, ...]:
    """Size every deciding claim, in every slice that the scope is chosen from.

    Args:
        plan: what is about to be locked.
        groups: slice to number of groups of sealed cases; None for a plan without a partition.
        opened: criterion to its open outcomes, by group; they tell how groups scatter.
        hoped: criterion to what is hoped for, in the place of what it says itself.
        powers: chances to price beside the usual one.
        several: whether some group holds more than one case.
        level: the error of a claim; that of the whole scope over these slices unless said.

    Returns:
        One entry for each claim. A gain or a mean without open outcomes has no number, and says why.
    """
    level = whole_level(plan, len(groups)) if level is None else level
    made = []
    for criterion in deciding(plan):
        seen = (opened or {}).get(criterion.id, [])
        held = assume(criterion, plan.looks, level, seen, (hoped or {}).get(criterion.id), several=several)
        if held is not None:
            prices = {power: held.groups(power) for power in dict.fromkeys((POWER, *powers))}
            made += [_sized(criterion, name, n, held, prices, powers) for name, n in groups.items()]
    return tuple(made)


def deciding(plan: Plan) -> tuple[Criterion, ...]:
    """Return the goals and guardrails of a plan."""
    return tuple(c for c in plan.asked if c.kind != "diagnostic")


def whole_level(plan: Plan, n_slices: int) -> float:
    """Return the error at which every claim must hold for the whole scope to ship."""
    scope = next((name for name, rule in plan.slices.items() if rule.scope), None)
    has_across = any(name != scope for c in deciding(plan) for name in c.slices)
    return divide(plan.error / plan.tries, n_slices=n_slices, has_across=has_across).whole


def assume(
    criterion: Criterion, looks: Looks, level: float, seen: Picked, hoped: float | None, *, several: bool
) -> Assumed | None:
    """Return what a plan assumes of the groups to come; None for a bar that nothing has to show.

    Args:
        criterion: what is asked.
        looks: the plan's policy.
        level: one-sided error of the claim.
        seen: its open outcomes; may be empty.
        hoped: what is hoped for, when somebody said so just now.
        several: whether some group holds more than one case: then so few groups cannot tell.
    """
    if criterion.error is not None:
        level = min(level, criterion.error)
    measured = measure(criterion, seen)
    bar = bar_on_scale(criterion)
    law: GroupLaw | NotEstimable
    if criterion.estimand == "difference":
        law, assumed = _gain(criterion, measured, hoped)
        bar = (bar + 1.0) / 2.0
    elif criterion.estimand == "mean":
        law, assumed = _mean(criterion, measured)
    else:
        assumed = _hoped(criterion, bar, hoped)
        law = _rate(measured, assumed)
    if bar <= 0.0:
        return None
    least = max(zero_failures(bar=bar, alpha=level), MIN_GROUPS if several else 1)
    seen_in = GroupMean | PairedDifference | AnsweredRate
    known = isinstance(measured.mean, seen_in) and measured.counts.groups > 1
    answered = _answered(criterion, measured)
    least = least if answered == 1.0 else _of_all(least, answered)
    return Assumed(law, assumed, bar, level, looks, least, "open" if known else "whole", answered)


def _answered(criterion: Criterion, measured: Measured) -> float:
    """Return which share of groups have something answered: as seen open, else the least that must be."""
    if criterion.answered is None:
        return 1.0
    seen = measured.mean
    known = isinstance(seen, AnsweredRate) and measured.counts.groups > 1
    return (
        seen.n_answered / seen.n_groups
        if known and isinstance(seen, AnsweredRate)
        else criterion.answered.of_cases
    )


def _of_all(groups: int, answered: float) -> int:
    """Return how many groups it takes so that so many have something answered."""
    return math.ceil(groups / answered - TIE)


def _sized(
    criterion: Criterion,
    name: str | None,
    n: int,
    held: Assumed,
    prices: Mapping[float, int | NotEstimable],
    powers: tuple[float, ...],
) -> Sized:
    numbers = {power: None if isinstance(found, NotEstimable) else found for power, found in prices.items()}
    usual = prices[POWER]
    return Sized(
        criterion.id,
        name,
        n,
        numbers[POWER],
        held.least,
        held.hoped,
        held.chance(n),
        tuple((power, numbers[power]) for power in powers),
        held.basis,
        usual.reason if isinstance(usual, NotEstimable) else "",
    )


def _hoped(criterion: Criterion, bar: float, said: float | None) -> float:
    """Return what somebody hopes for; else well above the bar, as a feature worth deciding about should be."""
    if said is not None:
        return said
    if criterion.estimand != "quantile" and criterion.hoped_for is not None and criterion.hoped_for > bar:
        return criterion.hoped_for
    return bar + (1.0 - bar) * (0.8 if criterion.estimand == "quantile" else 0.5)


def _rate(measured: Measured, hoped: float) -> GroupLaw:
    mean, counts = measured.mean, measured.counts
    if isinstance(mean, AnsweredRate):
        mean = mean.within
    if not isinstance(mean, GroupMean):
        return law_of_rate(hoped, outcomes=1, icc=1.0)
    values, numbers = np.array(mean.values), np.array(mean.counts, dtype=np.float64)
    return law_like(values, numbers, rate=hoped, outcomes=max(round(counts.planned / counts.groups), 1))


def _gain(
    criterion: Criterion, measured: Measured, said: float | None
) -> tuple[GroupLaw | NotEstimable, float | None]:
    """Return the law of gains: they scatter as the ones seen, around what is hoped for.

    The mean square of the gains seen stands for the share of cases that change, which it is where each variant
    answers once; so the law has the right variance with repeats and groups too.
    """
    hoped = said if said is not None else criterion.hoped_for
    seen = measured.mean
    if not isinstance(seen, PairedDifference):
        return NotEstimable(
            "no open outcomes of both variants yet, so how many cases change is not known"
        ), hoped
    if hoped is not None:
        square = math.fsum(n * v * v for v, n in zip(seen.values, seen.counts, strict=True)) / seen.n_groups
        return law_of_gain(hoped, discordance=min(max(square, abs(hoped)), 1.0)), hoped
    values = np.array([(value + 1.0) / 2.0 for value in seen.values])
    return law_seen(values, np.array(seen.counts, dtype=np.float64)), seen.estimate


def _mean(criterion: Criterion, measured: Measured) -> tuple[GroupLaw | NotEstimable, float | None]:
    seen = measured.mean
    if not isinstance(seen, GroupMean):
        return NotEstimable("no open outcomes yet, so how they scatter is not known"), None
    law = law_seen(np.array(seen.values), np.array(seen.counts, dtype=np.float64))
    return law, (criterion.cap or 1.0) * (1.0 - seen.estimate)
