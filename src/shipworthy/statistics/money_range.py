"""Amounts that nobody knows better than as a range, and a fixed grid over several of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shipworthy.statistics import validate

Floats = NDArray[np.float64]
POINTS = 1024
"""Points of the grid over all ranges together."""
WIDE = 10.0
"""From this factor on a range says how large an amount is in order of size, and is spread evenly over sizes."""


@dataclass(frozen=True)
class MoneyRange:
    """One amount known as a range: how likely each value in it is.

    With a likeliest value it is triangular. Without one it is uniform, or uniform in the logarithm
    where the high end is more than ten times the low one.

    Assumptions: the true amount lies in the range, and the range was written down before its effect
    on the decision was known. It fails when a range was drawn to make the sum come out.

    Source: Johnson (1997), The Statistician 46(3), 387-398, on the triangular distribution from
    a lowest, a likeliest and a highest value.

    Attributes:
        low: at least this, 0 or more.
        high: at most this.
        likely: most likely this; None where nothing is known but the ends.

    Example: an answer is worth 0.40 to 1.10, most likely 0.70.
        >>> worth = MoneyRange(0.40, 1.10, 0.70)
        >>> worth.shape, round(worth.mean, 4), round(worth.quantile(0.5), 4)
        ('triangular', 0.7333, 0.7258)
        >>> MoneyRange(20, 400).shape, round(MoneyRange(20, 400).mean, 2)
        ('log-uniform', 126.85)
    """

    low: float
    high: float
    likely: float | None = None

    def __post_init__(self) -> None:
        low = validate.within("low", self.low, low=0.0, high=math.inf)
        high = validate.within("high", self.high, low=low, high=math.inf)
        if self.likely is not None:
            validate.within("likely", self.likely, low=low, high=high)

    @property
    def shape(self) -> Literal["point", "triangular", "log-uniform", "uniform"]:
        """How likely each value is."""
        if self.low == self.high:
            return "point"
        if self.likely is not None:
            return "triangular"
        return "log-uniform" if 0 < self.low * WIDE < self.high else "uniform"

    @property
    def mean(self) -> float:
        """The expected amount."""
        if self.likely is not None:
            return (self.low + self.likely + self.high) / 3.0
        if self.shape == "log-uniform":
            return (self.high - self.low) / math.log(self.high / self.low)
        return (self.low + self.high) / 2.0

    def quantile(self, share: float) -> float:
        """Return the amount that the true one is below with a chance of `share`, in [0, 1]."""
        return float(self.quantiles(np.array([validate.within("share", share, low=0.0, high=1.0)]))[0])

    def quantiles(self, shares: Floats) -> Floats:
        """Return the quantile at each share."""
        low, high, likely = self.low, self.high, self.likely
        if self.shape == "log-uniform":
            return np.asarray(low * (high / low) ** shares)
        width = high - low
        if likely is None or width == 0:
            return np.asarray(low + width * shares)
        rising = low + np.sqrt(shares * width * (likely - low))
        falling = high - np.sqrt((1.0 - shares) * width * (high - likely))
        return np.where(shares * width < likely - low, rising, falling)


def grid(dimensions: int, points: int = POINTS) -> Floats:
    """Return a fixed set of points that fill the unit cube evenly: the same ones every time.

    Point i has the coordinates frac(1/2 + i g^-j), where g solves g^(d+1) = g + 1; in one dimension g
    is the golden ratio.

    Args:
        dimensions: how many coordinates a point has, at least 1.
        points: how many points, at least 1.

    Returns:
        An array with one row for each point.

    Raises:
        TypeError: an argument is no whole number.
        ValueError: an argument is below 1.

    Assumptions: the function to be averaged is smooth. Source: Kronecker sequences, Niederreiter (1992),
    Random Number Generation and Quasi-Monte Carlo Methods, chapter 3, with the generalised golden ratio.

    Example: the mean of x y over the unit square is 1/4.
        >>> points = grid(2)
        >>> round(float((points[:, 0] * points[:, 1]).mean()), 2)
        0.25
    """
    dimensions = validate.count("dimensions", dimensions, least=1)
    points = validate.count("points", points, least=1)
    ratio = 2.0
    for _ in range(60):
        ratio = (1.0 + ratio) ** (1.0 / (dimensions + 1))
    steps = ratio ** -np.arange(1.0, dimensions + 1)
    return np.asarray((0.5 + np.arange(1.0, points + 1)[:, None] * steps) % 1.0)
