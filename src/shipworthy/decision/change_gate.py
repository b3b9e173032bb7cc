"""The gate of a change: is the changed variant shown to be worse than the accepted one, on the same open cases?

It never reads sealed cases. It decides nothing about shipping: it stops a change that broke something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from shipworthy.decision.tradeoff import Axis, Floats, gain
from shipworthy.statistics import validate
from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.multiplicity import holm_adjusted

Policy = Literal["no regression", "not worse"]
State = Literal["regressed", "not worse", "open"]
Outcome = Literal["pass", "regressed", "not shown"]


@dataclass(frozen=True)
class GateLine:
    """One axis of the change.

    Attributes:
        axis: criterion, or cost.
        side: goal, harm, time or cost.
        groups: independent groups compared.
        fixed: groups that are better now.
        broken: groups that are worse now.
        change: mean change; on a share in [-1, 1], on a time or cost as a part of its cap; more is better.
        at_least: what the change could be at least, at the gate's level.
        at_most: what it could be at most.
        p_worse: of "it is not worse", adjusted for all axes; small is a regression.
        p_not_worse: of "it is worse by the margin or more"; small shows that it is not.
        state: regressed, not worse (by more than the margin), or open.
    """

    axis: str
    side: str
    groups: int
    fixed: int
    broken: int
    change: float
    at_least: float
    at_most: float
    p_worse: float
    p_not_worse: float
    state: State


@dataclass(frozen=True)
class Gated:
    """What the gate says of a change.

    Attributes:
        changed: the variant that was changed.
        accepted: the one it is held against.
        policy: "no regression" passes what is not shown to be worse; "not worse" only what is shown not to be.
        level: the error of its statements.
        margin: worse by no more than this counts as not worse.
        lines: one for each axis.
        outcome: pass, regressed, or not shown (under "not worse" only).
    """

    changed: str
    accepted: str
    policy: Policy
    level: float
    margin: float
    lines: tuple[GateLine, ...]
    outcome: Outcome

    @property
    def false_alarm(self) -> str:
        """How often a change that changes nothing is stopped."""
        if self.policy == "no regression":
            return f"a change that makes nothing worse is stopped at most {100 * self.level:g} times in 100"
        return (
            f"a change that is worse by {100 * self.margin:g} of 100 or more on any line passes at most "
            f"{100 * self.level:g} times in 100; how often a good one is held back depends on how many cases there are"
        )


def gate(
    axes: Sequence[Axis], *, changed: str, accepted: str, level: float = 0.05, margin: float = 0.0,
    policy: Policy = "no regression",
) -> Gated:  # fmt: skip
    """Hold a change against what is accepted, axis by axis, on the same groups.

    Args:
        axes: at least one, with both variants; 1 is best and 0 worst in each group.
        changed: the variant that was changed.
        accepted: the variant it is held against.
        level: chance, in (0, 1), of one wrong statement: of stopping a change that makes no axis worse ("no
            regression"; Holm over axes), or of passing one that makes some axis worse by the margin ("not worse"; every
            axis must be shown, each at the full level).
        margin: from 0 to below 1; what counts as not worse. With "not worse" it must be above 0.
        policy: which of the two.

    Returns:
        Every axis, and what follows.

    Raises:
        ValueError: level or margin is out of range, or the margin is 0 where something must be shown not to be worse.
    """
    level = validate.between("level", level)
    margin = validate.within("margin", margin, low=0.0, high=0.999)
    if policy == "not worse" and margin == 0.0:
        raise ValueError("margin must be above 0 to show that nothing is worse")
    gains = [gain(axis, changed, accepted) for axis in axes]
    losses = [gain(axis, accepted, changed) for axis in axes]
    p_worse = _worse(losses)
    lines = []
    for axis, up, down, worse in zip(axes, gains, losses, p_worse, strict=True):
        pairs = list(zip(up.values, up.counts, strict=True))
        fixed, broken = (sum(count for value, count in pairs if sign * value > 0) for sign in (1, -1))
        not_worse = up.p_above(-margin) if margin else up.p_above(0.0)
        state: State = "regressed" if worse <= level else "not worse" if not_worse <= level else "open"
        lines.append(
            GateLine(
                axis.name,
                axis.side,
                up.n_groups,
                fixed,
                broken,
                up.estimate,
                up.lower(level),
                -down.lower(level),
                worse,
                not_worse,
                state,
            )
        )
    return Gated(changed, accepted, policy, level, margin, tuple(lines), _outcome(lines, policy))


def _worse(losses: Sequence[PairedDifference]) -> tuple[float, ...]:
    return holm_adjusted([loss.p_above(0.0) for loss in losses])


def _outcome(lines: Sequence[GateLine], policy: Policy) -> Outcome:
    if any(line.state == "regressed" for line in lines):
        return "regressed"
    if policy == "not worse" and any(line.state != "not worse" for line in lines):
        return "not shown"
    return "pass"


@dataclass(frozen=True)
class FalseAlarms:
    """How often the gate stopped a change that changes nothing, made from the same data.

    Attributes:
        times: how often it was tried.
        stopped: how often it was stopped.
    """

    times: int
    stopped: int

    def p_above(self, level: float) -> float:
        """Return the chance of so many stops or more in so many trials, were each stopped with a chance of `level`.

        Args:
            level: the chance that the gate states.

        >>> round(FalseAlarms(500, 30).p_above(0.05), 3), FalseAlarms(500, 0).p_above(0.05)
        (0.176, 1.0)
        """
        if not self.stopped:
            return 1.0
        from scipy.special import bdtrc  # noqa: PLC0415 - only where a gate was tried

        return float(bdtrc(self.stopped - 1, self.times, level))


def false_alarms(
    axes: Sequence[Axis], *, changed: str, accepted: str, level: float, times: int, seed: int
) -> FalseAlarms:
    """Try the gate on changes that change nothing: in each group it is drawn which variant is called the changed one.

    Swapping a whole group keeps what its cases and axes have in common, so the trials are as the data are.

    Args:
        axes: as for `gate`.
        changed: the variant that was changed.
        accepted: the one it is held against.
        level: as for `gate`.
        times: how many trials; at least 1.
        seed: of the draws.

    Returns:
        Counts of the trials in which "no regression" stopped the change.
    """
    rng = np.random.default_rng(seed)
    groups = len(next(iter(axes[0].against.values())))
    stopped = 0
    for _ in range(times):
        turned = rng.random(groups) < 0.5
        swapped = [_swapped(axis, changed, accepted, turned) for axis in axes]
        stopped += min(_worse([gain(axis, accepted, changed) for axis in swapped])) <= level
    return FalseAlarms(times, stopped)


def _swapped(axis: Axis, one: str, other: str, turned: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Axis:
    def pair(values: dict[str, Floats]) -> dict[str, Floats]:
        a, b = values[one], values[other]
        return {one: np.where(turned, b, a), other: np.where(turned, a, b)}

    return replace(axis, against=pair(dict(axis.against)), in_favour=pair(dict(axis.in_favour)))
