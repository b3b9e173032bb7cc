"""What so many groups must show: the fewest passes that clear a bar, and the true rate that usually brings them."""

from __future__ import annotations

from scipy.special import betainc, betaincinv

from shipworthy.statistics import validate
from shipworthy.statistics.results import NotEstimable


def fewest_passes(*, n: int, bar: float, alpha: float) -> int | NotEstimable:
    """Return the fewest passes among n groups for which the exact binomial test shows the bar.

    Estimand: the smallest k with P(X >= k) <= alpha for X binomial with n groups and the bar as rate, which is
    the smallest k whose Clopper-Pearson lower bound reaches the bar.

    Args:
        n: number of groups, at least 1.
        bar: what is to be shown, in [0, 1).
        alpha: one-sided error, in (0, 1).

    Returns:
        A number of passes, or why none is enough.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: groups are independent and each passes or fails as a whole; one look.

    Source: Clopper and Pearson (1934), Biometrika 26, 404-413.

    Example: of 59 groups none may fail to show 95 %; of 100 groups 87 must pass to show 80 %.
        >>> fewest_passes(n=59, bar=0.95, alpha=0.05), fewest_passes(n=100, bar=0.80, alpha=0.05)
        (59, 87)
        >>> fewest_passes(n=58, bar=0.95, alpha=0.05)
        NotEstimable(reason='58 groups do not show 0.95 even if all pass')
    """
    n = validate.count("n", n)
    if not 0.0 <= bar < 1.0 or not 0.0 < alpha < 1.0:
        raise ValueError(f"bar={bar!r}, alpha={alpha!r}: a bar in [0, 1) and an error in (0, 1)")
    if n < 1 or float(betainc(n, 1, bar)) > alpha:
        return NotEstimable(f"{n} groups do not show {bar:g} even if all pass")
    low, high = 0, n
    while high - low > 1:
        middle = (low + high) // 2
        if float(betainc(middle, n - middle + 1, bar)) > alpha:
            low = middle
        else:
            high = middle
    return high


def rate_needed(*, n: int, bar: float, alpha: float, power: float) -> float | NotEstimable:
    """Return the true rate at which n groups show the bar with a chance of `power`.

    Estimand: the p with P(X >= k) = power, for X binomial with n groups, where k is `fewest_passes`.

    Args:
        n: number of groups, at least 1.
        bar: what is to be shown, in [0, 1).
        alpha: one-sided error, in (0, 1).
        power: the chance, in (0, 1).

    Returns:
        A rate, or why no rate is enough.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: as for `fewest_passes`.

    Source: as for `fewest_passes`; the rate is a quantile of the beta distribution with k and n - k + 1.

    Example: 59 groups show 95 % in 80 of 100 launches only where 0.8^(1/59) of all groups pass.
        >>> round(rate_needed(n=59, bar=0.95, alpha=0.05, power=0.8), 4)
        0.9962
    """
    if not 0.0 < power < 1.0:
        raise ValueError(f"power={power!r}: a chance in (0, 1)")
    passes = fewest_passes(n=n, bar=bar, alpha=alpha)
    if isinstance(passes, NotEstimable):
        return passes
    return float(betaincinv(passes, n - passes + 1, power))
