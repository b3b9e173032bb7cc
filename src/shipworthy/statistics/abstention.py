"""When to answer: the confidence from which on outputs are shown to be good often enough."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shipworthy.statistics import validate
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable

LEAST_ANSWERED = 60
"""A fixed sequence starts at a threshold that at least so many cases reach; fewer show little."""

PART_ANSWERED = 4
"""... and that at least one in so many of all cases reaches."""

GRID = (*(i / 20 for i in range(20)), 0.97, 0.98, 0.99)
"""The thresholds that are asked about, of a confidence from 0 to 1: fixed here, before anybody has looked."""

Method = Literal["fixed sequence", "Bonferroni"]


@dataclass(frozen=True)
class Step:
    """One threshold of the grid.

    Attributes:
        threshold: confidence from which on the feature would answer.
        answered: cases it would answer.
        passed: of those, how many passed.
        p_value: of "of the answered, at most the bar pass".
        shown: whether the bar is shown to hold there.

    Assumptions: those of `answer_from`. Source: as there. Example:
        >>> Step(0.8, 100, 97, 0.01, True).passed
        97
    """

    threshold: float
    answered: int
    passed: int
    p_value: float
    shown: bool


@dataclass(frozen=True)
class Abstention:
    """The threshold chosen, and what it costs in answers.

    Attributes:
        steps: every threshold of the grid, descending.
        chosen: the step from whose threshold on the feature answers.
        cases: all cases, answered or not.
        method: how the error was shared among thresholds.

    Assumptions: those of `answer_from`. Source: as there. Example:
        >>> made = answer_from({0.5: (100, 80), 0.9: (100, 99)}, cases=220, bar=0.9, alpha=0.05)
        >>> made.threshold, round(made.coverage, 3), made.refused
        (0.9, 0.455, 120)
    """

    steps: tuple[Step, ...]
    chosen: Step
    cases: int
    method: Method

    @property
    def threshold(self) -> float:
        """Confidence from which on the feature answers."""
        return self.chosen.threshold

    @property
    def refused(self) -> int:
        """How many cases it would not answer."""
        return self.cases - self.chosen.answered

    @property
    def coverage(self) -> float:
        """The share of all cases that it answers."""
        return self.chosen.answered / self.cases

    def coverage_lower(self, alpha: float) -> float:
        """Return the lower bound of the share of the traffic answered, at this threshold as if it were given."""
        return GroupMean.from_counts(passed=self.chosen.answered, n=self.cases).lower(alpha)

    def share_to_ask(self, alpha: float) -> float:
        """Return a share answered, in whole hundredths, that as many new cases show in about four of five launches.

        It is the lower bound at a tenth of the error: as far below what was seen as its own bound and the luck of the
        new cases reach together.
        """
        return max(math.floor(100 * self.coverage_lower(alpha / 10)), 1) / 100


def answer_from(
    grid: Mapping[float, tuple[int, int]],
    *,
    cases: int,
    bar: float,
    alpha: float,
    method: Method = "fixed sequence",
) -> Abstention | NotEstimable:
    """Choose the lowest confidence from which on the rate among answered cases is shown to reach the bar.

    Estimand: for every threshold of the grid, the share that passes of the cases whose confidence reaches it.

    With "fixed sequence" thresholds are tested at alpha in full, downwards from the highest one that
    at least 60 cases and a quarter of all reach, until one is not shown. With "Bonferroni" each is
    tested at alpha over their number, and the lowest one shown is taken.

    Args:
        grid: threshold to (cases, passed) of the cases whose confidence reaches it but not the next higher one.
        cases: all cases, those below the lowest threshold included.
        bar: wanted rate among answered cases, in (0, 1).
        alpha: chance, in (0, 1), of choosing a threshold at which the rate is under the bar.
        method: how the error is shared.

    Returns:
        The threshold with what is kept, or why there is none.

    Raises:
        TypeError: a count is no whole number, or another argument no number.
        ValueError: an argument is outside its range, or the counts do not add up.

    Assumptions: the grid was fixed before looking; cases are independent and drawn alike from the traffic.
    The fixed sequence also takes it that higher confidence is no worse: where it is worse the start,
    which depends on how many cases are confident, could lean on luck (not seen in simulations), and far
    less is kept. Bonferroni needs nothing of the kind.

    Source: Angelopoulos, Bates, Candes, Jordan and Lei (2021), arXiv:2110.01052, on Learn then Test;
    Clopper and Pearson (1934), Biometrika 26, 404-413, for the p-values.

    Example: three steps of a hundred cases each.
        >>> made = answer_from(
        ...     {0.5: (100, 70), 0.7: (100, 95), 0.9: (100, 98)}, cases=300, bar=0.9, alpha=0.05
        ... )
        >>> made.threshold, made.chosen.answered, round(made.chosen.p_value, 4)
        (0.7, 200, 0.0005)
        >>> answer_from({0.5: (30, 30)}, cases=300, bar=0.9, alpha=0.05)
        NotEstimable(reason='no threshold is reached by 75 cases')
    """
    bar = validate.between("bar", bar)
    alpha = validate.between("alpha", alpha)
    tested = steps_of(grid, cases=cases, bar=bar)
    if method == "Bonferroni":
        marked = [_mark(step, shown=step.p_value <= alpha / len(tested)) for step in tested]
        why = "no threshold is shown to reach the bar"
    else:
        least = least_answered(cases)
        going, marked = True, []
        for step in tested:
            going = going and (step.answered < least or step.p_value <= alpha)
            marked.append(_mark(step, shown=going and step.answered >= least))
        start = next((step for step in tested if step.answered >= least), None)
        why = f"no threshold is reached by {least} cases"
        if start is not None:
            why = f"the first threshold that {least} cases reach, {start.threshold:g}, is not shown to reach the bar"
    shown = [step for step in marked if step.shown]
    return Abstention(tuple(marked), shown[-1], cases, method) if shown else NotEstimable(why)


def least_answered(cases: int) -> int:
    """Return how many cases the threshold at which a fixed sequence starts has to be reached by.

    Assumptions: none. Source: house rule, see docs/methods/abstention.md. Example:
        >>> least_answered(120), least_answered(440)
        (60, 110)
    """
    return max(LEAST_ANSWERED, -(-cases // PART_ANSWERED))


def steps_of(grid: Mapping[float, tuple[int, int]], *, cases: int, bar: float) -> list[Step]:
    """Return every threshold of a grid from the highest down, none of them marked as shown.

    Args:
        grid: as for `answer_from`.
        cases: as for `answer_from`.
        bar: as for `answer_from`.

    Raises:
        TypeError: a count is no whole number, or another argument no number.
        ValueError: an argument is outside its range, or the counts do not add up.

    Assumptions: those of `answer_from`. Source: Clopper and Pearson (1934), for the p-values.

    Example: what lies at a threshold includes what lies above it.
        >>> [
        ...     (s.threshold, s.answered, s.passed)
        ...     for s in steps_of({0.5: (9, 5), 0.9: (8, 8)}, cases=20, bar=0.9)
        ... ]
        [(0.9, 8, 8), (0.5, 17, 13)]
    """
    cases, bar = validate.count("cases", cases, least=1), validate.between("bar", bar)
    if not grid:
        raise ValueError("grid must hold at least one threshold, got none")
    steps, answered, passed = [], 0, 0
    for threshold in sorted((validate.number("threshold", t) for t in grid), reverse=True):
        more, good = (validate.count(f"count at {threshold:g}", v) for v in grid[threshold])
        if good > more:
            raise ValueError(f"passed must be at most the {more} cases at {threshold:g}, got {good}")
        answered, passed = answered + more, passed + good
        p = GroupMean.from_counts(passed=passed, n=answered).p_above(bar) if answered else 1.0
        steps.append(Step(threshold, answered, passed, p, shown=False))
    if answered > cases:
        raise ValueError(f"cases must be at least the {answered} of the grid, got {cases}")
    return steps


def _mark(step: Step, *, shown: bool) -> Step:
    return Step(step.threshold, step.answered, step.passed, step.p_value, shown)
