"""Coach facts that stand in what was written out: the memo, the argument, and the last signed decision."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

from pydantic import ValidationError
from sqlalchemy import Connection

from shipworthy.coach.recorded import ArgumentClaim, Memo, Signed
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.decision import Decision
from shipworthy.domain.launch import Launch
from shipworthy.domain.verdict import SHIPS, Verdict
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.catalogue.languages import LANGUAGES
from shipworthy.narrative.lint import REMEDIES
from shipworthy.services.lint_texts import lint_texts
from shipworthy.store import journal
from shipworthy.store.decision_file import read_decisions
from shipworthy.store.layout import Layout
from shipworthy.store.read import Reading
from shipworthy.store.reviews import read_reviews


def written_memo(reading: Reading, verdict: Verdict | None) -> Memo | None:
    """Return whether the memo is about what there is now, and how people put what it says.

    None when there is none, or nothing to compare it with.
    """
    path = reading.layout.memo / "memo.md"
    if verdict is None or verdict.exploratory or not path.is_file():
        return None
    text = path.read_text("utf-8", errors="replace")
    sins = lint_texts(reading)
    said = {
        kind: tuple(f"{each.words} ({each.where})" for each in sins if each.kind == kind) for kind in REMEDIES
    }
    return Memo(
        stale=verdict.evidence[:12] not in text or verdict.plan[:12] not in text,
        naked=said["percentage"],
        vague=said["likelihood"],
        absolute=said["absolute"],
        words=_words(text, LANGUAGES[reading.launch.language]),
        long_sentences=len(said["long"]),
    )


def _words(text: str, language: Language) -> int:
    """Return the words of the letter: what stands under its headings before the appendix, without tables, figures and marks of claims."""
    appendix = re.escape(language.say("Appendix"))
    letter = re.split(rf"(?m)^#+ {appendix}\b", text, maxsplit=1)[0].partition("\n## ")[2]
    # What every line has that stands for a figure of one hundred marks.
    figure = (
        language.say("{wrong} of 100 wrong as seen", wrong="\0", could_be="\0").split("\0")[1].split(";")[0]
    )
    lines = (line for line in letter.splitlines() if not line.startswith("|") and f"{figure}; " not in line)
    bare = (re.sub(r"\\?\[\d+\\?\]|\\_|\[ \]", "", line) for line in lines)
    return sum(any(c.isalnum() for c in word) for line in bare for word in line.split())


def written_argument(
    launch: Launch, criteria: Sequence[Criterion], verdict: Verdict | None
) -> tuple[ArgumentClaim, ...] | None:
    """Return the claims of the argument with what speaks for and against each; None where nobody wrote against anything."""
    if not launch.argument:
        return None
    against = Counter(each.claim for each in launch.argument)
    counted = verdict.claims if verdict is not None else ()
    evidence = Counter(claim.criterion for claim in counted if claim.groups)
    leaves = tuple(
        ArgumentClaim(each.id, evidence[each.id], against[each.id])
        for each in criteria
        if each.kind != "diagnostic"
    )
    return (ArgumentClaim("launch", counter=against[None], top=True, leaf=False), *leaves)


def signed_decision(layout: Layout, connection: Connection) -> Signed | None:
    """Return the decision that was signed last; None when nothing was signed, or what was is gone or is none."""
    events = journal.events(connection, "sign")
    content = read_decisions(layout).get(events[-1][2]["file"]) if events else None
    try:
        found = Decision.model_validate_json(json.dumps(content["signed"]["decision"])) if content else None
    except (KeyError, TypeError, ValidationError):
        return None  # `verify` says what is wrong with it
    if found is None:
        return None
    held = bool(found.blocked_by) and found.verdict in SHIPS
    calls = [call for call in read_reviews(layout, []).values() if call.held_on is not None]
    return Signed(
        chosen=found.chosen,
        computed="not yet" if held else found.verdict,
        override_by=found.by if found.override else "",
        dissent=len(found.dissent),
        consulted=len({call.reviewer.strip().casefold() for call in calls}),
        review_on=found.review_on,
        reviewed=any(found.review_on and call.held_on and call.held_on >= found.review_on for call in calls),
    )
