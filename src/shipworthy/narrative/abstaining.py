"""What is said of a threshold for answering: what holds from it on, what it costs in answers, what to do with it."""

from __future__ import annotations

from collections.abc import Sequence

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
        f"let the feature hand over below {chosen.threshold:g}, as a variant of its own, and let two criteria hold for "
        f"every case: that no wrong answer is given (a hand-over passes; it would have been wrong in "
        f"{of(chosen.answered - chosen.passed, cases)}, against {of(cases - passed, cases)} when it always answers), and that enough are "
        f"answered rightly ({of(chosen.passed, cases)}). Then shipworthy lock {folder}, and measure that variant on "
        "the sealed cases: the threshold was chosen on open ones, so they are as good as new."
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
