"""Voices: the same findings as another person at the table would order and say them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from shipworthy.coach.rule import SEVERITIES, Area
from shipworthy.coach.sceptic import Finding

Voice = Literal["cfo", "legal", "support", "engineer", "customer"]

_FIRST: Mapping[Voice, tuple[str, ...]] = MappingProxyType({
    "cfo": ("FRM", "CST", "LCH", "SET", "RUN"),
    "legal": ("USR", "LCH", "SCP", "NAR", "FLR", "LAB"),
    "support": ("FLR", "SCP", "USR", "PST", "LCH"),
    "engineer": ("RUN", "SET", "JDG", "CRT", "LAB", "FLR"),
    "customer": ("SCP", "FLR", "USR", "LCH", "PST"),
})  # fmt: skip
"""Families that this person asks about first."""

_LEAD: Mapping[Voice, Mapping[Area, str]] = MappingProxyType({
    "cfo": {
        "worth it": "Before I pay for it:", "users": "Who would pay for this?", "failures": "What can this cost us?",
        "evidence": "I am to bet money on a number.", "running it": "What stops the bill?",
    },
    "legal": {
        "worth it": "When somebody sues, I will be asked this.", "users": "We hold people's words.",
        "failures": "A harm we knew of is worse than one we did not.", "evidence": "I must be able to show this to a court.",
        "running it": "Somebody has to be answerable.",
    },
    "support": {
        "worth it": "My people will live with it.", "users": "You did not ask the ones who call us.",
        "failures": "We get the call when that happens.", "evidence": "Yesterday's tickets say otherwise.",
        "running it": "At two in the morning it is us.",
    },
    "engineer": {
        "worth it": "I can build that, but:", "users": "Which input does a user really send?",
        "failures": "Show me the output.", "evidence": "Could I reproduce that?", "running it": "How is it rolled back?",
    },
    "customer": {
        "worth it": "What is in it for me?", "users": "Nobody asked me.", "failures": "And when it happens to me?",
        "evidence": "How often is it wrong?", "running it": "Whom do I turn to?",
    },
})  # fmt: skip


def heard(findings: tuple[Finding, ...], voice: Voice | None) -> tuple[Finding, ...]:
    """Return the findings in the order of a voice; what blocks stays before what does not."""
    if voice is None:
        return findings
    first = _FIRST[voice]
    rank = {family: number for number, family in enumerate(first)}
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                not f.is_open,
                SEVERITIES.index(f.severity),
                rank.get(f.rule.family, len(first)),
                not f.changes,
            ),
        )
    )


def question(finding: Finding, voice: Voice | None) -> str:
    """Return the question as a voice asks it."""
    return finding.rule.asks if voice is None else f"{_LEAD[voice][finding.rule.area]} {finding.rule.asks}"
