"""Coach facts that were heard: interviews, and what follows from their themes; unknown as long as nobody was talked to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shipworthy.coach.recorded import Interview as Talk
from shipworthy.coach.recorded import Theme as Heard
from shipworthy.decision.heard import heard
from shipworthy.domain.interview import Coding, Interview
from shipworthy.domain.theme import Becomes, Theme
from shipworthy.store.interviews import read_interviews
from shipworthy.store.layout import Layout
from shipworthy.store.read import Reading

SHORTEST_QUOTE = 20
"""Letters of an excerpt by which a memo that still has it is told."""
_WORDS = {
    "criterion": "criterion",
    "failure_mode": "failure mode",
    "scope": "scope line",
    "assumption": "assumption",
    "not_now": "not now",
}


def heard_facts(reading: Reading, named: Mapping[str, int]) -> dict[str, Any]:
    """Return the facts of interviews and themes, by their names in `Facts`; none where there is no interview.

    Args:
        reading: the launch as it was read.
        named: failure mode to the outputs that people gave it.
    """
    themes = reading.themes
    interviews = read_interviews(reading.layout, [], codes=None)
    if not interviews:
        return {}
    memo = _memo(reading.layout)
    talks = tuple(_talk(each, memo) for each in interviews)
    return {"interviews": talks, **({"themes": _themes(interviews, themes, named)} if themes else {})}


def _memo(layout: Layout) -> str:
    """Return the words of the memo as it was written last; empty where there is none."""
    files = [layout.memo / name for name in ("memo.md", "memo.json")]
    return " ".join(_words(file.read_text("utf-8", errors="replace")) for file in files if file.is_file())


def _words(text: str) -> str:
    """Return letters and digits alone, so that marks and breaks of a format hide no quote."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _quoted(each: Interview, memo: str) -> list[Coding]:
    """Return the excerpts whose words stand in the memo; a few words alone could be anybody's."""
    told = ((coding, _words(coding.text)) for coding in each.codings)
    return [coding for coding, said in told if len(said) >= SHORTEST_QUOTE and said in memo]


def _talk(each: Interview, memo: str) -> Talk:
    head = each.head
    quoted = _quoted(each, memo)
    outside = "quote_external" in head.consent.scope
    return Talk(
        alias=head.alias or each.name,
        relationship=head.relationship,
        consent=head.consent.state,
        segment=head.segment,
        date=head.date,
        contradicts=len(head.contradicts),
        quoted=bool(quoted),
        external_ok=outside and all(coding.external_ok for coding in quoted),
    )


def _themes(
    interviews: Sequence[Interview], themes: Sequence[Theme], named: Mapping[str, int]
) -> tuple[Heard, ...]:
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
                in_outputs=bool(
                    each.becomes and each.becomes.failure_mode and named.get(each.becomes.failure_mode)
                ),
            )
        )
    return tuple(found)


def _becomes(becomes: Becomes | None) -> tuple[str, ...]:
    return tuple(_WORDS[key] for key in becomes.said()) if becomes else ()
