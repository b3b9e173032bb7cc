"""`shipworthy review invite`."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import Misused

PERSON = re.compile(r"^\s*(.+?)\s*<([^<>\s]+@[^<>\s]+)>\s*$")


def review_invite(  # noqa: PLR0913 - each is an option
    folder: Path = Path(),
    *,
    to: str,
    from_: Annotated[str, Parameter(name="--from")],
    when: dt.datetime | None = None,
    minutes: int = 45,
    busy: Annotated[list[Path] | None, Parameter(negative="")] = None,
    days: int = 14,
    role: str = "",
    stuck_on: str = "",
    want: str = "",
    mail: str = "",
) -> int:
    """Write the packet for a reviewer and the invitation to the call, and mail them or keep them.

    The packet in `reviews/` is one page to read before (the question, where it stands, the hardest open questions,
    what you are stuck on), and an iCalendar invitation. With --busy the first free slot of both calendars is taken.
    Takes no look. Examples:

        shipworthy review invite my-launch --to "Zoë <zoe@example.org>" --from "Ada <ada@example.org>" --busy ada.ics --busy zoe.ics
        shipworthy review invite my-launch --to "Zoë <zoe@example.org>" --from "Ada <ada@example.org>" --when 2026-12-01T10:00 --mail smtp://localhost:25

    Args:
        folder: the launch folder; here unless said.
        to: who is invited, as `NAME <ADDRESS>`.
        from_: who invites, as `NAME <ADDRESS>`.
        when: the day and hour; the first free slot unless said.
        minutes: how long the call is.
        busy: a calendar file of yours or the reviewer's; may be given several times.
        days: days ahead in which a free slot is looked for.
        role: as what the reviewer reads it.
        stuck_on: what you are stuck on.
        want: what you want from the hour.
        mail: the mail server, smtp://host:port or smtps://host:port; without it nothing is sent.
    """
    from shipworthy.coach.free_slots import Wanted  # noqa: PLC0415 - one command is called
    from shipworthy.services.review_invite import Invite  # noqa: PLC0415
    from shipworthy.services.review_invite import review_invite as make_packet  # noqa: PLC0415
    from shipworthy.services.send_mail import send_mail  # noqa: PLC0415

    if not 5 <= minutes <= 480:
        raise Misused(f"--minutes {minutes}", remedy="a call takes 5 to 480 minutes")
    invite = Invite(
        person(to, "--to"), person(from_, "--from"), when, minutes, role, stuck_on, want, tuple(busy or ()),
        Wanted(minutes=minutes, days=days),
    )  # fmt: skip
    done = make_packet(folder, invite)
    for path in done.files:
        out(str(path))
    out(f"the call: {done.begins:%A %Y-%m-%d %H:%M}, {minutes} minutes")
    if done.others:
        say("also free: " + ", ".join(f"{other:%a %Y-%m-%d %H:%M}" for other in done.others))
    if mail:
        send_mail(done.letter, mail)
        out(f"mailed to {invite.reviewer[1]}")
    else:
        say("nothing was sent: attach the files to a mail, or add --mail smtp://host:port")
    return 0


def person(text: str, option: str) -> tuple[str, str]:
    """Return name and address of a person, as an option gives them."""
    found = PERSON.match(text)
    if not found:
        raise Misused(f"{option} {text!r}", remedy='write a name and an address: "Ada <ada@example.org>"')
    return found[1], found[2]
