"""What more measuring is worth before a decision, against what it costs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from shipworthy.statistics import validate
from shipworthy.statistics.net_mean import NetMean


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
        perfect: what knowing the rates exactly would be worth, over the same time.
        changes: the chance that the groups turn the decision round.
        groups: how many more.

    Example: see `more_evidence`.
        >>> MoreEvidence(210.0, 900.0, 1500.0, 0.04, 60).enough
        True
    """

    value: float
    price: float
    perfect: float
    changes: float
    groups: int

    @property
    def enough(self) -> bool:
        """Whether measuring on is worth less than it costs."""
        return self.value < self.price


def more_evidence(
    week: NetMean, *, groups: int, price: float, horizon: float = 26.0, delay: float = 1.0
) -> MoreEvidence:
    """Weigh so many more groups against their price.

    Before they are measured, every outcome of the groups has a chance (Beta-binomial) and would move the expected
    net value to a known place; the better of shipping and not shipping is taken there. The sum over all outcomes is
    exact where a group's net value has two possible values, and otherwise has the right first three moments.

    Args:
        week: the net value of a week at expected prices, a single scenario.
        groups: how many more would be measured, at least 0.
        price: what measuring them costs, at least 0.
        horizon: weeks that the decision stands, above 0.
        delay: weeks that measuring takes, from 0 to the horizon; shipping waits for it.

    Returns:
        Value and price, the bound on any measuring, and the chance that the decision turns.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range, or `week` has several scenarios.

    Assumptions: those of `MoreEvidence`. Source: as for `MoreEvidence`.

    Example: nothing is seen but the fair coin of the prior; a pass brings 1 a week, a failure costs 1, for ten weeks.
    One group passes half the time and then moves the expectation from 0 to 1/2: it is worth 10 x 1/4.
        >>> from shipworthy.statistics.net_mean import NetMean
        >>> even = NetMean(np.array([0.0]), np.array([1.0]), np.array([0.0]), 1.0)
        >>> found = more_evidence(even, groups=1, price=1.0, horizon=10.0, delay=0.0)
        >>> round(found.value, 4), round(found.perfect, 4), found.enough
        (2.5, 3.1831, False)
    """
    price = validate.within("price", price, low=0.0, high=math.inf)
    horizon = validate.between("horizon", horizon, high=math.inf)
    delay = validate.within("delay", delay, low=0.0, high=horizon)
    values, chances = week.after_more(groups)
    now = max(week.expected, 0.0)
    left = horizon - delay
    gain = max(float(chances @ np.maximum(values, 0.0)) - now, 0.0)
    turned = (values <= 0) if week.expected > 0 else (values > 0)
    return MoreEvidence(
        value=gain * left,
        price=price + delay * now,
        perfect=max(week.expected_gain() - now, 0.0) * left,
        changes=float(chances @ turned),
        groups=groups,
    )
