"""Bounds for a quantile of a cost or a time, whatever its distribution."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from shipworthy.statistics import validate
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.sample_size import zero_failures


@dataclass(frozen=True)
class QuantileBound:
    """A quantile of one value per group, with one-sided bounds that are values seen.

    Estimand: the smallest value x such that a share of at least `quantile` of all groups have at most x.

    The upper bound is the smallest value seen that so many groups did not exceed that the exact binomial
    test shows the share of groups at or under it to be `quantile` at least. The lower bound is the mirror.

    Assumptions: groups are independent and drawn alike; nothing about the distribution, ties included. It
    fails when values are cut off, as at a time-out: enter those as infinity, not as the time-out.

    Source: David and Nagaraja (2003), Order Statistics, 3rd edition, section 7.1.

    Attributes:
        quantile: which, in (0, 1).
        values: distinct values, ascending; infinity for one that never came.
        counts: how many groups have each value.

    Example: 100 waiting times of 1 to 100 seconds; the 95 % quantile could be as long as the 99th.
        >>> waits = QuantileBound.from_histogram({s: 1 for s in range(1, 101)}, quantile=0.95)
        >>> waits.estimate, waits.lower(0.05), waits.upper(0.05)
        (95.0, 91.0, 99.0)
        >>> QuantileBound.from_histogram({1.0: 20}, quantile=0.95).upper(0.05)
        NotEstimable(reason='20 groups cannot bound the 0.95 quantile from above, it takes 59')
    """

    quantile: float
    values: tuple[float, ...]
    counts: tuple[int, ...]

    @classmethod
    def from_histogram(cls, histogram: Mapping[float, int], *, quantile: float) -> QuantileBound:
        """Build from the number of groups at each value.

        Args:
            histogram: value (any number, or infinity for one that never came) to number of groups.
            quantile: which, in (0, 1), as 0.95.
        """
        quantile = validate.between("quantile", quantile)
        kept = {_value(v): n for v, c in histogram.items() if (n := validate.count(f"count of {v!r}", c))}
        if not kept:
            raise ValueError("histogram must hold at least one group, got none")
        values = tuple(sorted(kept))
        return cls(quantile, values, tuple(kept[v] for v in values))

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return sum(self.counts)

    @property
    def estimate(self) -> float | NotEstimable:
        """The quantile of the groups seen."""
        # A share that should equal the quantile must not miss it by the rounding of a product.
        place = math.ceil(self.quantile * self.n_groups * (1.0 - 1e-12))
        return _finite(self._at(max(place, 1)), "more groups never came than the quantile leaves out")

    def upper(self, alpha: float) -> float | NotEstimable:
        """Return the bound that is below the true quantile with a chance of at most `alpha`."""
        alpha = validate.between("alpha", alpha)
        n, places = self.n_groups, np.arange(1, self.n_groups + 1)
        # The chance that r groups or more lie below the true quantile.
        enough = np.flatnonzero(betainc(places, n - places + 1.0, self.quantile) <= alpha)
        if not enough.size:
            least = zero_failures(bar=self.quantile, alpha=alpha)
            return NotEstimable(
                f"{n} groups cannot bound the {self.quantile:g} quantile from above, it takes {least}"
            )
        return _finite(self._at(int(places[enough[0]])), "the groups that never came reach the bound")

    def lower(self, alpha: float) -> float | NotEstimable:
        """Return the bound that is above the true quantile with a chance of at most `alpha`."""
        alpha = validate.between("alpha", alpha)
        n, places = self.n_groups, np.arange(1, self.n_groups + 1)
        # The chance that fewer than r groups lie at or below the true quantile.
        few = np.flatnonzero(betainc(n - places + 1.0, places, 1.0 - self.quantile) <= alpha)
        if not few.size:
            least = zero_failures(bar=1.0 - self.quantile, alpha=alpha)
            return NotEstimable(
                f"{n} groups cannot bound the {self.quantile:g} quantile from below, it takes {least}"
            )
        return _finite(self._at(int(places[few[-1]])), "nearly all groups never came")

    def _at(self, place: int) -> float:
        """Return the value at a place in the order of all groups, from 1."""
        return self.values[int(np.searchsorted(np.cumsum(self.counts), place))]


def upper_from_groups(
    groups: Iterable[tuple[tuple[float, ...], int]], *, quantile: float, alpha: float
) -> float | NotEstimable:
    """Return an upper bound for a quantile of outputs where a group has several of them.

    Estimand: the smallest value x such that the share of a group's outputs at or under x, averaged over
    groups, is at least `quantile`.

    Args:
        groups: the values of a group's outputs (infinity for one that never came), and how many such groups.
        quantile: which, in (0, 1).
        alpha: chance, in (0, 1), that the bound is below the true quantile.

    Returns:
        The smallest value seen at which the lower bound of the share within it reaches the quantile, which
        is when a `quantile` criterion with that bar would hold; or why there is none.

    Raises:
        ValueError: there is no group, or one has no output.

    Assumptions: groups are independent and drawn alike; outputs inside a group may depend on each other.

    Source: inversion of `GroupMean.p_above`, which is monotone in the bar; see there.

    Example: 80 groups of two outputs, in three of them one took 9 seconds and not 2.
        >>> upper_from_groups([((2.0, 2.0), 77), ((2.0, 9.0), 3)], quantile=0.9, alpha=0.05)
        2.0
        >>> upper_from_groups([((2.0, 2.0), 77), ((2.0, 9.0), 3)], quantile=0.96, alpha=0.05)
        9.0
    """
    quantile, alpha = validate.between("quantile", quantile), validate.between("alpha", alpha)
    given = [
        (tuple(sorted(map(_value, values))), validate.count("number of groups", n, least=1))
        for values, n in groups
    ]
    if not given or any(not values for values, _ in given):
        raise ValueError("groups must hold at least one group, and each at least one output")
    seen = sorted({value for values, _ in given for value in values if value < math.inf})
    low, high = -1, len(seen)
    while high - low > 1:
        middle = (low + high) // 2
        within = _shares_within(given, seen[middle]).p_above(quantile) <= alpha
        low, high = (low, middle) if within else (middle, high)
    if high < len(seen):
        return seen[high]
    n, least = sum(n for _, n in given), zero_failures(bar=quantile, alpha=alpha)
    if n < least:
        return NotEstimable(f"{n} groups cannot bound the {quantile:g} quantile from above, it takes {least}")
    return NotEstimable("the outputs that never came reach the bound")


def _shares_within(given: list[tuple[tuple[float, ...], int]], bar: float) -> GroupMean:
    histogram: dict[float, int] = {}
    for values, n in given:
        share = sum(value <= bar for value in values) / len(values)
        histogram[share] = histogram.get(share, 0) + n
    return GroupMean.from_histogram(histogram)


def _value(value: float) -> float:
    return math.inf if value == math.inf else validate.number("value", value) + 0.0


def _finite(value: float, reason: str) -> float | NotEstimable:
    return NotEstimable(reason) if value == math.inf else value
