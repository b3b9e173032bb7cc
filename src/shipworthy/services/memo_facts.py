"""Memo facts: what people counted, said and signed, for the memo beside its verdict; nothing sealed is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shipworthy.decision.heard import Quote, heard
from shipworthy.domain.decision import Decision
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.facts import FailureCount, Stage
from shipworthy.narrative.wording import per_100
from shipworthy.services.desk import Desk, desk_at
from shipworthy.services.taxonomy_state import open_reads, taxonomy_state
from shipworthy.store import journal
from shipworthy.store.decision_file import read_decisions
from shipworthy.store.interviews import read_interviews

MOST_QUOTED = 200
"""Characters of a quote: a longer one would be cut, and a cut one is not word for word."""


def recorded_facts(folder: Path, verdict: Verdict, language: Language = ENGLISH) -> dict[str, Any]:
    """Return failure counts, one quote, the stages and the day of the review, by their names in the memo's `Facts`.

    Failures are counted by people on open cases, of the variant that the verdict is about.

    Args:
        folder: the launch folder, without problems.
        verdict: what the memo is about.
        language: of the words round what people wrote.
    """
    with desk_at(folder) as desk:
        quote = quotable(desk)
        return {
            "failures": _failures(desk, verdict.variant),
            "quote": quote.coding.text.strip() if quote else "",
            "quote_by": quote.alias if quote else "",
            "review_on": _review_on(desk),
            "stages": _stages(desk, language),
        }


def _stages(desk: Desk, language: Language) -> tuple[Stage, ...]:
    """Return how it goes live, as the brief has it: who gets it, what has to be seen, what ends it."""
    written = desk.launch.launch.rollout or []
    return tuple(Stage(_whom(each.share, each.whom, language), each.until, each.stop) for each in written)


def _whom(share: float, whom: str, language: Language) -> str:
    part = per_100(share, language=language)
    said = language.say("for everybody") if share == 1 else language.say("for {share}", share=part)
    return f"{said}: {whom}" if whom.strip() else said


def _failures(desk: Desk, variant: str) -> tuple[FailureCount, ...]:
    if not open_reads(desk, variant=variant)[0]:
        return ()
    rows = [row for row in taxonomy_state(desk, variant=variant).rows if row.count.outputs]
    found = []
    for row in sorted(rows, key=lambda each: -each.count.outputs):
        # Where some were drawn at random, those alone are counted, and the example is one of them.
        drawn = [output for output in row.outputs if output.drawn] or list(row.outputs)
        example = drawn[0].name.rpartition("/")[0] if drawn else ""
        found.append(FailureCount(row.mode.id, row.count.outputs, row.count.read, example))
    return tuple(found)


def quotable(desk: Desk) -> Quote | None:
    """Return the excerpt that a memo may show: what somebody did, and agreed to have quoted outside."""
    reading = desk.launch.reading
    interviews = read_interviews(reading.layout, [], codes=None)
    allowed = {each.name for each in interviews if "quote_external" in each.head.consent.scope}
    found = [
        quote
        for theme in heard(interviews, reading.themes)
        for quote in theme.quotes
        if quote.quotable and quote.interview in allowed and quote.coding.external_ok
        and quote.coding.is_strong and len(quote.coding.text) <= MOST_QUOTED
    ]  # fmt: skip
    ordered = sorted(found, key=lambda q: (not q.coding.important, q.interview, q.coding.start))
    return next(iter(ordered), None)


def _review_on(desk: Desk) -> str:
    """Return the day on which the newest signed decision is looked at again; empty where nothing was signed."""
    with desk.launch.ledger.read() as connection:
        events = journal.events(connection, "sign")
    content = read_decisions(desk.launch.layout).get(events[-1][2]["file"]) if events else None
    try:
        found = Decision.model_validate_json(json.dumps(content["signed"]["decision"])) if content else None
    except (KeyError, TypeError, ValidationError):
        return ""  # `verify` says what is wrong with it
    return found.review_on.isoformat() if found and found.review_on else ""
