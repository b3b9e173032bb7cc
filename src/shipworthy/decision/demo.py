"""What a demo showed beside what a representative set shows: counts, steadiness, and whether they differ by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shipworthy.decision.measure import counts_of, group_values, refusal, within
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import Evidence
from shipworthy.statistics.display_interval import display_interval
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.repeated_prompts import RepeatedPrompts, told_apart

ERROR = 0.05
"""The chance that any criterion of an equally good demo is said to differ; shared out among the criteria."""
Where = Literal["open", "look"]
Sign = Literal[-1, 0, 1]


@dataclass(frozen=True)
class Wording:
    """What came of one wording under one criterion.

    Attributes:
        prompt: the prompt's id.
        number: 0 as shown, from 1 on a rewording.
        asked: how often it was asked.
        passed: answers that passed.
        unscored: answers that nobody could score.
        no_answer: no answer came.
    """

    prompt: str
    number: int
    asked: int
    passed: int
    unscored: int = 0
    no_answer: int = 0


@dataclass(frozen=True)
class Answers:
    """Counts of all wordings of one kind, or of the representative set.

    Attributes:
        of: how many wordings, or cases.
        asked: outputs planned.
        passed: outputs that passed.
        unscored: outputs that nobody could score; not passed.
        no_answer: outputs that never came; not passed.
        times: outputs of each wording or case.
        alike: how many gave the same verdict every time.
        all_passed: how many passed every time.
        lower: the share could be as low as this; None when it cannot be estimated.
        upper: and as high as this.
    """

    of: int
    asked: int
    passed: int
    unscored: int
    no_answer: int
    times: int
    alike: int
    all_passed: int
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Compared:
    """One criterion.

    Attributes:
        criterion: its id.
        question: what is asked of an output.
        kind: goal, guardrail or diagnostic.
        shown: the prompts as they were shown.
        reworded: their rewordings; None when there are none.
        representative: the set; None when nothing is recorded of it.
        where: which part of the set, or that a look revealed it.
        worst: the wording that passed least often.
        against_set: 1 when the demo as shown passes more often than the set by more than chance, -1 less often.
        against_reworded: the same against the rewordings.
    """

    criterion: str
    question: str
    kind: str
    shown: Answers
    reworded: Answers | None
    representative: Answers | None
    where: Where
    worst: Wording
    against_set: Sign
    against_reworded: Sign


def compare_demo(
    criterion: Criterion,
    wordings: Sequence[Wording],
    evidence: Evidence | None,
    *,
    where: Where = "open",
    criteria: int = 1,
) -> Compared:
    """Set the answers to demo prompts beside the representative set, under one criterion.

    Args:
        criterion: which.
        wordings: what came of each wording; at least one of them as shown.
        evidence: what is known of the set; None for nothing.
        where: where the evidence comes from.
        criteria: how many criteria are compared, which share the error.
    """
    shown = [each for each in wordings if each.number == 0]
    reworded = [each for each in wordings if each.number > 0]
    demo = _repeated(shown)
    error = ERROR / max(criteria, 1)
    set_answers, set_mean = _set(criterion, evidence)
    return Compared(
        criterion=criterion.id,
        question=criterion.question,
        kind=criterion.kind,
        shown=_answers(shown),
        reworded=_answers(reworded) if reworded else None,
        representative=set_answers,
        where=where,
        worst=min(wordings, key=lambda each: (each.passed / max(each.asked, 1), each.prompt, each.number)),
        against_set=told_apart(demo, set_mean, error=error) if set_mean else 0,
        against_reworded=told_apart(demo, _repeated(reworded), error=error) if reworded else 0,
    )


def _repeated(wordings: Sequence[Wording]) -> RepeatedPrompts:
    return RepeatedPrompts(sum(each.passed for each in wordings), sum(each.asked for each in wordings))


def _answers(wordings: Sequence[Wording]) -> Answers:
    asked, passed = sum(each.asked for each in wordings), sum(each.passed for each in wordings)
    interval = display_interval(GroupMean.from_counts(passed=passed, n=asked))
    return Answers(
        of=len(wordings),
        asked=asked,
        passed=passed,
        unscored=sum(each.unscored for each in wordings),
        no_answer=sum(each.no_answer for each in wordings),
        times=max(each.asked for each in wordings),
        alike=sum(each.passed in (0, each.asked) for each in wordings),
        all_passed=sum(each.passed == each.asked for each in wordings),
        lower=interval.lower,
        upper=interval.upper,
    )


def _set(criterion: Criterion, evidence: Evidence | None) -> tuple[Answers | None, GroupMean | None]:
    tally = evidence.tallies.get(criterion.id) if evidence is not None else None
    if evidence is None or tally is None or not tally.groups:
        return None, None
    picked = within(tally.groups, frozenset(range(len(evidence.cells))))
    counts = counts_of(picked)
    if not counts.planned:
        return None, None
    as_rate = criterion.model_copy(update={"estimand": "rate", "k": None})
    mean = (
        None if refusal(as_rate, counts, picked) else GroupMean.from_histogram(group_values(as_rate, picked))
    )
    interval = display_interval(mean) if mean else None
    every = [(case, n) for group, n in picked for case in group]
    answers = Answers(
        of=counts.cases,
        asked=counts.planned,
        passed=counts.passed,
        unscored=counts.unscored,
        no_answer=counts.no_answer,
        times=counts.repeats,
        alike=sum(n for case, n in every if case.passed in (0, case.planned)),
        all_passed=sum(n for case, n in every if case.passed == case.planned),
        lower=interval.lower if interval else None,
        upper=interval.upper if interval else None,
    )
    return answers, mean
