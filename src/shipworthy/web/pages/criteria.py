"""Define: the criteria, and writing one from a failure mode with examples that people labelled."""

from __future__ import annotations

from collections.abc import Mapping

from shipworthy.decision.claims import POWER
from shipworthy.domain.answers import clean
from shipworthy.domain.draft import FIELDS, KINDS, proposed
from shipworthy.domain.errors import ShipworthyError
from shipworthy.domain.taxonomy import SEVERITIES, FailureMode
from shipworthy.exporters.criteria_text import bar_said
from shipworthy.services.edit_bar import edit_bar
from shipworthy.services.examples import Examples, examples, mode_named, named_example
from shipworthy.services.lock_state import lock_state
from shipworthy.services.plan import plan_in
from shipworthy.services.price_draft import price_draft, priced_words
from shipworthy.services.read_criteria import read_criteria
from shipworthy.services.worked_out import worked_out
from shipworthy.services.write_criterion import write_criterion
from shipworthy.web.page import STATUS, Answer, Page, Redirect, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit

SAID = dict(
    zip(
        KINDS,
        ("goal: why you ship", "guardrail: what must not break", "diagnostic: good to know"),
        strict=True,
    )
)
EXAMPLES = ("pass", "fail", "borderline")
NONE = Examples((), (), (), ())


def show(visit: Visit) -> Answer:
    """Show the criteria with their bars, and the failure modes that nothing asks about."""
    return _list(visit)


def save_bar(visit: Visit) -> Answer:
    """Draw a line elsewhere; where that cannot be, show what was typed beside what stands in the file."""
    typed = {name: clean(visit.field(name)) for name in ("criterion", "value", "why")}
    try:
        edit_bar(
            visit.kept.layout.folder,
            typed["criterion"],
            typed["value"],
            typed["why"],
            seen=visit.field("seen"),
        )
    except ShipworthyError as error:
        return _list(visit, typed=typed, error=error)
    return Redirect("/criteria?saved=1")


def show_new(visit: Visit) -> Answer:
    """Show a form for a criterion, filled in with what follows from the failure mode."""
    mode = visit.query.get("mode", "")
    found = mode_named(visit.launch, mode) if mode else None
    return _new(visit, found, {**proposed(found), "mode": mode})


def save_new(visit: Visit) -> Answer:
    """Price a criterion or write it; where that cannot be, show what was typed."""
    typed = {
        name: clean(visit.field(name)) for name in (*FIELDS, *(f"{kind}_output" for kind in EXAMPLES), "mode")
    }
    found = mode_named(visit.launch, typed["mode"]) if typed["mode"] else None
    typed["failure_modes"] = typed["mode"]
    folder = visit.kept.layout.folder
    try:
        said = _with_outputs(visit, typed)
        if visit.field("do") == "price":
            return _new(visit, found, typed, bill=price_draft(visit.launch, said))
        write_criterion(folder, said, seen=visit.field("seen"))
    except ShipworthyError as error:
        return _new(visit, found, typed, error=error)
    return Redirect(f"/criteria?saved=1#{said['id']}")


def _with_outputs(visit: Visit, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed with the outputs that were picked; words beside a picked output follow it."""
    said = dict(typed)
    for kind in EXAMPLES:
        if name := typed[f"{kind}_output"]:
            picked = named_example(visit.launch, name)
            said[kind] = f"{picked}\n{typed[kind]}".strip()
    return said


def _list(
    visit: Visit, *, typed: Mapping[str, str] | None = None, error: ShipworthyError | None = None
) -> Page:
    found = read_criteria(visit.kept.layout.folder, visit.kept.reading)
    context = {
        "step_name": "Define", "criteria": found, "problems": found.problems, "error": error,
        "bars": {each.criterion.id: bar_said(each.criterion) for each in found.asked},
        "typed": {"criterion": "", "value": "", "why": "", **(typed or {})},
        "saved": visit.query.get("saved") == "1", "locked": lock_state(visit.kept),
    }  # fmt: skip
    return Page("criteria.html", context, _status(error))


def _new(
    visit: Visit,
    mode: FailureMode | None,
    typed: Mapping[str, str],
    *,
    bill: list[str] | None = None,
    error: ShipworthyError | None = None,
) -> Page:
    found = read_criteria(visit.kept.layout.folder, visit.kept.reading)
    blank = dict.fromkeys((*FIELDS, *(f"{kind}_output" for kind in EXAMPLES), "mode"), "")
    context = {
        "step_name": "Define", "criteria": found, "mode": mode, "error": error,
        "typed": blank | {"scorer": "check" if found.checks else "recorded"} | dict(typed),
        "examples": examples(visit.launch, mode) if mode else NONE,
        "kinds": list(SAID.items()), "severities": SEVERITIES, "priced": bill is not None,
        "bill": bill if bill is not None else _bill(visit),
    }  # fmt: skip
    return Page("criteria_new.html", context, _status(error))


def _bill(visit: Visit) -> list[str]:
    """Return what the plan takes as it stands, or why nobody can say."""
    try:
        launch = visit.launch
        planned = worked_out(visit.kept, (plan_in, POWER), lambda: plan_in(launch, power=POWER))
        return priced_words(planned)
    except ShipworthyError as error:
        return [f"What the plan takes cannot be said yet: {error.what}."]


def _status(error: ShipworthyError | None) -> int:
    return 200 if error is None else next((code for kind, code in STATUS if isinstance(error, kind)), 500)


PLACES = (Place("Define", "Criteria", "/criteria"),)
ROUTES = (
    route("/criteria", show),
    route("/criteria/bar", save=save_bar),
    route("/criteria/new", show_new, save_new),
)
