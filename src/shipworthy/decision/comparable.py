"""Whether two series of scores may be compared: only when one ruler measured both."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from shipworthy.statistics import validate
from shipworthy.statistics.difference import PairedDifference

Place = tuple[str, int]
"""A case and which repeat of it."""


@dataclass(frozen=True)
class Scored:
    """One variant's scores by one scorer.

    Attributes:
        variant: what made the outputs.
        scorer: what scored them, with its version: two names mean two rulers.
        scores: (case, repeat) to score in [0, 1]; what was planned and is unscored stands as 0.
        outputs: a fingerprint of the outputs, where there is one; equal ones are the same outputs.
    """

    variant: str
    scorer: str
    scores: Mapping[Place, float]
    outputs: str = ""

    def __post_init__(self) -> None:
        """Refuse an empty series and scores off the scale."""
        if not self.scores:
            raise ValueError(f"scores of {self.variant} must hold at least one, got none")
        for place, score in self.scores.items():
            validate.within(f"score of {place!r}", score, low=0.0, high=1.0)

    @property
    def cases(self) -> dict[str, Fraction]:
        """The mean score of each case over its repeats."""
        by_case: defaultdict[str, list[Fraction]] = defaultdict(list)
        for (case, _), score in self.scores.items():
            by_case[case].append(Fraction(score))
        return {case: sum(scores, Fraction(0)) / len(scores) for case, scores in by_case.items()}

    @property
    def mean(self) -> float:
        """The mean over cases, each counting once."""
        return float(sum(self.cases.values(), Fraction(0)) / len(self.cases))


@dataclass(frozen=True)
class Compared:
    """Two series by one ruler on the same cases: their difference means something."""

    before: float
    after: float
    gain: PairedDifference


@dataclass(frozen=True)
class Rescored:
    """The same outputs scored twice: the whole change belongs to the scorer, none of it to the feature.

    Attributes:
        before: the mean under the first scorer.
        after: the mean under the second.
        raised: outputs that the second scored higher.
        lowered: outputs that it scored lower.
        unchanged: outputs with the same score.
        scorers: the two names; equal ones mean a scorer that does not repeat itself.
    """

    before: float
    after: float
    raised: int
    lowered: int
    unchanged: int
    scorers: tuple[str, str]

    @property
    def one_way(self) -> bool:
        """Whether all changes go in one direction, as they do when a scorer became more or less strict."""
        return (self.raised == 0) != (self.lowered == 0)

    @property
    def reason(self) -> str:
        """Say in one clause what was found."""
        total = self.raised + self.lowered + self.unchanged
        return f"the same {total} outputs were scored twice: {self.raised} raised, {self.lowered} lowered"


@dataclass(frozen=True)
class Incomparable:
    """No difference is reported, and why."""

    reason: str
    remedy: str = field(default="score both variants with one scorer")


def compare(
    before: Scored, after: Scored, *, groups: Mapping[str, str] | None = None
) -> Compared | Rescored | Incomparable:
    """Compare two series of scores, or say why not.

    Args:
        before: the baseline, or the earlier scores.
        after: the candidate, or the later scores.
        groups: case to group, for cases that stand or fall together; a case not named is its own.

    Returns:
        `Rescored` where the outputs are the same ones; `Incomparable` where different scorers scored different
        outputs, or where the cases differ; else `Compared`.

    >>> old = Scored("a", "scorer 1", {("x", 1): 0, ("y", 1): 1})
    >>> new = Scored("a", "scorer 2", {("x", 1): 1, ("y", 1): 1})
    >>> compare(old, new).reason
    'the same 2 outputs were scored twice: 1 raised, 0 lowered'
    >>> compare(old, Scored("b", "scorer 2", {("x", 1): 1, ("y", 1): 1})).reason
    'different scorers, different outputs: scorer 1 scored a, scorer 2 scored b'
    """
    if _same_outputs(before, after):
        return _rescored(before, after)
    if before.scorer != after.scorer:
        scored = f"{before.scorer} scored {before.variant}, {after.scorer} scored {after.variant}"
        return Incomparable(f"different scorers, different outputs: {scored}")
    first, second = before.cases, after.cases
    if first.keys() != second.keys():
        alone = f"{len(first.keys() - second.keys())} only of {before.variant}, "
        alone += f"{len(second.keys() - first.keys())} only of {after.variant}"
        return Incomparable(f"not the same cases: {alone}", "run both variants on the same cases")
    return Compared(before.mean, after.mean, _gain(first, second, groups or {}))


def _same_outputs(before: Scored, after: Scored) -> bool:
    """Say whether both series score the very same outputs, by fingerprint or else by variant and place."""
    if before.outputs and after.outputs:
        return before.outputs == after.outputs and before.scores.keys() == after.scores.keys()
    return before.variant == after.variant and before.scores.keys() == after.scores.keys()


def _rescored(before: Scored, after: Scored) -> Rescored:
    moves = Counter(
        math.copysign(1, after.scores[p] - s) if after.scores[p] != s else 0 for p, s in before.scores.items()
    )
    return Rescored(before.mean, after.mean, moves[1], moves[-1], moves[0], (before.scorer, after.scorer))


def _gain(
    first: Mapping[str, Fraction], second: Mapping[str, Fraction], groups: Mapping[str, str]
) -> PairedDifference:
    """Return the gain by group; exact until the last step, so that equal gains are one value."""
    by_group: defaultdict[tuple[bool, str], list[Fraction]] = defaultdict(list)
    for case, score in first.items():
        key = (True, groups[case]) if case in groups else (False, case)
        by_group[key].append(second[case] - score)
    means = (float(sum(gains, Fraction(0)) / len(gains)) for gains in by_group.values())
    return PairedDifference.from_histogram(Counter(means))
