"""The sceptic's challenges and the next step for programs: the JSON contracts `shipworthy.challenges/1` and `shipworthy.next/1`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from shipworthy.coach.facts import Facts
from shipworthy.coach.next_step import Step
from shipworthy.coach.sceptic import Challenged, Finding, Readiness
from shipworthy.coach.voices import Voice, heard, question
from shipworthy.domain.article import Article

SCHEMA, NEXT_SCHEMA = "shipworthy.challenges/1", "shipworthy.next/1"


def challenges_json(
    challenged: Challenged,
    facts: Facts,
    ready: tuple[Readiness, ...],
    *,
    voice: Voice | None = None,
    articles: Mapping[str, Article] | None = None,
) -> bytes:
    """Return every challenge, accepted ones among them, as ASCII JSON with keys in a fixed order.

    Args:
        challenged: what was found.
        facts: of which launch.
        ready: the five parts, the weakest first.
        voice: who asks.
        articles: by the id of a rule what the library says of it.
    """
    known = articles or {}
    value = {
        "schema": SCHEMA,
        "voice": voice,
        "challenges": [
            _finding(found, facts, voice) | {"read": _slug(known.get(found.rule.id))}
            for found in heard(challenged.findings, voice)
        ],
        "not_asked": {rule: list(lacks) for rule, lacks in challenged.not_asked.items()},
        "readiness": [asdict(part) for part in ready],
    }
    return json.dumps(value, ensure_ascii=True, allow_nan=False, indent=2).encode() + b"\n"


def _finding(found: Finding, facts: Facts, voice: Voice | None) -> dict[str, object]:
    rule, kept = found.rule, found.accepted
    return {
        "id": rule.id,
        "severity": found.severity,
        "title": rule.title,
        "asks": question(found, voice),
        "saw": found.saw.text,
        "subjects": list(found.saw.subjects),
        "matters": rule.matters,
        "fix": rule.fix,
        "command": rule.command.format(folder=facts.folder),
        "source": rule.source,
        "changes_verdict": found.changes,
        "accepted": None
        if kept is None
        else {"name": kept.name, "reason": kept.reason, "until": kept.until.isoformat()},
    }


def _slug(article: Article | None) -> str | None:
    return article.slug if article is not None else None


def step_json(step: Step, ready: tuple[Readiness, ...], *, article: Article | None = None) -> bytes:
    """Return the next step as ASCII JSON."""
    value = {
        "schema": NEXT_SCHEMA,
        **asdict(step),
        "read": _slug(article),
        "readiness": [asdict(part) for part in ready],
    }
    return json.dumps(value, ensure_ascii=True, allow_nan=False, indent=2).encode() + b"\n"
