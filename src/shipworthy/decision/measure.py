"""From counts to a number: one estimand on one slice, as a mean of group means in [0, 1] or [-1, 1].

Every estimand becomes a mean over groups, each group counting once: the share passed (rate), the
chance that k repeats all pass (all_of_k), the gain over the baseline (difference), the share within
the bar (quantile), the favourable part of the scale (mean).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shipworthy.decision.answered import answered
from shipworthy.decision.judged import judged
from shipworthy.decision.looking import Mean
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import CaseTally, GroupTally
from shipworthy.statistics.all_of_k import all_of_k, any_of_k
from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.scaled_mean import STEPS

MIN_GROUPS = 10
"""Fewer groups of several cases than this cannot tell: one unusual group would decide."""

SAME = 1e-12
"""A gain below this is none: thirds that cancel leave a trace in binary fractions."""


@dataclass(frozen=True)
class Counts:
    """Planned = passed + failed + unscored + no answer + handed over, over the cases of one slice."""

    planned: int = 0
    passed: int = 0
    unscored: int = 0
    no_answer: int = 0
    cases: int = 0
    groups: int = 0
    repeats: int = 0
    largest_group: int = 0
    handed_over: int = 0
    """Where surer outputs alone are answered: the others."""

    @property
    def failed(self) -> int:
        """Answered, scored, and not passed."""
        return self.planned - self.passed - self.unscored - self.no_answer - self.handed_over


@dataclass(frozen=True)
class Measured:
    """Counts, and the mean over groups or the reason there is none."""

    counts: Counts
    mean: Mean | NotEstimable
    flips: dict[str, int] | None = None


Picked = list[tuple[GroupTally, int]]


def within(groups: Iterable[tuple[GroupTally, int]], cells: frozenset[int]) -> Picked:
    """Keep of each group the cases in the given cells; groups without any fall away."""
    picked: Counter[GroupTally] = Counter()
    for group, count in groups:
        if len(group) == 1:  # as most are
            if group[0].cell in cells:
                picked[group] += count
        elif kept := tuple([case for case in group if case.cell in cells]):
            picked[kept] += count
    return sorted(picked.items())


def measure(criterion: Criterion, picked: Picked) -> Measured:
    """Measure one criterion on the groups of one slice.

    Args:
        criterion: what is asked.
        picked: distinct group outcomes with their number, as `within` returns them.

    Returns:
        The counts, and a mean over groups with bounds, or why it cannot be estimated.
    """
    counts = counts_of(picked)
    refused = refusal(criterion, counts, picked)
    if refused is not None:
        return Measured(counts, refused)
    if criterion.estimand == "difference":
        return _difference(counts, picked)
    if criterion.labels is not None:
        return Measured(counts, judged(criterion.labels, picked))
    if criterion.answered is not None:
        return Measured(counts, answered(picked, least_groups=MIN_GROUPS))
    return Measured(counts, GroupMean.from_histogram(group_values(criterion, picked)))


def group_values(criterion: Criterion, picked: Picked) -> dict[float, int]:
    """Return how many groups have which value in [0, 1] under a criterion that is no difference."""
    return _group_means(picked, _case_value(criterion))


def counts_of(picked: Picked) -> Counts:
    """Count the outputs, cases and groups of a slice."""
    planned = passed = unscored = no_answer = handed_over = cases = groups = largest = repeats = 0
    for group, count in picked:
        groups += count
        cases += count * len(group)
        largest = max(largest, len(group))
        for case in group:
            planned += count * case.planned
            passed += count * case.passed
            unscored += count * case.unscored
            no_answer += count * case.no_answer
            handed_over += count * case.handed_over
            repeats = max(repeats, case.planned)
    return Counts(planned, passed, unscored, no_answer, cases, groups, repeats, largest, handed_over)


def refusal(criterion: Criterion, counts: Counts, picked: Picked) -> NotEstimable | None:
    """Say why nothing can be estimated; None when it can."""
    if counts.planned == 0:
        return NotEstimable("nothing recorded in this slice yet")
    if counts.largest_group > 1 and counts.groups < MIN_GROUPS:
        return NotEstimable(f"{counts.groups} groups of several cases cannot tell; it takes {MIN_GROUPS}")
    least = min(case.planned for group, _ in picked for case in group)
    if criterion.k is not None and least < criterion.k:
        return NotEstimable(
            f"{criterion.estimand.split('_')[0]} of {criterion.k} repeats needs {criterion.k} repeats of each case, the plan has {least}"
        )
    if criterion.estimand == "difference" and any(
        c.against_planned == 0 for group, _ in picked for c in group
    ):
        return NotEstimable("the baseline has no planned outputs on these cases")
    return None


def _case_value(criterion: Criterion) -> Callable[[CaseTally], float]:
    if criterion.k is not None:
        k, of_k = criterion.k, any_of_k if criterion.estimand == "any_of_k" else all_of_k
        return lambda case: of_k(case.passed, case.planned, k)
    if criterion.estimand == "mean":
        return lambda case: case.points / (case.planned * STEPS)
    return lambda case: case.passed / case.planned


def _group_means(picked: Picked, value: Callable[[CaseTally], float]) -> dict[float, int]:
    histogram: Counter[float] = Counter()
    for group, count in picked:
        histogram[sum(value(case) for case in group) / len(group)] += count
    return dict(histogram)


def _difference(counts: Counts, picked: Picked) -> Measured:
    gain = _group_means(picked, lambda c: c.passed / c.planned - c.against_passed / c.against_planned)
    flips = {
        "fixed": sum(n for d, n in gain.items() if d > SAME),
        "broken": sum(n for d, n in gain.items() if d < -SAME),
        "unchanged": sum(n for d, n in gain.items() if abs(d) <= SAME),
    }
    return Measured(counts, PairedDifference.from_histogram(gain), flips)
