"""The shape of every page: the templates, the path at the top, and what templates may call."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shipworthy.domain.vague import pieces, vague
from shipworthy.services.path_state import path_state
from shipworthy.web.render.quoted import quoted
from shipworthy.web.render.visible import visible
from shipworthy.web.visit import Visit

STATIC_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def environment() -> Environment:
    """Return the templates; everything that is put into them is escaped, and a missing name is a mistake."""
    made = Environment(
        loader=PackageLoader("shipworthy.web"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static
    made.filters["count"] = count
    made.filters["visible"] = visible
    made.filters["in_100"] = in_100
    made.filters["vague"] = vague
    made.filters["pieces"] = pieces
    made.filters["quoted"] = quoted
    return made


def rendered(visit: Visit, template: str, context: Mapping[str, Any]) -> str:
    """Return a page as HTML.

    Args:
        visit: who asks, and of which launch.
        template: its file's name.
        context: what the template shows.
    """
    common = _everywhere(visit) | {
        "visit": visit,
        "launch_title": visit.kept.reading().launch.title or visit.kept.layout.folder.resolve().name,
        "sample": visit.kept.reading().launch.sample,
        "steps": path_state(visit.kept),
        "places": visit.places,
    }
    return environment().get_template(template).render(common | dict(context))


def fragment(visit: Visit, template: str, context: Mapping[str, Any]) -> str:
    """Return a part of a page as HTML, for a script that has the rest of it."""
    return environment().get_template(template).render(_everywhere(visit) | dict(context))


def _everywhere(visit: Visit) -> dict[str, Any]:
    """Return what pages and their parts know of the visit."""
    return {
        "who": visit.who,
        "read_only": visit.serving.read_only,
        "form_mark": Markup('<input type="hidden" name="form-mark" value="{}">').format(visit.serving.mark),
        "mark": visit.serving.mark,
    }


@cache
def static_file(name: str) -> tuple[bytes, str] | None:
    """Return content and type of one of our own files; None for every other name."""
    return static_files().get(name)


@cache
def static_files() -> dict[str, tuple[bytes, str]]:
    """Return our own style sheet, scripts and pictures, read once; no path from outside reaches a disk."""
    found = {}
    for entry in files("shipworthy.web").joinpath("static").iterdir():
        suffix = f".{entry.name.rpartition('.')[2]}"
        if suffix in STATIC_TYPES:
            found[entry.name] = (entry.read_bytes(), STATIC_TYPES[suffix])
    return found


@cache
def static(name: str) -> str:
    """Return the address of one of our own files; it changes with the content, so browsers may keep it."""
    content, _ = static_files()[name]
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> count(1, "case"), count(1200, "case"), count(2, "reply", "replies")
    ('1 case', '1,200 cases', '2 replies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def in_100(share: float) -> str:
    """Return a share as people say it, rounded up.

    >>> in_100(0.063), in_100(0.004)
    ('7 in 100', '1 in 100')
    """
    return f"{max(1, -int(-100 * share // 1))} in 100"
