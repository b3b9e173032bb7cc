"""Frame: the brief on one screen: nine questions, what has to be true, and why it failed, told beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from shipworthy.domain.answers import clean, find_blank
from shipworthy.domain.errors import BadInput, ShipworthyError
from shipworthy.domain.questions import ASSUMPTIONS, QUESTIONS, REGULATED, TITLE, Question
from shipworthy.services.add_cause import add_cause, put_together
from shipworthy.services.clock import now
from shipworthy.services.frame import frame
from shipworthy.services.read_brief import read_brief
from shipworthy.web.fields import changes, shown
from shipworthy.web.page import STATUS, Answer, Page, Redirect, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit

OTHERS: tuple[Question, ...] = (
    ASSUMPTIONS,
    REGULATED,
    replace(TITLE, why="As it stands at the top of every page."),
)
CAUSE = ("cause", "early_sign", "tripwire", "failure_mode")


def show(visit: Visit) -> Answer:
    """Show the brief as it stands, with a place for everything that is blank."""
    return _page(visit)


def save(visit: Visit) -> Answer:
    """Save what was changed; where that cannot be, show what was typed beside what stands in the file."""
    typed, were = changes(visit.form, [key for key in visit.form if _is_key(key)])
    try:
        frame(visit.kept.layout.folder, typed, seen=visit.field("seen"))
    except ShipworthyError as error:
        return _page(visit, typed=typed, were=were, error=error)
    return Redirect("/frame?saved=1")


def save_cause(visit: Visit) -> Answer:
    """Add a cause to the pre-mortem, under the reviewer's name."""
    said = {name: clean(visit.field(name)) for name in CAUSE}
    try:
        add_cause(visit.kept.layout.folder, {"participant": visit.who, **said})
    except ShipworthyError as error:
        return _page(visit, cause=said, error=error)
    return Redirect("/frame?saved=1#premortem")


def together(visit: Visit) -> Answer:
    """Put the causes together."""
    put_together(visit.kept.layout.folder, dt.date.fromisoformat(now()[:10]))
    return Redirect("/frame#premortem")


def _is_key(key: str) -> bool:
    try:
        find_blank(key)
    except BadInput:
        return False
    return not key.startswith("premortem.")


def _page(
    visit: Visit,
    *,
    typed: Mapping[str, str] | None = None,
    were: Mapping[str, str] | None = None,
    cause: Mapping[str, str] | None = None,
    error: ShipworthyError | None = None,
) -> Page:
    brief = read_brief(visit.kept.layout.folder, visit.kept.reading)
    numbered = [*enumerate(QUESTIONS, start=1), *((0, question) for question in OTHERS)]
    questions = [shown(question, n, brief.launch, typed or {}, were or {}) for n, question in numbered]
    status = 200 if error is None else next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    context = {
        "step_name": "Frame", "brief": brief, "questions": questions, "error": error,
        "saved": visit.query.get("saved") == "1", "told": brief.launch.premortem, "causes": brief.causes(visit.who),
        "cause": dict.fromkeys(CAUSE, "") | dict(cause or {}),
    }  # fmt: skip
    return Page("brief.html", context, status)


PLACES = (Place("Frame", "The brief", "/frame"),)
ROUTES = (
    route("/frame", show, save),
    route("/frame/cause", save=save_cause),
    route("/frame/together", save=together),
)
