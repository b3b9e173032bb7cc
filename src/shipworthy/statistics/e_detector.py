"""Has a promised rate broken? Evidence added up over every output at which it could have begun to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shipworthy.statistics import validate

DROPS = (0.3, 0.5, 0.8, 1.2, 1.8)
"""The bets of each start, as rises of the log odds of a failure: from a promise of 90 % to 87, 85, 80, 73 and 60 %."""

AT_LAUNCH = 0.1
"""The weight of a promise that was never kept, broken from the first output on."""

SPREAD = 1000
"""Later starts share the rest: four tenths of it among so many outputs, and ever less for each after them."""

TOLERANCE = 1e-9
"""Evidence is lowered by this share of itself, so that arithmetic never raises an alarm."""

LARGEST = 1e280
"""Evidence beyond this is not counted: the alarm came long before."""


@dataclass(frozen=True)
class EDetector:
    """Evidence that the rate has fallen below what was promised, at whatever output that began.

    Estimand: whether the mean of every audited output, given those before it, is at least `promise`.

    Each output may be the first of a bad stretch. From each on, a fixed set of bets against the promise
    is followed; the starts k share a weight of 1, w(k) = g(k) - g(k + 1) with g(1) = 1 and
    g(k) = 0.9 / (1 + log(1 + (k - 2)/1000)). While the promise is kept the weighted sum is on average at most
    1, so the chance that it *ever* reaches 1/alpha is at most alpha, however long and often one looks. One
    number a bet is kept, whatever the number of outputs.

    Assumptions: the audited outputs are a random part of the traffic, and whether one was audited or
    recorded has nothing to do with how it turned out. Independence is not needed, only that a kept
    promise holds for each output given the earlier ones. It fails when audits follow complaints.

    Source: Shin, Ramdas and Rinaldo (2024), E-detectors, New England Journal of Statistics in Data
    Science 2(2), 229-260, arXiv:2203.03532, on sums of e-processes; Ville (1939) for the lifetime bound.

    Attributes:
        promise: the promised rate, in (0, 1).
        alpha: the chance, over the whole life of the promise, of a false alarm.
        outputs: how many were followed.
        highest: the most evidence there ever was; 1 at the start.
        alarm_at: the number of outputs at which it first reached 1/alpha; None so far.
        began: at an alarm, the output from which on the evidence is strongest; None so far.
        sums: what each bet is worth, over all its starts.
        tops: of each bet, what its strongest start is worth, and which output that was.

    Example: 90 % promised; after 200 good stretches every second output fails.
        >>> kept = EDetector.start(promise=0.9).after([1, 1, 1, 1, 1, 1, 1, 1, 1, 0] * 20)
        >>> kept.alarm_at, round(kept.evidence, 2)
        (None, 0.81)
        >>> broken = kept.after([0, 1] * 15)
        >>> broken.alarm_at, broken.began
        (217, 200)
    """

    promise: float
    alpha: float
    outputs: int
    highest: float
    alarm_at: int | None
    began: int | None
    sums: tuple[float, ...]
    tops: tuple[tuple[float, int], ...]

    @classmethod
    def start(cls, *, promise: float, alpha: float = 0.05) -> EDetector:
        """Return a detector that has seen nothing.

        Args:
            promise: the promised rate, in (0, 1).
            alpha: chance of a false alarm over the whole life of the promise, in (0, 1).
        """
        promise = validate.between("promise", promise)
        alpha = validate.between("alpha", alpha)
        return cls(promise, alpha, 0, 1.0, None, None, (0.0,) * len(DROPS), ((0.0, 1),) * len(DROPS))

    def after(self, values: Iterable[float]) -> EDetector:
        """Return the detector after further outputs, each followed in its turn.

        Args:
            values: 1 for passed, 0 for not passed, or a share in [0, 1], in the order of the audit; a
                group of outputs that may depend on each other is one value, its mean.
        """
        return self._followed([(_checked(value),) for value in values])

    def after_batch(self, values: Iterable[float]) -> EDetector:
        """Return the detector after outputs whose order is not known: only their values matter.

        Args:
            values: as for `after`; a bad stretch is then taken to begin before the batch or after it.
        """
        given = tuple(_checked(value) for value in values)
        return self._followed([given] if given else [])

    @property
    def evidence(self) -> float:
        """How many times better "it has fallen" explains the outputs than the promise does, at this moment."""
        return _evidence(self.sums, self.outputs)

    @property
    def p_value(self) -> float:
        """The chance, were the promise kept, of ever seeing as much evidence as there was at its highest."""
        return min(1.0, 1.0 / self.highest)

    def _followed(self, batches: list[tuple[float, ...]]) -> EDetector:
        stakes = [stake_on(drop, promise=self.promise) for drop in DROPS]
        sums, tops = list(self.sums), list(self.tops)
        outputs, highest, alarm_at, began = self.outputs, self.highest, self.alarm_at, self.began
        for batch in batches:
            first, outputs = outputs + 1, outputs + len(batch)
            weight = _tail(first) - _tail(outputs + 1)
            for bet, stake in enumerate(stakes):
                grown = math.prod(1.0 + stake * (self.promise - value) for value in batch)
                top, start = tops[bet] if tops[bet][0] > weight else (weight, first)
                tops[bet] = (min(top * grown, LARGEST), start)
                sums[bet] = min((sums[bet] + weight) * grown, LARGEST)
            highest = max(highest, _evidence(sums, outputs))
            if alarm_at is None and highest >= 1.0 / self.alpha:
                alarm_at, began = outputs, max(tops)[1]
        return EDetector(
            self.promise, self.alpha, outputs, highest, alarm_at, began, tuple(sums), tuple(tops)
        )


def _checked(value: float) -> float:
    return validate.within("value", value, low=0.0, high=1.0)


def _tail(k: int) -> float:
    return 1.0 if k == 1 else (1.0 - AT_LAUNCH) / (1.0 + math.log1p((k - 2) / SPREAD))


def _evidence(sums: Sequence[float], outputs: int) -> float:
    return (sum(sums) / len(DROPS) + _tail(outputs + 1)) * (1.0 - TOLERANCE)


def waiting(k: int) -> float:
    """Return the weight of all starts from output k on: 1 at the first, then falling like 1/log k.

    Args:
        k: from 1.

    Assumptions: none. Source: house rule; weights that fall as slowly as they may cost the least when
    the promise breaks late.

    Example:
        >>> waiting(1), waiting(2), round(waiting(1002), 3), round(waiting(1_000_002), 3)
        (1.0, 0.9, 0.532, 0.114)
    """
    return _tail(validate.count("k", k, least=1))


def stake_on(rise: float, *, promise: float) -> float:
    """Return the stake that grows fastest when the log odds of a failure rose by so much.

    Estimand: the lambda of the bet 1 + lambda (promise - value), which is the likelihood ratio of a
    yes-or-no output between the fallen rate and the promised one, and never negative.

    Args:
        rise: of the log odds, above 0.
        promise: in (0, 1).

    Assumptions: none; any stake from 0 to 1/(1 - promise) gives a valid bet.

    Source: Waudby-Smith and Ramdas (2024), JRSS B 86(1), 1-27, arXiv:2010.09686.

    Example: odds of failure from 1 to 9 to twice that, 2 to 9: a failure multiplies by 20/11.
        >>> round(1 + stake_on(math.log(2), promise=0.9) * 0.9, 4)
        1.8182
    """
    rise = validate.between("rise", rise, high=math.inf)
    promise = validate.between("promise", promise)
    failing = 1.0 - promise
    odds = math.exp(rise)
    fallen = failing * odds / (promise + failing * odds)
    return (fallen - failing) / (promise * failing)
