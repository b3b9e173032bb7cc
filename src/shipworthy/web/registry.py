"""The pages, in the order of the path; a new page is one line here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType

from starlette.routing import Route

from shipworthy.web.places import Place

PAGES = (
    "home",
    "brief",
    "interviews",
    "interview_quotes",
    "interview",
    "themes",
    "review",
    "review_settle",
    "review_screen",
    "taxonomy",
    "taxonomy_mode",
    "criteria",
    "evalset",
    "plan",
    "measure",
    "decide",
    "outputs",
    "flips",
    "tradeoff",
    "memo",
    "own",
    "coach",
    "journal",
    "library",
    "course",
)
"""Modules in `web/pages`, each with `ROUTES`, and `PLACES` where it stands in the navigation."""


def routes() -> list[Route]:
    """Return the routes of all pages."""
    first = sorted(
        _modules(), key=lambda module: "review" not in module.__name__
    )  # asked most, so matched first
    return [route for module in first for route in module.ROUTES]


@cache
def places() -> dict[str, tuple[Place, ...]]:
    """Return what the navigation shows under each step of the path, and everywhere."""
    found: dict[str, tuple[Place, ...]] = {}
    for module in _modules():
        for place in getattr(module, "PLACES", ()):
            found[place.step] = (*found.get(place.step, ()), place)
    return found


def _modules() -> list[ModuleType]:
    return [import_module(f"shipworthy.web.pages.{name}") for name in PAGES]
