"""The coach: where it stands, the one next step, the hardest open questions, accepting by name, and the call to book."""

from __future__ import annotations

import datetime as dt
import re
from typing import get_args
from urllib.parse import quote

from shipworthy.coach.next_step import next_step
from shipworthy.coach.sceptic import SHOWN
from shipworthy.coach.voices import Voice, heard, question
from shipworthy.domain.errors import BadInput
from shipworthy.exporters.challenges_text import WORD, summary
from shipworthy.services.accept import Wish, accept
from shipworthy.services.library import articles_for
from shipworthy.services.pressure_test import pressure_test
from shipworthy.services.review_invite import Invite, review_invite
from shipworthy.services.worked_out import worked_out
from shipworthy.store.reviews import read_reviews
from shipworthy.web.mending import problems_of
from shipworthy.web.page import Answer, Page, Redirect, clean_name, route
from shipworthy.web.places import EVERYWHERE, Place
from shipworthy.web.visit import Visit

VOICES = get_args(Voice)
ADDRESS = re.compile(r"[^<>\s@]+@[^<>\s@]+")


def show(visit: Visit) -> Answer:
    """Show the next step and the open challenges; takes no look."""
    folder = visit.kept.layout.folder
    tested = worked_out(visit.kept, pressure_test, lambda: pressure_test(folder, anyway=True))
    step = next_step(tested.facts, tested.challenged)
    voice: Voice | None = next((v for v in VOICES if v == visit.query.get("voice")), None)
    ordered = heard(tested.challenged.findings, voice)
    everything = visit.query.get("all") == "1"
    shown = ordered if everything else tuple(each for each in ordered if each.is_open)[:SHOWN]
    rows = [
        {
            "found": each,
            "asks": question(each, voice),
            "word": WORD[each.severity],
            "command": each.rule.command.format(folder=folder.name),
            "articles": articles_for(rule=each.rule.id),
        }
        for each in shown
    ]
    read = (
        articles_for(rule=step.rule)
        if step.rule
        else articles_for(command=([*step.command.split(), "", ""])[1])
    )
    calls = {name.removesuffix(".yaml"): it for name, it in read_reviews(visit.kept.layout, []).items()}
    hour = dt.datetime.combine(tested.facts.today + dt.timedelta(days=7), dt.time(10))
    context = {
        "calls": calls, "booked": visit.query.get("booked", "") if visit.query.get("booked") in calls else "",
        "hour": hour.isoformat(timespec="minutes"), "step_name": "", "step": step, "summary": summary(tested.challenged), "rows": rows, "read": read[:2],
        "more": len(tested.challenged.open) - sum(each.is_open for each in shown), "voices": VOICES, "voice": voice,
        "readiness": tested.readiness, "not_asked": tested.challenged.not_asked, "everything": everything,
        "problems": problems_of(visit), "month": (tested.facts.today + dt.timedelta(days=30)).isoformat(),
    }  # fmt: skip
    return Page("coach.html", context)


def call(visit: Visit) -> Answer:
    """Write the packet for a reviewer and the invitation to the call; nothing is mailed."""
    try:
        begins = dt.datetime.fromisoformat(visit.field("when")).astimezone()
    except ValueError as error:
        raise BadInput(
            "this is no day and hour",
            where=visit.field("when") or "when",
            remedy="write it as 2027-03-01T10:00",
        ) from error
    people = [
        (clean_name(visit.field(f"{who}_name")), visit.field(f"{who}_address").strip())
        for who in ("reviewer", "own")
    ]
    for name, address in people:
        if not name or not ADDRESS.fullmatch(address):
            raise BadInput(
                "a name or an address is missing",
                where=address or name,
                remedy="give both, as Zoë and zoe@example.org",
            )
    folder = visit.kept.layout.folder
    open_ = tuple(question(each, None) for each in pressure_test(folder).challenged.open[:SHOWN])
    stuck, wants = visit.field("stuck_on").strip(), visit.field("wants").strip()
    made = review_invite(
        folder, Invite(people[0], people[1], begins, stuck_on=stuck, wants=wants), challenges=open_
    )
    return Redirect(f"/challenges?booked={quote(made.files[0].stem)}#call-title")


def take(visit: Visit) -> Answer:
    """Accept one challenge by name, for a reason and for a while."""
    try:
        until = dt.date.fromisoformat(visit.field("until"))
    except ValueError as error:
        raise BadInput(
            "this is no day", where=visit.field("until") or "until", remedy="write the last day as 2027-03-01"
        ) from error
    folder = visit.kept.layout.folder
    accept(folder, Wish(visit.field("rule"), visit.field("name"), visit.field("reason"), until))
    return Redirect("/challenges")


ROUTES = (
    route("/challenges", show),
    route("/challenges/accept", save=take),
    route("/challenges/call", save=call),
)
PLACES = (Place(EVERYWHERE, "Coach", "/challenges"),)
