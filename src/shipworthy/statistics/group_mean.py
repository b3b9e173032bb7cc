"""The mean over groups of a share in [0, 1], with one-sided bounds that keep their level."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import betainc, betaincc, betainccinv, betaincinv

from shipworthy.statistics import gaffke, validate
from shipworthy.statistics.exponential_sum import Floats
from shipworthy.statistics.projection import law_like, law_seen
from shipworthy.statistics.results import NotEstimable


@dataclass(frozen=True)
class GroupMean:
    """The mean of one value in [0, 1] per group, each group counting once.

    Estimand: the mean over the groups that the sampled ones stand for.

    Where every value is 0 or 1 the bounds and p-values are the exact binomial ones
    (Clopper-Pearson); otherwise Gaffke's, which are the same wherever both apply.

    Assumptions: groups are independent and drawn alike from what the claim is about. Cases inside a
    group may depend on each other in any way. It fails when groups are hand-picked or share a cause.
    For values other than 0 and 1 the level is a conjecture beyond proved special cases.

    Source: Clopper and Pearson (1934), Biometrika 26, 404-413; Gaffke (2005), Mathematical
    Methods of Statistics 14(4), 451-467.

    Attributes:
        values: distinct values, ascending.
        counts: how many groups have each value.

    Example: 95 of 100 independent cases passed.
        >>> mean = GroupMean.from_counts(passed=95, n=100)
        >>> mean.estimate, mean.method
        (0.95, 'Clopper-Pearson')
        >>> round(mean.lower(0.05), 4), round(mean.upper(0.05), 4)
        (0.8977, 0.9801)
    """

    values: tuple[float, ...]
    counts: tuple[int, ...]

    @classmethod
    def from_histogram(cls, histogram: Mapping[float, int]) -> GroupMean:
        """Build from the number of groups at each value.

        Args:
            histogram: value in [0, 1] to number of groups; at least one group in all.

        Raises:
            TypeError: a value is no number, or a count is no whole number.
            ValueError: a value is outside [0, 1], a count is negative, or there is no group.
        """
        return cls(*sorted_histogram(histogram, low=0.0))

    @classmethod
    def from_counts(cls, *, passed: int, n: int) -> GroupMean:
        """Build from passes among n independent cases.

        Args:
            passed: from 0 to n.
            n: at least 1.
        """
        n = validate.count("n", n, least=1)
        passed = validate.count("passed", passed)
        if passed > n:
            raise ValueError(f"passed must be at most n = {n}, got {passed}")
        return cls.from_histogram({0.0: n - passed, 1.0: passed})

    @cached_property
    def n_groups(self) -> int:
        """How many groups there are."""
        return sum(self.counts)

    @cached_property
    def estimate(self) -> float:
        """The mean of the groups seen."""
        return math.fsum(v * c for v, c in zip(self.values, self.counts, strict=True)) / self.n_groups

    @property
    def method(self) -> str:
        """What the bounds and p-values are computed by: "Clopper-Pearson" or "Gaffke"."""
        return "Clopper-Pearson" if self.is_binary else "Gaffke"

    def standard_error(self) -> float | NotEstimable:
        """Return the standard error of the mean over groups, for display; no bound is made from it."""
        n, mean = self.n_groups, self.estimate
        if n < 2:
            return NotEstimable("a standard error needs two groups, there is one")
        squares = math.fsum(c * (v - mean) ** 2 for v, c in zip(self.values, self.counts, strict=True))
        return math.sqrt(squares / (n - 1) / n)

    def lower(self, alpha: float) -> float:
        """Return the lower bound that is above the truth with a chance of at most `alpha`."""
        alpha = validate.between("alpha", alpha)
        if self.is_binary:
            k, n = self._passed, self.n_groups
            return 0.0 if k == 0 else float(betaincinv(k, n - k + 1, alpha))
        return gaffke.lower_bound(*self._arrays, alpha)

    def upper(self, alpha: float) -> float:
        """Return the upper bound that is below the truth with a chance of at most `alpha`."""
        alpha = validate.between("alpha", alpha)
        if self.is_binary:
            k, n = self._passed, self.n_groups
            return 1.0 if k == n else float(betainccinv(k + 1, n - k, alpha))
        return gaffke.upper_bound(*self._arrays, alpha)

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the mean is at most the bar"; small means it is shown to be above.

        For any bar above 0 it is at most alpha exactly when `lower(alpha)` is at least the bar.
        """
        bar = validate.within("bar", bar, low=0.0, high=1.0)
        if self.is_binary:
            k, n = self._passed, self.n_groups
            return 1.0 if k == 0 else float(betainc(k, n - k + 1, bar))
        return gaffke.p_mean_above(*self._arrays, bar)

    def p_below(self, bar: float) -> float:
        """Return the p-value of "the mean is at least the bar"; small means it is shown to be below.

        For any bar below 1 it is at most alpha exactly when `upper(alpha)` is at most the bar.
        """
        bar = validate.within("bar", bar, low=0.0, high=1.0)
        if self.is_binary:
            k, n = self._passed, self.n_groups
            return 1.0 if k == n else float(betaincc(k + 1, n - k, bar))
        return gaffke.p_mean_below(*self._arrays, bar)

    def groups_to_show(
        self, *, bar: float, alpha: float, power: float, on_top: bool = False
    ) -> int | NotEstimable:
        """Return how many groups like these show the mean to be above the bar (`projection`).

        With `on_top` these groups count along, and the answer is how many more it takes.
        """
        return law_seen(*self._arrays).groups(
            bar=bar, alpha=alpha, power=power, seen=self._arrays if on_top else None
        )

    def groups_at_rate(
        self, *, rate: float, outcomes: int, bar: float, alpha: float, power: float, on_top: bool = False
    ) -> int | NotEstimable:
        """Return how many groups show the bar if the rate is the one given and groups are as alike inside as these.

        With `on_top` these groups count along, and the answer is how many more it takes. See `law_like`.
        """
        law = law_like(*self._arrays, rate=rate, outcomes=outcomes)
        return law.groups(bar=bar, alpha=alpha, power=power, seen=self._arrays if on_top else None)

    @property
    def unit(self) -> GroupMean:
        """The same groups as values in [0, 1]: this mean itself."""
        return self

    def to_unit(self, value: float) -> float:
        """Return a value on the scale from 0 to 1, which it is on already."""
        return value

    def from_unit(self, value: float) -> float:
        """Return a value of the scale from 0 to 1 on the mean's own scale, which is the same."""
        return value

    @property
    def arrays(self) -> tuple[Floats, Floats]:
        """The values and counts as arrays, for what is computed from them."""
        return self._arrays

    @property
    def is_binary(self) -> bool:
        """Whether every group passed or failed as a whole."""
        return all(v in (0.0, 1.0) for v in self.values)

    @property
    def _passed(self) -> int:
        return sum(c for v, c in zip(self.values, self.counts, strict=True) if v == 1.0)

    @property
    def _arrays(self) -> tuple[Floats, Floats]:
        return np.array(self.values), np.array(self.counts, dtype=np.float64)


def sorted_histogram(
    histogram: Mapping[float, int], *, low: float
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Check a histogram, drop empty values and sort it: equal histograms become equal objects.

    Assumptions: values lie between `low` and 1. Source: house rule. Example:
        >>> sorted_histogram({1: 3, 0.5: 0, 0: 2}, low=0.0)
        ((0.0, 1.0), (2, 3))
    """
    kept = {
        validate.within("value", value, low=low, high=1.0) + 0.0: counted
        for value, given in histogram.items()
        if (counted := validate.count(f"count of {value!r}", given))
    }
    if not kept:
        raise ValueError("histogram must hold at least one group, got none")
    values = tuple(sorted(kept))
    return values, tuple(kept[v] for v in values)
