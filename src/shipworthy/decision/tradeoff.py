"""Candidates beside each other on the same groups: who is dominated by whom, and how sure that is.

Each axis keeps its own numbers: a goal, a guardrail of one severity, a time, a cost. Nothing is added
up across axes and no axis has a weight, so a harm is never paid for by a gain elsewhere.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shipworthy.decision.measure import MIN_GROUPS
from shipworthy.statistics import validate
from shipworthy.statistics.best_of import flattery
from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.multiplicity import holm_adjusted
from shipworthy.statistics.results import NotEstimable

Floats = NDArray[np.float64]
Side = Literal["goal", "harm", "time", "cost"]
Place = Literal["dominated", "behind", "in front"]
"""Shown to be dominated; dominated in what was seen, which is not shown; not dominated even there."""


@dataclass(frozen=True, eq=False)
class Axis:
    """One thing to be good at, on the same groups for every variant; 1 is best and 0 worst.

    Attributes:
        name: criterion, or "cost".
        side: which of the four it is.
        against: variant to its value in each group, what is not known counted against it.
        in_favour: the same, what is not known counted for it.
        severity: of a guardrail's failure; empty elsewhere.
        unit: the cap of a mean, in money or seconds; None for a share.
        shown: what to print where it is not the mean: seconds of a quantile, money of what was recorded.
        unknown: outputs without a known value, by variant.
        assumed: the cap was not declared, and is assumed.
    """

    name: str
    side: Side
    against: Mapping[str, Floats]
    in_favour: Mapping[str, Floats]
    severity: str = ""
    unit: float | None = None
    shown: Mapping[str, float | None] | None = None
    unknown: Mapping[str, int] | None = None
    assumed: bool = False


@dataclass(frozen=True)
class Standing:
    """One variant on one axis: what was seen, and what it could be; more is better, on the axis' own scale."""

    axis: str
    variant: str
    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Against:
    """One variant against the baseline on one axis; p-values are adjusted for the whole family."""

    axis: str
    variant: str
    fixed: int
    broken: int
    unchanged: int
    gain: float
    p_better: float
    p_worse: float
    state: Literal["better", "worse", "not told apart"]


@dataclass(frozen=True)
class Placed:
    """Where one variant stands among the others.

    Attributes:
        variant: which.
        place: dominated (shown), behind (seen, not shown), in front.
        by: the variants that dominate it, the surest first.
        p_value: of the surest, adjusted for all ordered pairs; 1 where there is none.
    """

    variant: str
    place: Place
    by: tuple[str, ...]
    p_value: float


@dataclass(frozen=True)
class TradeOff:
    """The candidates beside each other.

    Attributes:
        variants: compared, in the order of the launch.
        baseline: which one the others are held against; None without one.
        groups: units of independence that all variants share.
        level: chance that even one word "dominated" is wrong; the same again for the words against the baseline.
        margin: a share that is worse by no more than this counts as equal.
        standings: every variant on every axis.
        against: every other variant against the baseline on every goal and guardrail.
        placed: every variant among the others.
        flattery: how much better than it is the best of them looks on the first goal, if all are equally good.
        reason: why nothing can be told apart, where that is so.
    """

    variants: tuple[str, ...]
    baseline: str | None
    groups: int
    level: float
    margin: float
    standings: tuple[Standing, ...]
    against: tuple[Against, ...]
    placed: tuple[Placed, ...]
    flattery: float | NotEstimable
    reason: str = ""


def trade_off(
    axes: Sequence[Axis],
    variants: Sequence[str],
    *,
    baseline: str | None,
    level: float,
    margin: float = 0.0,
    together: bool = False,
) -> TradeOff:
    """Hold variants against each other on the same groups.

    Args:
        axes: at least one, each with every variant.
        variants: at least one.
        baseline: one of them, or None.
        level: error of each family of statements, in (0, 1).
        margin: from 0 to below 1; on axes of shares, worse by no more than this counts as equal.
        together: whether some groups hold several cases; fewer than ten such groups tell nothing apart.

    Returns:
        Every variant on every axis, against the baseline, and among the others.
    """
    level = validate.between("level", level)
    margin = validate.within("margin", margin, low=0.0, high=0.999)
    groups = len(next(iter(axes[0].against.values())))
    too_few = together and groups < MIN_GROUPS
    reason = f"{groups} groups of several cases cannot tell; it takes {MIN_GROUPS}" if too_few else ""
    return TradeOff(
        variants=tuple(variants),
        baseline=baseline,
        groups=groups,
        level=level,
        margin=margin,
        standings=tuple(_standing(axis, name, level) for axis in axes for name in variants),
        against=() if baseline is None else _all_against(axes, variants, baseline, level, told=not too_few),
        placed=_placed(axes, variants, level, margin, told=not too_few),
        flattery=_flattery(axes, variants),
        reason=reason,
    )


