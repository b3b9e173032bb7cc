"""How many groups it takes to show a mean, and the chance that so many do, by the test that decides.

What is assumed of the groups to come is their *law*: each value a group can have, with its chance.
It comes from a hoped-for rate and a correlation, from a hoped-for gain, or from the groups seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln, ndtri

from shipworthy.statistics import gaffke, validate
from shipworthy.statistics.mean_tail import chance_at_least, tilted, unlucky_shares
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.sample_size import MOST, chance_to_show, groups_near_power

Floats = NDArray[np.float64]
Deciding = Callable[[Floats, Floats, float], float]
"""A test: the p-value of "the mean is at most the bar", from distinct values, their counts and the bar."""

MOST_OUTCOMES = 256
"""Groups of more outcomes than this are given a law as fine as this."""

_LEAST_SHARE = 1e-12
_WHOLE = 0.1
"""Of a group that fails as a whole, so much is added to the groups seen when their spread is taken over."""

_BISECTIONS = 40


@dataclass(frozen=True)
class GroupLaw:
    """What the groups to come are assumed to look like: their values and how often each comes.

    Estimand: what is assumed, for a plan; no verdict rests on it.

    Assumptions: groups are independent and drawn from this law.

    Source: the vocabulary of this module.

    Attributes:
        values: distinct values in [0, 1], ascending.
        shares: the chance of each; they add up to 1.

    Example: four outcomes a group, 95 of 100 good, alike inside a group by 0.3. Cases asked once
    would be 179; four repeats of each bring it to 119.
        >>> law = law_of_rate(0.95, outcomes=4, icc=0.3)
        >>> law.groups(bar=0.90, alpha=0.05, power=0.8)
        119
        >>> round(law.chance(n=119, bar=0.90, alpha=0.05), 2)
        0.8
    """

    values: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean over groups that is assumed."""
        return math.fsum(v * s for v, s in zip(self.values, self.shares, strict=True))

    def chance(self, *, n: int, bar: float, alpha: float, by: Deciding | None = None) -> float:
        """Return the chance that n groups show the mean to be above the bar.

        Exact where a group passes or fails as a whole; else by the saddle point (`mean_tail`). Another
        test than the one for a single look is given by its p-value, as a function of values, counts and bar.
        """
        if by is not None:
            return self._smooth_chance(n, _Test(bar, alpha, by=by))
        if self.is_binary:
            return chance_to_show(n=n, bar=bar, hoped=self.mean, alpha=alpha)
        return self._smooth_chance(n, _Test(bar, alpha))

    def groups(
        self,
        *,
        bar: float,
        alpha: float,
        power: float,
        seen: tuple[Floats, Floats] | None = None,
    ) -> int | NotEstimable:
        """Return how many groups show the mean to be above the bar with a chance of `power`.

        Args:
            bar: what is to be shown, in [0, 1).
            alpha: one-sided error, in (0, 1).
            power: wanted chance, in (0, 1).
            seen: values and counts of groups that count along with the new ones; none unless said.

        Returns:
            How many *new* groups, or why no number will do.
        """
        bar = validate.within("bar", bar, low=0.0, high=1.0)
        alpha = validate.between("alpha", alpha)
        power = validate.between("power", power)
        before = seen or (np.zeros(0), np.zeros(0))
        if self.is_binary and all(v in (0.0, 1.0) for v in before[0]):
            passed, n = int(before[1][before[0] == 1.0].sum()), int(before[1].sum())
            return groups_near_power(
                bar=bar, hoped=self.mean, alpha=alpha, power=power, seen=n, seen_passed=passed
            )
        if self.mean <= bar:
            return NotEstimable(
                f"what is assumed, {self.mean:.3g}, is not above the bar {bar:.3g}: more of the same does not show it"
            )
        return self._fewest(_Test(bar, alpha, *before), power)

    @property
    def is_binary(self) -> bool:
        """Whether every group passes or fails as a whole."""
        return all(v in (0.0, 1.0) for v in self.values)

    @property
    def _arrays(self) -> tuple[Floats, Floats]:
        return np.array(self.values), np.array(self.shares)

    def _fewest(self, test: _Test, power: float) -> int | NotEstimable:
        values, shares = self._arrays

        def p_value(n: int) -> float:
            return test.p_value(values, n * unlucky_shares(values, shares, n=n, power=power))

        def shows(n: int) -> bool:
            return p_value(n) <= test.alpha

        low, high, step = 0, self._guess(test, power, p_value), 1
        while not shows(high):
            low, high, step = high, high + step, 2 * step
            if high > MOST:
                return NotEstimable(f"more than {MOST:,} groups would be needed")
        while low < (lower := max(high - step, 0)) and shows(lower):
            high, step = lower, 2 * step
        low = max(low, high - step, 0)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if shows(middle) else (middle, high)
        return high

    def _guess(self, test: _Test, power: float, p_value: Callable[[int], float]) -> int:
        """Return about how many it will be, so that the search is short.

        The normal formula first; then a step of Newton's, as the p-value falls on the normal scale as the root of n.
        """
        values, shares = self._arrays
        slope = (self.mean - test.bar) / math.sqrt(max(float(shares @ (values - self.mean) ** 2), 1e-12))
        wanted, more = float(ndtri(test.alpha)), sum(test.counts)
        n = ((float(ndtri(power)) - wanted) / slope) ** 2 - more
        for _ in range(2):
            n = min(max(n, 1.0), MOST)
            p = min(max(p_value(round(n)), 1e-300), 1.0 - 1e-9)
            root = max(math.sqrt(n + more) + (float(ndtri(p)) - wanted) / slope, 1.0)
            n = root * root - more
        return int(min(max(n, 1.0), MOST))

    def _smooth_chance(self, n: int, test: _Test) -> float:
        """Return the chance of a mean at least as high as the lowest one that shows the bar."""
        values, shares = self._arrays
        if n < 1 or not test.holds(values[-1:], np.array([float(n)])):
            return 0.0
        if len(values) == 1:
            return 1.0
        step = 1.0 / math.sqrt(n * max(tilted(values, shares, 0.0).variance, 1e-12))

        def holds(tilt: float) -> bool:
            return test.holds(values, n * tilted(values, shares, tilt).shares)

        low, high, reach = 0.0, 0.0, step
        while not holds(high) and high < 64 * step:
            low, high, reach = high, high + reach, 2 * reach
        while holds(low) and low > -64 * step:
            low, high, reach = low - reach, low, 2 * reach
        for _ in range(_BISECTIONS):
            if high - low <= 1e-4 * step:
                break
            middle = (low + high) / 2
            low, high = (low, middle) if holds(middle) else (middle, high)
        return max(chance_at_least(values, shares, n=n, tilt=high), float(shares[-1]) ** n)


