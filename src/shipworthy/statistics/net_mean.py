"""What is known of a mean after so many groups, as a distribution: for sums of money, never for a verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincc, betaln, gammaln

from shipworthy.statistics import validate

Floats = NDArray[np.float64]
_HALVINGS = 80


@dataclass(frozen=True)
class Stratum:
    """The groups of one part of the traffic, each with one row of numbers.

    Assumptions: its groups are independent and drawn alike from that part of the traffic.
    Source: house rule. Example:
        >>> Stratum(1.0, np.array([[1.0], [0.0]]), np.array([8.0, 2.0])).n_groups
        10.0

    Attributes:
        share: of the traffic, above 0; the shares of all strata add up to 1.
        rows: one row for each distinct outcome of a group, one column for each number.
        counts: how many groups have each row.
    """

    share: float
    rows: Floats
    counts: Floats

    @property
    def n_groups(self) -> float:
        """How many groups there are."""
        return float(self.counts.sum())


@dataclass(frozen=True)
class Prior:
    """What one group is thought to bring before any was seen, for one column; worth a single group.

    For a rate the fair coin (mean 1/2, variance 1/4) gives Jeffreys' Beta(k + 1/2, n - k + 1/2); for
    the difference of two rates it is two fair coins (mean 0, variance 1/2).

    Assumptions: columns are independent before anything is seen, and symmetric about their means.
    Source: Jeffreys (1961), Theory of Probability, section 3.1. Example:
        >>> Prior(0.5, 0.25)
        Prior(mean=0.5, variance=0.25)
    """

    mean: float
    variance: float


@dataclass(frozen=True, eq=False)
class NetMean:
    """The distribution of a mean, or an even mixture of several: one for each scenario.

    Estimand: the mean, over the groups that the sampled ones stand for, of one number per group.

    The groups seen and one prior group are the atoms of a Dirichlet process. Its mean has known first three
    moments; they are those of a Beta distribution on a segment, which is used here. For groups with
    two possible values that is exact, and for anything else the first three moments are.

    Assumptions: groups are independent and drawn alike within each stratum; the prior is worth one group.
    Chances and expectations are Bayesian: they describe what to believe after these counts, and keep
    no error level. No verdict is made from them.

    Source: Ferguson (1973), Annals of Statistics 1(2), 209-230; Rubin (1981), Annals of
    Statistics 9(1), 130-134, for the limit without a prior.

    Attributes:
        means: expected value of the mean, one for each scenario.
        variances: of one group's value, as the next group is predicted.
        thirds: third central moment of one group's value.
        strength: how many groups the belief is worth: those seen and one.

    Example: 95 of 100 passed; Jeffreys' posterior is Beta(95.5, 5.5).
        >>> seen = Stratum(1.0, np.array([[1.0], [0.0]]), np.array([95.0, 5.0]))
        >>> mean = NetMean.after([seen], [Prior(0.5, 0.25)], np.array([[1.0]]))
        >>> round(mean.expected, 4), round(mean.chance_above(0.9), 4), round(mean.quantile(0.1), 4)
        (0.9455, 0.9621, 0.9154)
    """

    means: Floats
    variances: Floats
    thirds: Floats
    strength: float

    @classmethod
    def after(cls, strata: Sequence[Stratum], priors: Sequence[Prior], scenarios: Floats) -> NetMean:
        """Return what is known of the mean of each weighted sum of columns.

        Args:
            strata: the groups seen, by part of the traffic; at least one group in each.
            priors: one for each column.
            scenarios: one row of weights for the columns for each scenario.
        """
        _check(strata, priors, scenarios)
        n = sum(stratum.n_groups for stratum in strata)
        strength = n + 1.0
        mean = np.zeros(len(scenarios))
        variance, third = mean.copy(), mean.copy()
        for stratum in strata:
            m, v, t = _moments(stratum, priors, scenarios)
            worth = stratum.n_groups + stratum.share
            mean += stratum.share * m
            variance += stratum.share**2 * v / (worth + 1)
            third += stratum.share**3 * 2 * t / ((worth + 1) * (worth + 2))
        whole = strength + 1
        return cls(mean, variance * whole, third * whole * (strength + 2) / 2, strength)

    @property
    def expected(self) -> float:
        """The expected value."""
        return math.fsum(self.means) / len(self.means)

    def chance_above(self, amount: float) -> float:
        """Return the chance that the mean is above an amount."""
        amount = validate.number("amount", amount)
        low, width, a, b = self._betas()
        at = _position(amount, low, width)
        return float(np.where(width > 0, betaincc(a, b, at), low > amount).mean())

    def quantile(self, share: float) -> float:
        """Return the amount that the mean is below with a chance of `share`, strictly between 0 and 1."""
        share = validate.between("share", share)
        low, width, _, _ = self._betas()
        under, over = float(low.min()), float((low + width).max())
        for _ in range(_HALVINGS):
            middle = (under + over) / 2
            under, over = (middle, over) if 1.0 - self.chance_above(middle) < share else (under, middle)
        return over

    def expected_gain(self) -> float:
        """Return the expected value of the mean where it is above 0, counting 0 elsewhere."""
        low, width, a, b = self._betas()
        at = _position(0.0, low, width)
        tail = low * betaincc(a, b, at) + width * a / (a + b) * betaincc(a + 1.0, b, at)
        return float(np.where(width > 0, np.maximum(tail, 0.0), np.maximum(low, 0.0)).mean())

    def after_more(self, groups: int) -> tuple[Floats, Floats]:
        """Return every value that the expectation may take after so many more groups, and its chance.

        Only for a single scenario: what is not learnt from groups is put at its expectation before.
        """
        groups = validate.count("groups", groups)
        if len(self.means) != 1:
            raise ValueError(f"scenarios must be one, got {len(self.means)}")
        (low,), (width,), (a,), (b,) = self._betas()
        if width == 0 or groups == 0:
            return self.means, np.ones(1)
        high = np.arange(groups + 1.0)
        values = (self.strength * self.means[0] + groups * low + width * high) / (self.strength + groups)
        return values, beta_binomial(groups, float(a), float(b))

    def _betas(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the segment and the two parameters of the Beta with these three moments."""
        spread = np.sqrt(np.maximum(self.variances, 0.0))
        some = spread > 1e-12 * (1.0 + np.abs(self.means))
        skew = np.where(some, self.thirds / np.where(some, spread, 1.0) ** 3, 0.0)
        root = np.sqrt(4.0 + skew**2)
        rare = 2.0 / (root * (root + np.abs(skew)))  # the chance of the rarer of two values
        high = np.where(skew > 0, rare, 1.0 - rare)
        low = np.where(some, self.means - spread * np.sqrt(high / (1.0 - high)), self.means)
        width = np.where(some, spread / np.sqrt(high * (1.0 - high)), 0.0)
        return low, width, self.strength * high, self.strength * (1.0 - high)


