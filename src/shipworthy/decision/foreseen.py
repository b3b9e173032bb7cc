"""What was foreseen at the signing, held against what came: whether it came, and how good the stated chances were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from shipworthy.statistics import validate
from shipworthy.statistics.results import NotEstimable

Status = Literal["kept", "at risk", "broken", "not enough data"]


def came(statuses: Sequence[Status], *, due: bool) -> bool | None:
    """Return whether every promise was kept; None while that is open.

    Args:
        statuses: where each promise stands.
        due: the day of review has come: before it only a broken promise settles anything.

    >>> came(["kept", "broken"], due=False), came(["kept"], due=False), came(["kept"], due=True)
    (False, None, True)
    >>> came(["kept", "not enough data"], due=True), came([], due=True)
    (None, None)
    """
    if "broken" in statuses:
        return False
    return True if due and statuses and all(status == "kept" for status in statuses) else None


def brier_score(foreseen: Sequence[tuple[float, bool]]) -> float | NotEstimable:
    """Return the mean squared distance between stated chances and what came: 0 is best, always saying a half gives 0.25.

    Args:
        foreseen: each stated chance, and whether it came.

    >>> brier_score([(0.8, True), (0.6, False)])
    0.2
    """
    if not foreseen:
        return NotEstimable("no stated chance has been settled")
    squares = [
        (validate.within("chance", chance, low=0.0, high=1.0) - happened) ** 2
        for chance, happened in foreseen
    ]
    return round(sum(squares) / len(squares), 12)
