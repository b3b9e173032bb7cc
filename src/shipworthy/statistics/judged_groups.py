"""The pass rate of groups of several outputs, from a judge's verdicts on all and labels on some.

Each group gives one value whose mean over groups is the rate, or less, made of its own verdicts and labels
only, so that groups stay independent and Gaffke's bound applies.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from shipworthy.statistics import gaffke, validate
from shipworthy.statistics.exponential_sum import Floats


class JudgedCase(NamedTuple):
    """One case of a group: the judge's verdicts on its outputs, and labels on some of them.

    Assumptions: a label is the truth about its output. Source: house rule.

    Attributes:
        planned: outputs, those without an answer included.
        passed: outputs that the judge passed.
        labelled_passed: of those, how many a person labelled.
        upheld: of those, how many the person passed.
        labelled_failed: labelled outputs among those that the judge did not pass.
        rescued: of those, how many the person passed.

    Example: three repeats, two passed by the judge, one of which a person looked at and passed.
        >>> JudgedCase(planned=3, passed=2, labelled_passed=1, upheld=1, labelled_failed=0, rescued=0).labels
        1
    """

    planned: int
    passed: int
    labelled_passed: int
    upheld: int
    labelled_failed: int
    rescued: int

    @property
    def labels(self) -> int:
        """How many outputs of the case carry a label."""
        return self.labelled_passed + self.labelled_failed

    def mirrored(self) -> JudgedCase:
        """Return the case with a person's passes and failures swapped."""
        return self._replace(
            upheld=self.labelled_passed - self.upheld, rescued=self.labelled_failed - self.rescued
        )


JudgedGroup = tuple[JudgedCase, ...]
Counted = tuple[tuple[JudgedGroup, int], ...]


@dataclass(frozen=True)
class GroupEvidence:
    """Values of groups, none negative, whose mean is at most the rate; p-values and bounds from below.

    Assumptions: as for `group_evidence`. Source: as for `group_evidence`.

    Attributes:
        values: distinct values, ascending.
        counts: how many groups have each.

    Example: thirty groups that pass throughout.
        >>> round(GroupEvidence((1.0,), (30,)).lower(0.05), 3)
        0.905
    """

    values: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def estimate(self) -> float:
        """The mean of the values."""
        return math.fsum(v * c for v, c in zip(self.values, self.counts, strict=True)) / sum(self.counts)

    @property
    def spread(self) -> float:
        """The standard deviation of the values."""
        values, counts = self.arrays
        return math.sqrt(float(counts @ (values - self.estimate) ** 2) / max(float(counts.sum()) - 1.0, 1.0))

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the mean is at most the bar"."""
        return gaffke.p_mean_above(*self.arrays, bar)

    def lower(self, alpha: float) -> float:
        """Return the bound that is above the mean with a chance of at most `alpha`."""
        return min(gaffke.lower_bound(*self.arrays, alpha), 1.0)

    @property
    def arrays(self) -> tuple[Floats, Floats]:
        """The values and their counts."""
        return np.array(self.values), np.array(self.counts, dtype=np.float64)


