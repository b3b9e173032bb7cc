"""Mean costs without a natural end: what can be said, and what has to be assumed to say it.

Without an assumption there is no upper bound on such a mean: one output in a million may cost a million.
So there are two answers, and each carries its condition: the mean of what lies under a cap, with a bound on
how much lies above; or the mean itself, if its coefficient of variation is no more than somebody states.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shipworthy.statistics import validate
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable

FAR_ABOVE = 1.5
"""A coefficient of variation seen that is so many times the stated one contradicts it."""

_ROUNDED = 1e-9


@dataclass(frozen=True)
class CappedMean:
    """The mean of costs counted at most as a cap, beside the share of groups above the cap.

    Estimand: the mean over groups of min(cost, cap), and the share of groups that cost more than the cap. Of
    how much more these cost nothing is said.

    Assumptions: groups are independent and drawn alike; the cap was fixed before looking. Both bounds
    together are wrong with a chance of at most the stated one, half of it each.

    Source: `GroupMean` for either bound; the union bound for both.

    Attributes:
        cap: where counting ends.
        mean: the mean, in shares of the cap.
        above: the share of groups above the cap.

    Example: 200 calls, two of them beyond a cap of 0.20.
        >>> costs = CappedMean.from_histogram({0.01: 120, 0.03: 60, 0.09: 18, 0.5: 2}, cap=0.20)
        >>> round(costs.mean_upper(0.05), 4), round(costs.share_above_upper(0.05), 4)
        (0.0307, 0.0357)
    """

    cap: float
    mean: GroupMean
    above: GroupMean

    @classmethod
    def from_histogram(cls, histogram: Mapping[float, int], *, cap: float) -> CappedMean:
        """Build from the number of groups at each cost.

        Args:
            histogram: cost (from 0, infinity where it is not known) to number of groups.
            cap: above 0, in the same unit.
        """
        cap = validate.between("cap", cap, high=math.inf)
        given = _checked(histogram, infinite=True)
        shares: dict[float, int] = {}
        for cost, n in given.items():
            # Rounded up, so that the scale never makes a cost smaller.
            share = min(math.nextafter(cost / cap, math.inf), 1.0) if cost else 0.0
            shares[share] = shares.get(share, 0) + n
        over = sum(n for cost, n in given.items() if cost > cap)
        return cls(
            cap, GroupMean.from_histogram(shares), GroupMean.from_counts(passed=over, n=sum(given.values()))
        )

    def mean_upper(self, alpha: float) -> float:
        """Return the bound on the capped mean; together with the other it is wrong with a chance of `alpha`."""
        return self.cap * self.mean.upper(validate.between("alpha", alpha) / 2)

    def share_above_upper(self, alpha: float) -> float:
        """Return the bound on the share above the cap; together with the other wrong with a chance of `alpha`."""
        return self.above.upper(validate.between("alpha", alpha) / 2)


@dataclass(frozen=True)
class HeavyMean:
    """The mean of costs without a cap, under a stated coefficient of variation.

    Estimand: the mean over groups of a cost from 0 on.

    Whatever the distribution, costs whose spread is at most `variation` times their mean make the mean of
    exp(-cost) no larger than two points would, one at 0 and one at 1 + variation^2 times the mean. The
    bound inverts the product of these over the groups; it is the mean seen times a factor that depends on
    the number of groups, the stated variation and the error only. Costs are never negative, so that a sample
    can be too small only by missing rare large ones, and the stated variation limits just these.

    Assumptions: groups are independent and drawn alike, and the true coefficient of variation (standard
    deviation over mean) is at most `variation`. Data cannot confirm this: a tail heavy enough to break it may not
    have shown itself yet. They can contradict it, see `contradicted`.

    Source: Maurer (2003), Journal of Inequalities in Pure and Applied Mathematics 4(1), article 15, for
    sums of non-negative values; Bennett (1962), JASA 57, 33-45, for two points as the worst of all. No bound
    without an assumption: Bahadur and Savage (1956), Annals of Mathematical Statistics 27, 1115-1122.

    Attributes:
        variation: the stated bound on the coefficient of variation.
        values: distinct costs, ascending.
        counts: how many groups have each cost.

    Example: 400 calls of 2 cents on average; stated is a spread of at most twice the mean.
        >>> calls = HeavyMean.from_histogram({0.01: 300, 0.03: 80, 0.10: 20}, variation=2.0)
        >>> round(calls.estimate, 4), round(calls.upper(0.05), 4), calls.contradicted
        (0.0185, 0.0242, False)
    """

    variation: float
    values: tuple[float, ...]
    counts: tuple[int, ...]

    @classmethod
    def from_histogram(cls, histogram: Mapping[float, int], *, variation: float) -> HeavyMean:
        """Build from the number of groups at each cost.

        Args:
            histogram: cost, from 0 and finite, to number of groups.
            variation: stated before looking: the standard deviation is at most so many times the mean; above 0.
        """
        variation = validate.between("variation", variation, high=1e6)
        given = _checked(histogram, infinite=False)
        values = tuple(sorted(given))
        return cls(variation, values, tuple(given[v] for v in values))

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return sum(self.counts)

    @property
    def estimate(self) -> float:
        """The mean of the groups seen."""
        return math.fsum(v * c for v, c in zip(self.values, self.counts, strict=True)) / self.n_groups

    @property
    def variation_seen(self) -> float | NotEstimable:
        """The coefficient of variation of the groups seen, usually less than the true one of a heavy tail."""
        n, mean = self.n_groups, self.estimate
        if n < 2 or mean == 0.0:
            return NotEstimable("a variation needs two groups and a cost above 0")
        squares = math.fsum(c * (v / mean - 1.0) ** 2 for v, c in zip(self.values, self.counts, strict=True))
        return math.sqrt(squares / (n - 1))

    @property
    def doubted(self) -> bool:
        """Whether the variation seen is above the stated one at all: to be said beside the bound."""
        seen = self.variation_seen
        return not isinstance(seen, NotEstimable) and seen > self.variation

    @property
    def contradicted(self) -> bool:
        """Whether the variation seen is far above the stated one, so that no bound should rest on it."""
        seen = self.variation_seen
        return not isinstance(seen, NotEstimable) and seen > FAR_ABOVE * self.variation

    def upper(self, alpha: float) -> float | NotEstimable:
        """Return the bound that is below the true mean with a chance of at most `alpha`, if the variation is as stated."""
        alpha = validate.between("alpha", alpha)
        if self.estimate == 0.0:
            return NotEstimable(
                "every cost seen is 0, so the stated variation has nothing to be a multiple of"
            )
        if self.contradicted:
            return NotEstimable(
                f"the costs vary {self.variation_seen:.2g} times their mean, far more than the {self.variation:g} that was stated"
            )
        factor = inflation(groups=self.n_groups, variation=self.variation, alpha=alpha)
        return factor if isinstance(factor, NotEstimable) else self.estimate * factor


def inflation(*, groups: int, variation: float, alpha: float) -> float | NotEstimable:
    """Return how many times the mean seen the true mean can be, at a stated coefficient of variation.

    Estimand: the smallest theta n / (-n log(1 - (1 - exp(-theta k)) / k) - log(1/alpha)) over theta, k being
    1 + variation^2.

    Args:
        groups: how many, at least 1.
        variation: at least the true coefficient of variation; above 0.
        alpha: chance, in (0, 1), that the bound is below the truth.

    Returns:
        A factor above 1, or how many groups it takes at least.

    Assumptions: as for `HeavyMean`.

    Source: as for `HeavyMean`.

    Example: with a spread of twice the mean 100 groups allow 1.84 times what was seen.
        >>> round(inflation(groups=100, variation=2.0, alpha=0.05), 2)
        1.84
        >>> inflation(groups=10, variation=2.0, alpha=0.05)
        NotEstimable(reason='10 groups cannot bound a mean at a variation of 2, it takes 14')
    """
    n = validate.count("groups", groups, least=1)
    k = 1.0 + validate.between("variation", variation, high=1e6) ** 2
    needed = -math.log(validate.between("alpha", alpha))
    least = math.floor(needed / -math.log1p(-1.0 / k)) + 1
    if n < least:
        return NotEstimable(
            f"{n} groups cannot bound a mean at a variation of {variation:g}, it takes {least}"
        )
    # A fixed grid: any theta gives a valid bound, and a finer one would gain less than a thousandth.
    theta = np.geomspace(1e-4, 50.0, 4001) / k
    room = -n * np.log1p(np.expm1(-theta * k) / k) - needed
    usable = room > 0
    if not usable.any():
        return NotEstimable(f"{n} groups are too close to the {least} that it takes at least")
    return float(np.min(n * theta[usable] / room[usable])) * (1.0 + _ROUNDED)


def _checked(histogram: Mapping[float, int], *, infinite: bool) -> dict[float, int]:
    kept: dict[float, int] = {}
    for cost, given in histogram.items():
        if counted := validate.count(f"count of {cost!r}", given):
            known = (
                cost
                if infinite and cost == math.inf
                else validate.within("cost", cost, low=0.0, high=math.inf)
            )
            kept[known + 0.0] = kept.get(known + 0.0, 0) + counted
    if not kept:
        raise ValueError("histogram must hold at least one group, got none")
    return kept
