"""Whether an eval set has the mix of the traffic: for a note, not for a verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, gammaln

from shipworthy.statistics import validate
from shipworthy.statistics.exponential_sum import Floats
from shipworthy.statistics.results import NotEstimable

MOST_OUTCOMES = 20_000
"""With no more possible outcomes than this a mix is compared exactly, otherwise by chi-square."""


@dataclass(frozen=True)
class MixDistance:
    """How far the mix of an eval set is from declared shares.

    Attributes:
        distance: the share of cases that would have to change slice, in [0, 1].
        p_value: how likely cases drawn by these shares are at least as far off.
        method: "exact multinomial" or "chi-square".

    Assumptions: those of `mix_distance`. Source: as there. Example:
        >>> MixDistance(0.1, 0.5, "chi-square").distance
        0.1
    """

    distance: float
    p_value: float
    method: str


def mix_distance(counts: Mapping[str, int], *, shares: Mapping[str, float]) -> MixDistance | NotEstimable:
    """Compare how many groups each slice has with the shares of the traffic: for a note, not for a verdict.

    Args:
        counts: slice to number of groups.
        shares: slice to its share of the traffic; they add up to 1.

    Returns:
        The distance with its p-value, or why there is none.

    Raises:
        TypeError: a count is no whole number, or a share no number.
        ValueError: one is outside its range, shares do not add up to 1, or a slice counted has no share.

    Assumptions: under the shares, groups are drawn independently from the traffic. The p-value is exact where
    all possible outcomes can be listed (an outcome counts when it is no more likely than the one seen).

    Source: the exact multinomial test, Read and Cressie (1988), Goodness-of-Fit Statistics for Discrete
    Multivariate Data, section 5.2; Pearson (1900) for chi-square.

    Example: seven and three, where five and five were to be expected.
        >>> mix_distance({"a": 7, "b": 3}, shares={"a": 0.5, "b": 0.5})
        MixDistance(distance=0.2, p_value=0.34375, method='exact multinomial')
    """
    weights = checked_shares(shares)
    if missing := sorted(set(counts) - set(weights)):
        raise ValueError(f"shares must name every slice that is counted, {missing[0]!r} is missing")
    seen = np.array([validate.count(f"count of {name!r}", counts.get(name, 0)) for name in weights])
    share, n = np.array(list(weights.values())), int(seen.sum())
    if n == 0:
        return NotEstimable("there are no groups")
    distance = float(np.maximum(seen / n - share, 0.0).sum())
    possible = share > 0
    if seen[~possible].any():
        return MixDistance(round(distance, 12), 0.0, "exact multinomial")
    seen, share = seen[possible], share[possible]
    if math.comb(n + len(share) - 1, len(share) - 1) <= MOST_OUTCOMES:
        return MixDistance(round(distance, 12), _exact(seen, share), "exact multinomial")
    squares = float(((seen - n * share) ** 2 / (n * share)).sum())
    return MixDistance(round(distance, 12), float(chdtrc(len(share) - 1, squares)), "chi-square")


def _exact(seen: np.typing.NDArray[np.int64], share: Floats) -> float:
    n = int(seen.sum())
    outcomes = np.zeros((1, 0), dtype=np.int64)
    for _ in range(len(share) - 1):
        left = n - outcomes.sum(axis=1)
        rows = np.repeat(np.arange(len(outcomes)), left + 1)
        value = np.concatenate([np.arange(k + 1) for k in left])
        outcomes = np.column_stack([outcomes[rows], value])
    outcomes = np.column_stack([outcomes, n - outcomes.sum(axis=1)])
    logs = gammaln(n + 1) + (outcomes * np.log(share) - gammaln(outcomes + 1)).sum(axis=1)
    own = gammaln(n + 1) + float((seen * np.log(share) - gammaln(seen + 1)).sum())
    # Equally likely outcomes differ in the last digits; they count as equal.
    return min(round(math.fsum(np.exp(logs[logs <= own + 1e-9])), 12), 1.0)


def checked_shares(shares: Mapping[str, float]) -> dict[str, float]:
    """Return shares of the traffic that are in range and add up to 1, made to do so exactly.

    Args:
        shares: slice to its share; each in [0, 1], and together 1 within a millionth.

    Raises:
        TypeError: a share is no number.
        ValueError: one is outside its range, or they do not add up to 1.

    Assumptions: none. Source: house rule. Example:
        >>> checked_shares({"a": 0.25, "b": 0.75})
        {'a': 0.25, 'b': 0.75}
    """
    checked = {n: validate.within(f"share of {n!r}", s, low=0.0, high=1.0) for n, s in shares.items()}
    total = math.fsum(checked.values())
    if abs(total - 1.0) > 1e-6:
        raise ValueError(f"shares must add up to 1, got {total:g}")
    return {name: share / total for name, share in checked.items()}
