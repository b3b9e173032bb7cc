"""`shipworthy interview new`, `import` and `consent`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.interview import ConsentState, Relationship, Use
from shipworthy.services.interview_import import About
from shipworthy.services.interview_import import interview_import as bring_in

Day = Annotated[str | None, Parameter(allow_leading_hyphen=False)]


def interview_new(
    folder: Path = Path(),
    *,
    name: str | None = None,
    alias: str = "",
    segment: str = "",
    role: str = "",
    relationship: Relationship = "stranger",
    interviewer: str = "",
    to: Path | None = None,
) -> int:
    """Begin an interview: make its file, and print the sheet of questions about the last time.

    Nothing is written about the person but what you say here. Example:

        shipworthy interview new my-launch --segment "small shops" --to sheet.md

    Args:
        folder: the launch folder; here unless said.
        name: of the interview; the next of P1, P2 and so on unless said. Never the person's name.
        alias: what the person is called here; the name of the interview unless said.
        segment: which users the person stands for.
        role: what the person does.
        relationship: stranger, customer, colleague or friend; the last two are no draw from the users.
        interviewer: how the one who asks is called in the transcript.
        to: the file to write the sheet to; printed unless said.
    """
    from shipworthy.services.interview_new import interview_new as begin  # noqa: PLC0415 - one command is called

    about = About(alias, segment, role, relationship=relationship, interviewer=interviewer)
    begun = begin(folder, name=name, about=about)
    if to is None:
        out(begun.sheet)
    else:
        to.write_text(begun.sheet, encoding="utf-8")
        out(f"sheet: {to}")
    say(f"{begun.name} begun: {begun.path}")
    say(f"next: talk; then shipworthy interview import {folder} FILE --name {begun.name} --consent given")
    return 0


def interview_import(  # noqa: PLR0913 - each is an option
    folder: Path,
    file: Path,
    *,
    name: str | None = None,
    alias: str = "",
    segment: str = "",
    role: str = "",
    date: Day = None,
    relationship: Relationship | None = None,
    interviewer: str = "",
    consent: ConsentState | None = None,
    method: str = "",
    scope: Annotated[tuple[Use, ...], Parameter(negative="")] = (),
    consent_date: Day = None,
    retain_until: Day = None,
) -> int:
    """Bring in a transcript: txt, md, docx, vtt or srt; times and speakers are kept.

    The text waits on this machine outside the folder, readable by you alone, until its names are replaced. Characters
    that cannot be seen are left out and counted. Example:

        shipworthy interview import my-launch talk.vtt --interviewer Ann --consent given --method recorded --scope quote

    Args:
        folder: the launch folder.
        file: the transcript.
        name: of the interview; the next of P1, P2 and so on unless said. Never the person's name.
        alias: what the person is called here; two interviews with one alias are one person.
        segment: which users the person stands for.
        role: what the person does.
        date: when you talked, as 2027-03-01.
        relationship: stranger, customer, colleague or friend.
        interviewer: how the one who asks is called in the transcript.
        consent: given, refused or missing; nothing enters the folder before it is given.
        method: how it was given: signed, on the recording, by mail.
        scope: what it allows: notes, recording, quote, quote_external; may be repeated.
        consent_date: when it was given; today unless said.
        retain_until: when the text has to go.
    """
    about = About(
        alias, segment, role, _day(date), relationship, interviewer,
        consent, method, scope, _day(consent_date), _day(retain_until),
    )  # fmt: skip
    done = bring_in(folder, file, name=name, about=about)
    out(f"{done.name}: {done.characters:,} characters of {done.format}, said by {done.alias}")
    if done.speakers:
        out("speakers: " + ", ".join(f"{who[:40]} ({n:,})" for who, n in done.speakers.items()))
    if done.left_out:
        out(f"left out: {done.left_out:,} characters that cannot be seen")
    for note in done.notes:
        out(f"left out: {note}")
    out(f"waits outside the folder: {done.waits_at}")
    if done.consent == "given":
        say(f"next: shipworthy interview pseudonymise {folder} {done.name}")
    else:
        say(
            f"consent is {done.consent}: shipworthy interview consent {folder} {done.name} --state given --method …"
        )
    return 0


def interview_consent(
    folder: Path,
    name: str,
    *,
    state: ConsentState | None = None,
    method: str = "",
    scope: Annotated[tuple[Use, ...], Parameter(negative="")] = (),
    date: Day = None,
    retain_until: Day = None,
) -> int:
    """Write down what a person agreed to; what is not said stays as it is.

    Nothing is coded or quoted before it is given. Example:

        shipworthy interview consent my-launch P1 --state given --method signed --scope notes --scope quote

    Args:
        folder: the launch folder.
        name: the interview.
        state: given or missing; to refuse or withdraw is `interview withdraw`.
        method: how it was given: signed, on the recording, by mail.
        scope: what it allows: notes, recording, quote, quote_external; may be repeated.
        date: when it was given; today unless said.
        retain_until: when the text has to go.
    """
    from shipworthy.services.interview_consent import interview_consent as agreed  # noqa: PLC0415

    about = About(
        consent=state, method=method, scope=scope, consent_date=_day(date), retain_until=_day(retain_until)
    )
    consent = agreed(folder, name, about)
    allows = ", ".join(consent.scope) or "nothing in particular"
    out(f"{name}: consent {consent.state}, {consent.method or 'no method written down'}; it allows {allows}")
    return 0


def _day(text: str | None) -> dt.date | None:
    from shipworthy.domain.errors import Misused  # noqa: PLC0415 - only for a day

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Misused(f"`{text}` is no day", remedy="write it as 2027-03-01") from error
