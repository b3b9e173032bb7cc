"""Themes and codes: what was heard, as people define it under `themes:` in `taxonomy.yaml`, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shipworthy.domain.authored import Authored, Expected

ThemeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
ThemeKind = Literal["opportunity", "pain", "desire", "workaround", "risk"]


class Becomes(Authored):
    """What a theme turns into; a theme without one was heard for nothing."""

    criterion: str | None = Field(None, max_length=60, description="id of a criterion in criteria.yaml")
    failure_mode: str | None = Field(None, max_length=60, description="id of a failure mode")
    scope: str | None = Field(None, max_length=400, description="a line of the scope: what is in or left out")
    assumption: str | None = Field(None, max_length=400, description="an assumption of the brief")
    not_now: str | None = Field(None, max_length=400, description="why nothing comes of it now")

    @model_validator(mode="after")
    def _something(self) -> Becomes:
        if not any(self.said().values()):
            raise Expected("one of criterion, failure_mode, scope, assumption, not_now, with a value")
        return self

    def said(self) -> dict[str, str]:
        """Return what is written, by key."""
        return {key: value for key, value in self.model_dump().items() if value}


class Theme(Authored):
    """One theme, or one code under a theme."""

    id: ThemeName = Field(description="its name in excerpts")
    name: str = Field("", max_length=200, description="what people call it")
    definition: str = Field(
        "", max_length=2000, description="when an excerpt has it, so that two people agree"
    )
    includes: list[str] | str = Field("", description="near misses that count")
    excludes: list[str] | str = Field("", description="look-alikes that do not count")
    parent: ThemeName | None = Field(None, description="the theme it belongs to")
    kind: ThemeKind | None = Field(None, description="opportunity, pain, desire, workaround, risk")
    becomes: Becomes | None = Field(None, description="what it turns into")

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self.id.replace("_", " ").replace("-", " ")


def above(themes: Mapping[str, Theme], code: str) -> list[str]:
    """Return the code and the themes it belongs to, the nearest first; a circle ends where it closes."""
    trail: list[str] = []
    at: str | None = code
    while at is not None and at in themes and at not in trail:
        trail.append(at)
        at = themes[at].parent
    return trail


def circles(themes: Mapping[str, Theme]) -> list[str]:
    """Return the ids of themes that belong to themselves, by however many steps."""
    found = []
    for name in themes:
        trail = above(themes, name)
        if themes[trail[-1]].parent == name:
            found.append(name)
    return found


def destiny(themes: Mapping[str, Theme], code: str) -> Becomes | None:
    """Return what a code becomes: its own word, or that of the nearest theme above that has one."""
    return next((themes[each].becomes for each in above(themes, code) if themes[each].becomes), None)


def in_order(themes: Sequence[Theme]) -> list[tuple[int, Theme]]:
    """Return all themes as a tree: each with its depth, codes below their theme, otherwise as they are written."""
    known = {theme.id for theme in themes}
    below: dict[str | None, list[Theme]] = {}
    for theme in themes:
        below.setdefault(theme.parent if theme.parent in known else None, []).append(theme)
    found: list[tuple[int, Theme]] = []
    todo = [(0, theme) for theme in reversed(below.get(None, []))]
    while todo:
        depth, theme = todo.pop()
        found.append((depth, theme))
        todo += [(depth + 1, child) for child in reversed(below.get(theme.id, []))]
    reached = {theme.id for _, theme in found}
    return found + [(0, theme) for theme in themes if theme.id not in reached]
