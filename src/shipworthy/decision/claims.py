"""One claim: a criterion on a slice, tested against its bar, with its state and its price."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from shipworthy.decision.answered import ONE_LOOK
from shipworthy.decision.judged import facts
from shipworthy.decision.looking import Looked, Mean, Policy
from shipworthy.decision.measure import Measured, Picked, measure
from shipworthy.decision.mix import WEIGHED, Mix, weighed
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.verdict import BarLine, Claim, Likely, MoreNeeded, State
from shipworthy.statistics.answered_rate import AnsweredRate
from shipworthy.statistics.closed_test import attainable_rates
from shipworthy.statistics.display_interval import display_interval
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.judged_rate import JudgedRate
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.sample_size import groups_near_power

POWER = 0.8
"""The chance of showing it that a price in cases buys."""


IN_VAIN = "it can no longer be shown by the planned end, even if every further group passes"
"""Why going on with the sealed cases is in vain for a claim."""

ONCE = Policy("once")
"""A single look."""


@dataclass(frozen=True)
class Examined:
    """A criterion measured on a slice, before a level is chosen: its two p-values.

    Attributes:
        looked: the mean as the plan's policy on looks lets one speak of it, or why there is none.
        strictness: how many times smaller the criterion's own error is than the plan's; p-values are multiplied by it.
    """

    criterion: Criterion
    slice: str | None
    measured: Measured
    looked: Looked | NotEstimable
    strictness: float = 1.0

    @cached_property
    def p_above(self) -> float:
        """The p-value of "no better than the bar"; small means the bar is shown to hold."""
        if isinstance(self.looked, NotEstimable):
            return 1.0
        return min(self.looked.p_above() * self.strictness, 1.0)

    @cached_property
    def p_holds(self) -> float:
        """The p-value that decides: nothing holds while what was seen is not above the bar, and no bound is computed."""
        if isinstance(self.looked, NotEstimable) or self.looked.mean.estimate <= self.looked.bar:
            return 1.0
        return self.p_above

    @cached_property
    def p_below(self) -> float:
        """The p-value of "at least as good as the bar"; small means it is shown not to. Computed when asked for."""
        if isinstance(self.looked, NotEstimable):
            return 1.0
        return min(self.looked.p_below() * self.strictness, 1.0)


def bar_on_scale(criterion: Criterion) -> float:
    """Return the bar on the scale of the group mean: a share, a gain, or the favourable part of a cap."""
    if criterion.estimand == "quantile":
        return criterion.quantile or 0.0
    if criterion.estimand == "mean":
        return 1.0 - criterion.bar.value / (criterion.cap or 1.0)
    return criterion.bar.value


def examine(
    criterion: Criterion,
    slice_name: str | None,
    picked: Picked,
    *,
    policy: Policy = ONCE,
    error: float | None = None,
    mix: Mix | None = None,
) -> Examined:
    """Measure a criterion on a slice and test it in both directions.

    Args:
        criterion: what is asked.
        slice_name: where; None for everywhere.
        picked: the group outcomes there.
        policy: how often one may look.
        error: the plan's; a criterion with a smaller error of its own is tested so much more strictly.
        mix: for a claim over all traffic, the partition whose declared shares weigh the slices.
    """
    weighs = mix is not None and criterion.estimand in WEIGHED
    measured = weighed(criterion, picked, mix) if mix and weighs else measure(criterion, picked)
    if isinstance(measured.mean, NotEstimable):
        return Examined(criterion, slice_name, measured, measured.mean)
    if criterion.answered is not None and policy.looks != "once":
        return Examined(criterion, slice_name, measured, NotEstimable(ONE_LOOK))
    if policy.looks == "open" and isinstance(measured.mean.unit, NotEstimable):
        return Examined(criterion, slice_name, measured, measured.mean.unit)
    strictness = _strictness(criterion, error)
    looked = Looked(measured.mean, policy, bar_on_scale(criterion))
    return Examined(criterion, slice_name, measured, looked, strictness)


def passes_or_fails(criterion: Criterion, picked: Picked) -> bool:
    """Whether every group can, by the plan, only pass or fail as a whole under a criterion."""
    counted = criterion.estimand in ("rate", "quantile") and criterion.answered is None
    return counted and all(len(group) == 1 and group[0].planned == 1 for group, _ in picked)


def attainable(criterion: Criterion, groups: int, *, error: float) -> set[float]:
    """Return every p-value below 1 that so many groups can have, each of which passes or fails."""
    bar, strictness = bar_on_scale(criterion), _strictness(criterion, error)
    if not 0.0 < bar < 1.0:
        return set()
    return {p for value in attainable_rates(n=groups, bar=bar) if (p := value * strictness) < 1.0}


def _strictness(criterion: Criterion, error: float | None) -> float:
    return max(error / criterion.error, 1.0) if error and criterion.error else 1.0


def state(tested: Examined, level: float, refuting: float | None = None) -> State:
    """Return the claim's state: three states, never two.

    Args:
        tested: the measured criterion.
        level: one-sided error at which it is shown to hold.
        refuting: one-sided error at which it is shown not to; the same unless said.
    """
    if level > 0 and tested.p_holds <= level:
        return "holds"
    if tested.p_below <= (level if refuting is None else refuting) and level > 0:
        return "does not hold"
    return "not shown"


@dataclass(frozen=True)
class Terms:
    """On what terms a claim is decided and shown.

    Attributes:
        variant: whose outputs these are.
        level: one-sided error at which the claim is shown to hold; 0 when nothing may be decided.
        refuting: one-sided error at which it is shown not to hold.
        shown: the error at which bounds are drawn.
        fresh: whether more cases would have to be new ones.
        decides: False for diagnostics, which are shown only.
    """

    variant: str
    level: float
    refuting: float
    shown: float
    fresh: bool
    decides: bool = True


def claim(tested: Examined, terms: Terms) -> Claim:
    """Return the claim as the verdict prints it."""
    criterion, counts, mean = tested.criterion, tested.measured.counts, tested.measured.mean
    now = state(tested, terms.level, terms.refuting)
    estimate = lower = upper = error = None
    method, reason = "none", ""
    shown = terms.shown / tested.strictness
    if isinstance(mean, NotEstimable):
        reason = mean.reason
    elif isinstance(tested.looked, NotEstimable):
        reason = tested.looked.reason
    else:
        looked = tested.looked
        estimate, lower, upper = _on_users_scale(criterion, mean, looked.lower(shown), looked.upper(shown))
        spread = mean.standard_error()
        error = None if isinstance(spread, NotEstimable) else spread * _unit(criterion)
        method = _method(criterion, looked.method)
    in_vain = now == "not shown" and not reason and shown > 0 and _is_in_vain(tested, shown)
    return Claim(
        criterion=criterion.id,
        variant=terms.variant,
        slice=tested.slice,
        kind=criterion.kind,
        estimand=criterion.estimand,
        bar=BarLine(criterion.bar.op, criterion.bar.value),
        planned=counts.planned,
        passed=counts.passed,
        failed=counts.failed,
        unscored=counts.unscored,
        no_answer=counts.no_answer,
        cases=counts.cases,
        groups=counts.groups,
        repeats=counts.repeats,
        estimate=_tidy(estimate),
        lower=_tidy(lower),
        upper=_tidy(upper),
        level=_tidy(1.0 - shown) or 0.0,
        method=method,
        state=now,
        more_needed=more_needed(tested, level=shown, fresh=terms.fresh or in_vain)
        if now == "not shown"
        else None,
        p_value=_tidy(tested.p_above),
        standard_error=_tidy(error),
        decides=terms.decides,
        reason=IN_VAIN if in_vain else reason,
        flips=tested.measured.flips,
        judge=facts(mean) if isinstance(mean, JudgedRate) else None,
        likely=_likely(criterion, mean),
        handed_over=None if criterion.answered is None else counts.handed_over,
    )


def _is_in_vain(tested: Examined, level: float) -> bool:
    return not isinstance(tested.looked, NotEstimable) and tested.looked.is_out_of_reach(level)


def more_needed(tested: Examined, *, level: float, fresh: bool) -> MoreNeeded | None:
    """Return the price of showing the claim: cases, at a stated hope, for a power of .8.

    A rate is priced for groups as alike inside as the ones seen; where none were seen that tell, for groups
    that pass or fail as a whole, which never asks for too few. A gain or a mean is priced as "more groups
    like these", and has no price while what was seen is not above the bar. Groups in hand that may be added to
    count as they came out, good or bad.
    """
    criterion, counts, mean = tested.criterion, tested.measured.counts, tested.measured.mean
    if level <= 0:
        return None
    bar = bar_on_scale(criterion)
    kind: Literal["rate", "difference", "mean"] = "rate"
    needed: int | NotEstimable
    if criterion.estimand == "difference" or criterion.estimand == "mean":  # noqa: PLR1714 - mypy narrows this
        if isinstance(mean, NotEstimable):
            return None
        needed = mean.groups_to_show(bar=bar, alpha=level, power=POWER, on_top=not fresh)
        hoped, kind = _on_users_scale(criterion, mean, 0.0, 0.0)[0], criterion.estimand
    else:
        hoped = hoped_rate(tested, bar, level)
        needed = _groups_for_rate(tested, hoped, level, fresh=fresh)
    if isinstance(needed, NotEstimable):
        return None
    per_group = counts.cases / counts.groups if counts.groups else 1.0
    return MoreNeeded(
        math.ceil(round(max(needed, 1) * per_group, 6)), _tidy(hoped) or 0.0, POWER, fresh, kind
    )


def _groups_for_rate(tested: Examined, hoped: float, level: float, *, fresh: bool) -> int | NotEstimable:
    """Return how many groups, or how many more, show a rate at the hoped-for one."""
    counts, mean, bar = tested.measured.counts, tested.measured.mean, bar_on_scale(tested.criterion)
    if tested.criterion.answered is not None and isinstance(mean, NotEstimable):
        return mean  # how many are answered is not known, so neither is what it takes
    if isinstance(mean, AnsweredRate) and mean.shares:
        return _scaled(groups_near_power(bar=bar, hoped=hoped, alpha=level, power=POWER), mean)
    if isinstance(mean, GroupMean | AnsweredRate):
        outcomes = max(round(counts.planned / counts.groups), 1)
        return mean.groups_at_rate(
            rate=hoped, outcomes=outcomes, bar=bar, alpha=level, power=POWER, on_top=not fresh
        )
    if isinstance(mean, JudgedRate):
        return mean.groups_to_show(bar=bar, alpha=level, power=POWER, on_top=not fresh)
    total = groups_near_power(bar=bar, hoped=hoped, alpha=level, power=POWER)
    return total if fresh or isinstance(total, NotEstimable) else total - counts.groups


def _scaled(answered: int | NotEstimable, mean: AnsweredRate) -> int | NotEstimable:
    """Return how many groups it takes so that so many have something answered, as often as was seen."""
    if isinstance(answered, NotEstimable):
        return answered
    return math.ceil(answered * mean.n_groups / mean.n_answered - TIE)


TIE = 1e-9
"""A rate that lies on a line but for its last digits lies on it, in whatever order it was added up."""


def hoped_rate(tested: Examined, bar: float, level: float) -> float:
    """Return the rate the price assumes, as the price says aloud.

    What the criterion hopes for, while what was seen leaves room for it; else what was seen, where that
    is clearly above the bar; else a quarter of the way from the bar to one: nobody knows better, and
    less would price the impossible.
    """
    criterion, mean = tested.criterion, tested.measured.mean
    hoped = None if criterion.estimand == "quantile" else criterion.hoped_for
    if hoped is not None and hoped > bar and (isinstance(mean, NotEstimable) or hoped <= mean.upper(level)):
        return hoped
    room = 1.0 - bar
    if isinstance(mean, NotEstimable) or mean.estimate < bar + room / 10 - TIE:
        return bar + room / 4
    return min(mean.estimate, bar + room * 0.8)  # nobody should plan on a feature that never fails


def _unit(criterion: Criterion) -> float:
    return (criterion.cap or 1.0) if criterion.estimand == "mean" else 1.0


def _on_users_scale(
    criterion: Criterion, mean: Mean, lower: float, upper: float
) -> tuple[float, float, float]:
    estimate = mean.estimate
    if criterion.estimand == "mean":
        cap = criterion.cap or 1.0
        return cap * (1 - estimate), cap * (1 - upper), cap * (1 - lower)
    return estimate, lower, upper


def _likely(criterion: Criterion, mean: Mean | NotEstimable) -> Likely | None:
    """Return a two-sided interval to look at, where groups have one value each."""
    if isinstance(mean, NotEstimable) or isinstance(mean.unit, NotEstimable):
        return None
    shown = display_interval(mean.unit)
    ends = mean.from_unit(shown.lower), mean.from_unit(shown.upper)
    _, low, high = _on_users_scale(criterion, mean, *ends)
    return Likely(_tidy(low) or 0.0, _tidy(high) or 0.0, shown.level)


def _method(criterion: Criterion, method: str) -> str:
    what = {
        "rate": "group means",
        "all_of_k": f"all-of-{criterion.k} chances",
        "any_of_k": f"any-of-{criterion.k} chances",
        "judged_rate": "a judge's verdicts corrected by labels",
        "difference": "paired differences",
        "mean": "scaled group means",
        "quantile": "shares within the bar",
    }[criterion.estimand]
    return f"{method} on {'answered outputs' if criterion.answered else what}"


def _tidy(value: float | None) -> float | None:
    """Round to nine digits: beyond what the data say, within what every machine reproduces."""
    return None if value is None else round(value, 9) + 0.0
