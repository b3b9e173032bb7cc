"""What is said of a threshold for answering: what holds from it on, what it costs in answers, what to do with it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from shipworthy.narrative.text import plain
from shipworthy.narrative.wording import of, per_100, plural
from shipworthy.statistics.abstention import Abstention, Step, least_answered
from shipworthy.statistics.results import NotEstimable

ASSUMED = "that a confidence means tomorrow what it means today"
BREAKS = (
    "a new model or prompt whose confidences are on another scale, or a confidence that knew the right answer"
)
"""The assumption most likely to be wrong, and what would break it."""


def sentence(found: Abstention | NotEstimable, *, bar: float, error: float) -> str:
    """Return what a manager reads.

    >>> from shipworthy.statistics.abstention import answer_from
    >>> made = answer_from({0.5: (100, 70), 0.7: (100, 95), 0.9: (100, 98)}, cases=320, bar=0.9, alpha=0.05)
    >>> sentence(made, bar=0.9, error=0.05)
    'If it answers only from a confidence of 0.7 on, at least 90 of 100 of its answers are good (193 of 200 were); it then answers 62 of 100 requests, could be as few as 57 of 100.'
    >>> sentence(NotEstimable("no threshold is reached by 75 cases"), bar=0.9, error=0.05)
    'There is no confidence from which on at least 90 of 100 of its answers are shown to be good: no threshold is reached by 75 cases.'
    """
    wanted = per_100(bar)
    if isinstance(found, NotEstimable):
        return (
            f"There is no confidence from which on at least {wanted} of its answers are shown to be good: "
            f"{plain(found.reason)}."
        )
    chosen = found.chosen
    few = per_100(found.coverage_lower(error), towards="down")
    return (
        f"If it answers only from a confidence of {chosen.threshold:g} on, at least {wanted} of its answers are good "
        f"({of(chosen.passed, chosen.answered)} were); it then answers "
        f"{per_100(found.coverage, towards='down')} requests, could be as few as {few}."
    )


def states(
    steps: Sequence[Step], found: Abstention | NotEstimable, *, cases: int
) -> tuple[tuple[Step, str], ...]:
    """Return the thresholds that differ in what they answer, each with how it fared, from the highest down.

    Of several that the same cases reach, the lowest stands for all.

    >>> from shipworthy.statistics.abstention import answer_from, steps_of
    >>> grid = {0.1: (100, 60), 0.5: (100, 70), 0.6: (0, 0), 0.7: (100, 97), 0.9: (20, 20)}
    >>> made = answer_from(grid, cases=320, bar=0.9, alpha=0.05)
    >>> [(s.threshold, said) for s, said in states(steps_of(grid, cases=320, bar=0.9), made, cases=320)]
    [(0.9, 'too few to begin with'), (0.6, 'holds'), (0.5, 'not shown'), (0.1, 'not asked any more')]
    """
    least, stopped = least_answered(cases), False
    shown = found.threshold if isinstance(found, Abstention) else float("inf")
    said: list[tuple[Step, str]] = []
    for place, step in enumerate(steps):
        if place + 1 < len(steps) and steps[place + 1].answered == step.answered:
            continue
        if step.answered < least:
            word = "too few to begin with"
        elif step.threshold >= shown:
            word = "holds"
        else:
            word, stopped = ("not asked any more" if stopped else "not shown"), True
        if step.answered:
            said.append((step, word))
    return tuple(said)


def lines(
    answered: Mapping[str, str | float], *, criterion: str, first: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return what to write into criteria.yaml, as it is written; the first line says where.

    >>> lines({"confidence": "agreement", "at_least": 0.35, "of_cases": 0.25}, criterion="right")
    ('Under `right` in criteria.yaml:', '  answered: {confidence: agreement, at_least: 0.35, of_cases: 0.25}')
    >>> lines({"confidence": "p: yes", "at_least": 0, "of_cases": 0.25}, criterion="right")[1]
    '  answered: {confidence: "p: yes", at_least: 0, of_cases: 0.25}'
    """
    if not answered:
        return ()
    name = str(answered["confidence"])
    quoted = json.dumps(name, ensure_ascii=name != plain(name, len(name) + 1))
    written = name if _BARE.fullmatch(name) and name.casefold() not in _WORDS else quoted
    body = f"confidence: {written}, at_least: {answered['at_least']:g}, of_cases: {answered['of_cases']:g}"
    before = "".join(f"First {each}. " for each in first)
    return (f"{before}Under `{criterion}` in criteria.yaml:", f"  answered: {{{body}}}")


_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off", "null", "nan", "inf"})
"""What YAML takes for something else than a name."""


def next_step(found: Abstention | NotEstimable, *, cases: int, passed: int, folder: str) -> str:
    """Return what to do with what was found.

    >>> next_step(NotEstimable("none"), cases=320, passed=200, folder="l")
    'record more open cases, or a confidence that tells good answers from bad ones better; a threshold that is not shown is not used.'
    """
    if isinstance(found, NotEstimable):
        return (
            "record more open cases, or a confidence that tells good answers from bad ones better; "
            "a threshold that is not shown is not used."
        )
    chosen = found.chosen
    return (
        "write these lines, with your own least share of cases and `why`; then shipworthy lock "
        f"{folder}, and record the sealed cases. Whether the feature may ship that answers from {chosen.threshold:g} on "
        "is then decided on those: the threshold was chosen on open ones, so they are as good as new. On these it "
        f"would have been wrong in {of(chosen.answered - chosen.passed, cases)}, against {of(cases - passed, cases)} "
        f"when it always answers, and right in {of(chosen.passed, cases)}."
    )


def counted(*, cases: int, aside: int, without: int) -> str:
    """Return what the table rests on.

    >>> counted(cases=440, aside=12, without=3)
    'On 440 open cases, one a group (12 further outputs of the same groups left aside); 3 have no confidence and are never answered.'
    >>> counted(cases=440, aside=0, without=0)
    'On 440 open cases, one a group.'
    """
    left = f" ({plural(aside, 'further output')} of the same groups left aside)" if aside else ""
    have = "has" if without == 1 else "have"
    none = (
        f"; {without:,} {have} no confidence and {'is' if without == 1 else 'are'} never answered"
        if without
        else ""
    )
    return f"On {plural(cases, 'open case')}, one a group{left}{none}."
