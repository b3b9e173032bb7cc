"""The invitation to the call as an iCalendar file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Invitation:
    """Who is asked, by whom, when, about what.

    Attributes:
        title: what stands in the calendar.
        begins: with its time zone.
        minutes: how long.
        organizer: name and address of who invites.
        guest: name and address of who is invited.
        words: what the event says.
        uid: the same for every version of this invitation.
        made_at: when it was written.
    """

    title: str
    begins: dt.datetime
    minutes: int
    organizer: tuple[str, str]
    guest: tuple[str, str]
    words: str
    uid: str
    made_at: dt.datetime


def invitation_ics(invitation: Invitation) -> bytes:
    """Return the invitation as a request that calendars answer."""
    import icalendar  # noqa: PLC0415 - only this command writes calendars

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Shipworthy//review//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    event = icalendar.Event()
    event.add("uid", invitation.uid)
    event.add("dtstamp", invitation.made_at.astimezone(dt.UTC))
    event.add("dtstart", invitation.begins.astimezone(dt.UTC))
    event.add("dtend", (invitation.begins + dt.timedelta(minutes=invitation.minutes)).astimezone(dt.UTC))
    event.add("summary", invitation.title)
    event.add("description", invitation.words)
    for kind, (name, address) in (("organizer", invitation.organizer), ("attendee", invitation.guest)):
        person = icalendar.vCalAddress(f"mailto:{address}")
        person.params["cn"] = icalendar.vText(name)
        if kind == "attendee":
            person.params["rsvp"] = icalendar.vText("TRUE")
            person.params["role"] = icalendar.vText("REQ-PARTICIPANT")
        event.add(kind, person, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
