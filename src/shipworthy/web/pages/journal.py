"""Journal: every event of consequence, latest first, with the chain of seals checked."""

from __future__ import annotations

from shipworthy.narrative.timeline import event_words
from shipworthy.services.journal_pages import journal_page
from shipworthy.web.links import link, whole
from shipworthy.web.page import Answer, Page, route
from shipworthy.web.places import EVERYWHERE, Place
from shipworthy.web.visit import Visit


def show(visit: Visit) -> Answer:
    """Show a page of the journal."""
    found = journal_page(visit.launch, whole(visit.query.get("page", "1")))
    events = [(event, event_words(event.verb, event.body)) for event in found.events]
    return Page("journal.html", {"step_name": "", "found": found, "events": events, "link": link})


ROUTES = (route("/journal", show),)
PLACES = (Place(EVERYWHERE, "Journal", "/journal"),)
