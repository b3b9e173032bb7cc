"""Looks: each first reveal of (plan, evidence, variant), written down before it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from shipworthy.decision.error_budget import Look
from shipworthy.store import journal
from shipworthy.store.tables import looks


@dataclass(frozen=True)
class Sighting:
    """What is about to be revealed."""

    plan: str
    evidence: str
    variant: str
    groups: int


def find_look(connection: Connection, sighting: Sighting) -> tuple[Look, bool]:
    """Return the look this would be, and whether it was taken before (a free replay)."""
    mine = (looks.c.plan == sighting.plan) & (looks.c.variant == sighting.variant)
    taken = connection.execute(
        select(looks.c.number).where(mine, looks.c.evidence == sighting.evidence)
    ).scalar()
    number = taken or (connection.execute(select(func.max(looks.c.number)).where(mine)).scalar() or 0) + 1
    before = (
        connection.execute(select(func.max(looks.c.groups)).where(mine, looks.c.number < number)).scalar()
        or 0
    )
    return Look(number, sighting.groups, before), taken is not None


def take_look(connection: Connection, sighting: Sighting, *, at: str) -> Look:
    """Write the look down, unless it is a replay; in the caller's transaction."""
    look, replay = find_look(connection, sighting)
    if replay:
        return look
    body = {
        "plan": sighting.plan,
        "evidence": sighting.evidence,
        "variant": sighting.variant,
        "number": look.number,
        "groups": look.groups,
    }
    seq = journal.append(connection, verb="look", body=body, at=at)
    connection.execute(looks.insert().values(seq=seq, **body))
    return look


def variants_tried(connection: Connection, plan: str) -> list[str]:
    """Return the variants looked at under a plan, in the order of their first look."""
    first = func.min(looks.c.seq)
    query = select(looks.c.variant).where(looks.c.plan == plan).group_by(looks.c.variant).order_by(first)
    return list(connection.execute(query).scalars())


def earlier_plans(connection: Connection, locked: int) -> int:
    """Return how many plans were looked at before the journal event that locked the present one."""
    query = select(func.count(looks.c.plan.distinct())).where(looks.c.seq < locked)
    return connection.execute(query).scalar() or 0
