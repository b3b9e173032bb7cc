"""One label from several raters', by a rule that was fixed beforehand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from shipworthy.statistics import validate
from shipworthy.statistics.agreement import Pattern


@dataclass(frozen=True)
class Majority:
    """More than half of the ratings given, of which there are at least `least`.

    Assumptions: raters count alike. Source: house rule. Example:
        >>> settle(("good", "good", "bad"), rule=Majority())
        Settled(label='good', by='majority')
    """

    least: int = 2


@dataclass(frozen=True)
class Unanimous:
    """Every rating given is the same, and there are at least `least`.

    Assumptions: raters count alike. Source: house rule. Example:
        >>> settle(("good", "good", "bad"), rule=Unanimous())
        Unsettled(reason='raters disagree: 2 good, 1 bad')
    """

    least: int = 2


@dataclass(frozen=True)
class Adjudicator:
    """Where the other raters agree, their label; where they do not, that of one named rater.

    Assumptions: the adjudicator is the better rater and decides without looking at what the label would do
    to a claim. Source: house rule. Example: the third rater settles.
        >>> settle(("good", "bad", "bad"), rule=Adjudicator(rater=2))
        Settled(label='bad', by='adjudicator')

    Attributes:
        rater: the place of the adjudicator in a pattern, from 0.
        least: how many others must have rated.
    """

    rater: int
    least: int = 2


Rule = Majority | Unanimous | Adjudicator


@dataclass(frozen=True)
class Settled:
    """The label of a case, and what settled it: "unanimous", "majority" or "adjudicator".

    Assumptions: none. Source: house rule. Example:
        >>> Settled("good", by="majority").label
        'good'
    """

    label: str
    by: str


@dataclass(frozen=True)
class Unsettled:
    """A case that stays unscored, and why.

    Assumptions: none; it is never read as a failure or as a pass. Source: house rule. Example:
        >>> Unsettled("nobody rated it").reason
        'nobody rated it'
    """

    reason: str


@dataclass(frozen=True)
class Settlement:
    """How many cases have each label, and how many stay unscored for each reason.

    Assumptions: none. Source: house rule. Example:
        >>> Settlement({"good": 3}, {}, {"unanimous": 3}).n_cases
        3

    Attributes:
        labels: label to number of cases.
        unscored: reason to number of cases.
        by: what settled to number of cases.
    """

    labels: dict[str, int]
    unscored: dict[str, int]
    by: dict[str, int]

    @property
    def n_cases(self) -> int:
        """How many cases there are, settled or not."""
        return sum(self.labels.values()) + sum(self.unscored.values())


def settle(pattern: Pattern, *, rule: Rule) -> Settled | Unsettled:
    """Turn the labels of one case into one.

    Args:
        pattern: the label of each rater in a fixed order, None where a rater gave none.
        rule: fixed in the plan before any label was seen.

    Returns:
        The label and what settled it, or why there is none. A tie is never broken.

    Raises:
        TypeError: `least` or the adjudicator's place is no whole number.
        ValueError: `least` is below 1, or the adjudicator has no place in the pattern.

    Assumptions: the rule does not depend on the labels. Source: house rule.

    Example: two raters differ and nobody is named to decide.
        >>> settle(("good", "bad"), rule=Majority())
        Unsettled(reason='no majority: 1 bad, 1 good')
    """
    least = validate.count("least", rule.least, least=1)
    voters = pattern
    if isinstance(rule, Adjudicator):
        place = validate.count("adjudicator", rule.rater)
        if place >= len(pattern):
            raise ValueError(f"adjudicator must be one of {len(pattern)} raters, counted from 0, got {place}")
        voters = pattern[:place] + pattern[place + 1 :]
    counts = Counter(label for label in voters if label is not None)
    if counts.total() < least:
        return Unsettled(f"{counts.total()} of the {least} ratings needed")
    if len(counts) == 1:
        return Settled(next(iter(counts)), by="unanimous")
    return _settle_dispute(pattern, counts, rule)


def settle_all(histogram: Mapping[Pattern, int], *, rule: Rule) -> Settlement:
    """Apply one rule to every case.

    Args:
        histogram: pattern to number of cases.
        rule: fixed in the plan before any label was seen.

    Returns:
        Counts that add up to the cases given: with a label, and unscored by reason.

    Assumptions: as `settle`. Source: house rule.

    Example: the tie is counted as unscored, not dropped.
        >>> found = settle_all({("good", "good"): 7, ("good", "bad"): 2}, rule=Majority())
        >>> found.labels, found.unscored
        ({'good': 7}, {'no majority: 1 bad, 1 good': 2})
    """
    labels: Counter[str] = Counter()
    unscored: Counter[str] = Counter()
    by: Counter[str] = Counter()
    for pattern, given in histogram.items():
        count = validate.count(f"count of {pattern!r}", given)
        if not count:
            continue
        found = settle(pattern, rule=rule)
        if isinstance(found, Settled):
            labels[found.label] += count
            by[found.by] += count
        else:
            unscored[found.reason] += count
    return Settlement(*(dict(sorted(each.items())) for each in (labels, unscored, by)))


def _settle_dispute(pattern: Pattern, counts: Counter[str], rule: Rule) -> Settled | Unsettled:
    """Settle a case on which those who vote differ."""
    said = ", ".join(
        f"{n} {label}" for label, n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    )
    if isinstance(rule, Unanimous):
        return Unsettled(f"raters disagree: {said}")
    if isinstance(rule, Adjudicator):
        decided = pattern[rule.rater]
        missing = Unsettled(f"raters disagree and the adjudicator gave no label: {said}")
        return missing if decided is None else Settled(decided, by="adjudicator")
    label, most = counts.most_common(1)[0]
    return Settled(label, by="majority") if 2 * most > counts.total() else Unsettled(f"no majority: {said}")
