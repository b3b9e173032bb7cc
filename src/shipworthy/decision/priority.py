"""Which failure mode to see to first: how bad it is comes before how often it happens, and nothing is multiplied.

A product of severity, rate and visibility puts a frequent scratch above a rare catastrophe. Here severity chooses the
row, and the rate's upper bound and whether anybody would notice only move it by one step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shipworthy.decision.mode_counts import ModeCount
from shipworthy.domain.criteria import Severity
from shipworthy.domain.taxonomy import SEVERITIES, Detectable, FailureMode

Level = Literal["high", "medium", "low"]
LEVELS: tuple[Level, ...] = ("high", "medium", "low")
RARE, NOTABLE, FREQUENT = 1 / 1000, 1 / 100, 1 / 20


@dataclass(frozen=True)
class Priority:
    """How soon a failure mode wants action.

    Attributes:
        level: high, medium or low.
        why: the reason, as a sentence part.
    """

    level: Level
    why: str


def priority(severity: Severity, upper: float | None, detectable: Detectable | None) -> Priority:
    """Return the priority of a failure mode.

    What is not known is not zero: without a bound the rate could be anything, and where nobody said when it is
    noticed, it is taken as never.

    Args:
        severity: how bad one failure is.
        upper: what its rate could be at most; None where nothing was read.
        detectable: when whoever is hurt notices; None where nobody said.

    Source: the action priority tables that replaced the product of ratings in the failure mode handbook of AIAG and
    VDA (2019), in spirit; the cells are a house rule.

    Example:
        >>> priority("harmful", 0.0005, "at once")
        Priority(level='medium', why='harmful, but under 1 in 1,000 and noticed at once')
        >>> priority("costly", 0.04, None).level, priority("annoying", 0.04, "never").level
        ('high', 'low')
    """
    most = 1.0 if upper is None else upper
    if severity == "costly":
        return _costly(most, detectable)
    if severity == "annoying":
        frequent = most > FREQUENT
        said = "it could be more than 1 in 20" if frequent else "at most 1 in 20"
        return Priority("medium" if frequent else "low", f"annoying, and {said}")
    if severity == "harmful" and most < RARE and detectable == "at once":
        return Priority("medium", "harmful, but under 1 in 1,000 and noticed at once")
    fixed: dict[Severity, Priority] = {
        "unacceptable": Priority("high", "unacceptable, however rare"),
        "harmful": Priority("high", "harmful"),
        "cosmetic": Priority("low", "cosmetic"),
    }
    return fixed[severity]


def _costly(most: float, detectable: Detectable | None) -> Priority:
    if detectable in ("at once", "later"):
        return Priority("medium", f"costly, and noticed {detectable}")
    seen = "never noticed" if detectable == "never" else "nobody said when it is noticed"
    if most > NOTABLE:
        return Priority("high", f"costly, {seen}, and it could be more than 1 in 100")
    return Priority("medium", f"costly, {seen}, and at most 1 in 100")


def priority_of(mode: FailureMode, count: ModeCount) -> Priority:
    """Return the priority of a failure mode with what was counted of it."""
    return priority(mode.severity, count.upper, mode.detectable)


def in_order(rows: Iterable[tuple[FailureMode, ModeCount]]) -> list[tuple[FailureMode, ModeCount]]:
    """Return failure modes by priority, then severity, then rate; those that are alike keep their order.

    >>> a, b = FailureMode(id="a", severity="annoying"), FailureMode(id="b", severity="harmful")
    >>> [mode.id for mode, _ in in_order([(a, ModeCount("a", rate=0.4)), (b, ModeCount("b", rate=0.01))])]
    ['b', 'a']
    """

    def key(row: tuple[FailureMode, ModeCount]) -> tuple[int, int, float]:
        mode, count = row
        return (
            LEVELS.index(priority_of(mode, count).level),
            -SEVERITIES.index(mode.severity),
            -(count.rate or 0.0),
        )

    return sorted(rows, key=key)
