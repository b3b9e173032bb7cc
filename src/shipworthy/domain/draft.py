"""A criterion as a person writes it from a failure mode: what is typed becomes an entry of `criteria.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shipworthy.domain.answers import clean
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.vague import vague

LONGEST = 4000
"""Characters of an example."""
KINDS = ("goal", "guardrail", "diagnostic")
WHO = ("check", "recorded", "labels")
"""Who can score a criterion that is written from a failure mode; a declared check or a judge is written by hand."""
_SHARE = re.compile(r"^(\d+(?:\.\d+)?)\s*(?:%|(?:of|in|/)\s*(\d+))?$")
FIELDS = ("id", "kind", "question", "pass", "fail", "borderline", "at_least", "why", "hoped_for", "severity", "slices",
          "scorer", "scored_by", "failure_modes")  # fmt: skip


def share(text: str, where: str) -> float:
    """Return a share as people write it.

    >>> share("0.8", ""), share("80%", ""), share("8 of 10", "")
    (0.8, 0.8, 0.8)

    Raises:
        BadInput: it is none.
    """
    found = _SHARE.match(clean(text))
    if found:
        value = float(found[1])
        if found[2]:
            value = value / float(found[2]) if float(found[2]) else -1.0
        elif text.strip().endswith("%"):
            value /= 100
        if 0 <= value <= 1:
            return round(value, 9)
    raise BadInput(
        f"`{clean(text)[:80]}` is no share", where=where, remedy="write it as 0.80, 80% or 8 of 10"
    )


def proposed(mode: FailureMode | None) -> dict[str, str]:
    """Return what a new criterion says before anybody types: what follows from its failure mode."""
    if mode is None:
        return {"kind": "goal", "severity": "costly"}
    grave = mode.severity in ("harmful", "unacceptable")
    return {
        "id": f"no_{mode.id.replace('-', '_')}"[:60],
        "kind": "guardrail" if grave else "goal",
        "question": f"Is the output free of this: {mode.definition or mode.title}",
        "severity": mode.severity,
        "failure_modes": mode.id,
    }


def drafted(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the entry of `criteria.yaml` that was typed, in the order in which people read it.

    Args:
        typed: field to text; fields that are missing are blank.

    Raises:
        BadInput: a field that must be filled in is blank, or holds what cannot stand there.
    """
    said = {name: "\n".join(map(str.rstrip, clean(typed.get(name, "")).split("\n"))) for name in FIELDS}
    _refuse_blank(said)
    made: dict[str, Any] = {
        "id": said["id"],
        "kind": said["kind"] or "goal",
        "question": " ".join(said["question"].split()),
    }
    made |= {name: said[name] for name in ("pass", "fail", "borderline")}
    made["estimand"] = "rate"
    made["bar"] = {"at_least": share(said["at_least"], "at_least"), "why": " ".join(said["why"].split())}
    if said["hoped_for"]:
        made["hoped_for"] = share(said["hoped_for"], "hoped_for")
    made["slices"] = _names(said["slices"])
    made["scorer"] = {said["scorer"]: said["scored_by"]}
    made["severity"] = said["severity"] or "costly"
    made["failure_modes"] = _names(said["failure_modes"])
    return made


def _refuse_blank(said: Mapping[str, str]) -> None:
    asked = {
        "id": "a name of small letters, digits and _",
        "question": "what is asked of an output, so that yes is good",
        "at_least": "the line, as 0.80, 80% or 8 of 10",
        "why": "who drew the line there, and what happens below it",
        "scored_by": "who says whether an output passes",
    }
    for name, remedy in asked.items():
        if not said[name]:
            raise BadInput(f"`{name}` is blank", where=name, remedy=f"write {remedy}")
    if said["scorer"] not in WHO:
        raise BadInput(
            f"`{said['scorer'][:80]}` cannot score", where="scorer", remedy=f"use one of: {', '.join(WHO)}"
        )
    for name in ("pass", "fail", "borderline", "question", "why"):
        if len(said[name]) > LONGEST:
            raise BadInput(
                f"`{name}` has {len(said[name]):,} characters", where=name, remedy=f"keep it to {LONGEST:,}"
            )


def _names(text: str) -> list[str]:
    return [name for name in re.split(r"[\s,]+", text) if name]


def open_words(criterion: Criterion) -> tuple[tuple[str, str], ...]:
    """Return the vague words of a criterion with what they leave open.

    Words that are explained by an example that passes and one that fails are left alone in the question.
    """
    explained = bool(criterion.pass_.strip() and criterion.fail.strip())
    texts = [criterion.bar.why] if explained else [criterion.question, criterion.bar.why]
    return tuple((each.word, each.asks) for text in texts for each in vague(text))
