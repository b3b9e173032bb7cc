"""What looking at any time up to a planned end can be expected to show, added up exactly for 0/1 groups."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from shipworthy.statistics import validate
from shipworthy.statistics.any_look import deciding_looks, most_failures_at, nominal_level
from shipworthy.statistics.boundary import crossing
from shipworthy.statistics.group_mean import GroupMean

_MATTERS = 1e-3
"""Chances are exact to this share of `boundary.NEGLIGIBLE`."""


@dataclass(frozen=True)
class AnyLookPower:
    """The chance of showing a bar by looking at stated times.

    Assumptions: those of `power_any_look`. Source: the vocabulary of this module. Example:
        >>> AnyLookPower(looks=(100, 200), by_look=(0.25, 0.75), mean_groups=175.0).chance
        0.75

    Attributes:
        looks: numbers of groups at which it is looked, ascending.
        by_look: the chance that the bar was shown at this look or at one before.
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
    """Return the chance of showing the bar by the planned end, and how many groups that takes.

    Estimand: the chance that at one of the looks `any_look_p` is at most alpha, for groups that pass or
    fail as a whole.

    Args:
        bar: what is to be shown, in (0, 1).
        truth: the true rate that is assumed, in [0, 1].
        end: the planned end in groups.
        alpha: one-sided error over all looks, in (0, 1).
        looks: numbers of groups, ascending, from 1 to the end; after every group if not given.

    Returns:
        The chances by look, and the mean number of groups used.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range, or looks are not ascending.

    Assumptions: groups are independent and each passes or fails as a whole. Groups of several cases or
    repeats whose outcomes differ show as much with fewer.

    Source: as for `boundary.crossing`.

    Example: one look at 200 groups would have a power of 0.796.
        >>> found = power_any_look(bar=0.90, truth=0.95, end=200, alpha=0.05)
        >>> round(found.chance, 3), round(found.mean_groups)
        (0.837, 168)
    """
    bar, alpha = validate.between("bar", bar), validate.between("alpha", alpha)
    truth = validate.within("truth", truth, low=0.0, high=1.0)
    end = validate.count("end", end, least=1)
    looks = tuple(deciding_looks(end).tolist()) if looks is None else _ascending(looks, end)
    boundary = np.array(most_failures_at(looks, bar=bar, end=end, alpha=alpha))
    found = crossing(boundary, np.array(looks), fail=1.0 - truth, level=_MATTERS)
    return AnyLookPower(looks, found.by(looks), found.mean_groups())


def chance_to_show(*, passed: int, n: int, bar: float, truth: float, end: int, alpha: float) -> float:
    """Return the chance that a later look, up to the end, shows the bar: conditional power.

    Estimand: as for `power_any_look`, given the passes so far, of which it is not asked whether they show
    the bar already. 0 means that it can no longer be shown by the end.

    Args:
        passed: groups that passed so far, from 0 to n.
        n: groups so far.
        bar: what is to be shown, in (0, 1).
        truth: the rate at which further groups are assumed to pass, in [0, 1].
        end: the planned end in groups; nothing is shown past it.
        alpha: one-sided error over all looks, in (0, 1).

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: groups are independent, and each passes or fails as a whole.

    Source: as for `boundary.crossing`; Lan, Simon and Halperin (1982), Sequential Analysis 1, 207-219,
    for stopping by it.

    Example: 90 of 100 passed, which is the bar itself; 100 are still to come, at a rate of 0.95.
        >>> round(chance_to_show(passed=90, n=100, bar=0.9, truth=0.95, end=200, alpha=0.05), 3)
        0.153
    """
    bar, alpha = validate.between("bar", bar), validate.between("alpha", alpha)
    truth = validate.within("truth", truth, low=0.0, high=1.0)
    n, end = validate.count("n", n), validate.count("end", end, least=1)
    failed = n - validate.count("passed", passed)
    if failed < 0:
        raise ValueError(f"passed must be at most n = {n}, got {passed}")
    later = deciding_looks(end)
    later = later[later > n]
    if not later.size:
        return 0.0
    boundary = np.array(most_failures_at(tuple(later.tolist()), bar=bar, end=end, alpha=alpha)) - failed
    return crossing(np.maximum(boundary, -1), later - n, fail=1.0 - truth, level=_MATTERS).chance


def still_possible(mean: GroupMean, *, bar: float, end: int, alpha: float, graded: bool = True) -> bool:
    """Return whether the bar can still be shown by the end, were every further group to pass in full.

    Estimand: whether the p-value at the end could be small enough. Where it cannot, going on is
    in vain; stopping then never raises the error.

    Args:
        mean: the groups so far; for a gain, moved from [-1, 1] to [0, 1].
        bar: what is to be shown, in (0, 1), on the same scale.
        end: the planned end in groups.
        alpha: one-sided error over all looks, in (0, 1).
        graded: as for `any_look_p`.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: none about the groups; it is arithmetic. Source: curtailment; Jennison and Turnbull
    (2000), Group Sequential Methods, section 10.1.

    Example: with 13 failures among the first 100 of 200 the bar of 0.9 is out of reach, with 12 not yet.
        >>> seen = [GroupMean.from_counts(passed=passed, n=100) for passed in (87, 88)]
        >>> [still_possible(mean, bar=0.9, end=200, alpha=0.05, graded=False) for mean in seen]
        [False, True]
    """
    alpha, bar = validate.between("alpha", alpha), validate.between("bar", bar)
    missing = validate.count("end", end, least=1) - mean.n_groups
    if missing < 0:
        return False
    counts = Counter({1.0: missing})
    for value, count in zip(mean.values, mean.counts, strict=True):
        counts[value] += count  # two gains a last digit apart are one value when moved to [0, 1]
    best = GroupMean.from_histogram(counts)
    return best.p_above(bar) <= nominal_level(alpha, n=end, end=end, bar=bar, graded=graded)


def _ascending(looks: tuple[int, ...], end: int) -> tuple[int, ...]:
    checked = tuple(validate.count("look", look, least=1) for look in looks)
    if not checked or checked[-1] > end or any(b <= a for a, b in pairwise(checked)):
        raise ValueError(f"looks must ascend from at least 1 to at most end = {end}, got {looks}")
    return checked
