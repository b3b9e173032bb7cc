"""Define: the eval set: cases by part and slice, what is wrong with them, and fresh cases from what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from shipworthy.domain.answers import clean
from shipworthy.domain.errors import ShipworthyError
from shipworthy.narrative.outlook import hundredths
from shipworthy.narrative.sets import need_words
from shipworthy.services.fill_worksheet import fill_worksheet, take_worksheet
from shipworthy.services.set_doctor import examine
from shipworthy.services.set_from_failures import from_failures
from shipworthy.services.set_grow import grow, grow_in
from shipworthy.services.set_shape import set_shape
from shipworthy.services.worked_out import worked_out
from shipworthy.store.tables import PARTS
from shipworthy.store.todo import Todo
from shipworthy.store.worksheet_file import Worksheet, as_typed, find_worksheet, worksheets
from shipworthy.web.mending import problems_of
from shipworthy.web.page import STATUS, Answer, Page, Redirect, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit

MOST = 20
"""Findings of one kind, and rows of a worksheet, on one page."""
LONGEST = 2000
TOLD = (
    ("slice", "For the slice"), ("claim", "For the claim"), ("input", "What was asked"), ("output", "What came"),
    ("expected", "What was expected"),
)  # fmt: skip
"""What a worksheet says of the case that a fresh one comes from, and how a page calls it."""


@dataclass(frozen=True)
class Row:
    """One case to write, as a form shows it."""

    number: int
    title: str
    because: tuple[tuple[str, str], ...]
    input: str
    expected: str


def show(visit: Visit) -> Answer:
    """Show cases and groups by part and slice, and the worksheets."""
    launch = visit.launch
    rows = set_shape(launch)
    parts = rows[0].parts.values()
    context = {
        "step_name": "Define", "problems": (), "rows": rows, "parts": PARTS,
        "total": {"cases": sum(n.cases for n in parts), "groups": sum(n.groups for n in parts)},
        "variants": list(launch.launch.variants), "candidate": launch.launch.candidate,
        "criteria": [c.id for c in launch.reading.criteria if c.scorer], "worksheets": worksheets(launch.layout),
        "said": _said(visit.query),
    }  # fmt: skip
    return Page("evalset.html", context)


def _said(query: Mapping[str, str]) -> str:
    number = query.get("taken", "")
    if number.isdigit():
        return f"{number[:9]} brought into the eval set. They explore until they are given a part: shipworthy set split."
    sheets = query.get("sheets", "")
    if sheets.isdigit():
        return f"{sheets[:9]} worksheets made." if int(sheets[:9]) else "No slice needs more cases."
    return "Nothing failed that has no fresh case yet." if query.get("nothing") else ""


def show_doctor(visit: Visit) -> Answer:
    """Examine the eval set; takes no look."""
    launch = visit.launch
    found = worked_out(visit.kept, examine, lambda: examine(launch))
    kinds = [(kind, list(each)) for kind, each in groupby(found.findings, key=lambda finding: finding.kind)]
    context = {
        "step_name": "Define",
        "found": found,
        "kinds": kinds,
        "most": MOST,
        "problems": problems_of(visit),
    }
    return Page("evalset_doctor.html", context)


def show_grow(visit: Visit) -> Answer:
    """Say what each slice needs; takes no look."""
    launch = visit.launch
    found = worked_out(visit.kept, grow_in, lambda: grow_in(launch))
    context = {
        "step_name": "Define", "problems": problems_of(visit), "grown": found, "hundredths": hundredths,
        "lacking": any(need.more_cases for need in found.needs), "money": any(need.money is not None for need in found.needs),
        "words": need_words(found.needs, found.bill, found.currency, locked=found.locked),
    }  # fmt: skip
    return Page("evalset_grow.html", context)


def make_grow_worksheets(visit: Visit) -> Answer:
    """Make a worksheet of empty cases for each slice that needs some."""
    made = grow(visit.launch.layout.folder, write=True)
    return Redirect(f"/evalset?sheets={len(made.written)}")


def make_worksheet(visit: Visit) -> Answer:
    """Make a worksheet from what failed on open parts."""
    made = from_failures(
        visit.launch.layout.folder, visit.field("variant"), criterion=visit.field("criterion") or None
    )
    if made.path is None:
        return Redirect("/evalset?nothing=1")
    sheet = next(each for each in worksheets(visit.launch.layout) if each.path == made.path)
    return Redirect(f"/evalset/todo/{sheet.key}")


def show_todo(visit: Visit) -> Answer:
    """Show cases to write."""
    return _todo(visit, find_worksheet(visit.launch.layout, visit.path["key"]))


def save_todo(visit: Visit) -> Answer:
    """Save what was filled in, and bring it into the eval set where that is asked."""
    folder, key = visit.launch.layout.folder, visit.path["key"]
    given = _given(visit)
    try:
        sheet = fill_worksheet(folder, key, given, seen=visit.field("seen"))
        if visit.field("do") == "take":
            return Redirect(f"/evalset?taken={take_worksheet(folder, sheet).cases}")
    except ShipworthyError as error:
        return _todo(visit, find_worksheet(visit.launch.layout, key), given=given, error=error)
    return Redirect(f"/evalset/todo/{key}?saved=1&from={min(given, default=0)}")


def _given(visit: Visit) -> dict[int, tuple[str, str]]:
    numbers = [name.partition(":")[2] for name in visit.form if name.startswith("input:")]
    return {
        int(n): (visit.field(f"input:{n}"), visit.field(f"expected:{n}"))
        for n in numbers
        if n.isdigit() and len(n) < 7
    }


def _todo(
    visit: Visit,
    sheet: Worksheet,
    *,
    given: Mapping[int, tuple[str, str]] | None = None,
    error: ShipworthyError | None = None,
) -> Page:
    asked = visit.query.get("from", "0")
    start = min(given) if given else int(asked) if asked.isdigit() and len(asked) < 7 else 0
    rows = [_row(n, row, (given or {}).get(n)) for n, row in enumerate(sheet.rows)][start : start + MOST]
    more = start + MOST if start + MOST < len(sheet.rows) else 0
    status = 200 if error is None else next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    context = {
        "step_name": "Define", "sheet": sheet, "rows": rows, "more": more, "error": error,
        "saved": visit.query.get("saved") == "1",
    }  # fmt: skip
    return Page("evalset_todo.html", context, status)


def _row(number: int, row: Todo, typed: tuple[str, str] | None) -> Row:
    said = typed or (as_typed(row.new.get("input")), as_typed(row.new.get("expected")))
    told = [
        ("Failed", _failed(row.because.get("criteria"))),
        *((label, row.because.get(name)) for name, label in TOLD),
    ]
    because = tuple((label, _shown(value)) for label, value in told if value not in (None, "", {}))
    return Row(number, clean(str(row.new.get("id", ""))), because, *said)


def _failed(criteria: object) -> str:
    """Return the criteria that an output failed, each with what was said of it."""
    if not isinstance(criteria, dict):
        return ""
    said = [
        (name, each.get("explanation") if isinstance(each, dict) else None) for name, each in criteria.items()
    ]
    return "; ".join(f"{name}: {why}" if why else str(name) for name, why in said)


def _shown(value: object) -> str:
    text = clean(as_typed(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


PLACES = (Place("Define", "Eval set", "/evalset"),)
ROUTES = (
    route("/evalset", show),
    route("/evalset/doctor", show_doctor),
    route("/evalset/grow", show_grow, make_grow_worksheets),
    route("/evalset/from-failures", save=make_worksheet),
    route("/evalset/todo/{key}", show_todo, save_todo),
)
