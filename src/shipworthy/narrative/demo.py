"""A demo in sentences: as shown, reworded, representative; whether they differ; the one next step."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.decision.demo import Answers, Compared, Wording
from shipworthy.narrative import wording
from shipworthy.narrative.text import plain

HARD = {"goal": 0, "guardrail": 0, "diagnostic": 1}


@dataclass(frozen=True)
class Standing:
    """What the next step depends on beside the figures.

    Attributes:
        folder: the launch folder, as it was named.
        variant: whose answers.
        candidate: whether it is the variant that is judged unless said.
        open_cases: whether the eval set has open cases.
        locked: whether a plan is locked and holds.
        missing: answers still to come.
        times: how often each wording is asked.
        expected: whether every prompt says what is expected.
    """

    folder: str
    variant: str
    candidate: bool = False
    open_cases: bool = True
    locked: bool = False
    missing: int = 0
    times: int = 10
    expected: bool = True


def headline(each: Compared) -> str:
    """Return a criterion in one line, counts first.

    The range belongs to the representative set alone: it is the only one that stands for more than itself.
    """
    parts = [f"as shown {wording.of(each.shown.passed, each.shown.asked)}"]
    if each.reworded:
        parts.append(f"reworded {wording.of(each.reworded.passed, each.reworded.asked)}")
    found = each.representative
    if found is None:
        parts.append("representative not recorded")
    else:
        between = f" ({could_be(found)})" if found.lower is not None else ""
        parts.append(f"representative {wording.of(found.passed, found.asked)}{between}")
    return f"{plain(each.criterion, 80)}: {', '.join(parts)}"


def could_be(answers: Answers) -> str:
    """Return the two-sided interval as so many of 100.

    >>> could_be(Answers(100, 100, 61, 0, 0, 1, 100, 61, 0.5123, 0.7012))
    'could be 51 to 71 of 100'
    """
    if answers.lower is None or answers.upper is None:
        return "too few groups to say what it could be"
    low = wording.hundredths(answers.lower, towards="down")
    return f"could be {low} to {wording.per_100(answers.upper, towards='up')}"


def lacking(answers: Answers) -> str:
    """Return what was not scored or not answered; empty when everything was."""
    parts = [
        f"{wording.whole(number)} {word}"
        for number, word in ((answers.unscored, "unscored"), (answers.no_answer, "no answer"))
        if number
    ]
    return ", ".join(parts)


def steadiness(each: Compared) -> list[str]:
    """Return how many wordings, and cases of the set, gave the same verdict every time."""
    said = []
    for answers, noun in ((each.shown, "prompt"), (each.reworded, "rewording")):
        if answers is not None and answers.times > 1:
            said.append(
                f"the same verdict all {answers.times} times: {wording.of(answers.alike, answers.of)} "
                f"{noun}{'' if answers.of == 1 else 's'}; passed every time: {wording.whole(answers.all_passed)}"
            )
    if flips := flipping(each):
        said.append(flips)
    return said


def flipping(each: Compared) -> str:
    """Return how many cases of the set pass at one repeat and not at another; empty without repeats."""
    found = each.representative
    if found is None or found.times < 2:
        return ""
    return (
        f"of the set's {wording.plural(found.of, 'case')}, run {found.times} times each, "
        f"{wording.whole(found.of - found.alike)} flip between repeats"
    )


def worst(each: Compared) -> str:
    """Return the wording that passed least often; empty when all passed every time."""
    if each.worst.passed == each.worst.asked:
        return ""
    return f"worst: {place(each.worst)}, {wording.of(each.worst.passed, each.worst.asked)}"


def place(of: Wording) -> str:
    """Return where a wording stands.

    >>> place(Wording("refund", 2, 10, 3))
    '`refund`, rewording 2'
    """
    return f"`{plain(of.prompt, 60)}`, {f'rewording {of.number}' if of.number else 'as shown'}"


def against_set(each: Compared) -> str:
    """Return whether the demo differs from the set by more than chance."""
    if each.representative is None:
        return ""
    if each.representative.lower is None:
        return "the set has too few groups to say whether the demo differs from it"
    if not each.against_set:
        return "chance alone could explain how the demo differs from the set"
    verb = "more" if each.against_set > 0 else "less"
    return f"the demo passes {verb} often than the set does, by more than chance"


def against_reworded(each: Compared) -> str:
    """Return whether the rewordings differ from what was shown by more than chance; empty when not."""
    if not each.against_reworded:
        return ""
    verb = "less" if each.against_reworded > 0 else "more"
    return f"in other words the same prompts pass {verb} often, by more than chance"


def next_step(compared: Sequence[Compared], standing: Standing) -> str:
    """Return the one next thing to do, with its command."""
    folder = shlex.quote(standing.folder)
    whose = "" if standing.candidate else f" --variant {shlex.quote(standing.variant)}"
    again = f"shipworthy demo-check {folder}{whose} --times {standing.times}"
    if standing.missing:
        return f"go on where it stopped: {again}"
    if any(each.shown.unscored > each.shown.asked / 2 for each in compared) and not standing.expected:
        return f"write `expected:` under each prompt of demo.yaml, so that the checks can score it; then {again}"
    if all(each.representative is None for each in compared):
        run = f"shipworthy run {folder} --variant {shlex.quote(standing.variant)}"
        if standing.open_cases:
            return f"there is nothing to hold the demo against yet; run the open cases: {run}"
        return f"write open cases that look like the traffic into evalset/ (part explore), then {run}"
    by_weight = sorted(compared, key=lambda each: (HARD.get(each.kind, 1), -_gap(each)))
    if better := next((each for each in by_weight if each.against_set > 0), None):
        shown = f"shipworthy show {folder}{whose} --criterion {shlex.quote(better.criterion)}"
        return f"judge by the set, not by the demo; read what fails there: {shown}"
    if by_weight and (brittle := next((each for each in by_weight if each.against_reworded > 0), None)):
        return (
            f"write the rewordings that fail {plain(brittle.criterion, 80)} into evalset/ as cases of part explore, "
            f"then shipworthy run {folder} --variant {shlex.quote(standing.variant)}"
        )
    if any(each.against_set < 0 for each in by_weight):
        return (
            "write cases like the demo's prompts into evalset/ (part explore), for the set passes more often than "
            f"they do; then shipworthy run {folder} --variant {shlex.quote(standing.variant)}"
        )
    if all(each.reworded is None for each in compared):
        return f"write two or three `rewordings:` under each prompt of demo.yaml, then {again}"
    then = f"shipworthy decide {folder}{whose}" if standing.locked else f"shipworthy plan {folder}"
    return f"the demo decides nothing; go on with the set: {then}"


def aside(compared: Sequence[Compared], standing: Standing) -> str:
    """Return what a verdict's reader should know of the demo; empty when chance could explain the difference.

    The demo is no evidence: this stands beside a verdict and never in it.
    """
    apart = [each for each in compared if each.against_set]
    if not apart:
        return ""
    first = min(apart, key=lambda each: (HARD.get(each.kind, 1), -_gap(each)))
    whose = "" if standing.candidate else f" --variant {shlex.quote(standing.variant)}"
    verb = "better" if first.against_set > 0 else "worse"
    more = len(apart) - 1
    others = f" (and {wording.plural(more, 'other criterion', 'other criteria')} too)" if more else ""
    where = "on the open cases" if first.where == "open" else "at the look"
    return (
        f"The demo looks {verb} than the representative set, by more than chance, {where}{others}. {headline(first)}. "
        f"No figure of the demo is in this verdict. Before it is shown again: "
        f"shipworthy demo-check {shlex.quote(standing.folder)}{whose}"
    )


def _gap(each: Compared) -> float:
    if each.representative is None:
        return 0.0
    return abs(each.shown.passed / each.shown.asked - each.representative.passed / each.representative.asked)
