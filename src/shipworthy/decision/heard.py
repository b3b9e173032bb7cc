"""What was heard, counted by people: a person who says a thing five times is one person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.domain.interview import Coding, Interview
from shipworthy.domain.theme import Becomes, Theme, above, destiny, in_order

_APOSTROPHE, _QUOTE = "\u2019", "'"
_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True)
class Quote:
    """One excerpt and whose it is."""

    interview: str
    alias: str
    coding: Coding
    quotable: bool


@dataclass(frozen=True)
class Heard:
    """One theme, with those who spoke of it.

    Attributes:
        theme: the theme; what stands below it counts for it too.
        depth: how far below a theme without one above it.
        people: everybody who spoke of it.
        strong: of these, who told what they did or do.
        quotes: the excerpts, strong ones first.
        becomes: what it turns into, its own word or that of the theme above.
    """

    theme: Theme
    depth: int
    people: tuple[str, ...]
    strong: tuple[str, ...]
    quotes: tuple[Quote, ...]
    becomes: Becomes | None

    @property
    def weak_only(self) -> int:
        """How many only praised, guessed, wished or spoke in general."""
        return len(self.people) - len(self.strong)

    @property
    def is_open(self) -> bool:
        """Whether it was heard and nothing comes of it, nor of the theme above."""
        return self.becomes is None and bool(self.people)


@dataclass(frozen=True)
class Listened:
    """Who was heard at all.

    Attributes:
        people: everybody whose interview may be counted: consent given.
        near: of these, friends and colleagues, who are no draw from the users.
        interviews: how many interviews that was.
        excerpts: how many excerpts were coded.
        weak: how many of them are of a weak kind.
    """

    people: tuple[str, ...]
    near: tuple[str, ...]
    interviews: int
    excerpts: int
    weak: int


def listened(interviews: Sequence[Interview]) -> Listened:
    """Return who was heard; whoever did not consent counts for nothing."""
    counted = [each for each in interviews if each.head.consent.state == "given" and each.text]
    codings = [coding for each in counted for coding in each.codings]
    near = {each.person for each in counted if each.head.relationship in ("friend", "colleague")}
    return Listened(
        tuple(sorted({each.person for each in counted})),
        tuple(sorted(near)),
        len(counted),
        len(codings),
        sum(not coding.is_strong for coding in codings),
    )


def heard(interviews: Sequence[Interview], themes: Sequence[Theme]) -> list[Heard]:
    """Return each theme in the order of the tree, with the people who spoke of it or of a code below it."""
    by_id = {theme.id: theme for theme in themes}
    quotes: dict[str, list[Quote]] = {theme.id: [] for theme in themes}
    for interview in interviews:
        if interview.head.consent.state != "given":
            continue
        for coding in interview.codings:
            quote = Quote(interview.name, interview.head.alias, coding, interview.may_be_quoted)
            for theme in {each for code in coding.codes for each in above(by_id, code)}:
                quotes[theme].append(quote)
    return [_heard(theme, depth, quotes[theme.id], by_id) for depth, theme in in_order(themes)]


def _heard(theme: Theme, depth: int, quotes: list[Quote], by_id: dict[str, Theme]) -> Heard:
    people = {quote.alias.strip().casefold(): quote.alias for quote in quotes}
    strong = {quote.alias.strip().casefold() for quote in quotes if quote.coding.is_strong}
    ordered = sorted(
        quotes, key=lambda q: (not q.coding.important, not q.coding.is_strong, q.interview, q.coding.start)
    )
    return Heard(
        theme,
        depth,
        tuple(sorted(people.values())),
        tuple(sorted(people[each] for each in strong)),
        tuple(ordered),
        destiny(by_id, theme.id),
    )


def reads_as(text: str) -> str:
    """Return the weak kind that words read like, for a hint beside what a person chose; empty when they do not.

    >>> reads_as("I would definitely use this"), reads_as("Last Tuesday I gave up after an hour")
    ('opinion', '')
    """
    words = f" {' '.join(_WORD.findall(text.casefold().replace(_APOSTROPHE, _QUOTE)))} "
    for kind, signs in SIGNS:
        if any(sign in words for sign in signs):
            return kind
    return ""


SIGNS = (
    ("opinion", (" would ", " i'd ", " might ", " could imagine ", " probably ", " i think ", " i'll ")),
    ("wish", (" i wish ", " should ", " please add ", " i want ", " if only ")),
    ("compliment", (" great idea ", " love it ", " love the ", " i like it ", " awesome ", " brilliant ", " so cool ", " amazing ")),
    ("generality", (" always ", " never ", " usually ", " people ", " everybody ", " everyone ", " in general ")),
)  # fmt: skip
"""Words by which weak kinds often begin; a hint and no judgement."""