@dataclass(frozen=True)
class _Test:
    """The deciding test, with the groups that count along."""

    bar: float
    alpha: float
    values: Floats | tuple[float, ...] = ()
    counts: Floats | tuple[float, ...] = ()
    by: Deciding = gaffke.p_mean_above

    def holds(self, values: Floats, counts: Floats) -> bool:
        return self.p_value(values, counts) <= self.alpha

    def p_value(self, values: Floats, counts: Floats) -> float:
        kept = counts > _LEAST_SHARE * counts.sum()
        every = np.append(values[kept], self.values)
        number = np.append(counts[kept], self.counts)
        return self.by(every, number, self.bar)


def law_of_rate(rate: float, *, outcomes: int, icc: float) -> GroupLaw:
    """Return the law of the share passed among the outcomes of a group.

    Args:
        rate: the true rate over groups, in [0, 1].
        outcomes: how many outcomes a group has: cases times repeats, at least 1.
        icc: how alike the outcomes of one group are, in [0, 1]: 0 not at all, 1 they pass or fail as one.

    Returns:
        Beta-binomial shares.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: the groups' own rates follow a Beta law, and outcomes are alike inside a group only
    through it. Other laws with the same mean and correlation take nearly as many groups.

    Source: Skellam (1948), Journal of the Royal Statistical Society B 10, 257-261.

    Example: two outcomes, half of them good, correlation one half.
        >>> [round(s, 3) for s in law_of_rate(0.5, outcomes=2, icc=0.5).shares]
        [0.375, 0.25, 0.375]
    """
    rate = validate.within("rate", rate, low=0.0, high=1.0)
    icc = validate.within("icc", icc, low=0.0, high=1.0)
    n = min(validate.count("outcomes", outcomes, least=1), MOST_OUTCOMES)
    if n == 1 or icc > 1.0 - 1e-9 or rate in (0.0, 1.0):
        return _law(np.array([0.0, 1.0]), np.array([1.0 - rate, rate]))
    passed = np.arange(n + 1)
    chosen = gammaln(n + 1) - gammaln(passed + 1) - gammaln(n - passed + 1)
    if icc < 1e-6:
        logs = chosen + passed * math.log(rate) + (n - passed) * math.log1p(-rate)
    else:
        a, b = rate * (1.0 / icc - 1.0), (1.0 - rate) * (1.0 / icc - 1.0)
        logs = chosen + betaln(passed + a, n - passed + b) - betaln(a, b)
    return _law(passed / n, np.exp(logs))


