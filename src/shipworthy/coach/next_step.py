"""The one next step: what to do now, why, how long it takes, and the command.

Read first: nobody is asked for a criterion before an output was read. After that Goal, Reality, Options, Will: what is
decided, how it stands, what else could be done, what is done next.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from shipworthy.coach.facts import Facts
from shipworthy.coach.rule import counted
from shipworthy.coach.sceptic import Challenged, Finding
from shipworthy.domain.verdict import SHIPS

Phase = Literal["Read first", "Goal", "Reality", "Options", "Will"]


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        phase: where on the way it is.
        do: what to do, one sentence.
        why: what it is for, with what was counted.
        minutes: about how long it takes a person.
        command: the command that does it or begins it.
        rule: the challenge it answers, if it answers one.
        instead: what else could be done, to stop among it.
    """

    phase: Phase
    do: str
    why: str
    minutes: int
    command: str
    rule: str = ""
    instead: tuple[str, ...] = ()


_LATER = frozenset({"CRT-04", "RUN-01", "RUN-09", "SET-16", "RUN-07", "NAR-02"})
"""What blocks because the work is not done yet: the way leads there by itself."""
_MINUTES = {
    "FRM-01": 10,
    "FRM-04": 15,
    "FLR-01": 25,
    "FLR-05": 20,
    "CRT-02": 15,
    "CST-01": 10,
    "SET-04": 30,
    "USR-01": 75,
}
_USUAL_MINUTES = 20
_OF_GOAL = ("FRM",)


def next_step(facts: Facts, challenged: Challenged) -> Step:
    """Return the one next step of a launch.

    Args:
        facts: what is known of it.
        challenged: what the sceptic found.
    """
    for rung in _LADDER:
        step = rung(facts, challenged)
        if step is not None:
            return step
    why = "the verdict stands, its memo is written, and no challenge is open"
    return Step("Will", "Take the memo to whoever decides.", why, 30, f"shipworthy memo {facts.folder}")


def _record(facts: Facts, _: Challenged) -> Step | None:
    """Nothing can be read before something was recorded."""
    runs, cases = facts.runs, facts.cases
    if runs is None or runs.open_outputs or runs.sealed_outputs or (facts.lock and facts.lock.locked):
        return None
    candidate = facts.launch.candidate
    asked = candidate in facts.launch.variants and facts.launch.resolved(str(candidate)).runs
    if asked and cases is not None and cases.n > cases.sealed:
        return Step(
            "Read first", "Let the feature answer the open cases.", "nothing has been recorded, so there is nothing to read",
            5, f"shipworthy run {facts.folder}",
        )  # fmt: skip
    return Step(
        "Read first", "Bring in outputs that were recorded, a hundred or so.",
        "criteria that are written before reading miss what really goes wrong", 15,
        f"shipworthy import FILE --cases --launch {facts.folder}",
    )  # fmt: skip


def _read(facts: Facts, _: Challenged) -> Step | None:
    """Thirty outputs at least, and where nobody counts them, until failures have names."""
    runs = facts.runs
    if runs is None or not runs.open_outputs:
        return None
    if facts.reading is None and facts.taxonomy:
        return None
    least = int(facts.policy["outputs_read"])
    read = facts.reading.read if facts.reading else 0
    enough = int(facts.policy["outputs_to_read"])
    if facts.reading is not None and read >= least:
        return None
    seen = f"{read} of {least} outputs read" if facts.reading else "no failure mode has a name yet"
    why = f"{seen}; a failure that 3 in 100 outputs have is missed 5 times in 100 after 100 outputs, and 22 after 50"
    return Step(
        "Read first",
        "Read outputs, one note each on the first thing that is wrong.",
        why,
        25,
        f"shipworthy look queue {facts.folder} reading --n {enough}, then: shipworthy look label {facts.folder} reading --as NAME",
        "FLR-01",
    )


def _goal(facts: Facts, challenged: Challenged) -> Step | None:
    """The decision, the price of being wrong, the exit."""
    found = [
        f for f in challenged.open if f.rule.family in _OF_GOAL and f.rule.id not in ("FRM-02", "FRM-10")
    ]
    return _answer("Goal", facts, (f for f in found if f.severity != "notes"))


def _name_failures(facts: Facts, _: Challenged) -> Step | None:
    """Failures without a name have no criterion."""
    if facts.taxonomy or not (facts.runs and facts.runs.open_outputs):
        return None
    return Step(
        "Reality", "Group your notes into five to ten failure modes.", "no failure mode is written down",
        60, f"edit {facts.folder}/taxonomy.yaml, then: shipworthy check {facts.folder}",
    )  # fmt: skip


def _reality(facts: Facts, challenged: Challenged) -> Step | None:
    """Whatever blocks, and is not simply still to come."""
    return _answer("Reality", facts, (f for f in challenged.blocking if f.rule.id not in _LATER))


def _options(facts: Facts, challenged: Challenged) -> Step | None:
    """Before the lock: something to compare with, and cases enough."""
    if facts.lock is None or facts.lock.locked:
        return None
    wanted = ("FRM-02", "RUN-11", "SET-02", "SET-06", "FRM-10")
    return _answer("Options", facts, (f for f in challenged.open if f.rule.id in wanted))


