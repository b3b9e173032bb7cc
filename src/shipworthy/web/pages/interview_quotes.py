"""Quotes: is what was written down from an interview in its transcript word for word, nearly, or not at all?"""

from __future__ import annotations

from shipworthy.domain.errors import BadInput
from shipworthy.services.interview_trace import Trace, interview_trace, may_be_traced, trace_written
from shipworthy.web.page import Answer, Page, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit

MOST = 200
"""Quotes in one go, and on one page."""
STATES = {
    "verbatim": "word for word",
    "same words": "the same words, other marks or capitals",
    "near": "near: look whether it is this passage",
    "not found": "not found",
}


def show(visit: Visit) -> Answer:
    """Show how the launch's own excerpts are found in their transcripts, and the form for quotes from elsewhere."""
    return _page(visit, interview_trace(visit.kept.layout.folder))


def trace(visit: Visit) -> Answer:
    """Look for the quotes of the form; nothing is written."""
    quotes = [line.strip() for line in visit.field("quotes").splitlines() if line.strip()]
    if not 0 < len(quotes) <= MOST:
        raise BadInput(f"{len(quotes):,} quotes came", remedy=f"write 1 to {MOST} of them, one a line")
    name = visit.field("interview")
    return _page(visit, trace_written(visit.kept.layout.folder, name, quotes), name, "\n".join(quotes))


def _page(visit: Visit, found: Trace, name: str = "", quotes: str = "") -> Page:
    states = found.states()
    context = {
        "step_name": "Listen", "interviews": [each.name for each in may_be_traced(visit.kept.layout.folder)],
        "name": name, "quotes": quotes, "total": len(found.quotes), "said": STATES, "more": max(0, len(found.quotes) - MOST),
        "counts": [(states[state], words) for state, words in STATES.items() if state in states],
        "rows": sorted(found.quotes, key=lambda each: each.found.state == "verbatim")[:MOST],
    }  # fmt: skip
    return Page("interview_quotes.html", context)


ROUTES = (route("/interviews/quotes", show, trace),)
PLACES = (Place("Listen", "Quotes", "/interviews/quotes"),)
