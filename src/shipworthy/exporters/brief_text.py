"""The brief on a terminal: nine questions with what is written, what is blank, and which words are vague."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shipworthy.domain.answers import answered, every_blank, lacking, rows_of, written_at
from shipworthy.domain.brief import Assumption, Cause, Premortem, ranked
from shipworthy.domain.launch import Launch
from shipworthy.domain.questions import QUESTIONS, Question
from shipworthy.domain.vague import Pointed, vague
from shipworthy.exporters.terminal import bold, wrapped
from shipworthy.narrative import wording


def brief_text(launch: Launch, causes: Sequence[Cause], *, colour: bool = False) -> str:
    """Return the whole brief as lines of at most 80 columns.

    Args:
        launch: the launch.
        causes: of the pre-mortem, those that the reader may see.
        colour: True where the reader's terminal shows colour.
    """
    lines = [
        *wrapped(f"{launch.title or 'untitled'}: {answered(launch)} of {len(QUESTIONS)} questions answered"),
        "",
    ]
    for number, question in enumerate(QUESTIONS, start=1):
        lines += [bold(part, colour=colour) for part in wrapped(f"{number}. {question.asks}")]
        lines += [*_answers(question, launch), *_lacking(question, launch), ""]
    lines += _assumptions(ranked(launch.assumptions))
    lines += _premortem(launch.premortem, causes)
    return "\n".join(lines).rstrip() + "\n"


def lacking_text(launch: Launch) -> str:
    """Return what is still blank, one line a question; empty where everything is answered."""
    lines = [f"{answered(launch)} of {len(QUESTIONS)} questions answered"]
    open_ones = [(question.name, lacking(question, launch)) for question in QUESTIONS]
    lines += [
        f"{name}: {', '.join(blank.key for blank in missing)}" for name, missing in open_ones if missing
    ]
    return "\n".join(lines) + "\n"


def pointed_text(key: str, found: Sequence[Pointed]) -> list[str]:
    """Return a line for each vague word of an answer, with the question that it leaves open."""
    return [line for each in found for line in wrapped(f'{key}: "{each.word}"? {each.asks}')]


def _answers(question: Question, launch: Launch) -> Iterator[str]:
    for blank in every_blank(question, launch):
        said = written_at(launch, blank)
        if not said or said == written_at(Launch(), blank):
            continue
        yield from wrapped(f"{blank.label}: {said.replace(chr(10), '; ')}", indent="   ")
        if blank.pointed:
            yield from (
                f"   {line}"
                for each in vague(said)
                for line in wrapped(f'"{each.word}": {each.asks}', width=74)
            )


def _lacking(question: Question, launch: Launch) -> list[str]:
    missing = lacking(question, launch)
    if not missing:
        return []
    first = (
        "nothing yet"
        if not rows_of(question, launch) and len(missing) == _needed(question)
        else "still blank"
    )
    return wrapped(f"{first}: {', '.join(blank.key for blank in missing)}", indent="   ")


def _needed(question: Question) -> int:
    return sum(blank.needed for blank in (*question.blanks, *question.row))


def _assumptions(found: Sequence[Assumption]) -> list[str]:
    if not found:
        return ["Assumptions: none is written; what has to be true for this to be worth anything?", ""]
    lines = ["Assumptions, what matters most and has least behind it first"]
    for each in found:
        test = f"; test: {each.test}" if each.test else "; no test yet"
        by = f" by {each.test_by}" if each.test_by else ""
        said = f"{each.id} ({each.kind}, {each.importance} of 3, evidence {each.evidence}): {each.statement}{test}{by}"
        lines += wrapped(said, indent="   ")
    return [*lines, ""]


def _premortem(told: Premortem, causes: Sequence[Cause]) -> list[str]:
    if not told.causes:
        return ["Pre-mortem: nothing is written; six months on, it failed: why?"]
    counted = (
        f"{wording.plural(len(told.causes), 'cause')} by {wording.plural(told.people, 'person', 'people')}"
    )
    if told.together is None and not causes:
        return wrapped(f"Pre-mortem: {counted}, written apart; --together shows them to everybody")
    when = "written apart" if told.together is None else f"put together on {told.together}"
    lines = [f"Pre-mortem: {counted}, {when}"]
    for each in causes:
        alone = "" if each.written_independently else ", not alone"
        sign = f"; first sign: {each.early_sign}" if each.early_sign else ""
        does = f"; then: {each.tripwire}" if each.tripwire else "; no tripwire yet"
        lines += wrapped(f"{each.participant}{alone}: {each.cause}{sign}{does}", indent="   ")
    return lines