def law_of_gain(gain: float, *, discordance: float) -> GroupLaw:
    """Return the law of a case's gain over the baseline, moved from [-1, 1] to [0, 1].

    Args:
        gain: the true mean gain, in [-1, 1]; the share fixed less the share broken.
        discordance: the share of cases that change at all, at least the size of the gain.

    Returns:
        Shares at 0 (broken), one half (unchanged) and 1 (fixed). A bar of b is (b + 1)/2 on this scale.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: one outcome of each variant on each case.

    Source: Connor (1987), Biometrics 43, 207-211, for the two numbers that size McNemar's test.

    Example: one case in five changes, and five points are gained.
        >>> law_of_gain(0.05, discordance=0.2).groups(bar=0.5, alpha=0.05, power=0.8)
        527
    """
    gain = validate.within("gain", gain, low=-1.0, high=1.0)
    discordance = validate.within("discordance", discordance, low=abs(gain), high=1.0)
    broken, fixed = (discordance - gain) / 2, (discordance + gain) / 2
    return _law(np.array([0.0, 0.5, 1.0]), np.array([broken, 1.0 - discordance, fixed]))


def law_seen(values: Floats, counts: Floats) -> GroupLaw:
    """Return the law "new groups fall as these did".

    Args:
        values: distinct group values in [0, 1], ascending.
        counts: how many groups have each, positive.

    Assumptions: the groups seen are like those to come; few groups say little about rare values.

    Source: house rule.

    Example: half of the groups passed.
        >>> law_seen(np.array([0.0, 1.0]), np.array([5.0, 5.0])).shares
        (0.5, 0.5)
    """
    return _law(values, counts / counts.sum())


def law_like(values: Floats, counts: Floats, *, rate: float, outcomes: int) -> GroupLaw:
    """Return a law with a hoped-for rate whose groups are as alike inside as the ones seen.

    The groups seen give the *spread*: the variance of their values over that of groups which pass or fail
    as a whole. The new law has the same spread at the hoped-for rate. Where every group
    seen has the same value there is no spread to take over, and groups are taken to pass or fail as a whole.

    Args:
        values: distinct group values in [0, 1].
        counts: how many groups have each, positive.
        rate: the rate that is hoped for, in [0, 1].
        outcomes: how many outcomes a group has, at least 1.

    Assumptions: the spread does not change with the rate. Few failures say little about it, and a rare
    group that fails as a whole may be missing; so a tenth of such a group is added to the ones seen,
    which brings the power of plans made from 60 groups to the one named, on average.

    Source: Donner and Klar (2000), Design and Analysis of Cluster Randomization Trials, chapter 5, on
    planning from a correlation seen; house rule for the tenth.

    Example: of 60 groups of four, 50 passed whole and ten lost one of four.
        >>> seen = (np.array([0.75, 1.0]), np.array([10.0, 50.0]))
        >>> law_like(*seen, rate=0.95, outcomes=4).groups(bar=0.90, alpha=0.05, power=0.8)
        87
    """
    n = float(counts.sum())
    mean = float(counts @ values) / n
    if n < 2 or outcomes == 1 or not 0.0 < mean < 1.0:
        return law_of_rate(rate, outcomes=1, icc=1.0)
    failures = n * (1.0 - mean)
    whole = mean * (1.0 - mean)
    spread = float(counts @ (values - mean) ** 2) / (n - 1.0) / whole
    spread = (spread * failures + _WHOLE) / (failures + _WHOLE)
    icc = min(max((spread * outcomes - 1.0) / (outcomes - 1.0), 0.0), 1.0)
    return law_of_rate(rate, outcomes=outcomes, icc=icc)


def groups_like_these(
    values: Floats, counts: Floats, *, bar: float, alpha: float, power: float
) -> int | NotEstimable:
    """Return how many groups show the mean to be above the bar, if new ones fall as these did.

    Estimand: the smallest n at which Gaffke's test still reaches the bar when n groups come out so low
    that they come out higher with a chance of `power`.

    Args:
        values: distinct group means in [0, 1].
        counts: how many groups have each, positive.
        bar: what is to be shown, in [0, 1).
        alpha: one-sided error, in (0, 1).
        power: wanted chance of showing it, in (0, 1).

    Returns:
        A number of groups, or why no number will do.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: groups are independent, and the true law is the one seen.

    Source: `mean_tail` for the unlucky sample, the deciding test for what it shows; house rule.

    Example: 15 of 100 cases fixed and 5 broken, to be shown better by more than 2 points.
        >>> seen = (np.array([0.0, 0.5, 1.0]), np.array([5.0, 80.0, 15.0]))
        >>> groups_like_these(*seen, bar=0.51, alpha=0.05, power=0.8)
        206
    """
    return law_seen(values, counts).groups(bar=bar, alpha=alpha, power=power)


def _law(values: Floats, shares: Floats) -> GroupLaw:
    kept = shares > _LEAST_SHARE
    scaled = shares[kept] / shares[kept].sum()
    return GroupLaw(tuple(map(float, values[kept])), tuple(map(float, scaled)))
