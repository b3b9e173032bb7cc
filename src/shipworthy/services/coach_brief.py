"""Coach facts that stand in the brief: what it rests on, why it could fail, rules of a trade, how it goes live."""

from __future__ import annotations

from typing import Any

from shipworthy.coach.recorded import Assumption, Premortem, Regulated, ScopeWords, Stage
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
        "stages": _stages(launch),
        "scope_words": _scope_words(launch),
    }


def _stages(launch: Launch) -> tuple[Stage, ...] | None:
    """Return how it goes live; None where nobody wrote it down."""
    if launch.rollout is None:
        return None
    return tuple(Stage(each.share, each.until, each.labels, each.insiders) for each in launch.rollout)


def _scope_words(launch: Launch) -> ScopeWords | None:
    """Return what stands round it in use; None where nobody wrote it down."""
    use = launch.in_use
    if use is None:
        return None
    return ScopeWords(
        excluded=None if use.not_for is None else len([line for line in use.not_for if line.strip()]),
        fallback=use.fallback,
        notice=use.notice,
        faces_users=use.faces_users,
        checked_by_people=use.checked_by_people,
        catch_rate=use.catch_rate,
        review_minutes=use.review_minutes,
        cap=use.capped,
        public=use.public,
    )
