"""How high a quantile could be, by the order of the values alone."""

from __future__ import annotations

from scipy.special import betaincc

from shipworthy.statistics import validate
from shipworthy.statistics.results import NotEstimable


def upper_rank(*, n: int, quantile: float, alpha: float) -> int | NotEstimable:
    """Return the rank whose value is an upper bound of a quantile.

    Estimand: the value that a share `quantile` of all outcomes does not exceed. Of n values in
    ascending order, number 1 the smallest, the one at the returned rank is below the true quantile with
    a chance of at most `alpha`.

    Args:
        n: number of independent values, at least 1.
        quantile: in (0, 1), for example 0.95.
        alpha: one-sided error, in (0, 1).

    Returns:
        A rank from 1 to n, or why there is none: with few values even the largest may be too small.

    Assumptions: values are independent and drawn alike; nothing about their distribution. Several values
    of one group are not independent: take one, or use the share of values within a bar.

    Source: the count of values below a quantile is binomial; David and Nagaraja (2003), Order
    Statistics, section 7.1.

    Example: 59 values are the fewest whose largest bounds the 95th percentile.
        >>> upper_rank(n=59, quantile=0.95, alpha=0.05)
        59
        >>> upper_rank(n=58, quantile=0.95, alpha=0.05)
        NotEstimable(reason='58 values are too few to bound this quantile: even the largest may be below it')
    """
    n = validate.count("n", n, least=1)
    quantile = validate.between("quantile", quantile)
    alpha = validate.between("alpha", alpha)
    # P(value at rank r is below the quantile) = P(at least r of n values are) = betainc(r, n - r + 1).
    low, high = 0, n + 1
    while high - low > 1:
        rank = (low + high) // 2
        if betaincc(rank, n - rank + 1, quantile) >= 1.0 - alpha:
            high = rank
        else:
            low = rank
    if high > n:
        return NotEstimable(
            f"{n} values are too few to bound this quantile: even the largest may be below it"
        )
    return high
