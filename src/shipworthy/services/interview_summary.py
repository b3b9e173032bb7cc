"""Sum up the interviews: who was heard, what by how many people, and what so few can and cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shipworthy.decision.heard import Heard, Listened
from shipworthy.services.interview_themes import interview_themes
from shipworthy.statistics.heard import chance_heard, people_needed, share_at_least, share_unheard

SHARES = (0.5, 0.3, 0.1, 0.05)
"""How common a problem is, for what may have gone unheard."""
WANTED_CHANCE = 0.8


@dataclass(frozen=True)
class Tells:
    """What so many people can and cannot tell.

    Attributes:
        people: how many, each counted once.
        chances: for a problem of this share of all users, the chance that it came up at least once.
        unheard: a problem nobody spoke of may still be one of this share of users, at an error of 5 in 100.
        needed: for a problem of this share to come up with a chance of 8 in 10, so many people.
    """

    people: int
    chances: dict[float, float]
    unheard: float
    needed: dict[float, int]


@dataclass(frozen=True)
class ThemeTells:
    """One theme, with the share of users it shows at the very least; None where nobody told what they did."""

    heard: Heard
    at_least: float | None


@dataclass(frozen=True)
class Summary:
    """What the interviews amount to."""

    listened: Listened
    tells: Tells
    themes: tuple[ThemeTells, ...]


def tells(people: int) -> Tells:
    """Return what so many people can and cannot tell; computed, from binomial sums."""
    return Tells(
        people,
        {share: chance_heard(share, people) for share in SHARES},
        share_unheard(people),
        {share: people_needed(share, WANTED_CHANCE) for share in SHARES},
    )


def interview_summary(folder: Path) -> Summary:
    """Return the interviews summed up, counted by people.

    Raises:
        FolderHasProblems: something in the interviews or themes is wrong.
    """
    there = interview_themes(folder)
    people = len(there.listened.people)
    themes = tuple(
        ThemeTells(each, share_at_least(len(each.strong), people) if each.strong else None)
        for each in there.themes
    )
    return Summary(there.listened, tells(people), themes)
