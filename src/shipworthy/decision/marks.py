"""What the holdout must show to pass, at the size it has: the fewest passes, and the true rate that brings them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shipworthy.decision.claims import POWER
from shipworthy.decision.plan import Plan
from shipworthy.decision.sizing import Sized, assume, deciding, size, whole_level
from shipworthy.statistics.pass_marks import fewest_passes, rate_needed
from shipworthy.statistics.results import NotEstimable

SHARES = frozenset({"rate", "all_of_k", "any_of_k", "judged_rate"})
"""Estimands whose bar is a share of the groups."""


@dataclass(frozen=True)
class Mark:
    """What one claim asks of the groups it has.

    Attributes:
        sized: the claim, its groups, and how many it would take.
        passes: the fewest of these groups that must pass; None where that cannot be said in passes.
        rate: the true rate at which they do in 80 of 100 launches; None likewise.
    """

    sized: Sized
    passes: int | None = None
    rate: float | None = None


def marks(plan: Plan, groups: Mapping[str | None, int], *, several: bool) -> tuple[Mark, ...]:
    """Return what each deciding claim asks in each slice, for groups that pass or fail as a whole.

    Args:
        plan: what is about to be locked.
        groups: slice to its groups in the holdout; None for a plan without a partition.
        several: whether some group holds more than one case.
    """
    level = whole_level(plan, len(groups))
    held = {c.id: assume(c, plan.looks, level, [], None, several=several) for c in deciding(plan)}
    # How many of the answered must pass is not known before it is known how many are.
    kinds = {c.id: "" if c.answered else c.estimand for c in plan.asked}
    made = []
    for sized in size(plan, groups, several=several):
        assumed = held[sized.criterion]
        if assumed is None or kinds[sized.criterion] not in SHARES or plan.looks != "once":
            made.append(Mark(sized))
            continue
        at = {"n": sized.groups, "bar": assumed.bar, "alpha": assumed.level}
        passes, rate = fewest_passes(**at), rate_needed(**at, power=POWER)  # type: ignore[arg-type]
        short = (
            sized.groups < sized.least or isinstance(passes, NotEstimable) or isinstance(rate, NotEstimable)
        )
        made.append(Mark(sized) if short else Mark(sized, passes, rate))  # type: ignore[arg-type]
    return tuple(made)
