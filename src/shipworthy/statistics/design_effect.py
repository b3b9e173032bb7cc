"""How alike the outcomes of one group are, and what that makes of repeats and of cases in groups."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from scipy.special import stdtrit

from shipworthy.statistics import validate
from shipworthy.statistics.results import NotEstimable

FEWEST_UNSTEADY = 5
"""With fewer groups that neither pass nor fail as a whole, or with fewer that lose anything, no interval is given."""


@dataclass(frozen=True)
class Correlation:
    """How alike the outcomes of one group are: the intra-group correlation, from analysis of variance.

    Estimand: the correlation of two outcomes of one group, over the groups that the sampled ones stand for.
    0: a group's outcomes agree no more than those of different groups; 1: groups pass or fail as a whole.
    Below 0: outcomes of one group take turns.

    Assumptions: groups are independent and drawn alike; inside a group every two outcomes are alike by
    the same amount. For groups of several cases with repeats it is an average over both kinds of pairs.

    Source: Ridout, Demetrio and Firth (1999), Biometrics 55, 137-148, for the estimator on pass or fail;
    Arvesen (1970), Annals of Mathematical Statistics 41, 2076-2100, for the jackknife on log F.

    Attributes:
        counts: (passed, planned) of a group, and how many groups have it.
        estimate: of the correlation, from -1/(size - 1) to 1.

    Example: 60 cases of four repeats: 40 pass all, ten lose one, four lose half, six lose all.
        >>> seen = correlation({(4, 4): 40, (3, 4): 10, (2, 4): 4, (0, 4): 6})
        >>> round(seen.estimate, 2)
        0.56
        >>> [round(end, 2) for end in seen.interval(0.05)]
        [0.31, 0.76]
    """

    counts: tuple[tuple[tuple[int, int], int], ...]
    estimate: float

    @property
    def n_groups(self) -> int:
        """How many groups were seen."""
        return sum(n for _, n in self.counts)

    @property
    def size(self) -> float:
        """How many outcomes a group has, on average."""
        return sum(planned * n for (_, planned), n in self.counts) / self.n_groups

    def interval(self, alpha: float) -> tuple[float, float] | NotEstimable:
        """Return a two-sided interval, by leaving out one group at a time; for display.

        Measured coverage at 0.95 stands on docs/methods/sample-sizes.md.
        """
        alpha = validate.between("alpha", alpha)
        unsteady = sum(n for (passed, planned), n in self.counts if 0 < passed < planned)
        losing = sum(n for (passed, planned), n in self.counts if passed < planned)
        if min(unsteady, losing, self.n_groups - losing) < FEWEST_UNSTEADY:
            return NotEstimable(
                f"an interval takes {FEWEST_UNSTEADY} groups that pass whole, {FEWEST_UNSTEADY} that lose something "
                f"and {FEWEST_UNSTEADY} that are mixed; there are {self.n_groups - losing}, {losing} and {unsteady}"
            )
        n, whole = self.n_groups, _analysed(dict(self.counts))
        pseudo = [
            (n * whole.log_ratio - (n - 1) * _analysed(_without(self.counts, gone)).log_ratio, times)
            for gone, times in self.counts
        ]
        centre = math.fsum(value * times for value, times in pseudo) / n
        squares = math.fsum(times * (value - centre) ** 2 for value, times in pseudo)
        reach = -float(stdtrit(n - 1, alpha / 2)) * math.sqrt(squares / (n - 1) / n)
        return whole.at(centre - reach), whole.at(centre + reach)


def correlation(counts: Mapping[tuple[int, int], int]) -> Correlation | NotEstimable:
    """Estimate how alike the outcomes of one group are.

    Args:
        counts: (passed, planned) of a group to the number of such groups; planned at least 1.

    Returns:
        The correlation, or why it cannot be told.

    Raises:
        TypeError: a count is no whole number.
        ValueError: a count is negative, or more passed than were planned.

    Assumptions: as for `Correlation`.

    Source: as for `Correlation`.

    Example: with every outcome alike nothing can be told.
        >>> correlation({(4, 4): 60})
        NotEstimable(reason='every outcome seen is the same: how alike groups are cannot be told')
    """
    kept = {
        _checked(passed, planned): n
        for (passed, planned), given in counts.items()
        if (n := validate.count("number of groups", given))
    }
    n = sum(kept.values())
    if n < 2:
        return NotEstimable(f"how alike outcomes are takes two groups, there {'is one' if n else 'are none'}")
    outcomes = sum(planned * times for (_, planned), times in kept.items())
    passes = sum(passed * times for (passed, _), times in kept.items())
    if outcomes == n:
        return NotEstimable("every group has one outcome: there is nothing to be alike")
    if passes in (0, outcomes):
        return NotEstimable("every outcome seen is the same: how alike groups are cannot be told")
    return Correlation(tuple(sorted(kept.items())), _analysed(kept).estimate)


def design_effect(*, size: float, icc: float) -> float:
    """Return how many times the groups' outcomes are worth less than as many independent ones.

    Args:
        size: outcomes in a group, at least 1.
        icc: correlation inside a group, at most 1.

    Assumptions: groups of one size; the correlation is the same for every two outcomes of a group.

    Source: Kish (1965), Survey Sampling, section 5.4: 1 + (size - 1) icc.

    Example: four repeats that agree by 0.6 are worth as much as 1.43 independent cases.
        >>> deff = design_effect(size=4, icc=0.6)
        >>> round(deff, 2), round(4 / deff, 2)
        (2.8, 1.43)
    """
    size = validate.within("size", size, low=1.0, high=math.inf)
    icc = validate.within("icc", icc, low=-1.0, high=1.0)
    return max(1.0 + (size - 1.0) * icc, 0.0)


def worth_of_another_repeat(*, repeats: int, icc: float) -> float:
    """Return what one more repeat of every case is worth, in further cases for each case.

    Args:
        repeats: goes at each case so far, at least 1.
        icc: correlation between repeats of one case, in [0, 1].

    Returns:
        So many cases more for each case, with the repeats as they are, would narrow the estimate as much.
        At most 1/repeats.

    Assumptions: cases are groups of their own; the estimand is a rate, so that repeats only add precision.

    Source: ratio of the variances icc + (1 - icc)/repeats; Kish (1965), section 5.4.

    Example: where repeats agree by 0.3, a second is worth half a case and a fourth a tenth of one.
        >>> round(worth_of_another_repeat(repeats=1, icc=0.3), 2)
        0.54
        >>> round(worth_of_another_repeat(repeats=3, icc=0.3), 2)
        0.12
    """
    repeats = validate.count("repeats", repeats, least=1)
    icc = validate.within("icc", icc, low=0.0, high=1.0)
    now, then = (icc + (1.0 - icc) / k for k in (repeats, repeats + 1))
    return now / then - 1.0


def _checked(passed: int, planned: int) -> tuple[int, int]:
    planned = validate.count("planned", planned, least=1)
    passed = validate.count("passed", passed)
    if passed > planned:
        raise ValueError(f"passed must be at most planned = {planned}, got {passed}")
    return passed, planned


@dataclass(frozen=True)
class _Variances:
    """Variance between groups, inside them, and the size that unequal groups count for."""

    between: float
    inside: float
    size: float

    @property
    def estimate(self) -> float:
        total = self.between + (self.size - 1.0) * self.inside
        return (self.between - self.inside) / total if total > 0 else 0.0

    @property
    def log_ratio(self) -> float:
        return math.log(max(self.between, 1e-12) / max(self.inside, 1e-12))

    def at(self, log_ratio: float) -> float:
        """Return the correlation that a ratio of variances stands for."""
        ratio = math.exp(min(log_ratio, 500.0))
        return (ratio - 1.0) / (ratio + self.size - 1.0)


def _analysed(counts: Mapping[tuple[int, int], int]) -> _Variances:
    n = sum(counts.values())
    total = sum(planned * times for (_, planned), times in counts.items())
    rate = sum(passed * times for (passed, _), times in counts.items()) / total
    between = math.fsum(times * k * (x / k - rate) ** 2 for (x, k), times in counts.items()) / max(n - 1, 1)
    inside = math.fsum(times * x * (k - x) / k for (x, k), times in counts.items()) / max(total - n, 1)
    squares = sum(planned**2 * times for (_, planned), times in counts.items())
    return _Variances(between, inside, (total - squares / total) / max(n - 1, 1))


def _without(
    counts: tuple[tuple[tuple[int, int], int], ...], gone: tuple[int, int]
) -> dict[tuple[int, int], int]:
    left = dict(counts)
    left[gone] -= 1
    return {key: n for key, n in left.items() if n}
