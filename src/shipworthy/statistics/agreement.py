"""How far raters agree: the plain share, what share each label has, and what is left beyond chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial

from shipworthy.statistics import chance_agreement, validate
from shipworthy.statistics.chance_agreement import NO_PAIRS, ONE_LABEL, Coefficient, Sums
from shipworthy.statistics.display_interval import Interval
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable

Pattern = tuple[str | None, ...]
"""The label each rater gave to one case, in a fixed order of raters; None where a rater gave none."""
Group = tuple[Pattern, ...]
"""The patterns of cases that stand or fall together."""
_Value = Callable[[Pattern], Fraction]


@dataclass(frozen=True)
class Ratings:
    """Labels that two or more raters gave to the same cases, missing ones allowed.

    Estimand: agreement of such raters on the cases that the sampled groups stand for. A case with fewer
    than two ratings says nothing about agreement and is counted apart. In the coefficients every case
    with two or more ratings counts once (in Krippendorff's alpha: once for each rating); in raw
    agreement and the shares of labels every group counts once.

    Assumptions: groups are independent and drawn alike; raters labelled without seeing each other's
    labels; nobody removed the cases on which they differed. Missing labels are missing whatever the
    label would have been. Intervals of the coefficients are approximate: their coverage is measured.

    Source: Cohen (1960); Fleiss (1971); Krippendorff (2004), section 11.3; Gwet (2008) and, for missing
    labels, Gwet (2014), chapter 2. See `chance_agreement` for the places.

    Attributes:
        labels: every label that could be given, also those that nobody used.
        kinds: each distinct group and how many there are of it.

    Example: two raters; rare failures make kappa low although they agree on 92 of 100.
        >>> ratings = Ratings.from_patterns(
        ...     {("pass", "pass"): 90, ("pass", "fail"): 4, ("fail", "pass"): 4, ("fail", "fail"): 2},
        ...     labels=("pass", "fail"),
        ... )
        >>> raw, kappa, ac1 = ratings.raw_agreement(), ratings.cohen_kappa(), ratings.gwet_ac1()
        >>> round(raw.estimate, 2), round(kappa.estimate, 2), round(ac1.estimate, 2)
        (0.92, 0.29, 0.91)
        >>> round(kappa.lower, 2), round(kappa.upper, 2)
        (-0.07, 0.65)
    """

    labels: tuple[str, ...]
    kinds: tuple[tuple[Group, int], ...]

    @classmethod
    def from_patterns(cls, histogram: Mapping[Pattern, int], *, labels: Sequence[str]) -> Ratings:
        """Build from the number of cases with each pattern, every case its own group.

        Args:
            histogram: pattern to number of cases; every pattern has a place for each rater.
            labels: every label that could be given, two or more.
        """
        return cls.from_groups({(pattern,): count for pattern, count in histogram.items()}, labels=labels)

    @classmethod
    def from_groups(cls, histogram: Mapping[Group, int], *, labels: Sequence[str]) -> Ratings:
        """Build from the number of groups with each collection of patterns.

        Args:
            histogram: the patterns of a group's cases to number of groups like it.
            labels: every label that could be given, two or more.

        Raises:
            TypeError: a count is no whole number.
            ValueError: there is no group or no case in one, patterns differ in length, fewer than two
                raters or labels, or a label is not in the list.
        """
        known = tuple(labels)
        if len(set(known)) != len(known) or len(known) < 2:
            raise ValueError(f"labels must be two or more different ones, got {known!r}")
        kinds: dict[Group, int] = {}
        for group, given in histogram.items():
            counted = validate.count(f"count of {group!r}", given)
            ordered = tuple(
                sorted(group, key=lambda pattern: [(label is not None, label) for label in pattern])
            )
            if counted:
                kinds[ordered] = kinds.get(ordered, 0) + counted
        _check(kinds, known)
        return cls(known, tuple(sorted(kinds.items(), key=lambda item: repr(item[0]))))

    @property
    def n_raters(self) -> int:
        """How many raters there are."""
        return len(self.kinds[0][0][0])

    @property
    def n_cases(self) -> int:
        """How many cases there are."""
        return sum(len(group) * count for group, count in self.kinds)

    @property
    def n_compared(self) -> int:
        """How many cases have ratings by two raters or more."""
        return sum(sum(map(_comparable, group)) * count for group, count in self.kinds)

    @property
    def n_groups(self) -> int:
        """How many groups have a case with ratings by two raters or more."""
        return sum(count for _, count in self._compared)

    def raw_agreement(self, *, level: float = 0.95) -> Interval | NotEstimable:
        """Return the share of pairs of ratings that are equal, with an interval that keeps its level.

        Each case's share counts once in its group's mean, each group once in the mean.
        """
        return self._group_mean(_agreement, level)

    def prevalence(self, *, level: float = 0.95) -> dict[str, Interval | NotEstimable]:
        """Return the share each label has of all ratings, over the cases that agreement is about."""
        return {label: self._group_mean(partial(_share, label), level) for label in self.labels}

    def cohen_kappa(self, *, level: float = 0.95) -> Interval | NotEstimable:
        """Return Cohen's kappa of exactly two raters."""
        if self.n_raters != 2:
            return NotEstimable(f"Cohen's kappa is of two raters, there are {self.n_raters}")
        return self._beyond_chance(chance_agreement.cohen, level)

    def fleiss_kappa(self, *, level: float = 0.95) -> Interval | NotEstimable:
        """Return Fleiss' kappa; where cases have unequal numbers of ratings, as Gwet extends it."""
        return self._beyond_chance(chance_agreement.fleiss, level)

    def krippendorff_alpha(self, *, level: float = 0.95) -> Interval | NotEstimable:
        """Return Krippendorff's alpha for names."""
        return self._beyond_chance(chance_agreement.krippendorff, level)

    def gwet_ac1(self, *, level: float = 0.95) -> Interval | NotEstimable:
        """Return Gwet's AC1, which stays near raw agreement when one label is nearly always right."""
        return self._beyond_chance(chance_agreement.gwet, level)

    @cached_property
    def _compared(self) -> list[tuple[Group, int]]:
        """The groups that say something about agreement, with those of their cases that do."""
        kept = ((tuple(filter(_comparable, group)), count) for group, count in self.kinds)
        return [(group, count) for group, count in kept if group]

    @cached_property
    def _sums(self) -> Sums:
        number = {label: i for i, label in enumerate(self.labels)}
        parts = [
            chance_agreement.sums_of(
                [[None if label is None else number[label] for label in pattern] for pattern in group],
                n_labels=len(self.labels),
            )
            for group, _ in self._compared
        ]
        return chance_agreement.stacked(parts, [count for _, count in self._compared])

    def _refusal(self) -> NotEstimable | None:
        if not self._compared:
            return NotEstimable(NO_PAIRS)
        if self.n_groups < 2:
            return NotEstimable("an interval needs two groups, there is one")
        return None

    def _beyond_chance(self, coefficient: Coefficient, level: float) -> Interval | NotEstimable:
        level = validate.between("level", level)
        if refusal := self._refusal():
            return refusal
        used = {label for group, _ in self._compared for pattern in group for label in pattern} - {None}
        if len(used) < 2 and coefficient is not chance_agreement.gwet:
            return NotEstimable(ONE_LABEL)
        estimate = coefficient(self._sums).coefficient
        ends = chance_agreement.interval(self._sums, coefficient, n_labels=len(self.labels), level=level)
        return Interval(estimate, *ends, level, "delta method, with and without coin cases")

    def _group_mean(self, value: _Value, level: float) -> Interval | NotEstimable:
        level = validate.between("level", level)
        if not self._compared:
            return NotEstimable(NO_PAIRS)
        histogram: dict[float, int] = {}
        for group, count in self._compared:
            mean = float(sum(map(value, group), Fraction(0)) / len(group))
            histogram[mean] = histogram.get(mean, 0) + count
        made = GroupMean.from_histogram(histogram)
        half = (1.0 - level) / 2.0
        return Interval(made.estimate, made.lower(half), made.upper(half), level, made.method)


def _comparable(pattern: Pattern) -> bool:
    return sum(label is not None for label in pattern) >= 2


def _agreement(pattern: Pattern) -> Fraction:
    """Return the share of pairs of ratings that are equal."""
    given = [label for label in pattern if label is not None]
    equal = sum(math.comb(given.count(label), 2) for label in set(given))
    return Fraction(equal, math.comb(len(given), 2))


def _share(label: str, pattern: Pattern) -> Fraction:
    given = [each for each in pattern if each is not None]
    return Fraction(given.count(label), len(given))


def _check(kinds: Mapping[Group, int], labels: tuple[str, ...]) -> None:
    """Refuse what is no table of ratings."""
    if not kinds:
        raise ValueError("histogram must hold at least one group, got none")
    raters = {len(pattern) for group in kinds for pattern in group}
    if not all(kinds):
        raise ValueError("every group must hold at least one case")
    if len(raters) != 1 or raters in ({0}, {1}):
        raise ValueError(
            f"every pattern must have a place for the same two or more raters, got {sorted(raters)}"
        )
    unknown = {label for group in kinds for pattern in group for label in pattern} - {*labels, None}
    if unknown:
        raise ValueError(f"labels must be of {labels!r}, got {sorted(map(repr, unknown))}")
