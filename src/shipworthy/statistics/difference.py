"""The mean gain over a baseline on the same cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shipworthy.statistics import validate
from shipworthy.statistics.group_mean import GroupMean, sorted_histogram
from shipworthy.statistics.results import NotEstimable


@dataclass(frozen=True)
class PairedDifference:
    """The mean of one gain in [-1, 1] per group: candidate minus baseline on the same cases.

    Estimand: the mean gain over the groups that the sampled ones stand for. "Better" is a bar of 0,
    "not worse by more than 5 points" a bar of -0.05.

    Gains are moved to (gain + 1)/2 and bounded as a `GroupMean`. With gains of -1, 0 and 1 the
    p-value at bar 0 *is* that of the exact one-sided McNemar test: groups without change drop out of
    Gaffke's sum, and what is left is the sign test on the others. So one method serves every margin,
    and bounds and p-values never contradict each other.

    Assumptions: groups are independent and drawn alike; both variants saw the same cases; the
    margin was fixed before looking. For margins other than 0 the level is a conjecture beyond
    proved special cases.

    Source: Gaffke (2005), Mathematical Methods of Statistics 14(4), 451-467; McNemar (1947),
    Psychometrika 12, 153-157.

    Attributes:
        values: distinct gains, ascending.
        counts: how many groups have each gain.

    Example: of 100 cases 15 were fixed and 5 broken; P(Bin(20, 1/2) >= 15) = 0.0207.
        >>> gain = PairedDifference.from_histogram({1: 15, -1: 5, 0: 80})
        >>> round(gain.estimate, 3), round(gain.p_above(0), 4), round(gain.lower(0.05), 4)
        (0.1, 0.0207, 0.0175)
    """

    values: tuple[float, ...]
    counts: tuple[int, ...]

    @classmethod
    def from_histogram(cls, histogram: Mapping[float, int]) -> PairedDifference:
        """Build from the number of groups at each gain.

        Args:
            histogram: gain in [-1, 1] to number of groups; at least one group in all.

        Raises:
            TypeError: a gain is no number, or a count is no whole number.
            ValueError: a gain is outside [-1, 1], a count is negative, or there is no group.
        """
        return cls(*sorted_histogram(histogram, low=-1.0))

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return sum(self.counts)

    @property
    def estimate(self) -> float:
        """The mean gain of the groups seen."""
        return 2.0 * self.unit.estimate - 1.0

    @property
    def method(self) -> str:
        """What the bounds and p-values are computed by."""
        return self.unit.method

    def standard_error(self) -> float | NotEstimable:
        """Return the standard error of the mean gain, for display; no bound is made from it."""
        spread = self.unit.standard_error()
        return spread if isinstance(spread, NotEstimable) else 2.0 * spread

    def lower(self, alpha: float) -> float:
        """Return the lower bound that is above the true gain with a chance of at most `alpha`."""
        return 2.0 * self.unit.lower(alpha) - 1.0

    def upper(self, alpha: float) -> float:
        """Return the upper bound that is below the true gain with a chance of at most `alpha`."""
        return 2.0 * self.unit.upper(alpha) - 1.0

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the gain is at most the bar"; the bar lies strictly between -1 and 1."""
        return self.unit.p_above((validate.between("bar", bar, low=-1.0) + 1.0) / 2.0)

    def p_below(self, bar: float) -> float:
        """Return the p-value of "the gain is at least the bar"; the bar lies strictly between -1 and 1."""
        return self.unit.p_below((validate.between("bar", bar, low=-1.0) + 1.0) / 2.0)

    def groups_to_show(
        self, *, bar: float, alpha: float, power: float, on_top: bool = False
    ) -> int | NotEstimable:
        """Return how many groups like these show the gain to be above the bar (`GroupMean.groups_to_show`)."""
        moved = (validate.between("bar", bar, low=-1.0) + 1.0) / 2.0
        return self.unit.groups_to_show(bar=moved, alpha=alpha, power=power, on_top=on_top)

    def to_unit(self, value: float) -> float:
        """Return a gain on the scale from 0 to 1."""
        return (value + 1.0) / 2.0

    def from_unit(self, value: float) -> float:
        """Return a value of the scale from 0 to 1 as a gain."""
        return 2.0 * value - 1.0

    @property
    def unit(self) -> GroupMean:
        """The gains moved to [0, 1]."""
        return GroupMean(tuple((v + 1.0) / 2.0 for v in self.values), self.counts)
