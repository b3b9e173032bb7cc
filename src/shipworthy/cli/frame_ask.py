"""Ask for what is blank in the brief, one question after the other, in a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.domain.answers import answered, lacking, parsed, rows_of, written_at
from shipworthy.domain.errors import ShipworthyError
from shipworthy.domain.launch import Launch
from shipworthy.domain.questions import QUESTIONS, Blank, Question
from shipworthy.domain.vague import vague
from shipworthy.exporters.brief_text import pointed_text
from shipworthy.services.frame import frame
from shipworthy.services.read_brief import read_brief

END = "."


class Enough(Exception):  # noqa: N818 - reads as a state
    """The person has had enough for now."""


def is_asked() -> bool:
    """Whether a person can be asked: both ends are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_blanks(folder: Path) -> int:
    """Ask what is blank; each answered question is saved before the next is asked.

    Args:
        folder: the launch.

    Returns:
        How many answers were saved.
    """
    say("Enter leaves a question blank; a full stop alone ends. What was saved stays.")
    saved = 0
    try:
        for question in QUESTIONS:
            brief = read_brief(folder)
            if lacking(question, brief.launch):
                saved += _ask(folder, question, brief.launch, brief.seen)
    except Enough:
        say("")
    launch = read_brief(folder).launch
    out(f"{saved} answers saved; {answered(launch)} of {len(QUESTIONS)} questions answered")
    return saved


def _ask(folder: Path, question: Question, launch: Launch, seen: str) -> int:
    say(f"\n{QUESTIONS.index(question) + 1}. {question.asks}\n   {question.why}")
    rows = max(rows_of(question, launch), 1) if question.rows else 0
    places = [*question.blanks, *(blank.at(row) for row in range(rows) for blank in question.row)]
    while True:
        answers = {
            blank.key: said for blank in places if not written_at(launch, blank) and (said := _answer(blank))
        }
        if not answers:
            return 0
        try:
            return len(frame(folder, answers, seen=seen).changed)
        except ShipworthyError as error:
            say(error.diagnosis())
            say("Nothing of this question was saved: once more.")


def _answer(blank: Blank) -> str:
    """Return what a person types; what cannot stand there, and what is vague, is asked once more."""
    told = False
    while True:
        hint = (
            f" ({'; '.join(blank.choices) if blank.choices else blank.hint})"
            if blank.choices or blank.hint
            else ""
        )
        more = " [several: with ;]" if blank.form == "lines" else ""
        sys.stderr.write(f"   {blank.label}{hint}{more}: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line or line.strip() == END:
            raise Enough
        typed = line.strip().replace("; ", "\n") if blank.form == "lines" else line.strip()
        try:
            parsed(blank, typed)
        except ShipworthyError as error:
            say(f"   {error.what}; {error.remedy}")
            continue
        words = vague(typed) if blank.pointed else ()
        if not words or told:
            return typed
        for said in pointed_text(blank.key, words):
            say(f"   {said}")
        say("   Type it again so that somebody could see it happen, or the same once more.")
        told = True
