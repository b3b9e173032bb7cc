"""A plan for programs: the JSON contract `shipworthy.plan/1`. Numbers are finite; null stands for unknown."""

from __future__ import annotations

import json

from shipworthy.decision.planning import Alike, Bill, Enough, Outlook
from shipworthy.decision.sizing import Sized
from shipworthy.statistics.results import NotEstimable

SCHEMA = "shipworthy.plan/1"


def plan_json(outlook: Outlook, *, plan: str, error: float, locked: bool, open_groups: int) -> str:
    """Return what can be said of a plan as JSON, indented for people.

    Args:
        outlook: what was foreseen.
        plan: the plan's hash.
        error: the plan's error.
        locked: whether the plan is locked as it stands.
        open_groups: groups with open outcomes.
    """
    value = {
        "schema": SCHEMA,
        "plan": plan,
        "locked": locked,
        "error": error,
        "level": _tidy(outlook.level),
        "open_groups": open_groups,
        "claims": [_claim(s) for s in (*outlook.sized, *outlook.also)],
        "ship_everywhere": {
            "at_least": _tidy(outlook.joint.at_least),
            "independent": _tidy(outlook.joint.independent),
            "at_most": _tidy(outlook.joint.at_most),
            "uncounted": list(outlook.joint.uncounted),
            "enough": [_enough(each) for each in outlook.enough],
        },
        "alike": [_alike(each) for each in outlook.alike],
        "price": {
            "currency": outlook.currency,
            "planned": _bill(outlook.bill),
            "enough": [{"power": power, **_bill(bill)} for power, bill in outlook.bills],
        },
    }
    return json.dumps(value, ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def _claim(s: Sized) -> dict[str, object]:
    return {
        "criterion": s.criterion,
        "slice": s.slice,
        "groups": s.groups,
        "fewest": s.least,
        "hoped": _tidy(s.hoped),
        "chance": _tidy(s.chance),
        "needed": [{"power": power, "groups": n} for power, n in s.prices],
        "outlook": s.outlook,
        "basis": s.basis,
        "reason": s.reason,
    }


def _enough(enough: Enough) -> dict[str, object]:
    unknown = isinstance(enough.groups, NotEstimable)
    groups = (
        None
        if isinstance(enough.groups, NotEstimable)
        else [{"slice": name, "groups": n} for name, n in enough.groups.items()]
    )
    reason = enough.groups.reason if isinstance(enough.groups, NotEstimable) else ""
    return {
        "power": enough.power,
        "groups": groups,
        "total": None if unknown else enough.total,
        "reason": reason,
    }


def _alike(alike: Alike) -> dict[str, object]:
    interval = None if isinstance(alike.interval, NotEstimable) else [_tidy(end) for end in alike.interval]
    return {
        "criterion": alike.criterion,
        "groups": alike.groups,
        "size": _tidy(alike.size),
        "icc": _tidy(alike.icc),
        "interval": interval,
        "design_effect": _tidy(alike.design_effect),
        "repeats": alike.repeats,
        "another_repeat_in_cases": _tidy(alike.worth),
    }


def _bill(bill: Bill) -> dict[str, object]:
    return {
        "cases": bill.cases,
        "more": bill.more,
        "outputs": bill.outputs,
        "labels": bill.labels,
        "money": _tidy(bill.money),
        "hours": _tidy(bill.hours),
    }


def _tidy(value: float | None) -> float | None:
    return None if value is None else round(float(value), 9) + 0.0
