"""The pass rate from a judge's verdicts on all outputs where labels were chosen by how outputs turned out.

Failures that somebody looked for say nothing of how common failures are. They do say how often the judge is
right about a good output (TPR) and wrong about a bad one (FPR), and with q the share that it passes

    q = rate TPR + (1 - rate) FPR,  so  rate = (q - FPR) / (TPR - FPR)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from scipy.special import betainccinv, betaincinv

from shipworthy.statistics.results import NotEstimable

LEAST_FAILURES = 10
"""With fewer outputs that people failed, how often the judge misses one is anyone's guess."""

LEAST_SKILL = 0.1
"""TPR - FPR has to be shown to be above this; a judge that hardly tells good from bad identifies nothing."""

_RESOLUTION = 1e-9


@dataclass(frozen=True)
class Transported:
    """Verdicts on all outputs, and what the judge said of outputs that people passed and failed.

    Estimand: the pass rate of the traffic that independent outputs were drawn from.

    The bound takes the worst of three exact bounds, each at a third of the error: q as low, TPR and FPR
    as high as they could be.

    Assumptions: the judge is right about a good output, and about a bad one, as often among the labelled
    ones as in the traffic. It fails when people looked for failures that the judge finds hard, or easy.

    Source: Rogan and Gladen (1978), American Journal of Epidemiology 107, 71-76, for the rate; Clopper
    and Pearson (1934), Biometrika 26, 404-413, and Bonferroni's inequality for the bound.

    Attributes:
        judged: outputs with a verdict.
        judge_passed: of those, how many the judge passed.
        people_passed: labelled outputs that people passed.
        upheld: of those, how many the judge passed.
        people_failed: labelled outputs that people failed.
        missed: of those, how many the judge passed.

    Example: the judge passed 880 of 1000; it passed 97 of 100 good outputs and 5 of 50 bad ones.
        >>> seen = Transported(1000, 880, 100, 97, 50, 5)
        >>> round(seen.estimate, 3), round(seen.lower(0.05), 3)
        (0.897, 0.819)
    """

    judged: int
    judge_passed: int
    people_passed: int
    upheld: int
    people_failed: int
    missed: int

    def refusal(self) -> NotEstimable | None:
        """Return why the labels cannot carry a rate, if they cannot."""
        if self.people_passed == 0:
            return NotEstimable(
                "people passed no labelled output, so how often the judge is right about one is not known"
            )
        if self.people_failed < LEAST_FAILURES:
            return NotEstimable(
                f"people failed {self.people_failed} labelled outputs; it takes {LEAST_FAILURES} to tell how often the judge misses one"
            )
        skill = _low(self.upheld, self.people_passed, 0.025) - _high(self.missed, self.people_failed, 0.025)
        if skill <= LEAST_SKILL:
            return NotEstimable("the judge is not shown to tell good outputs from bad ones")
        return None

    @cached_property
    def estimate(self) -> float:
        """The rate that explains the judge's pass rate, kept within 0 and 1."""
        fpr, tpr = self.missed / self.people_failed, self.upheld / self.people_passed
        return min(max((self.judge_passed / self.judged - fpr) / (tpr - fpr), 0.0), 1.0)

    @property
    def spread(self) -> float:
        """The standard error of the rate times the root of the number of outputs, by the delta method; for display."""
        fpr, tpr, q = (
            self.missed / self.people_failed,
            self.upheld / self.people_passed,
            self.judge_passed / self.judged,
        )
        variance = q * (1 - q) / self.judged
        variance += self.estimate**2 * tpr * (1 - tpr) / self.people_passed
        variance += (1 - self.estimate) ** 2 * fpr * (1 - fpr) / self.people_failed
        return math.sqrt(variance * self.judged) / (tpr - fpr)

    def mirrored(self) -> Transported:
        """Return the same with passes and failures of judge and people swapped, for claims from below."""
        return Transported(
            self.judged,
            self.judged - self.judge_passed,
            self.people_failed,
            self.people_failed - self.missed,
            self.people_passed,
            self.people_passed - self.upheld,
        )

    def lower(self, alpha: float) -> float:
        """Return the bound that is above the rate with a chance of at most `alpha`."""
        share = alpha / 3.0
        q = _low(self.judge_passed, self.judged, share)
        fpr = _high(self.missed, self.people_failed, share)
        tpr = _high(self.upheld, self.people_passed, share)
        return 0.0 if q <= fpr or tpr <= fpr else min((q - fpr) / (tpr - fpr), 1.0)

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the rate is at most the bar": the least error at which the bound reaches it."""
        low, high = 0.0, 1.0 - _RESOLUTION
        if bar >= 1.0 or self.lower(high) < bar:
            return 1.0
        while high - low > _RESOLUTION * high and high > 1e-300:
            middle = (low + high) / 2.0
            low, high = (low, middle) if self.lower(middle) >= bar else (middle, high)
        return high


def _low(k: int, n: int, alpha: float) -> float:
    return 0.0 if k == 0 else float(betaincinv(k, n - k + 1, alpha))


def _high(k: int, n: int, alpha: float) -> float:
    return 1.0 if k == n else float(betainccinv(k + 1, n - k, alpha))
