"""Coach facts of the lock: whether the folder is what was locked, and what moved after sealed outcomes were seen."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from shipworthy.coach.observed import Lock
from shipworthy.decision.plan import Plan
from shipworthy.services.planned import Lock as LastLock
from shipworthy.store import journal

ASIDE = frozenset({"failure_modes", "severity", "hoped_for"})


def lock_facts(connection: Connection, plan: Plan, lock: LastLock | None) -> Lock:
    """Return how the plan stands to what was locked and looked at.

    Args:
        connection: a consistent view.
        plan: the plan as the folder reads now.
        lock: the last lock, compared with it.
    """
    now: dict[str, Any] = json.loads(json.dumps(plan.as_json()))
    moved: dict[str, None] = {}
    late: dict[str, None] = {}
    for then in _looked_at(connection):
        # On fresh sealed cases nobody saw how the old ones went.
        if then["cases"]["fingerprint"] == now["cases"]["fingerprint"]:
            moved |= dict.fromkeys(_moved(then, now))
            late |= dict.fromkeys(name for name in now["slices"] if name not in then["slices"])
    return Lock(lock is not None, lock.changes if lock else (), moved=tuple(moved), late_slices=tuple(late))


def _looked_at(connection: Connection) -> list[dict[str, Any]]:
    """Return the locked plans under which sealed outcomes were seen."""
    seen = {body["plan"] for _, _, body in journal.events(connection, "look")}
    return [body["plan"] for _, _, body in journal.events(connection, "lock") if body.get("sha") in seen]


def _moved(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return the criteria that both plans have, with another bar or another reading."""
    before = {criterion["id"]: _read(criterion) for criterion in then["criteria"]}
    return [each["id"] for each in now["criteria"] if before.get(each["id"], _read(each)) != _read(each)]


def _read(criterion: dict[str, Any]) -> dict[str, Any]:
    """Return what decides of a criterion: not the reason for its bar, nor what it is filed under."""
    kept = {name: value for name, value in criterion.items() if name not in ASIDE}
    return kept | {"bar": {name: value for name, value in criterion["bar"].items() if name != "why"}}
