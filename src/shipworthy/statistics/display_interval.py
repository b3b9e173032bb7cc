"""Two-sided intervals to be shown beside an estimate; no verdict is ever made from one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import betaincinv

from shipworthy.statistics import validate
from shipworthy.statistics.group_mean import GroupMean


@dataclass(frozen=True)
class Interval:
    """An estimate and a two-sided interval, for display; no verdict is made from it.

    Assumptions: those of what made it. Source: house rule. Example:
        >>> Interval(0.9, 0.8, 0.95, level=0.95, method="Clopper-Pearson").lower
        0.8

    Attributes:
        estimate: what was seen.
        lower: the lower end, at most the estimate.
        upper: the upper end, at least the estimate.
        level: the share of samples in which the interval should cover.
        method: what made the interval.
    """

    estimate: float
    lower: float
    upper: float
    level: float
    method: str


def display_interval(mean: GroupMean, *, level: float = 0.95) -> Interval:
    """Return an interval that covers about as often as it says, on average over rates.

    Estimand: the mean over the groups that the sampled ones stand for, as of `GroupMean`.

    With values 0 and 1 it is Jeffreys' interval, one-sided where nothing or everything passed. Otherwise
    the same with as many cases as would have the spread seen; one group in which everything passed and
    one in which nothing did are added to the spread, though not to the estimate, so that groups that
    happen to be alike do not count as an endless number of cases.

    Args:
        mean: the values of the groups, in [0, 1].
        level: the share of samples in which the interval should cover, in (0, 1).

    Returns:
        An interval that is never of width 0 and always holds the estimate.

    Raises:
        ValueError: `level` is not strictly between 0 and 1.

    Assumptions: groups are independent and drawn alike. It is approximate: at single rates it covers
    less often than it says, which is why claims use `GroupMean.lower` and `GroupMean.upper`.

    Source: Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133, section 3.1.3, for the
    interval; Korn and Graubard (1998), Survey Methodology 24, 193-201, for the number of cases that has
    the spread seen.

    Example: 188 of 200 cases, and fifty cases run three times each.
        >>> shown = display_interval(GroupMean.from_counts(passed=188, n=200))
        >>> round(shown.lower, 4), round(shown.upper, 4), shown.method
        (0.9006, 0.9668, 'Jeffreys')
        >>> shown = display_interval(GroupMean.from_histogram({1: 35, 2 / 3: 8, 1 / 3: 4, 0: 3}))
        >>> round(shown.lower, 3), round(shown.upper, 3), shown.method
        (0.738, 0.904, 'Jeffreys with effective cases')
    """
    tail = (1.0 - validate.between("level", level)) / 2.0
    n = effective_cases(mean)
    passed = min(mean.estimate * n, n)
    # Where nothing or everything passed the nearer end is where the estimate is.
    lower = 0.0 if mean.estimate == 0.0 else float(betaincinv(passed + 0.5, n - passed + 0.5, tail))
    upper = 1.0 if mean.estimate == 1.0 else float(betaincinv(passed + 0.5, n - passed + 0.5, 1.0 - tail))
    method = "Jeffreys" if set(mean.values) <= {0.0, 1.0} else "Jeffreys with effective cases"
    return Interval(
        mean.estimate, min(lower, mean.estimate), max(upper, mean.estimate), 1.0 - 2.0 * tail, method
    )


def effective_cases(mean: GroupMean) -> float:
    """Return how many independent cases would have the spread that the groups have.

    Args:
        mean: the values of the groups, in [0, 1].

    Returns:
        At least the number of groups; exactly that where every value is 0 or 1.

    Assumptions: as `display_interval`. Source: Korn and Graubard (1998), Survey Methodology 24, 193-201,
    with two groups added so that no spread is 0. Example: ten groups of about one half each are worth
    more than ten cases.
        >>> round(effective_cases(GroupMean.from_histogram({0.4: 5, 0.6: 5})), 1)
        50.0
        >>> effective_cases(GroupMean.from_counts(passed=3, n=10))
        10.0
    """
    groups = mean.n_groups
    if set(mean.values) <= {0.0, 1.0}:
        return float(groups)
    counted = [*zip(mean.values, mean.counts, strict=True), (0.0, 1), (1.0, 1)]
    centre = math.fsum(v * c for v, c in counted) / (groups + 2)
    spread = math.fsum(c * (v - centre) ** 2 for v, c in counted) / (groups + 2)
    return max(groups * centre * (1.0 - centre) / spread, float(groups))
