"""What more measuring is worth before a decision, against what it costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from shipworthy.statistics import validate
from shipworthy.statistics.money_range import Floats
from shipworthy.statistics.net_mean import ATOMS, Prior, Seen

OUTCOMES = 200_000
"""So many outcomes of further groups are listed at most."""
MOST_NODES = 6
_MANY = 2_000


@dataclass(frozen=True, eq=False)
class NextGroup:
    """What the next group may bring: each value with its weight, in groups.

    Assumptions: groups are independent given what they are drawn from, and no more is known of that than the groups
    seen and one prior group say (a Dirichlet process). Source: Ferguson (1973), Annals of
    Statistics 1(2), 209-230. Example: three of four groups brought 1, and the prior is a fair coin.
        >>> seen = Seen(np.array([[1.0], [0.0]]), np.array([3.0, 1.0]))
        >>> NextGroup.after(seen, ["coin"], np.array([1.0])).mean
        0.7

    Attributes:
        values: what a group may bring.
        weights: how many groups each value stands for, the prior included.
    """

    values: Floats
    weights: Floats

    @classmethod
    def after(cls, seen: Seen, priors: Sequence[Prior], weights: Floats) -> NextGroup:
        """Build from the groups seen, the prior of each column, and the weights of the columns."""
        values, chances = np.zeros(1), np.ones(1)
        for prior, weight, mean in zip(priors, weights, seen.mean, strict=True):
            atoms, own = ATOMS.get(prior, ((float(mean),), (1.0,)))
            values = (values[:, None] + weight * np.array(atoms)).ravel()
            chances = (chances[:, None] * np.array(own)).ravel()
            if len(values) > _MANY:
                values, chances = nodes(values, chances, 4 * MOST_NODES)
        return cls(np.concatenate([seen.rows @ weights, values]), np.concatenate([seen.weights, chances]))

    @property
    def strength(self) -> float:
        """How many groups the belief is worth."""
        return float(self.weights.sum())

    @property
    def mean(self) -> float:
        """What is expected of a group."""
        return float(self.weights @ self.values / self.weights.sum())


@dataclass(frozen=True)
class MoreEvidence:
    """Whether measuring on pays: the value of so many more groups, and their price.

    Estimand: the expected value of sample information for the choice between shipping and not shipping.

    Assumptions: the net value of a week stays the same for as long as the decision stands; whoever decides would
    ship where the expected net value is above 0; measuring changes nothing but what is known. A verdict
    asks for more than that, and is not touched by it.

    Source: Raiffa and Schlaifer (1961), Applied Statistical Decision Theory, chapter 5; Ades, Lu and Claxton
    (2004), Medical Decision Making 24(2), 207-227.

    Attributes:
        value: what the groups are worth at most: how much better the decision becomes, over its lifetime.
        price: what they cost, and what a delay loses where shipping now is expected to pay.
        changes: the chance that the groups turn the decision round.
        groups: how many more.

    Example: worth 210, and costs 900.
        >>> MoreEvidence(210.0, 900.0, 0.04, 60).enough
        True
    """

    value: float
    price: float
    changes: float
    groups: int

    @property
    def enough(self) -> bool:
        """Whether measuring on is worth less than it costs."""
        return self.value < self.price


def more_evidence(
    week: NextGroup, *, groups: int, price: float, horizon: float = 26.0, delay: float = 1.0
) -> MoreEvidence:
    """Weigh so many more groups against their price.

    Before they are measured, every outcome of the groups has a chance and would move the expected net value to a
    known place; the better of shipping and not shipping is taken there. The sum runs over all outcomes. It
    is exact where a group has no more possible values than there are nodes (two give the Beta-binomial); otherwise
    the values are replaced by Gauss nodes, as many as 200,000 outcomes allow, which keep that many moments twice over.

    Args:
        week: what one group says of the net value of a week, at expected prices.
        groups: how many more would be measured, from 0 to 100,000.
        price: what measuring them costs, at least 0.
        horizon: weeks that the decision stands, above 0.
        delay: weeks that measuring takes, from 0 to the horizon; shipping waits for it.

    Returns:
        Value and price, and the chance that the decision turns.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: those of `MoreEvidence`. Source: as for `MoreEvidence`; Golub and Welsch (1969), Mathematics of
    Computation 23, 221-230, for the nodes.

    Example: nothing is known but a fair coin; a pass brings 1 a week, a failure costs 1, for ten weeks.
    One group passes half the time and then moves the expectation from 0 to 1/2: it is worth 10 x 1/4.
        >>> even = NextGroup(np.array([-1.0, 1.0]), np.array([0.5, 0.5]))
        >>> found = more_evidence(even, groups=1, price=1.0, horizon=10.0, delay=0.0)
        >>> round(found.value, 4), found.enough
        (2.5, False)
    """
    groups = int(validate.within("groups", validate.count("groups", groups), low=0, high=100_000))
    price = validate.within("price", price, low=0.0, high=math.inf)
    horizon = validate.between("horizon", horizon, high=math.inf)
    delay = validate.within("delay", delay, low=0.0, high=horizon)
    values, chances = _after(week, groups)
    expected = week.mean
    now = max(expected, 0.0)
    gain = max(float(chances @ np.maximum(values, 0.0)) - now, 0.0)
    turned = (values <= 0) if expected > 0 else (values > 0)
    return MoreEvidence(
        value=gain * (horizon - delay),
        price=price + delay * now,
        changes=float(chances @ turned),
        groups=groups,
    )


def nodes(values: Floats, weights: Floats, most: int) -> tuple[Floats, Floats]:
    """Return at most so many values with weights that keep the first 2 `most` - 1 moments.

    Args:
        values: what may come.
        weights: of each, above 0.
        most: how many nodes, at least 1.

    Returns:
        Gauss nodes and their weights, which add up to those given; the values themselves if there are no more.

    Raises:
        TypeError: `most` is no whole number.
        ValueError: `most` is below 1.

    Assumptions: none. Source: Golub and Welsch (1969), Mathematics of Computation 23, 221-230, with the Lanczos process.

    Example: five equally likely values by two.
        >>> at, share = nodes(np.arange(5.0), np.ones(5), 2)
        >>> at.round(4).tolist(), share.round(4).tolist()
        ([0.5858, 3.4142], [2.5, 2.5])
    """
    most = validate.count("most", most, least=1)
    distinct, place = np.unique(values, return_inverse=True)
    weights = np.asarray(np.bincount(place, weights=weights), dtype=np.float64)
    whole = float(weights.sum())
    if len(distinct) <= most:
        return distinct, weights
    centre, unit = float(distinct @ weights) / whole, float(np.ptp(distinct))
    x = (distinct - centre) / unit
    basis = [np.sqrt(weights / whole)]
    diagonal, beside = [], []
    while True:
        now = basis[-1]
        diagonal.append(float(now @ (x * now)))
        left = x * now
        for _ in range(2):  # twice is enough to keep the basis orthogonal
            for old in basis:
                left = left - (old @ left) * old
        length = float(np.linalg.norm(left))
        if len(diagonal) == most or length < 1e-12:
            break
        beside.append(length)
        basis.append(left / length)
    found, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
    return centre + unit * found, whole * vectors[0] ** 2


def _after(week: NextGroup, groups: int) -> tuple[Floats, Floats]:
    """Return every value that the expectation may take after so many more groups, and its chance."""
    most = next(m for m in range(MOST_NODES, 1, -1) if m == 2 or math.comb(groups + m - 1, m - 1) <= OUTCOMES)
    at, weights = nodes(week.values, week.weights, most)
    kept = weights > 0
    at, weights = at[kept], weights[kept]
    outcomes = _outcomes(groups, len(at))
    whole = float(weights.sum())
    log_chance = (
        gammaln(groups + 1.0)
        + gammaln(whole)
        - gammaln(whole + groups)
        + (gammaln(weights + outcomes) - gammaln(weights) - gammaln(outcomes + 1.0)).sum(axis=1)
    )
    chances = np.exp(log_chance)
    return (at @ weights + outcomes @ at) / (whole + groups), chances / chances.sum()


def _outcomes(groups: int, values: int) -> Floats:
    """List every way in which so many groups may fall on so many values."""
    columns: list[Floats] = []
    left = np.array([groups])
    for _ in range(values - 1):
        times = left + 1
        counts = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        columns = [*(np.repeat(column, times) for column in columns), counts.astype(np.float64)]
        left = np.repeat(left, times) - counts
    return np.column_stack([*columns, left.astype(np.float64)])
