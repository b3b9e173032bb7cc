"""Held back: which open challenges stand between a computed ship and anybody who acts on it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from shipworthy.decision.plan import Plan
from shipworthy.domain.verdict import SHIPS, Verdict
from shipworthy.services.opened import Opened
from shipworthy.services.planned import Lock


def held_back(
    launch: Opened, connection: Connection, plan: Plan, lock: Lock | None, verdict: Verdict
) -> Verdict:
    """Return the verdict with the challenges that block it; the words of the counts stay what they are.

    Only a ship, everywhere or narrower, can be held back; a rehearsal ships nothing.
    """
    if verdict.exploratory or verdict.verdict not in SHIPS:
        return verdict
    from shipworthy.coach.catalogue import RULES  # noqa: PLC0415 - only a ship is challenged
    from shipworthy.coach.sceptic import challenge  # noqa: PLC0415
    from shipworthy.services.accepted import accepted  # noqa: PLC0415
    from shipworthy.services.coach_facts import facts_of  # noqa: PLC0415

    facts = facts_of(launch, connection, plan, lock, verdict, thorough=False)
    if facts.policy.severities:  # a company may make a rule block that reads every text
        from shipworthy.services.examined import examined  # noqa: PLC0415

        facts = facts_of(launch, connection, plan, lock, verdict, thorough=True)
        seen = examined(launch.layout.folder, facts.cases) if facts.cases else None
        facts = replace(facts, cases=seen, memo=None)  # the memo is written after the verdict
    rules = [rule for rule in RULES if facts.policy.severity(rule.id, rule.severity) == "blocks"]
    found = challenge(facts, accepted=accepted(connection), rules=rules).blocking
    return replace(verdict, blocked_by=tuple(f"{each.rule.id} {each.rule.title}" for each in found))
