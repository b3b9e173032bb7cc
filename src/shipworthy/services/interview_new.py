"""Begin an interview: a sheet of questions about the past, and a file that waits for consent and text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import Refused
from shipworthy.domain.interview import InterviewHead
from shipworthy.narrative.prompt_sheet import prompt_sheet
from shipworthy.services.interview_import import About, consent_values
from shipworthy.services.listening import checked_name, free_name, listening
from shipworthy.services.made import made, typed
from shipworthy.store.guarded import NO_FILE
from shipworthy.store.interview_write import new_file, put
from shipworthy.store.interviews import paths_of
from shipworthy.store.read import read_launch


@dataclass(frozen=True)
class Begun:
    """What was made: the name, the file, and the sheet to take along."""

    name: str
    path: Path
    sheet: str


def interview_new(folder: Path, *, name: str | None = None, about: About) -> Begun:
    """Make the file of an interview that is about to be held, and return its sheet.

    Args:
        folder: the launch.
        name: of the interview; the next of P1, P2, … unless said. Never the person's.
        about: what is known of the person beforehand.

    Raises:
        Refused: there is one of that name.
    """
    there = listening(folder)
    names = [each.name for each in (*there.interviews, *there.waiting)]
    chosen = checked_name(name) if name else free_name(names)
    path = paths_of(there.layout, chosen).text
    if path.exists() or chosen in names:
        raise Refused(
            f"there is an interview `{chosen}` already", where=str(path), remedy="choose another --name"
        )
    head: dict[str, Any] = typed(
        {
            "alias": about.alias or chosen,
            "segment": about.segment,
            "role": about.role,
            "date": about.date,
            "relationship": about.relationship or "stranger",
            "interviewer": about.interviewer,
            "consent": {"state": "missing"} | consent_values(about),
        }
    )
    made(InterviewHead, {key: value for key, value in head.items() if value})
    put(path, new_file(head), seen=NO_FILE)
    return Begun(chosen, path, prompt_sheet(read_launch(folder).launch, name=chosen))
