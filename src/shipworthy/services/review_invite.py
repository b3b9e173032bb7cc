"""Review invite: the packet for a reviewer, and the invitation to talk about it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from shipworthy.coach.free_slots import Wanted, free_slots
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.review_call import ReviewCall
from shipworthy.exporters.html import memo_html
from shipworthy.exporters.invitation import Invitation, invitation_ics
from shipworthy.exporters.markdown import memo_markdown
from shipworthy.importers.calendar import busy_spans
from shipworthy.narrative.preread import Asking, preread
from shipworthy.services.clock import now
from shipworthy.services.decide import AboutToLook, decide
from shipworthy.services.send_mail import Letter
from shipworthy.store.layout import Layout
from shipworthy.store.reviews import review_name, write_review


@dataclass(frozen=True)
class Invite:
    """Who is invited, by whom, when, and to say what.

    Attributes:
        reviewer: name and address.
        organizer: name and address.
        begins: when; None takes the first free slot.
        minutes: how long.
        role: as what the reviewer reads.
        stuck_on: what the one who invites is stuck on.
        wants: what she wants from the hour.
        busy: calendars of both, to find a free slot.
        wanted: what kind of slot is looked for.
    """

    reviewer: tuple[str, str]
    organizer: tuple[str, str]
    begins: dt.datetime | None = None
    minutes: int = 45
    role: str = ""
    stuck_on: str = ""
    wants: str = ""
    busy: tuple[Path, ...] = ()
    wanted: Wanted = field(default_factory=Wanted)


@dataclass(frozen=True)
class Invited:
    """What was made.

    Attributes:
        files: the packet.
        begins: when the call is.
        others: further free slots, to offer.
        letter: the mail, ready to be sent.
    """

    files: tuple[Path, ...]
    begins: dt.datetime
    others: tuple[dt.datetime, ...]
    letter: Letter


def review_invite(folder: Path, invite: Invite, *, challenges: tuple[str, ...] = ()) -> Invited:
    """Write the packet into `reviews/`, and return the mail that carries it.

    Takes no look: the page says what was seen.

    Args:
        folder: the launch folder.
        invite: who, when, about what.
        challenges: open challenges, the hardest first.

    Raises:
        BadInput: a calendar cannot be read, or the time has passed.
        Refused: no slot is free, or sealed evidence was not looked at yet.
    """
    asked_at = dt.datetime.now().astimezone()
    begins, others = _when(invite, asked_at)
    decided = decide(folder, confirm=_never)
    launch = decided.reading.launch
    asking = Asking(
        invite.reviewer[0],
        invite.stuck_on,
        invite.wants,
        f"{begins:%Y-%m-%d %H:%M %Z}",
        challenges,
        launch.sample,
    )
    page = preread(launch, decided.verdict, asking)
    name = review_name(f"{begins:%Y-%m-%d}", invite.reviewer[0])
    invitation = Invitation(
        title=page.title, begins=begins, minutes=invite.minutes, organizer=invite.organizer,
        guest=invite.reviewer, words=memo_markdown(page), made_at=asked_at,
        uid=f"{hashlib.sha256(f'{folder.resolve()}{name}'.encode()).hexdigest()[:32]}@shipworthy",
    )  # fmt: skip
    ics = invitation_ics(invitation)
    files = {
        f"{name}.md": memo_markdown(page).encode(),
        f"{name}.html": memo_html(page).encode(),
        f"{name}.ics": ics,
    }
    layout = Layout(folder)
    call = ReviewCall(reviewer=invite.reviewer[0], role=invite.role, read=["pre-read", *_memo(layout)])
    written = write_review(layout, name, call)
    kept = [written.parent / file for file in files]
    for path in kept:
        path.write_bytes(files[path.name])
    attached = {path.name: path.read_bytes() for path in (*kept[1:2], *_memo_files(layout))}
    letter = Letter(invite.organizer, invite.reviewer, page.title, memo_markdown(page), ics, attached)
    return Invited((written, *kept), begins, others, letter)


def _never(_: AboutToLook) -> bool:
    return False


def _when(invite: Invite, asked_at: dt.datetime) -> tuple[dt.datetime, tuple[dt.datetime, ...]]:
    if invite.begins is not None:
        begins = invite.begins if invite.begins.tzinfo else invite.begins.astimezone()
        if begins <= asked_at:
            raise BadInput("that time has passed", where=f"{begins:%Y-%m-%d %H:%M}", remedy=f"now is {now()}")
        return begins, ()
    until = asked_at + dt.timedelta(days=invite.wanted.days + 1)
    busy = [span for path in invite.busy for span in busy_spans(path, asked_at, until)]
    slots = free_slots(busy, asked_at, invite.wanted)
    if not slots:
        raise Refused(
            f"no {invite.wanted.minutes} minutes are free in the next {invite.wanted.days} days",
            where=", ".join(path.name for path in invite.busy),
            remedy="look further ahead with --days, or give a time with --when",
        )
    return slots[0][0], tuple(begin for begin, _ in slots[1:])


def _memo(layout: Layout) -> list[str]:
    return ["memo"] if _memo_files(layout) else []


def _memo_files(layout: Layout) -> list[Path]:
    return [path for path in (layout.memo / "memo.html",) if path.is_file()]
