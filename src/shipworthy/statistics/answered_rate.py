"""The rate among answered outputs, where a feature hands over what it is not sure of: a ratio with a chance below it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from scipy.special import ndtri

from shipworthy.statistics import validate
from shipworthy.statistics.gaffke import RESOLUTION, _crossing
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.production_mix import MixedRate
from shipworthy.statistics.results import NotEstimable

Shares = tuple[float, float]
"""Of one group: the share of its outputs that is answered, and the share that is answered and passes."""

_FLAT = 1e5
_HAIR = 1e-9


@dataclass(frozen=True)
class AnsweredRate:
    """The rate among answered outputs.

    Estimand: the mean over groups of the share that is answered and passes, over the mean over groups of the share that
    is answered. A group weighs as much as it is answered; where each has one output that is the chance that an
    answered output passes.

    "At most the bar" is the same as "the mean over groups of passed - bar x answered is at most 0", which is
    a claim about a mean: whatever is handed over counts as exactly as good as the bar. So the p-value is
    that of `GroupMean` for the values passed + bar x (1 - answered), and the bound is its inversion in the bar.
    A group of which nothing is answered then weighs nothing: with one output a group this is Clopper-Pearson
    on the answered ones alone, which is exact whatever their number; where everything is answered it is `GroupMean`.
    With shares of the traffic it is `MixedRate` for the same values.

    Assumptions: those of `GroupMean` or `MixedRate`; which outputs are answered was settled before looking, by
    what the feature knew. The share answered may differ from group to group, and go with how good it is there.

    Source: Fieller (1940), Journal of the Royal Statistical Society Supplement 7(1), 1-64, for testing a ratio by a
    linear claim; Clopper and Pearson (1934), Biometrika 26, 404-413; Gaffke (2005), as for `GroupMean`.

    Attributes:
        slices: the groups by their shares, slice by slice; one nameless slice where nothing is weighed.
        shares: slice to its share of the traffic; empty where nothing is weighed.

    Example: 193 of 659 outputs are answered, and 178 of those pass.
        >>> rate = AnsweredRate.from_histogram({(1, 1): 178, (1, 0): 15, (0, 0): 466})
        >>> round(rate.estimate, 4), round(rate.lower(0.05), 4), rate.method
        (0.9223, 0.8828, 'Clopper-Pearson')
    """

    slices: tuple[tuple[str, tuple[tuple[Shares, int], ...]], ...]
    shares: tuple[tuple[str, float], ...] = ()

    @classmethod
    def from_histogram(cls, histogram: Mapping[Shares, int]) -> AnsweredRate | NotEstimable:
        """Build from the number of groups at each pair of shares: answered, and answered and passed.

        Returns:
            The rate, or why there is none: nothing is answered.

        Raises:
            TypeError: a share is no number, or a count is no whole number.
            ValueError: a share is outside [0, 1], more passes than is answered, a count is negative, or there is no group.
        """
        return cls._made({"": histogram}, {})

    @classmethod
    def from_slices(
        cls, histograms: Mapping[str, Mapping[Shares, int]], *, shares: Mapping[str, float]
    ) -> AnsweredRate | NotEstimable:
        """Build from such a histogram of each slice, and the slices' shares of the traffic, which add up to 1.

        Returns:
            The rate, or why there is none: nothing is answered, or too much of the traffic has no groups.
        """
        made = cls._made(histograms, shares)
        if isinstance(made, NotEstimable):
            return made
        found = MixedRate.from_slices(
            {name: _values(groups, 0.5) for name, groups in made.slices}, shares=shares
        )
        return found if isinstance(found, NotEstimable) else made

    @classmethod
    def _made(
        cls, histograms: Mapping[str, Mapping[Shares, int]], shares: Mapping[str, float]
    ) -> AnsweredRate | NotEstimable:
        slices = tuple((name, _checked(histogram)) for name, histogram in histograms.items())
        if not any(n for _, groups in slices for _, n in groups):
            raise ValueError("histogram must hold at least one group, got none")
        if not any(answered > 0 for _, groups in slices for (answered, _), _ in groups):
            return NotEstimable("nothing is answered: no output has a confidence that is high enough")
        return cls(slices, tuple(shares.items()))

    @property
    def n_groups(self) -> int:
        """How many groups there are, answered or not."""
        return sum(n for _, groups in self.slices for _, n in groups)

    @property
    def n_answered(self) -> int:
        """How many groups have something answered."""
        return sum(n for _, groups in self.slices for (answered, _), n in groups if answered > 0)

    @property
    def estimate(self) -> float:
        """What passes of what is answered."""
        return self._mean(1) / self._mean(0)

    @property
    def method(self) -> str:
        """What the bounds and p-values are computed by."""
        return self._at_bar(0.5).method

    @property
    def unit(self) -> NotEstimable:
        """A group's value depends on the bar, so there is no one histogram of values."""
        return NotEstimable("a rate among answered outputs can be looked at once")

    @property
    def within(self) -> GroupMean:
        """The groups with something answered by the share of it that passes: how they scatter, for a price."""
        found: Counter[float] = Counter()
        for _, groups in self.slices:
            for (answered, passed), n in groups:
                if answered > 0:
                    found[min(passed / answered, 1.0)] += n
        return GroupMean.from_histogram(found)

    def to_unit(self, value: float) -> float:
        """Return a value on the scale from 0 to 1, which it is on already."""
        return value

    def from_unit(self, value: float) -> float:
        """Return a value of the scale from 0 to 1 on the rate's own scale, which is the same."""
        return value

    def standard_error(self) -> float | NotEstimable:
        """Return the standard error of the estimate, for display: of the linear claim at the estimate."""
        spread = self._at_bar(self.estimate).standard_error()
        if isinstance(spread, NotEstimable):
            return spread
        if not self.shares:
            return spread / self._answered_where_any()
        seen = math.fsum(dict(self.shares)[name] for name, groups in self.slices if groups)
        return spread * seen / self._mean(0)

    def lower(self, alpha: float) -> float:
        """Return the lower bound that is above the truth with a chance of at most `alpha`."""
        alpha = validate.between("alpha", alpha)
        if not self.shares and all(a in (0.0, 1.0) for _, groups in self.slices for (a, _), _ in groups):
            return self._at_bar(0.5).lower(alpha)  # the values do not depend on the bar
        wanted = float(ndtri(alpha))

        def excess(bar: float) -> float:
            return min(max(float(ndtri(self.p_above(bar))), -_FLAT), _FLAT) - wanted

        return 0.0 if excess(RESOLUTION) > 0 else float(_crossing(excess, RESOLUTION, 1.0))

    def upper(self, alpha: float) -> float:
        """Return the upper bound that is below the truth with a chance of at most `alpha`."""
        return 1.0 - self._mirrored().lower(alpha)

    def p_above(self, bar: float) -> float:
        """Return the p-value of "of the answered, at most the bar pass"; small means it is shown to be above."""
        bar = validate.within("bar", bar, low=0.0, high=1.0)
        return self._at_bar(bar).p_above(bar) if bar < 1.0 else 1.0

    def p_below(self, bar: float) -> float:
        """Return the p-value of "of the answered, at least the bar pass"; small means it is shown to be below."""
        bar = validate.within("bar", bar, low=0.0, high=1.0)
        return self._mirrored().p_above(1.0 - bar)

    def groups_to_show(
        self, *, bar: float, alpha: float, power: float, on_top: bool = False
    ) -> int | NotEstimable:
        """Return about how many groups like these, or how many more, show the rate to be above the bar."""
        found = self.within.groups_to_show(bar=bar, alpha=alpha, power=power, on_top=on_top)
        return self._of_all(found)

    def groups_at_rate(
        self, *, rate: float, outcomes: int, bar: float, alpha: float, power: float, on_top: bool = False
    ) -> int | NotEstimable:
        """Return about how many groups show the bar if the rate is the one given and as much is answered as here.

        A price, not a proof: groups are taken to be as alike inside as the answered parts of these.
        """
        answered = max(round(outcomes * self._answered_where_any()), 1)
        found = self.within.groups_at_rate(
            rate=rate, outcomes=answered, bar=bar, alpha=alpha, power=power, on_top=on_top
        )
        return self._of_all(found)

    def _of_all(self, answered: int | NotEstimable) -> int | NotEstimable:
        """Return how many groups it takes so that so many have something answered."""
        if isinstance(answered, NotEstimable):
            return answered
        return math.ceil(answered * self.n_groups / self.n_answered - _HAIR)

    def _answered_where_any(self) -> float:
        total = math.fsum(n * answered for _, groups in self.slices for (answered, _), n in groups)
        return total / self.n_answered

    def _mean(self, which: int) -> float:
        """Return the mean over groups of the share answered (0), or answered and passed (1)."""
        weights = dict(self.shares) or {"": 1.0}
        found = []
        for name, groups in self.slices:
            if n := sum(count for _, count in groups):
                found.append(weights[name] * math.fsum(pair[which] * count for pair, count in groups) / n)
        return math.fsum(found)

    def _at_bar(self, bar: float) -> GroupMean | MixedRate:
        """Return the mean whose bar is this bar where the rate's is: what is handed over counts as good as the bar."""
        if self.shares:
            values = {name: _values(groups, bar) for name, groups in self.slices}
            found = MixedRate.from_slices(values, shares=dict(self.shares))
            assert isinstance(found, MixedRate)  # refused when it was built, if at all
            return found
        # What lies on the bar adds nothing to the test; without it values of 0 and 1 stay such.
        answered = [each for _, groups in self.slices for each in groups if each[0][0] > 0]
        return GroupMean.from_histogram(_values(answered, bar))

    def _mirrored(self) -> AnsweredRate:
        """Return the rate of answered outputs that do not pass."""
        turned = tuple(
            (name, tuple(((a, max(a - s, 0.0)), n) for (a, s), n in groups)) for name, groups in self.slices
        )
        return AnsweredRate(turned, self.shares)


def _values(
    groups: tuple[tuple[Shares, int], ...] | list[tuple[Shares, int]], bar: float
) -> dict[float, int]:
    found: Counter[float] = Counter()
    for (answered, passed), n in groups:
        found[min(passed + bar * (1.0 - answered), 1.0)] += n
    return dict(found)


def _checked(histogram: Mapping[Shares, int]) -> tuple[tuple[Shares, int], ...]:
    kept: Counter[Shares] = Counter()
    for (answered, passed), given in histogram.items():
        of = validate.within("answered", answered, low=0.0, high=1.0)
        good = validate.within("passed", passed, low=0.0, high=1.0)
        if good > of + _HAIR:
            raise ValueError(f"passed must be at most the {of:g} that is answered, got {good:g}")
        kept[of, min(good, of)] += validate.count(f"count of {answered, passed}", given)
    return tuple(sorted((pair, n) for pair, n in kept.items() if n))
