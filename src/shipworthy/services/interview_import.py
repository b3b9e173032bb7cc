"""Bring in a transcript: read, cleaned, and put aside outside the folder until its names are replaced."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import Refused
from shipworthy.domain.interview import ConsentState, Interview, InterviewHead, Relationship, Use
from shipworthy.domain.transcript import speakers
from shipworthy.importers.transcripts.registry import READERS, read_transcript
from shipworthy.services.listening import checked_name, free_name, listening, today
from shipworthy.services.made import made, typed
from shipworthy.store.interview_write import new_file
from shipworthy.store.layout import Layout
from shipworthy.store.outside import keep, outside, waiting_path


@dataclass(frozen=True)
class About:
    """What is known of an interview; what stays empty is taken from the sheet that `interview new` made."""

    alias: str = ""
    segment: str = ""
    role: str = ""
    date: dt.date | None = None
    relationship: Relationship | None = None
    interviewer: str = ""
    consent: ConsentState | None = None
    method: str = ""
    scope: tuple[Use, ...] = ()
    consent_date: dt.date | None = None
    retain_until: dt.date | None = None


@dataclass(frozen=True)
class Brought:
    """What became of a transcript."""

    name: str
    alias: str
    format: str
    characters: int
    speakers: dict[str, int]
    left_out: int
    notes: tuple[str, ...]
    consent: ConsentState
    waits_at: Path


def interview_import(folder: Path, file: Path, *, name: str | None = None, about: About) -> Brought:
    """Read a transcript and let it wait, readable by its owner alone, until its names are replaced.

    Args:
        folder: the launch.
        file: txt, md, docx, vtt or srt.
        name: of the interview; the next of P1, P2, … unless said. Never the person's.
        about: what is known of it.

    Raises:
        BadInput: the file cannot be used.
        Refused: the person refused, or an interview of that name has a text.
    """
    there = listening(folder)
    names = [each.name for each in (*there.interviews, *there.waiting)]
    chosen = checked_name(name) if name else free_name(names)
    known = next((each for each in there.interviews if each.name == chosen), None)
    if known is not None and (known.text or known.head.consent.state == "withdrawn"):
        raise Refused(
            f"there is an interview `{chosen}` already",
            where=f"interviews/{chosen}.md",
            remedy="choose another --name, or withdraw that one",
        )
    head = _head(about, known, chosen)
    if head["consent"]["state"] in ("refused", "withdrawn"):
        raise Refused(
            f"the consent is {head['consent']['state']}: nothing is brought in",
            where=str(file),
            remedy="delete the file; go on with people who agreed",
        )
    transcript = read_transcript(file)
    path = waiting_path(there.layout, chosen)
    keep(path, new_file(head, transcript.text))
    return Brought(
        chosen,
        head["alias"],
        transcript.format,
        len(transcript.text),
        speakers(transcript.text),
        transcript.left_out,
        transcript.notes,
        head["consent"]["state"],
        path,
    )


def _head(about: About, known: Interview | None, name: str) -> dict[str, Any]:
    """Return the front matter: what is said now, over what the sheet says."""
    sheet = known.head.model_dump(exclude_defaults=True) if known else {}
    said = {
        "alias": about.alias,
        "segment": about.segment,
        "role": about.role,
        "date": about.date,
        "relationship": about.relationship,
        "interviewer": about.interviewer,
    }
    head = sheet | {key: value for key, value in said.items() if value}
    head["alias"] = head.get("alias") or name
    head["consent"] = {"state": "missing"} | dict(sheet.get("consent", {})) | consent_values(about)
    head = typed(head)
    made(InterviewHead, head)
    return head


def consent_values(about: About) -> dict[str, Any]:
    """Return what is said about the consent, as it is written."""
    given = about.consent_date or (today() if about.consent else None)
    values = {
        "state": about.consent,
        "method": about.method,
        "scope": list(about.scope),
        "date": given,
        "retain_until": about.retain_until,
    }
    return {key: value for key, value in values.items() if value}


def import_upload(folder: Path, filename: str, content: bytes, *, about: About) -> Brought:
    """Bring in a transcript that came with a form; its name is used for its ending alone.

    Args:
        folder: the launch.
        filename: what the sender calls it, which may be anything.
        content: its bytes.
        about: what is known of the interview.

    Raises:
        BadInput: the file cannot be used.
        Refused: as for `interview_import`.
    """
    ending = Path(filename).suffix.lower()
    known = {suffix for each in READERS for suffix in each.suffixes}
    aside = outside(Layout(folder))
    aside.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=aside, prefix=".upload-") as place:
        path = Path(place) / f"transcript{ending if ending in known else '.unknown'}"
        path.write_bytes(content)
        return interview_import(folder, path, about=about)
