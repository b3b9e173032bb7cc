"""How many groups like the ones seen it would take: the price of a claim about a mean or a gain."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from shipworthy.statistics import gaffke, validate
from shipworthy.statistics.results import NotEstimable

MOST = 10_000_000


def groups_like_these(
    values: NDArray[np.float64], counts: NDArray[np.float64], *, bar: float, alpha: float, power: float
) -> int | NotEstimable:
    """Return about how many groups show the mean to be above the bar, if new ones fall as these did.

    Estimand: the smallest n at which Gaffke's test still reaches the bar when n groups fall in the
    proportions seen and their mean comes out low, at its (1 - power)-quantile. That low outcome is
    placed by the normal approximation; the test itself is the one that will decide. A price, not a
    proof: the power reached is about the one asked for.

    Args:
        values: distinct group means in [0, 1].
        counts: how many groups have each, positive.
        bar: what is to be shown, in [0, 1).
        alpha: one-sided error, in (0, 1).
        power: wanted chance of showing it, in [0.5, 1).

    Returns:
        A number of groups, or why no number will do.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: groups are independent, and the true distribution is the one seen.

    Source: the usual normal sample size (Chow, Shao, Wang and Lokhnygina 2017, chapter 3) with the
    deciding test in the place of its z-test; house rule for the rest.

    Example: 15 of 100 cases fixed and 5 broken, to be shown better by more than 2 points. The normal
    sample size is 184; the deciding test asks for a few more.
        >>> import numpy as np
        >>> seen = (np.array([0.0, 0.5, 1.0]), np.array([5.0, 80.0, 15.0]))
        >>> groups_like_these(*seen, bar=0.51, alpha=0.05, power=0.8)
        209
    """
    bar = validate.within("bar", bar, low=0.0, high=1.0)
    alpha = validate.between("alpha", alpha)
    power = validate.within("power", power, low=0.5, high=0.999999)
    shares = counts / counts.sum()
    mean = float(shares @ values)
    if mean <= bar:
        return NotEstimable(
            f"what was seen, {mean:.3g}, is not above the bar {bar:.3g}: more of the same does not show it"
        )
    spread = math.sqrt(float(shares @ (values - mean) ** 2))

    def shows(n: int) -> bool:
        unlucky = bar + float(ndtri(power)) * spread / math.sqrt(n)
        return unlucky < 1.0 and gaffke.p_mean_above(values, shares * n, unlucky) <= alpha

    high = 1
    while not shows(high):
        high *= 2
        if high > MOST:
            return NotEstimable(f"more than {MOST:,} groups")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shows(middle) else (middle, high)
    return high
