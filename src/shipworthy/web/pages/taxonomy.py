"""Failure modes: notes on the left, names on the right, and how often each comes up."""

from __future__ import annotations

from shipworthy.domain.errors import BadInput
from shipworthy.narrative.taxonomy import basis_words
from shipworthy.services.taxonomy_group import group_outputs
from shipworthy.services.taxonomy_history import taxonomy_history
from shipworthy.services.taxonomy_matrix import failure_matrix
from shipworthy.services.taxonomy_outputs import where_read
from shipworthy.services.taxonomy_state import taxonomy_state
from shipworthy.services.taxonomy_undo import undo_change
from shipworthy.services.taxonomy_write import add_mode
from shipworthy.web.desks import desk_of
from shipworthy.web.page import Answer, Page, Redirect, route
from shipworthy.web.places import Place
from shipworthy.web.taxonomy_view import cut, done_of, handlers, hints, modes_of, new_modes_of, notes_of
from shipworthy.web.visit import Visit

NEW = "+"
"""The choice of a new failure mode, which has its name beside it."""


def show(visit: Visit) -> Answer:
    """Show notes to group, and the failure modes, the most pressing first."""
    desk = desk_of(visit.serving)
    state = taxonomy_state(desk)
    modes = modes_of(state)
    shows = visit.query.get("show", "")
    notes, left = cut(notes_of(desk, state, shows))
    return Page(
        "taxonomy.html",
        {
            "state": state, "modes": modes, "notes": notes, "left": left, "shows": shows, "of": state.row(shows),
            "basis": basis_words(state.counted), "done": done_of(desk, visit.query.get("done", "")),
            "where": where_read(desk, [read for each in notes for read in each.outputs]),
            "new_modes": new_modes_of(state), "keys": handlers(modes), "hints": hints(), "chosen": _chosen(visit), "new": NEW,
        },
    )  # fmt: skip


def group(visit: Visit) -> Answer:
    """Give the chosen outputs a failure mode, made first where it is new."""
    desk = desk_of(visit.serving)
    outputs = visit.form.get("output", [])
    into, name = visit.field("into"), visit.field("name").strip()
    if not outputs:
        raise BadInput("no note is chosen", where="the notes", remedy="choose one or more, and send again")
    if into in ("", NEW) and not name:
        raise BadInput(
            "no failure mode is chosen", where="into", remedy="choose one, or type the name of a new one"
        )
    if into in ("", NEW):
        into = add_mode(desk, name, by=visit.who, seen=visit.field("seen") or None).modes[0]
    done = group_outputs(desk, outputs, into, by=visit.who, instead_of=visit.field("instead_of"))
    return _back(visit.field("show"), done.change.number)


def add(visit: Visit) -> Answer:
    """Add a failure mode that nobody has met yet, and go to its page."""
    made = add_mode(
        desk_of(visit.serving), visit.field("name"), by=visit.who, seen=visit.field("seen") or None
    )
    return Redirect(f"/taxonomy/mode/{made.modes[0]}?done={made.number}")


def history(visit: Visit) -> Answer:
    """Show every change, with an undo for those that stand."""
    desk = desk_of(visit.serving)
    done = done_of(desk, visit.query.get("done", ""))
    return Page("taxonomy_history.html", {"events": taxonomy_history(desk), "done": done})


def undo(visit: Visit) -> Answer:
    """Take a change back."""
    number = visit.field("number")
    if number and (not number.isdecimal() or len(number) > 15):
        raise BadInput(f"`{number[:40]}` is no change", where="history", remedy="choose one of the list")
    undo_change(desk_of(visit.serving), int(number) if number else None, by=visit.who)
    latest = taxonomy_history(desk_of(visit.serving))[0].number
    return Redirect(f"/taxonomy/history?done={latest}")


def matrix(visit: Visit) -> Answer:
    """Show where outputs of several steps go wrong first."""
    return Page("taxonomy_matrix.html", {"matrix": failure_matrix(desk_of(visit.serving))})


def _chosen(visit: Visit) -> int:
    """Return the number of the suggested group that is chosen as a whole; 0 for none."""
    given = visit.query.get("choose", "")
    return int(given) if given.isdecimal() and len(given) < 6 else 0


def _back(shows: str, number: int) -> Redirect:
    clean = "".join(c for c in shows if c.isalnum() or c in "-_")
    return Redirect(f"/taxonomy?show={clean}&done={number}" if clean else f"/taxonomy?done={number}")


PLACES = (Place("Look", "Failure modes", "/taxonomy"),)
ROUTES = (
    route("/taxonomy", show, add),
    route("/taxonomy/group", save=group),
    route("/taxonomy/history", history, undo),
    route("/taxonomy/matrix", matrix),
)
