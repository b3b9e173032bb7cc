"""Changes: which cases a variant fixes and which it breaks, against another on the same cases."""

from __future__ import annotations

from typing import Any

from shipworthy.domain.errors import BadInput
from shipworthy.exporters.svg_flips import flips as flips_svg
from shipworthy.narrative.flip_squares import flip_squares
from shipworthy.services.flips import Between, flips
from shipworthy.web.drawn import drawing
from shipworthy.web.links import link, output_link, whole
from shipworthy.web.page import Answer, Page, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit


def show(visit: Visit) -> Answer:
    """Show what changed between two variants."""
    query = visit.query
    way = query.get("way", "")
    between = Between(
        criterion=query.get("criterion") or None,
        before=query.get("before") or None,
        after=query.get("after") or None,
        slice=query.get("slice") or None,
        way="fixed" if way == "fixed" else "broken" if way == "broken" else None,
        sealed=query.get("sealed") == "yes",
        page=whole(query.get("page", "1")),
    )
    launch = visit.launch.launch
    context: dict[str, Any] = {
        "step_name": "Decide", "between": between, "variants": list(launch.variants), "link": link,
        "baseline": launch.baseline, "output_link": output_link, "found": None, "nothing": None,
        "criteria": [c.id for c in visit.launch.reading.criteria if c.scorer or c.of],
    }  # fmt: skip
    try:
        found = flips(visit.launch, between)
    except BadInput as nothing:
        return Page("flips.html", {**context, "nothing": nothing})
    figure = flip_squares(
        found.before, found.after, fixed=found.fixed, broken=found.broken, unchanged=found.unchanged, gain=found.gain
    )  # fmt: skip
    rows = (
        ("fixed", f"{found.fixed:,}", f"{found.cases['fixed']:,}"),
        ("broken", f"{found.broken:,}", f"{found.cases['broken']:,}"),
        ("unchanged", f"{found.unchanged:,}", ""),
    )
    drawn = drawing(
        flips_svg(figure), f"{figure.title}: {figure.gain_words}.", ("Way", "Groups", "Cases"), rows
    )
    at = {
        "criterion": found.criterion.id, "before": found.before, "after": found.after, "slice": between.slice,
        "sealed": "yes" if between.sealed else None,
    }  # fmt: skip
    return Page("flips.html", {**context, "found": found, "figure": drawn, "at": at})


ROUTES = (route("/flips", show),)
PLACES = (Place("Decide", "Changes", "/flips"),)
