"""What one variant is worth more than the baseline in a week, and whether to go on measuring.

Money describes; it decides nothing. A guardrail that is not shown to hold keeps its veto whatever the
expected net value, and nothing here is read by the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shipworthy.domain.launch import Harm, Launch, Value
from shipworthy.statistics.money_range import MoneyRange
from shipworthy.statistics.more_evidence import MoreEvidence, more_evidence
from shipworthy.statistics.net_mean import Prior, Seen
from shipworthy.statistics.net_value import NetValue, net_value
from shipworthy.statistics.results import NotEstimable

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What one variant did in each group, as shares of its outputs there.

    Attributes:
        good: share that was good, what is not known counted as bad.
        maybe_good: the same, what is not known counted as good.
        bad: criterion to the share that failed it, what is not known counted as failed.
        surely_bad: the same, what is not known counted as passed.
        cost: mean cost of one output in each group; None where nothing was recorded.
        unknown_costs: outputs without a recorded cost.
    """

    good: Floats
    maybe_good: Floats
    bad: Mapping[str, Floats]
    surely_bad: Mapping[str, Floats]
    cost: Floats | None = None
    unknown_costs: int = 0


@dataclass(frozen=True, eq=False)
class Traffic:
    """Which part of the traffic each group belongs to.

    Attributes:
        part: index of the part of each group; -1 for none.
        shares: expected share of the traffic of each part.
    """

    part: NDArray[np.int64]
    shares: tuple[float, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every part has a group."""
        return all(np.any(self.part == i) for i in range(len(self.shares)))


@dataclass(frozen=True)
class Measuring:
    """One more week of measuring: so many groups, for so much, while the decision stands so many weeks."""

    groups: int
    price: float
    horizon: float
    delay: float = 1.0


@dataclass(frozen=True, eq=False)
class Worth:
    """One variant instead of the baseline, in money.

    Attributes:
        variant: which.
        week: the net value of a week.
        break_even: rate of good answers from which on shipping pays, everything else at its expectation.
        rate: rate of good answers that was seen.
        unpriced: events of harm whose rate nothing measures; they are not in the sum.
        notes: what a reader must know about the sum.
        more: one more week of measuring, where its price was said.
    """

    variant: str
    week: NetValue
    break_even: float | NotEstimable
    rate: float
    unpriced: tuple[str, ...]
    notes: tuple[str, ...]
    more: MoreEvidence | None


def worth(
    variant: str,
    outcomes: Outcomes,
    baseline: Outcomes | None,
    *,
    launch: Launch,
    traffic: Traffic | None = None,
    measuring: Measuring | None = None,
) -> Worth | NotEstimable:
    """Return what shipping a variant is worth more than not shipping it.

    Args:
        variant: its name.
        outcomes: of the variant.
        baseline: of what happens without it, on the same groups; None where that brings and costs nothing.
        launch: where value and harm are written.
        traffic: the parts that the traffic is mixed from; None counts each group once.
        measuring: one more week, to be weighed.

    Returns:
        The distribution of the net value and what follows from it, or why there is none.
    """
    value = launch.value
    if value is None or value.high <= 0 or value.per_week <= 0:
        return NotEstimable(
            "launch.yaml does not say what a good answer is worth, and how many there are a week"
        )
    priced = [harm for harm in launch.harm if harm.criterion in outcomes.bad and harm.high > 0]
    rows, cost_notes = _rows(outcomes, baseline, priced)
    parts, shares, traffic_note = _parts(rows, traffic)
    rate: Prior = "coin" if baseline is None else "coins"
    week = net_value(
        Seen.of_parts(parts, shares),
        priors=[*[rate] * (rows.shape[1] - 1), "as seen"],
        worth=MoneyRange(value.low, value.high, value.likely),
        harms=[MoneyRange(harm.low, harm.high) for harm in priced],
        per_week=value.per_week,
        names=_names(value, priced),
    )
    before = 0.0 if baseline is None else _mix(baseline.maybe_good, traffic)
    even = week.break_even
    more = None
    if measuring is not None:
        more = more_evidence(
            week.next_group,
            groups=measuring.groups,
            price=measuring.price,
            horizon=measuring.horizon,
            delay=measuring.delay,
        )
    return Worth(
        variant=variant,
        week=week,
        break_even=even if isinstance(even, NotEstimable) else before + even,
        rate=_mix(outcomes.good, traffic),
        unpriced=tuple(harm.event for harm in launch.harm if harm not in priced),
        notes=(*cost_notes, *traffic_note),
        more=more,
    )


def _rows(
    outcomes: Outcomes, baseline: Outcomes | None, priced: Sequence[Harm]
) -> tuple[Floats, tuple[str, ...]]:
    """Return one row per group: gain in good answers, in each harm, in cost; the unknown against the variant."""
    bad = [outcomes.bad[str(harm.criterion)] for harm in priced]
    good = outcomes.good
    if baseline is not None:
        good = good - baseline.maybe_good
        bad = [b - baseline.surely_bad[str(h.criterion)] for b, h in zip(bad, priced, strict=True)]
    cost, notes = _cost(outcomes, baseline, len(good))
    return np.column_stack([good, *bad, cost]), notes


def _cost(outcomes: Outcomes, baseline: Outcomes | None, n: int) -> tuple[Floats, tuple[str, ...]]:
    if outcomes.cost is None:
        return np.zeros(n), ("what an output costs is not in the sum: no cost was recorded",)
    notes = []
    if outcomes.unknown_costs:
        notes.append(
            f"{outcomes.unknown_costs:,} outputs have no recorded cost: each counts as the dearest that has one"
        )
    if baseline is None:
        return outcomes.cost, tuple(notes)
    if baseline.cost is None:
        return outcomes.cost, (*notes, "the baseline has no recorded cost: it counts as free")
    if baseline.unknown_costs:
        notes.append(
            f"{baseline.unknown_costs:,} outputs of the baseline have no recorded cost: they count as free"
        )
    return outcomes.cost - baseline.cost, tuple(notes)


def _parts(rows: Floats, traffic: Traffic | None) -> tuple[list[Floats], list[float], tuple[str, ...]]:
    if traffic is None:
        return [rows], [1.0], ()
    if not traffic.is_whole:
        note = "some part of the traffic has no group here: each group counts once, whatever its share"
        return [rows], [1.0], (note,)
    parts = [rows[traffic.part == i] for i in range(len(traffic.shares))]
    note = "parts of the traffic are weighted by the shares that launch.yaml declares"
    return parts, list(traffic.shares), (note,)


def _mix(values: Floats, traffic: Traffic | None) -> float:
    """Return the mean over groups, weighted as the traffic is."""
    if traffic is None or not traffic.is_whole:
        return float(values.mean())
    means = [float(values[traffic.part == i].mean()) for i in range(len(traffic.shares))]
    return sum(share * mean for share, mean in zip(traffic.shares, means, strict=True)) / sum(traffic.shares)


def _names(value: Value, priced: Sequence[Harm]) -> list[str]:
    return [
        f"what a good {value.unit} is worth",
        *(f"what it costs when {harm.event}" for harm in priced),
        f"how often a {value.unit} is good",
        *(f"how often {harm.event}" for harm in priced),
        f"what a {value.unit} costs to make",
    ]
