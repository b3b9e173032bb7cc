"""Home: where the launch is on the path, and who is reading."""

from __future__ import annotations

from urllib.parse import quote

from shipworthy.domain.errors import BadInput
from shipworthy.web.page import Answer, Page, Redirect, clean_name, route
from shipworthy.web.visit import Visit


def show(visit: Visit) -> Answer:
    """Show the path with the state of each step, and the folder's problems."""
    reading = visit.kept.reading()
    return Page("home.html", {"launch": reading.launch, "problems": reading.problems})


def name_yourself(visit: Visit) -> Answer:
    """Remember the reviewer's name in a cookie."""
    name = clean_name(visit.field("who"))
    if not name:
        raise BadInput(
            "a name has at least one letter",
            where="your name",
            remedy="type the name that others know you by",
        )
    back = visit.field("back", "/")
    return Redirect(
        back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/", who=quote(name)
    )


ROUTES = (route("/", show), route("/who", save=name_yourself))
