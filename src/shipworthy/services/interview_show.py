"""Show who was heard, or one interview with its excerpts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.interview import Interview
from shipworthy.domain.theme import Theme
from shipworthy.domain.transcript import Turn, turns
from shipworthy.services.interview_code import hints_on
from shipworthy.services.listening import Listening, listening, today
from shipworthy.store.interview_write import file_and_hash
from shipworthy.store.interviews import paths_of

DUE_DAYS = 30


@dataclass(frozen=True)
class Row:
    """One interview in a list.

    Attributes:
        interview: the interview.
        waits: whether its text waits outside the folder.
        state: what has to happen next, in a few words.
        due: what its retention asks for; empty when nothing.
    """

    interview: Interview
    waits: bool
    state: str
    due: str


@dataclass(frozen=True)
class Shown:
    """One interview, laid open.

    Attributes:
        interview: the interview.
        turns: who says what where.
        hints: for each excerpt, what a second look should go to.
        themes: every theme there is.
        seen: the hash of the file of excerpts, which a save is guarded by.
        row: where it stands.
    """

    interview: Interview
    turns: tuple[Turn, ...]
    hints: tuple[tuple[str, ...], ...]
    themes: tuple[Theme, ...]
    seen: str
    row: Row


def interview_list(folder: Path) -> list[Row]:
    """Return all interviews with what has to happen next, those that wait outside included."""
    there = listening(folder)
    waiting = {each.name for each in there.waiting}
    rows = [_row(there, each) for each in there.interviews if each.name not in waiting]
    return sorted([*rows, *(_row(there, each) for each in there.waiting)], key=lambda r: r.interview.name)


def interview_show(folder: Path, name: str) -> Shown:
    """Return one interview with everything coded in it.

    Raises:
        BadInput: there is no such interview.
    """
    there = listening(folder)
    interview = there.named(name)
    return Shown(
        interview,
        tuple(turns(interview.text)),
        tuple(hints_on(interview, coding) for coding in interview.codings),
        there.themes,
        file_and_hash(paths_of(there.layout, name).excerpts)[1],
        _row(there, interview),
    )


def _row(there: Listening, interview: Interview) -> Row:
    waits = there.is_waiting(interview.name)
    return Row(interview, waits, _state(interview), _due(interview, today()))


def _state(interview: Interview) -> str:
    consent = interview.head.consent.state
    if consent != "given":
        return f"consent {consent}"
    if not interview.text:
        return "no text yet"
    if not interview.head.pseudonymised.done:
        return "names to replace"
    return "coded" if interview.codings else "to code"


def _due(interview: Interview, day: dt.date) -> str:
    until = interview.head.consent.retain_until
    if until is None or not interview.text:
        return ""
    if until < day:
        return f"was to go by {until}: withdraw it"
    return f"has to go by {until}" if (until - day).days <= DUE_DAYS else ""