def _lock(facts: Facts, _: Challenged) -> Step | None:
    lock = facts.lock
    if lock is None or lock.holds:
        return None
    if not lock.locked:
        why = "what was known before the bar was fixed cannot confirm it"
        return Step("Will", "Fix the plan, and seal the holdout.", why, 5, f"shipworthy lock {facts.folder}")
    why = f"the folder is not what was locked: {lock.changes[0][:160]}"
    return Step(
        "Will",
        "Put back what was locked, or lock a new plan on fresh cases.",
        why,
        10,
        f"shipworthy lock {facts.folder} --dry-run",
    )


def _holdout(facts: Facts, _: Challenged) -> Step | None:
    runs = facts.runs
    if runs is None or runs.sealed_outputs:
        return None
    candidate = facts.launch.candidate
    asked = candidate in facts.launch.variants and facts.launch.resolved(str(candidate)).runs
    command = f"shipworthy run {facts.folder}" if asked else f"shipworthy import FILE --launch {facts.folder}"
    return Step(
        "Will",
        "Record the outcomes of the holdout.",
        "the plan is locked, and nothing decides yet",
        10,
        command,
    )


def _look(facts: Facts, _: Challenged) -> Step | None:
    if facts.verdict is not None and not facts.verdict.exploratory:
        return None
    why = "outcomes are recorded and sealed; opening them is a look, which is paid for once"
    return Step("Will", "Open the holdout, and decide.", why, 5, f"shipworthy decide {facts.folder}")


def _after_verdict(facts: Facts, _: Challenged) -> Step | None:
    """Not yet and do not ship are crossroads, and to stop is one of the ways."""
    verdict = facts.verdict
    if verdict is None or verdict.verdict in SHIPS:
        return None
    stop = facts.launch.not_worth_it_if.strip()
    instead = (
        f"stop, as you wrote: {stop[:160]}" if stop else "stop: it is not worth more",
        "a smaller scope, a rule, or nothing",
    )
    open_claims = [c for c in verdict.claims if c.decides and c.state == "not shown" and c.more_needed]
    if verdict.verdict == "not yet" and open_claims:
        more = max(c.more_needed.cases for c in open_claims if c.more_needed)
        why = f"{counted(len(open_claims), 'claim')} not shown; about {more:,} more cases would show the dearest"
        return Step(
            "Options",
            "Say whether that many cases are worth it, and gather them.",
            why,
            30,
            f"shipworthy set grow {facts.folder}",
            instead=instead,
        )
    why = f"the verdict is *{verdict.verdict}*"
    return Step(
        "Options",
        "Read what failed, mend the feature, and test it on fresh cases.",
        why,
        60,
        f"shipworthy set from-failures {facts.folder}",
        instead=instead,
    )


def _challenges(facts: Facts, challenged: Challenged) -> Step | None:
    """What warns is mended, or accepted by name."""
    accept = "accept it by name: shipworthy accept {rule} {folder} --name … --reason … --until …"
    return _answer("Will", facts, (f for f in challenged.open if f.severity == "warns"), accept)


def _answer_reviewers(facts: Facts, _: Challenged) -> Step | None:
    """What was agreed in a call and is due comes first, then what was asked and nobody has answered."""
    for call in facts.reviews or ():
        if call.due:
            do, why = f"Do what was agreed with {call.reviewer}: {call.due[0][:160]}", "it was due by today"
        elif call.open_questions:
            do, why = f"Answer {call.reviewer}: {call.open_questions[0][:160]}", "nobody has answered it yet"
        else:
            continue
        more = len(call.due) + len(call.open_questions) - 1
        rest = f"; {counted(more, 'more thing')} of that call" if more else ""
        asked = (
            f"--done {shlex.quote(call.due[0])}"
            if call.due
            else f"--answer {shlex.quote(call.open_questions[0] + ': …')}"
        )
        command = f"shipworthy review log {facts.folder} --who {shlex.quote(call.reviewer)} {asked}"
        return Step("Will", do, f"{why}{rest}", 20, command)
    return None


def _memo(facts: Facts, _: Challenged) -> Step | None:
    if facts.memo is not None and not facts.memo.stale:
        return None
    why = (
        "it is about other evidence than there is now"
        if facts.memo
        else "a verdict that nobody can read is not defended"
    )
    return Step("Will", "Write the memo.", why, 10, f"shipworthy memo {facts.folder}")


def _answer(phase: Phase, facts: Facts, found: Iterable[Finding], instead: str = "") -> Step | None:
    """Return the step that answers the first of some challenges."""
    first = next(iter(found), None)
    if first is None:
        return None
    rule = first.rule
    return Step(
        phase, rule.fix, f"{first.saw.text}. {rule.asks}", _MINUTES.get(rule.id, _USUAL_MINUTES),
        rule.command.format(folder=facts.folder), rule.id,
        (instead.format(rule=rule.id, folder=facts.folder),) if instead else (),
    )  # fmt: skip


_LADDER: tuple[Callable[[Facts, Challenged], Step | None], ...] = (
    _record, _read, _goal, _name_failures, _reality, _options, _lock, _holdout, _look, _after_verdict, _memo, _answer_reviewers, _challenges,
)  # fmt: skip
