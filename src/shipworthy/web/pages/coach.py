"""The coach: the one next step, the hardest open questions, how ready the five parts are; and accepting by name."""

from __future__ import annotations

import datetime as dt
from typing import get_args

from shipworthy.coach.next_step import next_step
from shipworthy.coach.sceptic import SHOWN
from shipworthy.coach.voices import Voice, heard, question
from shipworthy.domain.errors import BadInput
from shipworthy.exporters.challenges_text import WORD, summary
from shipworthy.services.accept import Wish, accept
from shipworthy.services.library import articles_for
from shipworthy.services.pressure_test import pressure_test
from shipworthy.services.worked_out import worked_out
from shipworthy.web.mending import problems_of
from shipworthy.web.page import Answer, Page, Redirect, route
from shipworthy.web.places import EVERYWHERE, Place
from shipworthy.web.visit import Visit

VOICES = get_args(Voice)


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
    context = {
        "step_name": "", "step": step, "summary": summary(tested.challenged), "rows": rows, "read": read[:2],
        "more": len(tested.challenged.open) - sum(each.is_open for each in shown), "voices": VOICES, "voice": voice,
        "readiness": tested.readiness, "not_asked": tested.challenged.not_asked, "everything": everything,
        "problems": problems_of(visit), "month": (tested.facts.today + dt.timedelta(days=30)).isoformat(),
    }  # fmt: skip
    return Page("coach.html", context)


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


ROUTES = (route("/challenges", show), route("/challenges/accept", save=take))
PLACES = (Place(EVERYWHERE, "Coach", "/challenges"),)
