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
from shipworthy.web.visit import Visit

LONGEST = 200_000
"""Letters of one output that a page shows; the rest can be fetched by `shipworthy show`."""


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
    """Show one output whole."""
    given = visit.path if "case" in visit.path else visit.query
    variant, case = str(given.get("variant", "")), str(given.get("case", ""))
    found = one_of(visit.launch, variant, case, whole(str(given.get("repeat", "1"))))
    seen = found.whole.seen
    return Page(
        "output.html",
        {
            "step_name": "Decide", "one": found, "seen": seen, "text": _readable(seen.text),
            "input": None if found.case is None else _plain(found.case.input),
            "expected": None if found.case is None else _plain(found.case.expected),
            "turns": _readable(seen.steps), "longest": LONGEST, "link": link,
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


def _readable(text: str | None) -> str | None:
    """Return an output as text: a JSON string is what it says, everything else stands as it is."""
    if text is None:
        return None
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return text
    return found if isinstance(found, str) else msgspec.json.format(text, indent=2)


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


ROUTES = (
    route("/outputs", show),
    route("/outputs/{variant}/{case:path}/{repeat:int}", one),
    route("/output", one),
)
PLACES = (Place("Decide", "Outputs", "/outputs"),)
