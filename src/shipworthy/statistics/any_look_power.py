"""What looking at any time up to a planned end can be expected to show, exactly for 0/1 groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shipworthy.statistics import validate
from shipworthy.statistics.any_look import most_failures_at, nominal_level
from shipworthy.statistics.boundary import crossing
from shipworthy.statistics.group_mean import GroupMean

_MATTERS = 1e-3


@dataclass(frozen=True)
class AnyLookPower:
    """The chance of showing a bar by looking at stated times.

    Attributes:
        looks: numbers of groups at which it is looked, ascending.
        by_look: the chance that the bar was shown at this look or one before.
        mean_groups: mean number of groups used by someone who stops once it is shown.
    """

    looks: tuple[int, ...]
    by_look: tuple[float, ...]
    mean_groups: float

    @property
    def chance(self) -> float:
        """The chance that some look shows it."""
        return self.by_look[-1]


def power_any_look(
    *, bar: float, truth: float, end: int, alpha: float, looks: tuple[int, ...] | None = None
) -> AnyLookPower:
    """Return the chance of showing the bar, for 0/1 groups that pass at the rate `truth`."""
    bar, alpha = validate.between("bar", bar), validate.between("alpha", alpha)
    truth = validate.within("truth", truth, low=0.0, high=1.0)
    end = validate.count("end", end, least=1)
    looks = tuple(range(1, end + 1)) if looks is None else looks
    boundary = np.array(most_failures_at(looks, bar=bar, end=end, alpha=alpha))
    found = crossing(boundary, np.array(looks), fail=1.0 - truth, level=_MATTERS)
    return AnyLookPower(looks, tuple(found.by(m) for m in looks), found.mean_groups())


def chance_to_show(*, passed: int, n: int, bar: float, truth: float, end: int, alpha: float) -> float:
    """Return the chance that a later look up to the end shows the bar, given the passes so far."""
    n = validate.count("n", n)
    failed = n - validate.count("passed", passed)
    if n >= end:
        return 0.0
    later = tuple(range(n + 1, end + 1))
    boundary = np.array(most_failures_at(later, bar=bar, end=end, alpha=alpha)) - failed
    found = crossing(np.maximum(boundary, -1), np.array(later) - n, fail=1.0 - truth, level=_MATTERS)
    return min(found.chance, 1.0)


def still_possible(mean: GroupMean, *, bar: float, end: int, alpha: float) -> bool:
    """Return whether the bar can still be shown by the end, were all groups to come to pass in full."""
    missing = end - mean.n_groups
    if missing < 0:
        return False
    counts = dict(zip(mean.values, mean.counts, strict=True))
    counts[1.0] = counts.get(1.0, 0) + missing
    best = GroupMean.from_histogram(counts)
    return best.p_above(bar) <= nominal_level(alpha, n=end, end=end, bar=bar)
