"""A rate over all traffic, from an eval set whose slices are not as frequent as in the traffic."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri, ndtri_exp

from shipworthy.statistics import validate
from shipworthy.statistics.exponential_sum import Steps, log_chance_not_positive
from shipworthy.statistics.gaffke import RESOLUTION, TOLERANCE, _bracket, _crossing
from shipworthy.statistics.group_mean import sorted_histogram
from shipworthy.statistics.mix_distance import checked_shares
from shipworthy.statistics.results import NotEstimable

MOST_UNSEEN = 0.1
"""Slices without cases may carry this share of the traffic; with more there is no answer."""

FOR_THE_MIX = 0.2
"""Of the error, the part kept for the shares where they were counted."""

_MOST_GROUPS = 10_000_000
_HALVINGS = 50
_FLAT = 1e5
_SMALLEST = 1e-16


@dataclass(frozen=True)
class MixSlice:
    """One slice: its share of the traffic, and the values of its groups.

    Attributes:
        share: of the traffic, in (0, 1].
        values: distinct values in [0, 1], ascending.
        counts: how many groups have each.

    Assumptions: those of `MixedRate`. Source: the vocabulary of this module. Example:
        >>> MixSlice(0.5, (0.0, 1.0), (2, 8)).mean
        0.8
    """

    share: float
    values: tuple[float, ...]
    counts: tuple[float, ...]

    @property
    def n(self) -> float:
        """How many groups there are."""
        return math.fsum(self.counts)

    @property
    def mean(self) -> float:
        """The mean of the groups seen."""
        return math.fsum(v * c for v, c in zip(self.values, self.counts, strict=True)) / self.n

    @property
    def variance(self) -> float:
        """How the groups seen scatter; of a single one, 0."""
        squares = math.fsum(c * (v - self.mean) ** 2 for v, c in zip(self.values, self.counts, strict=True))
        return squares / max(self.n - 1.0, 1.0)


@dataclass(frozen=True)
class MixedRate:
    """The mean of one value in [0, 1] over all traffic, slices weighed by their share of it.

    Estimand: the sum over slices of share times the mean over the groups of the slice.

    Every group weighs share / groups of its slice. The test is Gaffke's with these weights: a mean of
    all groups and one further 0, which weighs as much as the heaviest group, under random weights
    proportional to an exponential each. Where the eval set has the mix of the traffic that is
    `GroupMean`, and for 0/1 values Clopper-Pearson. A slice without cases counts as all failed in lower
    bounds and as all passed in upper ones. Where the shares were themselves counted, a fifth of the
    error goes to them, by the Chernoff bound for the mean over the requests counted.

    Assumptions: slices were declared before looking; groups lie in one slice each, are independent, and
    within a slice drawn alike; shares are those of the traffic the claim is about. With the traffic's
    own mix and 0/1 values the level is a theorem for bounds below the rate seen (Hoeffding 1956);
    otherwise a conjecture, of which no violation was found.

    Source: Gaffke (2005), Mathematical Methods of Statistics 14(4), 451-467, for equal weights; the weights
    are ours. Hoeffding (1956), Annals of Mathematical Statistics 27(3), 713-721, for unequal rates;
    Hoeffding (1963), Journal of the American Statistical Association 58, 13-30, equation 2.1, for counted shares.

    Attributes:
        slices: those with groups.
        unseen: share of the traffic in slices without any.
        counted: number of requests the shares were counted on; None where they are known.

    Example: two in a hundred requests are hard ones, a quarter of the eval set.
        >>> mixed = MixedRate.from_slices(
        ...     {"usual": {1: 147, 0: 3}, "hard": {1: 30, 0: 20}}, shares={"usual": 0.98, "hard": 0.02}
        ... )
        >>> round(mixed.estimate, 4), round(mixed.lower(0.05), 4)
        (0.9724, 0.942)
    """

    slices: tuple[MixSlice, ...]
    unseen: float = 0.0
    counted: int | None = None

    @classmethod
    def from_slices(
        cls,
        histograms: Mapping[str, Mapping[float, int]],
        *,
        shares: Mapping[str, float],
        counted: int | None = None,
    ) -> MixedRate | NotEstimable:
        """Build from the number of groups at each value in each slice.

        Args:
            histograms: slice to value in [0, 1] to number of groups.
            shares: slice to its share of the traffic; they add up to 1.
            counted: number of independent requests the shares were counted on, at least 1; None for known shares.

        Returns:
            The rate, or why there is none: too much of the traffic lies in slices without groups.

        Raises:
            TypeError: a value or a share is no number, or a count is no whole number.
            ValueError: one is outside its range, shares do not add up to 1, or a slice with groups has no share.
        """
        weights = checked_shares(shares)
        made, unseen = [], []
        for name in histograms:
            if name not in weights:
                raise ValueError(f"shares must name every slice that has groups, {name!r} is missing")
        for name, share in weights.items():
            if not any(histograms.get(name, {}).values()):
                unseen.append(share)
            elif share > 0:
                made.append(MixSlice(share, *sorted_histogram(histograms[name], low=0.0)))
        if not made or math.fsum(unseen) > MOST_UNSEEN:
            return NotEstimable(f"slices with {math.fsum(unseen):.0%} of the traffic have no cases")
        trusted = None if counted is None else validate.count("counted", counted, least=1)
        return cls(tuple(made), math.fsum(unseen), trusted)

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return round(math.fsum(s.n for s in self.slices))

    @property
    def estimate(self) -> float:
        """The weighed mean of the slices that have groups."""
        return math.fsum(s.share * s.mean for s in self.slices) / self._seen

    @property
    def method(self) -> str:
        """What the bounds and p-values are computed by."""
        return "weighted Gaffke" if self.counted is None else "weighted Gaffke, counted shares"

    @property
    def unit(self) -> NotEstimable:
        """Groups weigh differently, so there is no one histogram of values."""
        return NotEstimable(
            "a rate weighed by traffic can be looked at once, or up to a planned end, not for ever"
        )

    def to_unit(self, value: float) -> float:
        """Return a value on the scale from 0 to 1, which it is on already."""
        return value

    def from_unit(self, value: float) -> float:
        """Return a value of the scale from 0 to 1 on the rate's own scale, which is the same."""
        return value

    def standard_error(self) -> float | NotEstimable:
        """Return the standard error of the estimate, for display; no bound is made from it."""
        if any(s.n < 2 for s in self.slices):
            return NotEstimable("a standard error needs two groups in every slice, one has a single one")
        total = math.fsum(s.share**2 * s.variance / s.n for s in self.slices) / self._seen**2
        if self.counted is not None:
            spread = math.fsum(s.share * (s.mean - self.estimate) ** 2 for s in self.slices) / self._seen
            total += spread / self.counted
        return math.sqrt(total)

    def lower(self, alpha: float) -> float:
        """Return the lower bound that is above the truth with a chance of at most `alpha`."""
        alpha = validate.between("alpha", alpha)
        if self.counted is None:
            return self._lower_known(alpha)
        bound = self._lower_known(alpha * (1 - FOR_THE_MIX))
        room = -math.log(alpha * FOR_THE_MIX) / self.counted
        return _last_shown(lambda bar: bar < bound and _divergence(bound, bar) >= room)

    def upper(self, alpha: float) -> float:
        """Return the upper bound that is below the truth with a chance of at most `alpha`."""
        return 1.0 - self._mirrored().lower(alpha)

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the rate is at most the bar"; small means it is shown to be above."""
        bar = validate.within("bar", bar, low=0.0, high=1.0)
        if self.counted is None:
            return self._p_known(bar)

        def shown(alpha: float) -> bool:
            room = -math.log(alpha * FOR_THE_MIX) / counted
            # The least the requests counted must be shown to pass, as a distance from 1, rounded down.
            needed = 1.0 - _last_shown(
                lambda short: 1.0 - short > least and _divergence(1.0 - short, least) >= room
            )
            return needed < 1.0 and self._p_known(needed) <= alpha * (1 - FOR_THE_MIX)

        counted, least = self.counted, max(bar, RESOLUTION)
        return _smallest(shown)

    def p_below(self, bar: float) -> float:
        """Return the p-value of "the rate is at least the bar"; small means it is shown to be below."""
        bar = validate.within("bar", bar, low=0.0, high=1.0)
        return self._mirrored().p_above(1.0 - bar)

    def groups_to_show(
        self, *, bar: float, alpha: float, power: float, on_top: bool = False
    ) -> int | NotEstimable:
        """Return about how many groups like these, in the same slices, show the rate to be above the bar.

        A price, not a proof: the unlucky outcome is placed by the normal approximation, and what a slice
        without cases would add is left out.
        """
        bar = validate.within("bar", bar, low=0.0, high=1.0)
        alpha = validate.between("alpha", alpha)
        power = validate.within("power", power, low=0.5, high=0.999999)
        seen = self.estimate * self._seen
        if seen <= bar:
            return NotEstimable(
                f"what was seen, {seen:.3g}, is not above the bar {bar:.3g}: more of the same does not show it"
            )
        spread = math.sqrt(math.fsum(s.share**2 * s.variance / s.n for s in self.slices))

        def shows(n: int) -> bool:
            times = n / self.n_groups
            unlucky = bar + float(ndtri(power)) * spread / math.sqrt(times)
            return unlucky < 1.0 and self._times(times).p_above(unlucky) <= alpha

        found = _fewest(shows)
        return found if isinstance(found, NotEstimable) or not on_top else max(found - self.n_groups, 0)

    @property
    def _seen(self) -> float:
        return math.fsum(s.share for s in self.slices)

    def _times(self, factor: float) -> MixedRate:
        scaled = tuple(replace(s, counts=tuple(c * factor for c in s.counts)) for s in self.slices)
        return replace(self, slices=scaled)

    def _mirrored(self) -> MixedRate:
        turned = tuple(
            MixSlice(s.share, tuple(1.0 - v for v in reversed(s.values)), s.counts[::-1]) for s in self.slices
        )
        return replace(self, slices=turned)

    def _lower_known(self, alpha: float) -> float:
        """Return the largest bar, within `RESOLUTION`, whose p-value for known shares is no more than alpha."""
        wanted = float(ndtri_exp(math.log(alpha) - math.log1p(TOLERANCE)))
        top = math.fsum(s.share * s.values[-1] for s in self.slices)
        if top <= RESOLUTION:
            return 0.0

        def excess(bar: float) -> float:
            """Rise through 0 where the p-value passes alpha, on the normal scale nearly as a line does."""
            return min(max(float(ndtri_exp(self._log_p_known(bar))), -_FLAT), _FLAT) - wanted

        heaviest = max(s.share / s.n for s in self.slices)
        spread = math.sqrt(math.fsum(s.share**2 * s.variance / s.n for s in self.slices) + heaviest**2)
        low, high = _bracket(excess, self.estimate * self._seen + wanted * spread, spread, top)
        return 0.0 if excess(low) > 0 else _crossing(excess, low, high)

    def _p_known(self, bar: float) -> float:
        return min(math.exp(self._log_p_known(bar)) * (1.0 + TOLERANCE), 1.0)

    def _log_p_known(self, bar: float) -> float:
        """Return the log p-value of "at most the bar" for known shares; slices without groups give 0."""
        line = max(bar, RESOLUTION) / self._seen
        if line >= 1.0:
            return 0.0
        each = [s.share / s.n for s in self.slices]
        heaviest = max(each)
        steps = [(np.array(s.values) - line) * (e / heaviest) for s, e in zip(self.slices, each, strict=True)]
        counts = [np.array(s.counts, dtype=np.float64) for s in self.slices]
        return log_chance_not_positive(
            Steps(np.concatenate([*steps, [-line]]), np.concatenate([*counts, [1.0]]))
        )


def _divergence(seen: float, true: float) -> float:
    """Return the relative entropy of a coin of one rate to that of another."""
    passed = seen * math.log(seen / true) if seen > 0 else 0.0
    failed = (1.0 - seen) * math.log((1.0 - seen) / (1.0 - true)) if seen < 1 else 0.0
    return passed + failed


def _last_shown(shown: Callable[[float], bool]) -> float:
    """Return the largest number in [0, 1], rounded down, up to which something is shown; 0 if nothing is."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if shown(middle) else (low, middle)
    return low


def _smallest(shown: Callable[[float], bool]) -> float:
    """Return the smallest alpha, rounded up, at which something is shown; 1 if it never is."""
    low, high = math.log(_SMALLEST), 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if shown(math.exp(middle)) else (middle, high)
    return math.exp(high)


def _fewest(shows: Callable[[int], bool]) -> int | NotEstimable:
    high = 1
    while not shows(high):
        high *= 2
        if high > _MOST_GROUPS:
            return NotEstimable(f"more than {_MOST_GROUPS:,} groups")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shows(middle) else (middle, high)
    return high
