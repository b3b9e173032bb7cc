"""Coach facts that stand in the brief: what the launch rests on, why it could fail, rules of a trade."""

from __future__ import annotations

from typing import Any

from shipworthy.coach.recorded import Assumption, Premortem, Regulated
from shipworthy.domain.launch import Launch


def brief_facts(launch: Launch) -> dict[str, Any]:
    """Return the facts of the brief, by their names in `Facts`."""
    told = launch.premortem
    return {
        "assumptions": tuple(
            Assumption(each.id, each.importance, each.evidence) for each in launch.assumptions
        ),
        "premortem": Premortem(len(told.causes), told.people, told.alone),
        "regulated": Regulated(tuple(launch.regulated.domains), launch.regulated.checked_by),
    }