def gain(axis: Axis, better: str, worse: str) -> PairedDifference:
    """Return how much better one variant is than another, group by group, the unknown counted against that."""
    return PairedDifference.from_histogram(
        _histogram(np.clip(axis.against[better] - axis.in_favour[worse], -1.0, 1.0))
    )


def _histogram(values: Floats) -> dict[float, int]:
    found, counts = np.unique(np.round(values, 12), return_counts=True)
    return {float(v): int(c) for v, c in zip(found, counts, strict=True)}


def _standing(axis: Axis, variant: str, level: float) -> Standing:
    pessimist = GroupMean.from_histogram(_histogram(axis.against[variant]))
    optimist = GroupMean.from_histogram(_histogram(axis.in_favour[variant]))
    return Standing(axis.name, variant, pessimist.estimate, pessimist.lower(level), optimist.upper(level))


def _all_against(
    axes: Sequence[Axis], variants: Sequence[str], baseline: str, level: float, *, told: bool
) -> tuple[Against, ...]:
    pairs = [(axis, v) for axis in axes if axis.side in ("goal", "harm") for v in variants if v != baseline]
    up = [gain(axis, v, baseline) for axis, v in pairs]
    down = [gain(axis, baseline, v) for axis, v in pairs]
    p = [d.p_above(0.0) if told else 1.0 for d in (*up, *down)]
    p = list(holm_adjusted(p))
    return tuple(
        _against(axis.name, v, up[i], p[i], p[len(pairs) + i], level) for i, (axis, v) in enumerate(pairs)
    )


def _against(
    axis: str, variant: str, up: PairedDifference, better: float, worse: float, level: float
) -> Against:
    flips = list(zip(up.values, up.counts, strict=True))
    fixed, broken = (sum(c for v, c in flips if sign * v > 0) for sign in (1, -1))
    state: Literal["better", "worse", "not told apart"] = (
        "better" if better <= level else "worse" if worse <= level else "not told apart"
    )
    unchanged = up.n_groups - fixed - broken
    return Against(axis, variant, fixed, broken, unchanged, up.estimate, better, worse, state)


def _placed(
    axes: Sequence[Axis], variants: Sequence[str], level: float, margin: float, *, told: bool
) -> tuple[Placed, ...]:
    pairs = list(itertools.permutations(variants, 2))
    seen = {pair: _is_ahead(axes, *pair) for pair in pairs}
    raw = [_p_dominates(axes, *pair, margin) if told else 1.0 for pair in pairs]
    p = dict(zip(pairs, holm_adjusted(raw), strict=True))
    placed = []
    for variant in variants:
        others = sorted((p[other, variant], other) for other in variants if other != variant)
        shown = tuple(other for value, other in others if value <= level)
        ahead = tuple(other for _, other in others if seen[other, variant])
        place: Place = "dominated" if shown else "behind" if ahead else "in front"
        placed.append(Placed(variant, place, shown or ahead, others[0][0] if shown else 1.0))
    return tuple(placed)


def _is_ahead(axes: Sequence[Axis], better: str, worse: str) -> bool:
    """Say whether one was seen to be no worse on every axis, and better on one."""
    gains = [float(np.mean(axis.against[better] - axis.in_favour[worse])) for axis in axes]
    return min(gains) >= -1e-12 and max(gains) > 1e-12


def _p_dominates(axes: Sequence[Axis], better: str, worse: str, margin: float) -> float:
    """Return the p-value of "it is worse on some axis, or better on none".

    Every axis must be shown, each at the full level: an intersection-union test. Where a margin counts as equal,
    one axis must be shown to be truly better, which is tested at the level divided by the axes.
    """
    allowed = [margin if axis.unit is None else 0.0 for axis in axes]
    gains = [gain(axis, better, worse) for axis in axes]
    if any(g.estimate <= -m for g, m in zip(gains, allowed, strict=True)):
        return 1.0
    no_worse = max(g.p_above(-m) for g, m in zip(gains, allowed, strict=True))
    if not any(allowed):
        return no_worse
    return max(no_worse, min(1.0, len(axes) * min(g.p_above(0.0) for g in gains)))


def _flattery(axes: Sequence[Axis], variants: Sequence[str]) -> float | NotEstimable:
    """Return the flattery of the best on the first goal, from how its differences scatter."""
    goal = next((axis for axis in axes if axis.side == "goal"), None)
    if goal is None or len(variants) < 2:
        return NotEstimable("nothing was chosen among" if goal else "there is no goal to choose by")
    values = np.array([goal.against[v] for v in variants])
    n = values.shape[1]
    if n < 2:
        return NotEstimable("a spread needs two groups, there is one")
    # The mean square over all pairs of differences, without walking through the pairs.
    spread = values - values.mean(axis=1, keepdims=True)
    around = spread - spread.mean(axis=0)
    variance = 2.0 * float((around**2).sum()) / (len(variants) - 1) / (n - 1)
    return flattery(len(variants), math.sqrt(variance / n))
