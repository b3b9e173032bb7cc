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


def asked_again(each: Compared) -> str:
    """Return what these very prompts could pass at if they were asked for ever."""
    parts = [f"as shown {could_be(each.shown)}"]
    if each.reworded:
        parts.append(f"reworded {could_be(each.reworded)}")
    return f"if these wordings were asked again: {', '.join(parts)}"


def missing(each: Compared) -> str:
    """Return what counts as not passed because it was not scored or not answered; empty when everything was."""
    parts = [
        f"{name} {wording.whole(number)} {word}"
        for name, answers in (
            ("as shown", each.shown),
            ("reworded", each.reworded),
            ("representative", each.representative),
        )
        if answers is not None
        for number, word in ((answers.unscored, "unscored"), (answers.no_answer, "no answer"))
        if number
    ]
    return f"counted as not passed: {', '.join(parts)}" if parts else ""


def steadiness(each: Compared) -> list[str]:
    """Return how many wordings, and cases of the set, gave the same verdict every time."""
    times = each.shown.times
    both = [
        (answers, noun)
        for answers, noun in ((each.shown, "prompt"), (each.reworded, "rewording"))
        if answers is not None and times > 1
    ]
    alike = [f"{wording.of(a.alike, a.of)} {noun}{'' if a.of == 1 else 's'}" for a, noun in both]
    passed = [f"{wording.of(a.all_passed, a.of)}" for a, _ in both]
    said = [
        f"the same verdict all {times} times: {wording.listed(alike)}",
        f"passed all {times} times: {wording.listed(passed)}",
    ]
    return [*(["; ".join(said)] if both else []), *filter(None, [flipping(each)])]


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
    """Return the one next thing to do, with its command: the first that there is a reason for."""
    by_weight = sorted(compared, key=lambda each: (HARD.get(each.kind, 1), -_gap(each)))
    again = f"shipworthy demo-check {_launch(standing)} --times {standing.times}"
    if standing.missing:
        return f"go on where it stopped: {again}"
    if not standing.expected and any(each.shown.unscored > each.shown.asked / 2 for each in compared):
        return (
            f"write `expected:` under each prompt of demo.yaml, so that the checks can score it; then {again}"
        )
    found = _nothing_beside(compared, standing) or _differs(by_weight, standing)
    if found:
        return found
    if all(each.reworded is None for each in compared):
        return f"write two or three `rewordings:` under each prompt of demo.yaml, then {again}"
    then = "decide" if standing.locked else "plan"
    named = _launch(standing) if standing.locked else shlex.quote(standing.folder)
    return f"the demo decides nothing; go on with the set: shipworthy {then} {named}"


def _nothing_beside(compared: Sequence[Compared], standing: Standing) -> str:
    if any(each.representative for each in compared):
        return ""
    if standing.open_cases:
        return f"there is nothing to hold the demo against yet; run the open cases: {_run(standing)}"
    return f"write open cases that look like the traffic into evalset/ (part explore), then {_run(standing)}"


def _differs(by_weight: Sequence[Compared], standing: Standing) -> str:
    """Return what follows from a demo that is better than the set, than its own rewordings, or worse than the set."""
    for each in by_weight:
        if each.against_set > 0:
            shown = f"shipworthy show {_launch(standing)} --criterion {shlex.quote(each.criterion)}"
            return f"judge by the set, not by the demo; read what fails there: {shown}"
    for each in by_weight:
        if each.against_reworded > 0:
            return (
                f"write the rewordings that fail {plain(each.criterion, 80)} into evalset/ as cases of part "
                f"explore, then {_run(standing)}"
            )
    if any(each.against_set < 0 for each in by_weight):
        return (
            "write cases like the demo's prompts into evalset/ (part explore), for the set passes more often than "
            f"they do; then {_run(standing)}"
        )
    return ""


def _launch(standing: Standing) -> str:
    whose = "" if standing.candidate else f" --variant {shlex.quote(standing.variant)}"
    return f"{shlex.quote(standing.folder)}{whose}"


def _run(standing: Standing) -> str:
    return f"shipworthy run {shlex.quote(standing.folder)} --variant {shlex.quote(standing.variant)}"


def aside(compared: Sequence[Compared], standing: Standing) -> str:
    """Return what a verdict's reader should know of the demo; empty when chance could explain the difference.

    The demo is no evidence: this stands beside a verdict and never in it.
    """
    apart = [each for each in compared if each.against_set]
    if not apart:
        return ""
    first = min(apart, key=lambda each: (HARD.get(each.kind, 1), -_gap(each)))
    verb = "better" if first.against_set > 0 else "worse"
    more = len(apart) - 1
    others = f" (and {wording.plural(more, 'other criterion', 'other criteria')} too)" if more else ""
    where = "on the open cases" if first.where == "open" else "at the look"
    return (
        f"The demo looks {verb} than the representative set, by more than chance, {where}{others}. {headline(first)}. "
        f"No figure of the demo is in this verdict. Before it is shown again: "
        f"shipworthy demo-check {_launch(standing)}"
    )


def _gap(each: Compared) -> float:
    if each.representative is None:
        return 0.0
    return abs(each.shown.passed / each.shown.asked - each.representative.passed / each.representative.asked)
