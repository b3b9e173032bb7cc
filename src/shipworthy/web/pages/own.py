"""Own: what was promised, whether it holds, and what went wrong since."""

from __future__ import annotations

from shipworthy.domain.problem import Problem
from shipworthy.exporters.svg_weeks import weeks_drawing
from shipworthy.exporters.weekly import Told
from shipworthy.services.watch import watch
from shipworthy.services.weekly import weekly
from shipworthy.store.promises import promises_path, read_incidents
from shipworthy.web.drawn import Drawing, drawing
from shipworthy.web.page import Answer, Page, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit


def show(visit: Visit) -> Answer:
    """Show every promise with its state, and the incidents; nothing is taken in."""
    layout = visit.kept.layout
    problems: list[Problem] = []
    incidents = read_incidents(layout, problems)
    there = promises_path(layout).is_file()
    standings = {each.promise.id: each for each in watch(layout.folder).standings} if there else {}
    made = weekly(layout.folder) if there else None
    rows = [
        {"it": standings[told.id], "words": told.sentences, "figure": _figure(told)}
        for told in (made.promises if made else ())
    ]
    return Page(
        "own.html",
        {
            "step_name": "Own",
            "rows": rows,
            "traffic": made.foot if made else (),
            "incidents": incidents,
            "problems": problems,
            "folder": layout.folder.name,
        },
    )


def _figure(told: Told) -> Drawing | None:
    """Return the weeks of a promise, drawn and as a table."""
    weeks = told.figure.weeks
    if not weeks:
        return None
    rows = tuple((each.begins.isoformat(), f"{each.passed:g}", f"{each.n:,}") for each in weeks)
    caption = "A dot a week, larger with more outputs; the line is what was promised, in 100 outputs."
    return drawing(weeks_drawing(told.figure), caption, ("Week of", "Passed", "Counted"), rows)


ROUTES = (route("/own", show),)
PLACES = (Place("Own", "Promises", "/own"),)
