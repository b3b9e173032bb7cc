"""The pass rate of groups of several outputs, from a judge's verdicts on all and labels on some.

Each group gives one value whose mean over groups is the rate, made of its own verdicts and labels only,
so that groups stay independent and Gaffke's bound applies: for each verdict, the share of the group's
outputs with it times the share of its labels that pass. A verdict without a label in a group counts as not
passed; where labels are a random draw the verdicts that did get one are weighted up by the chance of that.
Values may then exceed 1, which costs nothing: a bound from below only asks that they are not negative.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from shipworthy.statistics import gaffke
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
    """Return one value per group that carries a label, for a claim from below.

    Estimand: the mean over groups of the mean over the group's cases of the share of outputs passed.

    Args:
        groups: distinct groups with the number of each; at least one carries a label.
        chosen: "random" among all outputs, or "by_verdict".

    Assumptions: groups are independent. For "random", the labelled outputs are a random draw. For
    "by_verdict", which groups carry labels is not decided by their verdicts, and in each group the labelled
    outputs of a verdict are a random draw of those with that verdict.

    Source: Horvitz and Thompson (1952), Journal of the American Statistical Association 47, 663-685,
    within the group; Gaffke (2005), whose test is for a variable that is not negative, over groups.

    Example: the judge passed 10 of 12; of its passes the one labelled is right, of the others none is labelled.
        >>> group = (JudgedCase(12, 10, 1, 1, 0, 0),)
        >>> group_evidence(((group, 30),), "by_verdict").values[0].__round__(4)
        0.8333
    """
    histogram: Counter[float] = Counter()
    for group, count in groups:
        if any(case.labels for case in group):
            histogram[_value(group, chosen) + 0.0] += count
    values = tuple(sorted(histogram))
    return GroupEvidence(values, tuple(histogram[v] for v in values))


def _value(group: JudgedGroup, chosen: str) -> float:
    outputs = sum(case.planned for case in group)
    labels = sum(case.labels for case in group)
    value = 0.0
    for cells in (
        [(c.planned, c.passed, c.labelled_passed, c.upheld) for c in group],
        [(c.planned, c.planned - c.passed, c.labelled_failed, c.rescued) for c in group],
    ):
        here, labelled = sum(c[1] for c in cells), sum(c[2] for c in cells)
        if labelled == 0:
            continue
        chance = 1.0 - _chance_of_none(outputs, here, labels) if chosen == "random" else 1.0
        share = math.fsum(good / planned for planned, _, _, good in cells) / len(group)
        value += share * here / labelled / chance
    return value


def _chance_of_none(outputs: int, here: int, labels: int) -> float:
    """Return the chance that none of so many random labels falls on one of the outputs `here`."""
    return math.comb(outputs - here, labels) / math.comb(outputs, labels)


def counted(groups: Iterable[tuple[JudgedGroup, int]]) -> Counted:
    """Gather equal groups, and leave out those that occur no time.

    Assumptions: none. Source: house rule. Example:
        >>> group = (JudgedCase(1, 1, 0, 0, 0, 0),)
        >>> counted([(group, 2), (group, 1)])[0][1]
        3
    """
    total: Counter[JudgedGroup] = Counter()
    for group, count in groups:
        total[tuple(JudgedCase(*case) for case in group)] += count
    return tuple(sorted((g, c) for g, c in total.items() if c))
