"""A judge's verdicts and people's labels as the evidence holds them, turned into a corrected rate."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from shipworthy.domain.criteria import Labels
from shipworthy.domain.evidence import CaseTally, GroupTally
from shipworthy.domain.verdict import JudgeFacts
from shipworthy.statistics.judged_rate import JudgedCase, JudgedRate, judged_rate
from shipworthy.statistics.label_draw import p_random_draw
from shipworthy.statistics.results import NotEstimable

TOO_RARE = 0.001
"""Labels said to be a random draw are not believed when so lopsided a draw is rarer than this."""

Picked = list[tuple[GroupTally, int]]


def judged(labels: Labels, picked: Picked) -> JudgedRate | NotEstimable:
    """Return the rate that a judge's verdicts and some labels show.

    An output without an answer did not pass, whatever people say of the judge's other failures: for "at least"
    it counts as labelled and failed, for "at most" as one of the outputs that the judge failed. Both are on the
    safe side, and the same where everything was answered.

    Args:
        labels: how the labelled outputs were chosen.
        picked: distinct group outcomes of one slice with their number.
    """
    total = _total(picked)
    if labels.chosen == "random" and (doubt := _doubt(total)):
        return NotEstimable(doubt)
    found = judged_rate(_groups(picked, silent_failed=True), chosen=labels.chosen)
    if total.no_answer == 0 or isinstance(found, NotEstimable):
        return found
    lenient = judged_rate(_groups(picked, silent_failed=False), chosen=labels.chosen)
    return lenient if isinstance(lenient, NotEstimable) else replace(found, below=lenient.below)


def facts(rate: JudgedRate) -> JudgeFacts:
    """Return how good the judge is, as the verdict shows it."""
    tnr, tpr, worth = rate.quality.tnr, rate.quality.tpr, rate.quality.worth
    return JudgeFacts(
        labels=rate.labels,
        judge_rate=round(rate.judge_rate, 9),
        catches=None if isinstance(tnr, NotEstimable) else round(tnr.estimate, 9),
        accuses=None if isinstance(tpr, NotEstimable) else round(1.0 - tpr.estimate, 9),
        worth=None if isinstance(worth, NotEstimable) else round(worth, 9),
    )


def _groups(picked: Picked, *, silent_failed: bool) -> Counter[tuple[JudgedCase, ...]]:
    groups: Counter[tuple[JudgedCase, ...]] = Counter()
    for group, count in picked:
        groups[tuple(sorted(_case(case, silent_failed=silent_failed) for case in group))] += count
    return groups


def _case(case: CaseTally, *, silent_failed: bool) -> JudgedCase:
    silent = case.no_answer if silent_failed else 0
    return JudgedCase(
        case.planned,
        case.passed,
        case.labelled_passed,
        case.upheld,
        case.labelled_failed + silent,
        case.rescued,
    )


def _total(picked: Picked) -> CaseTally:
    sums = [0] * len(CaseTally._fields)
    for group, count in picked:
        for case in group:
            sums = [sum_ + count * value for sum_, value in zip(sums, case, strict=True)]
    return CaseTally(*sums)


def _doubt(total: CaseTally) -> str:
    """Say why labels cannot be a random draw of the outputs that were answered; empty when they can."""
    labels = total.labelled_passed + total.labelled_failed
    answered = total.planned - total.no_answer
    p = p_random_draw(of_passed=total.labelled_passed, labels=labels, passed=total.passed, outputs=answered)
    if p >= TOO_RARE:
        return ""
    return (
        f"the labels are said to be a random draw, but {total.labelled_failed:,} of {labels:,} are on outputs that the "
        f"judge did not pass, of which there are {answered - total.passed:,} of {answered:,}: say how they were chosen"
    )
