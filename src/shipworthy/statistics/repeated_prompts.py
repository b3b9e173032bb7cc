"""How often hand-picked prompts pass when they are asked again, and whether that differs from another rate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

from scipy.special import betainc, betaincc

from shipworthy.statistics import validate

CELLS = 400
"""The common rate is searched in so many steps, each taken at its worst."""


class _Tested(Protocol):
    """A rate with one-sided p-values; `GroupMean` is one."""

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the rate is at most the bar"."""
        ...

    def p_below(self, bar: float) -> float:
        """Return the p-value of "the rate is at least the bar"."""
        ...


@dataclass(frozen=True)
class RepeatedPrompts:
    """The mean chance to pass of prompts that somebody picked, each asked several times.

    Estimand: the share that would pass if these very prompts were asked again for ever, each equally
    often. It says nothing of prompts that nobody picked.

    Assumptions: answers are independent of each other, given the prompt; prompts may differ in any way
    in how often they pass. It fails when answers are cached: equal answers then count as several.

    Source: Hoeffding (1956), Annals of Mathematical Statistics 27, 713-721, theorem 4: while the expected
    number of passes is at most s - 1, s or more passes are likeliest when all prompts pass alike. There
    the p-value is the binomial one, elsewhere 1; for s = 1 it is the sum of the chances.

    Attributes:
        passed: answers that passed.
        asked: answers asked for; one that is missing or unscored did not pass.

    Example: 27 of 30 answers passed; could it be 8 of 10?
        >>> prompts = RepeatedPrompts(passed=27, asked=30)
        >>> round(prompts.p_above(0.8), 4), prompts.p_below(0.8)
        (0.1227, 1.0)
    """

    passed: int
    asked: int

    def __post_init__(self) -> None:
        """Refuse counts that cannot be."""
        asked = validate.count("asked", self.asked, least=1)
        if validate.count("passed", self.passed) > asked:
            raise ValueError(f"passed must be at most asked = {asked}, got {self.passed}")

    @property
    def estimate(self) -> float:
        """The share seen."""
        return self.passed / self.asked

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the rate is at most the bar"; small means it is shown to be above."""
        return _as_many(self.passed, self.asked, validate.within("bar", bar, low=0.0, high=1.0))

    def p_below(self, bar: float) -> float:
        """Return the p-value of "the rate is at least the bar"; small means it is shown to be below."""
        bar = validate.within("bar", bar, low=0.0, high=1.0)
        failed = self.asked - self.passed
        if failed <= 1:
            return 1.0 if failed == 0 else min(self.asked * (1.0 - bar), 1.0)
        alike = self.asked * (1.0 - bar) <= failed - 1
        return float(betaincc(self.passed + 1, failed, bar)) if alike else 1.0


def _as_many(passed: int, asked: int, rate: float) -> float:
    """Return a bound on the chance of so many passes or more, whatever the prompts' own chances are."""
    if passed <= 1:
        return 1.0 if passed == 0 else min(asked * rate, 1.0)
    alike = asked * rate <= passed - 1
    return float(betainc(passed, asked - passed + 1, rate)) if alike else 1.0


def difference_by_chance(first: _Tested, second: _Tested) -> float:
    """Return the p-value of "both rates are equal", for rates measured on different answers.

    Estimand: whether the two rates are the same.

    Args:
        first: a rate with its p-values.
        second: another, from other answers.

    Returns:
        At most 1. At any common rate both p-values of one direction are independent, so Fisher's combination
        of them is a p-value; the worst common rate counts, and twice the smaller of both directions.

    Assumptions: those of the two rates, and that their answers are independent of each other.

    Source: Fisher (1932), Statistical Methods for Research Workers, 4th ed., section 21.1, for t - t ln t
    of the product t of two p-values; Berger and Boos (1994), Journal of the American Statistical
    Association 89, 1012-1016, for the largest p-value over what is not known.

    Example: 27 of 30, then 9 of 10, against 61 of 100 cases.
        >>> from shipworthy.statistics.group_mean import GroupMean
        >>> cases = GroupMean.from_counts(passed=61, n=100)
        >>> round(difference_by_chance(RepeatedPrompts(27, 30), cases), 4)
        0.0085
        >>> round(difference_by_chance(RepeatedPrompts(9, 10), cases), 2)
        0.27
    """
    points = [i / CELLS for i in range(CELLS + 1)]
    return min(1.0, 2.0 * min(_one_way(first, second, points), _one_way(second, first, points)))


def _one_way(higher: _Tested, lower: _Tested, points: list[float]) -> float:
    """Return the worst combination over all common rates, each step taken at its worst end."""
    above = [higher.p_above(point) for point in points]  # rises with the rate
    below = [lower.p_below(point) for point in points]  # falls with it
    product = max(a * b for a, b in zip(above[1:], below[:-1], strict=True))
    return product * (1.0 - math.log(product)) if product > 0.0 else 0.0


def told_apart(first: _Tested, second: _Tested, *, error: float = 0.05) -> Literal[-1, 0, 1]:
    """Say whether two rates differ by more than chance, and which is higher.

    Estimand: the sign of the difference of the two rates.

    Args:
        first: a rate with its p-values.
        second: another, from other answers.
        error: the chance to call equal rates different, at most; strictly between 0 and 1.

    Returns:
        1 when the first is higher, -1 when it is lower, 0 when chance could explain the difference.

    Assumptions: as `difference_by_chance`. Source: the same. Example:
        >>> from shipworthy.statistics.group_mean import GroupMean
        >>> cases = GroupMean.from_counts(passed=61, n=100)
        >>> told_apart(RepeatedPrompts(27, 30), cases), told_apart(cases, RepeatedPrompts(27, 30))
        (1, -1)
        >>> told_apart(RepeatedPrompts(9, 10), cases)
        0
    """
    validate.between("error", error)
    points = [i / CELLS for i in range(CELLS + 1)]
    up, down = _one_way(first, second, points), _one_way(second, first, points)
    if 2.0 * min(up, down) > error:
        return 0
    return 1 if up < down else -1
