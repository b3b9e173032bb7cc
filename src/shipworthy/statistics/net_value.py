"""What shipping is worth in a week, as a distribution: rates from counts, prices from ranges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shipworthy.statistics import validate
from shipworthy.statistics.money_range import Floats, MoneyRange
from shipworthy.statistics.more_evidence import NextGroup
from shipworthy.statistics.net_mean import NetMean, Prior, Seen, points
from shipworthy.statistics.results import NotEstimable

OUTER = 0.1
"""The 80 % range runs from this quantile to one minus it; one at a time an input is moved between the same two."""

_ROUGH = 256
"""Points of the grid for the quantiles of one rate, which only say how far it could move the sum."""


@dataclass(frozen=True)
class Swing:
    """How far one input alone moves the expected net value, all others at their expectation.

    Assumptions: those of `net_value`. Source: Howard (1988), Management Science 34(6), 679-695. Example:
        >>> Swing("worth", -40.0, 60.0).size
        100.0

    Attributes:
        name: the input.
        low: net value at the input's 10 % quantile.
        high: net value at its 90 % quantile.
    """

    name: str
    low: float
    high: float

    @property
    def size(self) -> float:
        """How far apart the two are."""
        return abs(self.high - self.low)


@dataclass(frozen=True, eq=False)
class NetValue:
    """The distribution of the net value of a week.

    Assumptions: those of `net_value`. Source: as for `net_value`. Example: see `net_value`.
        >>> NetValue.__name__
        'NetValue'

    Attributes:
        expected: the expected net value of a week.
        low: the 10 % quantile.
        high: the 90 % quantile.
        chance: that the net value is above 0.
        break_even: gain in good answers, from -1 to 1 and beyond, from which on shipping pays.
        swings: one for each input that is not fixed, the largest first.
        perfect: what knowing everything before deciding would be worth, for one week.
        perfect_rates: what knowing the rates alone would be worth, for one week: the most that groups can teach.
        next_group: what the next group may bring, at expected prices.
    """

    expected: float
    low: float
    high: float
    chance: float
    break_even: float | NotEstimable
    swings: tuple[Swing, ...]
    perfect: float
    perfect_rates: float
    next_group: NextGroup


def net_value(
    seen: Seen,
    *,
    priors: Sequence[Prior],
    worth: MoneyRange,
    harms: Sequence[MoneyRange] = (),
    per_week: float = 1.0,
    names: Sequence[str] = (),
) -> NetValue:
    """Return what shipping instead of the baseline is worth in a week.

    Estimand: per_week x (worth x gain in good answers - sum of harm x gain in harmful events - gain in cost).

    Rates come from the groups (`NetMean`), prices from their ranges, independently of the rates and of
    each other. The distribution is an even mixture over a fixed grid of 2,048 points; the
    expected value is exact. Nothing is drawn at random.

    Args:
        seen: the groups. Columns: gain in good answers in [-1, 1], gain in each harmful
            event in [-1, 1], gain in cost of one output. All are candidate minus baseline.
        priors: one for each column.
        worth: of one good answer.
        harms: of one event each, in the order of the columns.
        per_week: answers in a week, at least 0.
        names: of the worth, of each harm, of the columns in their order; for the swings.

    Returns:
        The distribution, what moves it most, where it breaks even, and the value of knowing everything.

    Raises:
        TypeError: an argument is no number.
        ValueError: the number of columns is not that of the harms plus two, or an argument is out of range.

    Assumptions: the cases stand for the traffic; prices were written down before the outcomes were known, and
    are independent of them; every answer of a week has the same prices. It fails where harm is rare and large and
    its event was never tested: the prior then says more than the counts.

    Source: Raiffa and Schlaifer (1961), Applied Statistical Decision Theory, chapters 4 and 5; Claxton (1999),
    Journal of Health Economics 18(3), 341-364, for decisions by expected net benefit.

    Example: 60 fixed and 10 broken of 200, an answer worth 0.40 to 1.10, most likely 0.70, no harm, no cost.
        >>> rows = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]])
        >>> seen = Seen(rows, np.array([60.0, 10.0, 130.0]))
        >>> week = net_value(
        ...     seen, priors=["coins", "as seen"], worth=MoneyRange(0.4, 1.1, 0.7), per_week=1000
        ... )
        >>> round(week.expected, 1), round(week.low, -1), round(week.high, -1), round(week.chance, 3)
        (182.4, 130.0, 240.0, 1.0)
    """
    per_week = validate.within("per_week", per_week, low=0.0, high=math.inf)
    if len(priors) != len(harms) + 2:
        raise ValueError(f"priors must be {len(harms) + 2}, one for each column, got {len(priors)}")
    ranges = [worth, *harms]
    at_mean = _weights(np.array([[r.mean for r in ranges]]))[0] * per_week
    at = points(len(priors), prices=len(ranges))
    prices = np.column_stack([r.quantiles(at[:, i]) for i, r in enumerate(ranges)])
    spread = NetMean.after(seen, priors, at_mean, drawn=_weights(prices) * per_week)
    rates = NetMean.after(seen, priors, at_mean)
    columns = [NetMean.after(seen, priors, row, size=_ROUGH) for row in np.eye(len(priors))]
    now = max(spread.expected, 0.0)
    perfect_rates = max(rates.expected_gain() - now, 0.0)
    return NetValue(
        expected=spread.expected,
        low=spread.quantile(OUTER),
        high=spread.quantile(1.0 - OUTER),
        chance=spread.chance_above(0.0),
        break_even=_break_even(columns, at_mean),
        swings=_swings(ranges, columns, at_mean, per_week, _named(names, len(harms))),
        perfect=max(spread.expected_gain() - now, perfect_rates),
        perfect_rates=perfect_rates,
        next_group=NextGroup.after(seen, priors, at_mean),
    )


def _weights(prices: Floats) -> Floats:
    """Return the weight of each column: good answers count for, harm and cost against."""
    signs = np.array([1.0] + [-1.0] * (prices.shape[1] - 1))
    return np.column_stack([prices * signs, -np.ones(len(prices))])


def _named(names: Sequence[str], n_harms: int) -> Sequence[str]:
    harms = range(n_harms)
    return names or [
        "worth of a good answer", *(f"cost of harm {i + 1}" for i in harms),
        "gain in good answers", *(f"gain in harm {i + 1}" for i in harms), "gain in cost",
    ]  # fmt: skip


def _break_even(columns: Sequence[NetMean], weights: Floats) -> float | NotEstimable:
    if weights[0] <= 0:
        return NotEstimable("a good answer is worth nothing, so no rate pays")
    against = math.fsum(float(w) * c.expected for w, c in zip(weights[1:], columns[1:], strict=True))
    return -against / float(weights[0])


def _swings(
    ranges: Sequence[MoneyRange],
    columns: Sequence[NetMean],
    weights: Floats,
    per_week: float,
    names: Sequence[str],
) -> tuple[Swing, ...]:
    expected = math.fsum(float(w) * c.expected for w, c in zip(weights, columns, strict=True))
    found = []
    for i, one in enumerate(ranges):
        unit = (1.0 if i == 0 else -1.0) * per_week * columns[i].expected
        found.append(
            Swing(names[i], *(expected + unit * (one.quantile(q) - one.mean) for q in (OUTER, 1 - OUTER)))
        )
    for i, column in enumerate(columns):
        ends = (column.quantile(q) - column.expected for q in (OUTER, 1 - OUTER))
        found.append(Swing(names[len(ranges) + i], *(expected + float(weights[i]) * end for end in ends)))
    tiny = 1e-9 * (abs(expected) + per_week)
    return tuple(sorted((s for s in found if s.size > tiny), key=lambda s: -s.size))
