"""What the interviews amount to, in sentences: people, never rows; and what so few can and cannot tell."""

from __future__ import annotations

from collections.abc import Mapping

from shipworthy.decision.heard import Heard, Listened
from shipworthy.domain.interview import KINDS
from shipworthy.narrative import wording
from shipworthy.narrative.text import plain

ASSUMES = "This holds if the people were drawn from your users as by chance, did not hear each other, and spoke of the problem if they have it."
BECOMES = {
    "criterion": "criterion",
    "failure_mode": "failure mode",
    "scope": "scope",
    "assumption": "assumption",
    "not_now": "not now",
}


def who(found: Listened) -> str:
    """Return who was heard, in one sentence."""
    people = len(found.people)
    if not people:
        return "Nobody was heard yet whose consent is given."
    line = f"{wording.plural(people, 'person', 'people')} heard in {wording.plural(found.interviews, 'interview')}"
    line += f"; {wording.plural(found.excerpts, 'excerpt')} coded"
    if found.weak:
        line += f", {wording.whole(found.weak)} of them weak (opinions, compliments, wishes, generalities)"
    return f"{line}."


def near(found: Listened) -> str:
    """Return what friends and colleagues do to the count; empty when there are none."""
    if not found.near:
        return ""
    n, all_of_them = len(found.near), len(found.people)
    return f"{wording.of(n, all_of_them)} are friends or colleagues, who are no draw from the users: they count here, and show little."


def can_tell(people: int, chances: Mapping[float, float]) -> list[str]:
    """Return what so many people can tell, a line for each share."""
    if not people:
        return []
    asked = wording.plural(people, "person", "people")
    return [
        f"A problem that {_users(share)} comes up at least once among {asked} with a chance of {_per_100(chance)}."
        for share, chance in chances.items()
    ]


def cannot_tell(people: int, unheard: float, needed: Mapping[float, int]) -> list[str]:
    """Return what so many people cannot tell."""
    if not people:
        return [
            "Three interviews, asked well, find most of what half of your users have, and miss most of what few have."
        ]
    lines = [
        f"What nobody spoke of may still be a problem of up to {_per_100(unheard)} users (at an error of 5 in 100).",
        "How many users have a problem is not counted here: that takes the eval set, or a count in production.",
    ]
    rare = min(needed)
    lines.append(
        f"To hear of a problem that {_users(rare)}, with a chance of 80 in 100, takes {needed[rare]} people."
    )
    return lines


def theme_line(heard: Heard, people: int, at_least: float | None) -> str:
    """Return one theme in one line: people, of these who told what they did, and what it becomes."""
    name = "  " * heard.depth + plain(heard.theme.title, 60)
    if not heard.people:
        return f"{name}: nobody; {becomes(heard)}"
    line = f"{name}: {wording.of(len(heard.people), people)} people"
    if heard.weak_only:
        line += f", {wording.whole(heard.weak_only)} of them only in weak words"
    if at_least is not None:
        line += f"; told as done by {wording.whole(len(heard.strong))}, so at least {_per_100(at_least, down=True)} users"
    return f"{line}; {becomes(heard)}"


def becomes(heard: Heard) -> str:
    """Return what a theme becomes, in a few words."""
    if heard.becomes is None:
        return "becomes nothing yet"
    said = heard.becomes.said()
    return "; ".join(f"{BECOMES[key]}: {plain(value, 120)}" for key, value in said.items())


def kind(name: str) -> str:
    """Return a kind of excerpt in plain words."""
    return next((words for key, words in KINDS.items() if key == name), name)


def _users(share: float) -> str:
    known = {0.5: "half of your users have", 0.1: "every tenth user has"}
    return known.get(share, f"{_per_100(share)} users have")


def _per_100(share: float, *, down: bool = False) -> str:
    number = wording.rounded(100 * share, 0, "down") if down else round(100 * share)
    return f"{number:g} in 100"
