"""Themes: what was heard, by how many people, and what each becomes."""

from __future__ import annotations

from typing import get_args

from shipworthy.domain.errors import BadInput
from shipworthy.domain.theme import ThemeKind
from shipworthy.narrative import listening as words
from shipworthy.services.interview_table import slug
from shipworthy.services.interview_themes import interview_themes, set_theme
from shipworthy.web.page import Answer, Page, Redirect, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit

KINDS: dict[str, ThemeKind] = {each: each for each in get_args(ThemeKind)}
BECOMES = {
    "criterion": "a criterion",
    "failure_mode": "a failure mode",
    "scope": "a line of the scope",
    "assumption": "an assumption",
    "not_now": "not now, because …",
}


def show(visit: Visit) -> Answer:
    """Show every theme with the people who spoke of it."""
    found = interview_themes(visit.kept.layout.folder)
    people = len(found.listened.people)
    rows = [(each, words.becomes(each)) for each in found.themes]
    context = {
        "step_name": "Listen",
        "found": found,
        "rows": rows,
        "people": people,
        "who_was_heard": words.who(found.listened),
        "near": words.near(found.listened),
        "kinds": list(KINDS),
        "becomes": BECOMES,
    }
    return Page("themes.html", context)


def save(visit: Visit) -> Answer:
    """Add a theme, or change one."""
    name = visit.field("id").strip() or slug(visit.field("name").strip())
    if not visit.field("id").strip() and not visit.field("name").strip():
        raise BadInput("the theme has no name", where="Add a theme", remedy="call it what people call it")
    theme = {
        "id": name,
        "name": visit.field("name").strip(),
        "definition": visit.field("definition").strip(),
        "parent": visit.field("parent") or None,
        "kind": KINDS.get(visit.field("kind")),
        "becomes": _becomes(visit),
    }
    set_theme(visit.kept.layout.folder, theme, seen=visit.field("seen") or None)
    return Redirect(f"/themes#{name}")


def _becomes(visit: Visit) -> dict[str, str] | None:
    what = visit.field("becomes")
    if what not in BECOMES:
        return None
    value = (
        visit.field(f"{what}_is").strip()
        if what in ("criterion", "failure_mode")
        else visit.field("words").strip()
    )
    if not value:
        raise BadInput(
            f"the theme becomes {BECOMES[what]}, and nobody said which",
            remedy="go back and say it: a theme that becomes nothing was heard for nothing",
        )
    return {what: value}


ROUTES = (route("/themes", show, save),)
PLACES = (Place("Listen", "Themes", "/themes"),)
