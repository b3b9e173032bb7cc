"""Coach facts that were heard: interviews, and what follows from their themes; unknown as long as nobody was talked to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shipworthy.coach.recorded import Interview as Talk
from shipworthy.coach.recorded import Theme as Heard
from shipworthy.decision.heard import heard
from shipworthy.domain.interview import Interview
from shipworthy.domain.theme import Becomes, Theme
from shipworthy.store.interviews import read_interviews
from shipworthy.store.read import Reading

_WORDS = {
    "criterion": "criterion",
    "failure_mode": "failure mode",
    "scope": "scope line",
    "assumption": "assumption",
    "not_now": "not now",
}


def heard_facts(reading: Reading) -> dict[str, Any]:
    """Return the facts of interviews and themes, by their names in `Facts`; none where there is no interview."""
    themes = reading.themes
    interviews = read_interviews(reading.layout, [], codes=None)
    if not interviews:
        return {}
    talks = tuple(_talk(each) for each in interviews)
    return {"interviews": talks, **({"themes": _themes(interviews, themes)} if themes else {})}


def _talk(each: Interview) -> Talk:
    head = each.head
    return Talk(
        alias=head.alias or each.name,
        relationship=head.relationship,
        consent=head.consent.state,
        segment=head.segment,
        date=head.date,
        contradicts=len(head.contradicts),
    )


def _themes(interviews: Sequence[Interview], themes: Sequence[Theme]) -> tuple[Heard, ...]:
    """Return the themes at the top, with what stands below counted in, as people wrote and spoke of them."""
    found = []
    for each in heard(interviews, themes):
        if each.depth or not each.quotes:
            continue
        weak = sum(not quote.coding.is_strong for quote in each.quotes)
        found.append(
            Heard(
                name=each.theme.title,
                becomes=_becomes(each.becomes),
                voices=len(each.people),
                excerpts=len(each.quotes),
                opinions=weak,
            )
        )
    return tuple(found)


def _becomes(becomes: Becomes | None) -> tuple[str, ...]:
    return tuple(_WORDS[key] for key in becomes.said()) if becomes else ()
