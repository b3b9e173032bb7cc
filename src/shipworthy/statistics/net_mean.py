"""What is known of a mean after so many groups, as a distribution: for sums of money, never for a verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betaincc, betaincinv

from shipworthy.statistics import validate
from shipworthy.statistics.money_range import Floats, grid

Prior = Literal["coin", "coins", "as seen"]
"""What one group is thought to bring before any was seen: a fair coin for a rate, two for the difference of two
rates, and for an amount what the groups seen bring on average."""

ATOMS: dict[Prior, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "coin": ((0.0, 1.0), (0.5, 0.5)),
    "coins": ((-1.0, 0.0, 1.0), (0.25, 0.5, 0.25)),
}
"""Values and chances of the prior group."""
POINTS = 2048
"""Points of the grid; its first ones fill the cube evenly too."""
_CLOSE = 5e-4
"""Quantiles are found to this share of a standard deviation."""


@dataclass(frozen=True, eq=False)
class Seen:
    """The groups seen, each with one row of numbers, weighted as the traffic is.

    Assumptions: groups are independent, and drawn alike from each part of the traffic. The weights of
    a mixed traffic count for as many groups as keep the variance of the mean (Kish's effective size).
    Source: Kish (1965), Survey Sampling, section 11.7. Example: half the traffic has 10 groups, half has 30.
        >>> rows = [np.array([[1.0]] * 10), np.array([[0.0]] * 30)]
        >>> seen = Seen.of_parts(rows, [0.5, 0.5])
        >>> round(float(seen.weights.sum()), 6), seen.mean.tolist()
        (30.0, [0.5])

    Attributes:
        rows: one row for each distinct outcome of a group, one column for each number.
        weights: how many groups each row stands for.
    """

    rows: Floats
    weights: Floats

    @classmethod
    def of_parts(cls, parts: Sequence[Floats], shares: Sequence[float]) -> Seen:
        """Build from the rows of each part of the traffic, and the shares of the parts.

        Args:
            parts: for each part one row for each group, at least one.
            shares: above 0; they are scaled to add up to 1.
        """
        if not parts or any(len(part) == 0 for part in parts):
            raise ValueError("parts must each hold at least one group")
        whole = math.fsum(shares)
        each = np.concatenate(
            [
                np.full(len(p), s / whole / len(p), dtype=np.float64)
                for p, s in zip(parts, shares, strict=True)
            ]
        )
        rows, place = np.unique(np.round(np.concatenate(parts), 12), axis=0, return_inverse=True)
        weights = np.bincount(place.ravel(), weights=each) / float(each @ each)
        return cls(np.asarray(rows, dtype=np.float64), np.asarray(weights, dtype=np.float64))

    @property
    def mean(self) -> Floats:
        """The weighted mean of each column."""
        return np.asarray(self.weights @ self.rows / self.weights.sum())


@dataclass(frozen=True, eq=False)
class NetMean:
    """The distribution of a mean: an even mixture over the points of a fixed grid.

    Estimand: the mean, over the groups that the sampled ones stand for, of one weighted sum per group.

    The groups seen and one prior group are the atoms of a Dirichlet process, so that the mean is
    (1 - W) B + W P: W is Beta(1, n), P the mean of the prior alone, B that of the groups seen. W, P and the weights
    (prices) are laid on the grid; B is a Beta on a segment with B's first three moments, which is exact where groups
    have two possible values.

    Assumptions: groups are independent; the prior is worth one group, and its columns are independent.
    Chances and expectations are Bayesian: they describe what to believe after these counts, and keep
    no error level. No verdict is made from them.

    Source: Ferguson (1973), Annals of Statistics 1(2), 209-230; Rubin (1981), Annals of
    Statistics 9(1), 130-134, for the limit without a prior. For a rate the prior is Jeffreys' (1961).

    Attributes:
        expected: the expected mean, exact.
        low: lower end of the segment of B, for each point.
        width: length of the segment.
        high: the chance of the upper end in the next group.
        strength: how many groups were seen.
        scale: 1 - W.
        shift: W P.

    Example: 95 of 100 passed; Jeffreys' posterior is Beta(95.5, 5.5), with .9621 above 0.9.
        >>> seen = Seen(np.array([[1.0], [0.0]]), np.array([95.0, 5.0]))
        >>> mean = NetMean.after(seen, ["coin"], np.array([1.0]))
        >>> round(mean.expected, 4), round(mean.chance_above(0.9), 3), round(mean.quantile(0.1), 3)
        (0.9455, 0.962, 0.915)
    """

    expected: float
    low: Floats
    width: Floats
    high: Floats
    strength: float
    scale: Floats
    shift: Floats

    @classmethod
    def after(
        cls,
        seen: Seen,
        priors: Sequence[Prior],
        weights: Floats,
        *,
        drawn: Floats | None = None,
        size: int = POINTS,
    ) -> NetMean:
        """Return what is known of the mean of the weighted sum of columns.

        Args:
            seen: the groups.
            priors: one for each column.
            weights: of the columns, at their expectation.
            drawn: the weights at each point of the grid, where they are not fixed; its first
                coordinates must be kept for them, as `points` does.
            size: how many points of the grid are used.
        """
        if not seen.rows.shape[1] == len(priors) == weights.shape[-1]:
            raise ValueError("rows, priors and weights must have as many columns each")
        n = float(seen.weights.sum())
        given = np.broadcast_to(weights, (size, len(priors))) if drawn is None else drawn[:size]
        before = [_prior_mean(prior, float(m)) for prior, m in zip(priors, seen.mean, strict=True)]
        at = points(len(priors))[:size]
        share = -np.expm1(np.log1p(-at[:, 0]) / n)
        prior = np.column_stack(
            [
                _prior_draws(p, b, at[:, 1 + 2 * i : 3 + 2 * i])
                for i, (p, b) in enumerate(zip(priors, before, strict=True))
            ]
        )
        low, width, high = _segment(given @ seen.rows.T, seen.weights / n)
        return cls(
            expected=float((n * (weights @ seen.mean) + weights @ np.array(before)) / (n + 1.0)),
            low=low,
            width=width,
            high=high,
            strength=n,
            scale=1.0 - share,
            shift=share * np.sum(given * prior, axis=1),
        )

    def chance_above(self, amount: float) -> float:
        """Return the chance that the mean is above an amount."""
        inner = (validate.number("amount", amount) - self.shift) / self.scale
        a, b, at = self._beta(inner)
        return float(np.where(self.width > 0, betaincc(a, b, at), self.low > inner).mean())

    def quantile(self, share: float) -> float:
        """Return the amount that the mean is below with a chance of `share`, strictly between 0 and 1."""
        share = validate.between("share", share)
        centre = self.scale * (self.low + self.width * self.high) + self.shift
        inside = (self.scale * self.width) ** 2 * self.high * (1.0 - self.high) / (self.strength + 1.0)
        spread = math.sqrt(float(inside.mean() + centre.var()))
        if spread <= 1e-12 * (1.0 + abs(self.expected)):
            return self.expected
        return _crossing(lambda at: 1.0 - self.chance_above(at) - share, self.expected, spread)

    def expected_gain(self) -> float:
        """Return the expected value of the mean where it is above 0, counting 0 elsewhere."""
        inner = -self.shift / self.scale
        a, b, at = self._beta(inner)
        top = (self.low - inner) * betaincc(a, b, at) + self.width * self.high * betaincc(a + 1.0, b, at)
        gain = np.where(self.width > 0, top, self.low - inner)
        return float((self.scale * np.maximum(gain, 0.0)).mean())

    def _beta(self, inner: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the Beta's two parameters, and where an amount lies on its segment."""
        at = np.clip((inner - self.low) / np.where(self.width > 0, self.width, 1.0), 0.0, 1.0)
        return self.strength * self.high, self.strength * (1.0 - self.high), at


def points(columns: int, prices: int = 0) -> Floats:
    """Return the coordinates of the grid that belong to the belief, or to the prices.

    Args:
        columns: how many columns the groups have.
        prices: 0 for the coordinates of the belief; else how many coordinates for prices, at most as many as columns.

    Returns:
        One row for each of 2,048 points, the same ones every time.

    Raises:
        TypeError: an argument is no whole number.
        ValueError: an argument is negative.

    Assumptions: those of `grid`. Source: `grid`. Example:
        >>> points(2).shape, points(2, prices=2).shape
        ((2048, 5), (2048, 2))
    """
    own = 1 + 2 * validate.count("columns", columns)
    wanted = validate.count("prices", prices)
    whole = grid(own + columns, POINTS)
    return whole[:, own : own + wanted] if wanted else whole[:, :own]


def _crossing(rising: Callable[[float], float], middle: float, spread: float) -> float:
    """Return where a rising function passes 0: regula falsi in the Illinois form, every fourth step a bisection."""
    width = 2.0 * spread
    low, high = middle - width, middle + width
    while rising(low) > 0:
        low -= (width := 2.0 * width)
    while rising(high) < 0:
        high += (width := 2.0 * width)
    f_low, f_high, steps, was_low = rising(low), rising(high), 0, None
    while high - low > _CLOSE * spread:
        steps += 1
        at = (low + high) / 2.0 if steps % 4 == 0 else low - f_low * (high - low) / (f_high - f_low)
        at = min(max(at, low + _CLOSE * spread / 2.0), high - _CLOSE * spread / 2.0)
        value = rising(at)
        # An end that stays twice running is given half its height, to draw the next secant towards it.
        if value < 0:
            low, f_low, f_high = at, value, f_high / 2.0 if was_low is True else f_high
        else:
            high, f_high, f_low = at, value, f_low / 2.0 if was_low is False else f_low
        was_low = value < 0
    return high


def _prior_mean(prior: Prior, seen: float) -> float:
    if prior == "as seen":
        return seen
    values, chances = ATOMS[prior]
    return math.fsum(v * c for v, c in zip(values, chances, strict=True))


def _prior_draws(prior: Prior, mean: float, at: Floats) -> Floats:
    """Return the mean of a Dirichlet process of weight 1 on the prior's atoms, at each point."""
    if prior == "as seen":
        return np.full(len(at), mean)
    arcsine = np.sin(np.pi / 2.0 * at[:, 0]) ** 2  # Beta(1/2, 1/2): how much is not 0
    return (
        arcsine if prior == "coin" else np.asarray(arcsine * (2.0 * betaincinv(0.25, 0.25, at[:, 1]) - 1.0))
    )


def _segment(values: Floats, shares: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the two values, as low end and distance, and the chance of the upper one, with the same three moments."""
    mean = values @ shares
    off = values - mean[:, None]
    spread = np.sqrt(np.maximum(off**2 @ shares, 0.0))
    some = spread > 1e-9 * (1.0 + np.abs(mean))
    unit = np.where(some, spread, 1.0)
    skew = np.where(some, off**3 @ shares / unit**3, 0.0)
    root = np.sqrt(4.0 + skew**2)
    rare = 2.0 / (root * (root + np.abs(skew)))  # the chance of the rarer of the two
    high = np.where(skew > 0, rare, 1.0 - rare)
    low = np.where(some, mean - spread * np.sqrt(high / (1.0 - high)), mean)
    return low, np.where(some, spread / np.sqrt(high * (1.0 - high)), 0.0), high
