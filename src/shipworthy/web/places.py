"""A place in the navigation."""

from __future__ import annotations

from dataclasses import dataclass

EVERYWHERE = "Everywhere"
"""The step of pages that belong to no step: the library, the journal."""


@dataclass(frozen=True)
class Place:
    """Where a page stands: under which step, by which name."""

    step: str
    title: str
    url: str
