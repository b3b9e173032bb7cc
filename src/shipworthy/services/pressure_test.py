"""Pressure-test: every question of the sceptic, asked of a launch; takes no look and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Claimed
from shipworthy.coach.sceptic import Challenged, Readiness, challenge, readiness
from shipworthy.decision.plan import Plan
from shipworthy.domain.errors import ShipworthyError
from shipworthy.domain.verdict import Verdict
from shipworthy.services.accepted import accepted
from shipworthy.services.coach_facts import facts_of
from shipworthy.services.decide import decide
from shipworthy.services.examined import examined, provoked
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import last_lock, plan_of
from shipworthy.services.sealed import sealed_parts


@dataclass(frozen=True)
class Tested:
    """What the sceptic found, and how ready the five parts are."""

    facts: Facts
    challenged: Challenged
    readiness: tuple[Readiness, ...]


def pressure_test(folder: Path, *, anyway: bool = False) -> Tested:
    """Ask every rule of a launch.

    Args:
        folder: the launch folder.
        anyway: also while `check` has something to say of its cases; whoever asks shows that beside.

    Raises:
        FolderHasProblems: the folder or its policy has mistakes.
        BadInput: the launch names no candidate.
    """
    verdict = known_verdict(folder)
    with opened(folder) as launch:
        plan = plan_of(launch)
        with launch.ledger.read() as connection:
            lock = last_lock(connection, plan)
            facts = facts_of(launch, connection, plan, lock, verdict, thorough=True)
            facts = replace(facts, claimed=_claimed(launch, connection, plan))
            taken = accepted(connection)
    if facts.cases is not None:
        facts = replace(
            facts,
            cases=examined(folder, facts.cases, today=facts.today, anyway=anyway),
            modes=provoked(folder, facts.modes or ()),
        )
    found = challenge(facts, accepted=taken)
    return Tested(facts, found, readiness(found))


def known_verdict(folder: Path) -> Verdict | None:
    """Return the verdict that may be known without a look: a replay or a rehearsal; None when there is none."""
    try:
        return decide(folder, confirm=lambda _: False).verdict
    except ShipworthyError:
        return None  # sealed, incomplete, or not to be decided as it is: then no rule reads a verdict


def _claimed(launch: Opened, connection: Connection, plan: Plan) -> tuple[Claimed, ...] | None:
    """Return what the sealed cases can show, claim by claim; None without sealed cases."""
    if not plan.cases.n_cases or all(c.kind == "diagnostic" for c in plan.criteria):
        return None
    from shipworthy.decision.sizing import size  # noqa: PLC0415 - loads numerics

    groups = {part: there.groups for part, there in sealed_parts(launch, connection).items()}
    sized = size(plan, groups, several=plan.cases.n_cases > plan.cases.n_groups)
    return tuple(Claimed(each.criterion, each.slice, each.groups, each.least, each.needed) for each in sized)
