"""Own: what was promised, whether it holds, and what went wrong since."""

from __future__ import annotations

from shipworthy.domain.problem import Problem
from shipworthy.narrative.monitoring import sentences
from shipworthy.services.watch import watch
from shipworthy.store.promises import promises_path, read_incidents
from shipworthy.web.page import Answer, Page, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit


def show(visit: Visit) -> Answer:
    """Show every promise with its state, and the incidents; nothing is taken in."""
    layout = visit.kept.layout
    problems: list[Problem] = []
    incidents = read_incidents(layout, problems)
    standings = watch(layout.folder).standings if promises_path(layout).is_file() else ()
    rows = [{"it": each, "words": sentences(each.watched)} for each in standings]
    return Page(
        "own.html",
        {
            "step_name": "Own",
            "rows": rows,
            "incidents": incidents,
            "problems": problems,
            "folder": layout.folder.name,
        },
    )


ROUTES = (route("/own", show),)
PLACES = (Place("Own", "Promises", "/own"),)