def group_evidence(groups: Counted, chosen: Literal["random", "by_verdict"]) -> GroupEvidence:
    """Return one value for each group that counts, for a claim from below.

    Estimand: the mean over groups of the mean over the group's cases of the share of outputs passed.

    Args:
        groups: distinct groups with the number of each; at least one carries a label.
        chosen: "random" among all outputs, or "by_verdict".

    Returns:
        For "random", what the labels of each labelled group say: the judge adds nothing that survives the
        small number of groups. For "by_verdict", for each verdict in the group the share of outputs with
        it times the share of its labels that pass; a verdict without a label counts as not passed. Groups
        without any label are left out where nearly all others are labelled for every verdict that occurs
        in them, as the label plan does it; else they count as not passed too.

    Assumptions: groups are independent. For "random", the labelled outputs are a random draw. For
    "by_verdict", the labelled outputs of a verdict in a group are a random draw of those there, and
    groups to label were taken in an order that knows neither verdicts nor outcomes.

    Source: Cochran (1977), Sampling Techniques, chapter 5, on strata within the group; Gaffke (2005),
    Mathematical Methods of Statistics 14(4), 451-467, over groups.

    Example: the judge passed 10 of 12; of its passes the one labelled is right, of the others none is labelled.
        >>> group = (JudgedCase(12, 10, 1, 1, 0, 0),)
        >>> round(group_evidence(((group, 30),), "by_verdict").values[0], 4)
        0.8333
    """
    value = _by_labels if chosen == "random" else _by_verdict
    histogram: Counter[float] = Counter()
    for group, count in groups:
        if any(case.labels for case in group):
            histogram[value(group)] += count
    if chosen == "by_verdict" and not _follows_the_plan(groups):
        unlabelled = sum(n for group, n in groups if not any(case.labels for case in group))
        histogram[0.0] += unlabelled
    values = tuple(sorted(v for v, n in histogram.items() if n))
    return GroupEvidence(values, tuple(histogram[v] for v in values))


def _by_labels(group: JudgedGroup) -> float:
    outputs, labels = sum(c.planned for c in group), sum(c.labels for c in group)
    good = math.fsum((c.upheld + c.rescued) / c.planned for c in group)
    return good * outputs / (labels * len(group))


def _by_verdict(group: JudgedGroup) -> float:
    passed, failed = sum(c.passed for c in group), sum(c.planned - c.passed for c in group)
    upheld = math.fsum(c.upheld / c.planned for c in group) * passed
    rescued = math.fsum(c.rescued / c.planned for c in group) * failed
    value = upheld / max(sum(c.labelled_passed for c in group), 1)
    return (value + rescued / max(sum(c.labelled_failed for c in group), 1)) / len(group)


def _follows_the_plan(groups: Counted) -> bool:
    """Say whether labelled groups have a label for each of their verdicts, but for one in ten, or one."""
    labelled = partly = 0
    for group, count in groups:
        here = [(c.passed, c.labelled_passed, c.planned - c.passed, c.labelled_failed) for c in group]
        passed, of_passed, failed, of_failed = (sum(column) for column in zip(*here, strict=True))
        if of_passed + of_failed:
            labelled += count
            partly += count * ((passed > 0 and of_passed == 0) or (failed > 0 and of_failed == 0))
    return partly <= max(1, labelled // 10)


def counted(groups: Iterable[tuple[JudgedGroup, int]]) -> Counted:
    """Check groups, gather equal ones, and leave out those that occur no time.

    Raises:
        TypeError: a count is no whole number.
        ValueError: counts contradict each other, or there is no group.

    Assumptions: none. Source: house rule. Example:
        >>> group = (JudgedCase(1, 1, 0, 0, 0, 0),)
        >>> counted([(group, 2), (group, 1)])[0][1]
        3
    """
    total: Counter[JudgedGroup] = Counter()
    for group, count in groups:
        total[tuple(_checked(JudgedCase(*case)) for case in group)] += validate.count(
            "count of a group", count
        )
    if not sum(total.values()):
        raise ValueError("groups must hold at least one group, got none")
    return tuple(sorted((g, c) for g, c in total.items() if c))


def _checked(case: JudgedCase) -> JudgedCase:
    for name, value in zip(JudgedCase._fields, case, strict=True):
        validate.count(name, value, least=int(name == "planned"))
    for name, most, of in (
        ("passed", case.planned, "planned"),
        ("labelled_passed", case.passed, "passed"),
        ("upheld", case.labelled_passed, "labelled_passed"),
        ("labelled_failed", case.planned - case.passed, "planned - passed"),
        ("rescued", case.labelled_failed, "labelled_failed"),
    ):
        if getattr(case, name) > most:
            raise ValueError(f"{name} must be at most {of} = {most}, got {getattr(case, name)}")
    return case
