"""The sceptic: every rule asked of one launch, and what it found in the order in which it hurts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.coach.catalogue import RULES
from shipworthy.coach.facts import Facts
from shipworthy.coach.rule import AREAS, SEVERITIES, Area, Rule, Saw, Severity

SHOWN = 5
"""So many challenges at a time: nobody answers forty."""
_SHIPS = ("ship", "ship narrower")


@dataclass(frozen=True)
class Accepted:
    """A challenge that a named person took upon themselves, for a while.

    Attributes:
        rule: which.
        subjects: what it was about then; what it is about since is open again.
        name: who accepted it.
        reason: why.
        until: the last day on which it holds.
    """

    rule: str
    subjects: tuple[str, ...]
    name: str
    reason: str
    until: dt.date

    def covers(self, saw: Saw, today: dt.date) -> bool:
        """Whether it answers what was seen, today."""
        return today <= self.until and set(saw.subjects) <= set(self.subjects)


@dataclass(frozen=True)
class Finding:
    """One challenge: the rule and what it saw."""

    rule: Rule
    severity: Severity
    saw: Saw
    changes: bool = False
    """Whether answering it can change what the verdict says, or lets it through."""
    accepted: Accepted | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has accepted it."""
        return self.accepted is None


@dataclass(frozen=True)
class Challenged:
    """What the sceptic found.

    Attributes:
        findings: open ones first, by severity, then by whether they change the verdict.
        not_asked: rule to the facts that are not known.
        asked: how many rules had what they need.
    """

    findings: tuple[Finding, ...]
    not_asked: dict[str, tuple[str, ...]]
    asked: int

    @property
    def open(self) -> tuple[Finding, ...]:
        """The challenges that nobody has accepted."""
        return tuple(found for found in self.findings if found.is_open)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The open challenges that hold back a ship."""
        return tuple(found for found in self.open if found.severity == "blocks")


@dataclass(frozen=True)
class Readiness:
    """How one of the five parts stands: counts of open challenges, and of questions that could not be asked."""

    area: Area
    blocks: int
    warns: int
    notes: int
    not_asked: int


def challenge(
    facts: Facts, *, accepted: Sequence[Accepted] = (), rules: Sequence[Rule] = RULES
) -> Challenged:
    """Ask every rule.

    Args:
        facts: the launch.
        accepted: what was accepted, oldest first; the latest of a rule counts.
        rules: which rules; all of them unless said.
    """
    latest = {each.rule: each for each in accepted}
    found: list[Finding] = []
    not_asked: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        lacking = tuple(name for name in rule.needs if getattr(facts, name) is None)
        if lacking:
            not_asked[rule.id] = lacking
            continue
        saw = rule.saw(facts, *(getattr(facts, name) for name in rule.needs))
        if saw is not None:
            found.append(_finding(facts, rule, saw, latest.get(rule.id)))
    place = {rule.id: number for number, rule in enumerate(rules)}
    ordered = sorted(
        found, key=lambda f: (not f.is_open, SEVERITIES.index(f.severity), not f.changes, place[f.rule.id])
    )
    return Challenged(tuple(ordered), not_asked, len(rules) - len(not_asked))


def _finding(facts: Facts, rule: Rule, saw: Saw, accepted: Accepted | None) -> Finding:
    severity = facts.policy.severity(rule.id, rule.severity)
    covered = accepted is not None and accepted.covers(saw, facts.today)
    return Finding(
        rule,
        severity,
        saw,
        rule.moves or (severity == "blocks" and _would_ship(facts)),
        accepted if covered else None,
    )


def _would_ship(facts: Facts) -> bool:
    verdict = facts.verdict
    return verdict is not None and (verdict.would_be if verdict.exploratory else verdict.verdict) in _SHIPS


def readiness(challenged: Challenged, rules: Sequence[Rule] = RULES) -> tuple[Readiness, ...]:
    """Return the five parts, the weakest first: by open challenges that block, then that warn, then by what is not known.

    There is no sum and no average: a launch is as ready as its weakest part.
    """
    area_of = {rule.id: rule.area for rule in rules}
    made = []
    for area in AREAS:
        here = [found.severity for found in challenged.open if found.rule.area == area]
        unknown = sum(area_of[rule] == area for rule in challenged.not_asked)
        made.append(Readiness(area, here.count("blocks"), here.count("warns"), here.count("notes"), unknown))
    return tuple(
        sorted(made, key=lambda r: (-r.blocks, -r.warns, -r.not_asked, -r.notes, AREAS.index(r.area)))
    )
