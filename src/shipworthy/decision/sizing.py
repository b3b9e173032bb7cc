"""What a plan can show, before anything is looked at: enough groups in every slice, or how many are short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shipworthy.decision.claims import POWER, bar_on_scale
from shipworthy.decision.plan import Plan
from shipworthy.decision.scope import divide
from shipworthy.domain.criteria import Criterion
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.sample_size import groups_for_power, zero_failures


@dataclass(frozen=True)
class Sized:
    """Whether one claim of the plan can be shown.

    Attributes:
        criterion: which.
        slice: where; None for everywhere.
        groups: how many groups the sealed cases have there.
        needed: how many it takes to show it, 80 times in 100, at the hoped-for rate.
        least: how many it takes when nothing fails at all; with fewer it cannot be shown.
        hoped: the rate that `needed` assumes.
    """

    criterion: str
    slice: str | None
    groups: int
    needed: int
    least: int
    hoped: float

    @property
    def outlook(self) -> Literal["enough", "scarce", "hopeless"]:
        """Enough for a fair chance; scarce when chance decides; hopeless when even perfection is not shown."""
        if self.groups < self.least:
            return "hopeless"
        return "enough" if self.groups >= self.needed else "scarce"


def size(plan: Plan, groups: Mapping[str | None, int]) -> tuple[Sized, ...]:
    """Size every claim about a rate, in every slice that the scope is chosen from.

    Args:
        plan: what is about to be locked.
        groups: slice to number of groups of sealed cases; None for a plan without a partition.

    Returns:
        One entry for each rate claim. Gains and means depend on how they scatter and are not sized.
    """
    has_across = any(c.slices for c in plan.criteria if c.kind != "diagnostic")
    level = divide(plan.error, n_slices=len(groups), has_across=has_across).whole
    made = []
    for criterion in plan.criteria:
        if criterion.kind == "diagnostic" or criterion.estimand in ("difference", "mean"):
            continue
        bar = bar_on_scale(criterion)
        hoped = _hoped(criterion, bar)
        needed = groups_for_power(bar=bar, hoped=hoped, alpha=level, power=POWER)
        if bar <= 0 or isinstance(needed, NotEstimable):
            continue
        least = zero_failures(bar=bar, alpha=level)
        made += [Sized(criterion.id, name, n, needed, least, hoped) for name, n in groups.items()]
    return tuple(made)


def _hoped(criterion: Criterion, bar: float) -> float:
    """Return what the criterion hopes for; else well above the bar, as a feature worth deciding about should be."""
    if criterion.estimand != "quantile" and criterion.hoped_for is not None and criterion.hoped_for > bar:
        return criterion.hoped_for
    return bar + (1.0 - bar) * (0.8 if criterion.estimand == "quantile" else 0.5)
