"""Measure: what was run and recorded, what calls came to, and how costs and times are spread; nothing is started here."""

from __future__ import annotations

from typing import Any

from shipworthy.domain.errors import BadInput
from shipworthy.exporters.svg_histogram import histogram as histogram_svg
from shipworthy.narrative.histogram import Histogram, Measure, histogram
from shipworthy.services.runs import accounts
from shipworthy.services.spread import Spread, spread_of
from shipworthy.web.drawn import Drawing, drawing
from shipworthy.web.page import Answer, Page, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit


def show(visit: Visit) -> Answer:
    """Show runs with their accounting."""
    return Page(
        "measure.html",
        {"step_name": "Measure", "found": accounts(visit.launch), "folder": visit.kept.layout.folder.resolve().name},
    )  # fmt: skip


def spread(visit: Visit) -> Answer:
    """Show how costs and times of open outputs are spread."""
    variant = visit.query.get("variant") or None
    context: dict[str, Any] = {
        "step_name": "Measure", "variants": list(visit.launch.launch.variants), "variant": variant, "found": None,
        "nothing": None,
    }  # fmt: skip
    try:
        found = spread_of(visit.launch, variant)
    except BadInput as nothing:
        return Page("spread.html", {**context, "nothing": nothing})
    figures = [_figure(found, "latency_s"), _figure(found, "cost_usd")]
    drawn = [_drawn(figure) for figure in figures if figure.columns]
    bare = [(figure.title, " ".join(figure.notes)) for figure in figures if not figure.columns]
    return Page("spread.html", {**context, "found": found, "figures": drawn, "bare": bare})


def _figure(found: Spread, measure: Measure) -> Histogram:
    return histogram(found.latency if measure == "latency_s" else found.cost, measure, found.bars[measure])


def _drawn(figure: Histogram) -> Drawing:
    head = ("Outputs", "Seen", "Could be as little as", "Could be as much as")
    return drawing(histogram_svg(figure), " ".join(figure.notes), head, figure.quantiles)


ROUTES = (route("/measure", show), route("/spread", spread))
PLACES = (Place("Measure", "Runs", "/measure"), Place("Measure", "Cost and time", "/spread"))
