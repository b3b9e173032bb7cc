"""Interviews: who was heard, what so few can and cannot tell, a transcript brought in, and the sheet to take along."""

from __future__ import annotations

import datetime as dt
from typing import get_args

from shipworthy.domain.errors import BadInput
from shipworthy.domain.interview import ConsentState, Relationship, Use
from shipworthy.narrative import listening as words
from shipworthy.narrative.prompt_sheet import prompt_sheet
from shipworthy.services.interview_import import About, import_upload
from shipworthy.services.interview_show import interview_list
from shipworthy.services.interview_summary import tells
from shipworthy.services.interview_themes import interview_themes
from shipworthy.services.listening import listening
from shipworthy.web.page import Answer, Data, Page, Redirect, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit

RELATIONSHIPS: dict[str, Relationship] = {each: each for each in get_args(Relationship)}
STATES: dict[str, ConsentState] = {"given": "given", "missing": "missing"}
USES: dict[Use, str] = {
    "notes": "take notes",
    "recording": "record",
    "quote": "quote inside the team",
    "quote_external": "quote outside",
}


def show(visit: Visit) -> Answer:
    """Show the interviews, what they can tell, and the form that brings one in."""
    folder = visit.kept.layout.folder
    problems = listening(folder).problems
    found = interview_themes(folder).listened if not problems else None
    people = len(found.people) if found else 0
    tell = tells(people)
    context = {
        "step_name": "Listen",
        "rows": interview_list(folder),
        "problems": problems,
        "who_was_heard": words.who(found) if found else "",
        "near": words.near(found) if found else "",
        "can_tell": words.can_tell(people, tell.chances),
        "cannot_tell": words.cannot_tell(people, tell.unheard, tell.needed),
        "assumes": words.ASSUMES,
        "relationships": list(RELATIONSHIPS),
        "uses": USES,
    }
    return Page("interviews.html", context)


def bring_in(visit: Visit) -> Answer:
    """Bring in the transcript that came with the form, and go to it."""
    upload = visit.files.get("file")
    if upload is None or not upload.content:
        raise BadInput(
            "no file came with the form",
            where="Bring one in",
            remedy="choose a txt, md, docx, vtt or srt file",
        )
    done = import_upload(visit.kept.layout.folder, upload.name, upload.content, about=about(visit))
    return Redirect(f"/interviews/{done.name}")


def sheet(visit: Visit) -> Answer:
    """Show the sheet of questions about the last time; with `?keep=1` it is a file."""
    text = prompt_sheet(visit.kept.reading().launch, name="")
    if visit.query.get("keep"):
        return Data(text.encode(), content_type="text/markdown; charset=utf-8", download="interview-sheet.md")
    return Page("interview_sheet.html", {"step_name": "Listen", "lines": text.split("\n")})


def about(visit: Visit) -> About:
    """Return what the form says about the person and the consent."""
    state = visit.field("consent")
    return About(
        alias=visit.field("alias").strip()[:60],
        segment=visit.field("segment").strip()[:120],
        role=visit.field("role").strip()[:120],
        date=_day(visit.field("date")),
        relationship=RELATIONSHIPS.get(visit.field("relationship")),
        interviewer=visit.field("interviewer").strip()[:60],
        consent=STATES.get(state),
        method=visit.field("method").strip()[:200],
        scope=tuple(use for use in USES if use in visit.form.get("scope", [])),
        consent_date=_day(visit.field("consent_date")),
        retain_until=_day(visit.field("retain_until")),
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(f"`{text[:40]}` is no day", remedy="write it as 2027-03-01") from error


ROUTES = (
    route("/interviews", show, bring_in),
    route("/interviews/sheet", sheet),
)
PLACES = (Place("Listen", "Interviews", "/interviews"), Place("Listen", "Sheet", "/interviews/sheet"))
