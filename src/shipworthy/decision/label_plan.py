"""How many labels a judged rate takes, going by how good its judge was on the open cases."""

from __future__ import annotations

from collections.abc import Mapping

from shipworthy.decision.claims import POWER, bar_on_scale
from shipworthy.decision.measure import Picked, measure
from shipworthy.decision.plan import Plan
from shipworthy.decision.sizing import assume, deciding, whole_level
from shipworthy.domain.criteria import Criterion
from shipworthy.statistics.judged_rate import JudgedRate
from shipworthy.statistics.label_sizes import labels_needed
from shipworthy.statistics.results import NotEstimable

IN_A_GROUP = 2
"""Of each group of several outputs, one that the judge passed and one that it did not."""


def labels_of(
    plan: Plan, groups: Mapping[str | None, int], opened: Mapping[str, Picked], hoped: Mapping[str, float]
) -> dict[str, int]:
    """Return criterion to the labels it takes on the sealed cases, where open labels tell how good the judge is.

    Args:
        plan: what is about to be locked.
        groups: slice to number of groups of sealed cases.
        opened: criterion to its open outcomes.
        hoped: criterion to what is hoped for, in the place of what it says itself.
    """
    found = {}
    level = whole_level(plan, len(groups))
    for criterion in deciding(plan):
        seen = opened.get(criterion.id, [])
        if criterion.labels is None or not seen:
            continue
        if any(len(group) > 1 or group[0].planned > 1 for group, _ in seen):
            found[criterion.id] = IN_A_GROUP * sum(groups.values())
            continue
        each = [_needed(plan, criterion, n, seen, level, hoped.get(criterion.id)) for n in groups.values()]
        if all(n is not None for n in each):
            found[criterion.id] = sum(n for n in each if n is not None)
    return found


def _needed(
    plan: Plan, criterion: Criterion, judged: int, seen: Picked, level: float, hoped: float | None
) -> int | None:
    """Return the labels for one slice: all outputs where fewer are not enough; None where nothing tells."""
    rate = measure(criterion, seen).mean
    held = assume(criterion, plan.looks, level, seen, hoped, several=False)
    if not isinstance(rate, JudgedRate) or held is None or held.hoped is None or judged == 0:
        return None
    tpr, tnr = rate.quality.tpr, rate.quality.tnr
    if isinstance(tpr, NotEstimable) or isinstance(tnr, NotEstimable):
        return None
    needed = labels_needed(
        bar=bar_on_scale(criterion),
        hoped=held.hoped,
        tpr=tpr.estimate,
        tnr=tnr.estimate,
        judged=judged,
        alpha=held.level,
        power=POWER,
    )
    return judged if isinstance(needed, NotEstimable) else needed