def beta_binomial(n: int, a: float, b: float) -> Floats:
    """Return the chance of each number of passes among n, when the rate itself is Beta(a, b).

    Args:
        n: how many groups, at least 0.
        a: above 0.
        b: above 0.

    Returns:
        n + 1 chances, for 0 to n passes, that add up to 1.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: groups are independent given the rate. Source: Skellam (1948), Journal of the Royal
    Statistical Society B 10(2), 257-261.

    Example: a rate that may be anything gives every count the same chance.
        >>> beta_binomial(3, 1.0, 1.0).round(4).tolist()
        [0.25, 0.25, 0.25, 0.25]
    """
    n = validate.count("n", n)
    a = validate.between("a", a, high=math.inf)
    b = validate.between("b", b, high=math.inf)
    k = np.arange(n + 1.0)
    ways = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
    chances = np.exp(ways + betaln(a + k, b + n - k) - betaln(a, b))
    return np.asarray(chances / chances.sum())


def _moments(stratum: Stratum, priors: Sequence[Prior], scenarios: Floats) -> tuple[Floats, Floats, Floats]:
    """Return mean, variance and third central moment of the next group's value, for each scenario."""
    before = scenarios @ np.array([p.mean for p in priors])
    wide = scenarios**2 @ np.array([p.variance for p in priors])
    worth = stratum.n_groups + stratum.share
    seen, prior = stratum.counts / worth, stratum.share / worth
    values = scenarios @ stratum.rows.T
    mean = values @ seen + prior * before
    off, gap = values - mean[:, None], before - mean
    variance = off**2 @ seen + prior * (wide + gap**2)
    third = off**3 @ seen + prior * (3.0 * wide * gap + gap**3)
    return mean, variance, third


def _position(amount: float, low: Floats, width: Floats) -> Floats:
    """Return where an amount lies on each segment, from 0 to 1."""
    return np.clip((amount - low) / np.where(width > 0, width, 1.0), 0.0, 1.0)


def _check(strata: Sequence[Stratum], priors: Sequence[Prior], scenarios: Floats) -> None:
    if not strata or any(stratum.n_groups < 1 for stratum in strata):
        raise ValueError("strata must each hold at least one group")
    if abs(sum(stratum.share for stratum in strata) - 1.0) > 0.005:
        raise ValueError("shares must add up to 1")
    columns = {stratum.rows.shape[1] for stratum in strata} | {len(priors), scenarios.shape[1]}
    if len(columns) != 1:
        raise ValueError(f"rows, priors and scenarios must have as many columns each, got {sorted(columns)}")
