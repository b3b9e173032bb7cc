"""Outputs: those behind a number, filtered and paged; and one output whole."""

from __future__ import annotations

from typing import Any

import msgspec

from shipworthy.domain.errors import BadInput
from shipworthy.services.outputs import Chosen, one_of, outputs_of
from shipworthy.store.of_outputs import STATES
from shipworthy.web.links import link, output_link, whole
from shipworthy.web.page import Answer, Page, route
from shipworthy.web.places import Place
from shipworthy.web.render.output import render, render_steps
from shipworthy.web.visit import Visit


def show(visit: Visit) -> Answer:
    """Show the outputs behind a number."""
    chosen = _chosen(visit)
    context: dict[str, Any] = {
        "step_name": "Decide", "chosen": chosen, "states": STATES, "found": None, "nothing": None,
        "variants": list(visit.launch.launch.variants), "link": link, "output_link": output_link,
        "criteria": [c.id for c in visit.launch.reading.criteria if c.scorer or c.of],
    }  # fmt: skip
    try:
        found = outputs_of(visit.launch, chosen)
    except BadInput as nothing:
        return Page("outputs.html", {**context, "nothing": nothing})
    return Page("outputs.html", {**context, "found": found, "at": _at(chosen)})


def one(visit: Visit) -> Answer:
    """Show one output whole, rendered as what it is or as what is asked for."""
    given = visit.path if "case" in visit.path else visit.query
    variant, case = str(given.get("variant", "")), str(given.get("case", ""))
    repeat = whole(str(given.get("repeat", "1")))
    found = one_of(visit.launch, variant, case, repeat)
    seen, asked = found.whole.seen, found.case
    expected = None if asked is None else _text(asked.expected)
    all_of_it = visit.query.get("whole") == "1"
    output = (
        None
        if seen.text is None
        else render(seen.text, visit.query.get("as", ""), whole=all_of_it, against=expected)
    )
    return Page(
        "output.html",
        {
            "step_name": "Decide", "one": found, "seen": seen, "output": output,
            "input": None if asked is None or asked.input is None else render(_text(asked.input) or ""),
            "expected": None if expected is None else render(expected),
            "turns": render_steps(seen.steps) if seen.steps else None, "link": link,
            "at": {"variant": variant, "case": case, "repeat": repeat},
        },
    )  # fmt: skip


def _chosen(visit: Visit) -> Chosen:
    wanted = visit.query.get("state", "")
    states = tuple(state for state in STATES if state == wanted)
    return Chosen(
        criterion=visit.query.get("criterion") or None,
        variant=visit.query.get("variant") or None,
        slice=visit.query.get("slice") or None,
        states=states,
        sealed=visit.query.get("sealed") == "yes",
        page=whole(visit.query.get("page", "1")),
    )


def _at(chosen: Chosen) -> dict[str, object]:
    """Return what an address must carry to come back to the same choice."""
    return {
        "criterion": chosen.criterion, "variant": chosen.variant, "slice": chosen.slice,
        "state": chosen.states[0] if chosen.states else None, "sealed": "yes" if chosen.sealed else None,
    }  # fmt: skip


def _text(value: Any) -> str | None:
    """Return a value of a case as a renderer takes it: as JSON."""
    return None if value is None else msgspec.json.encode(value).decode()


ROUTES = (
    route("/outputs", show),
    route("/outputs/{variant}/{case:path}/{repeat:int}", one),
    route("/output", one),
)
PLACES = (Place("Decide", "Outputs", "/outputs"),)
