"""Rollout: the stage that going live is in, and whether it may go on; works it out from what was taken in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection

from shipworthy.domain.launch import Launch
from shipworthy.narrative.rollout import Step
from shipworthy.services.watch import Standing
from shipworthy.services.watched_days import days_of


def rollout(
    launch: Launch, standings: Sequence[Standing], connection: Connection, *, today: dt.date
) -> Step | None:
    """Return the latest stage that has begun; None where no stage is written or none has begun.

    Args:
        launch: the launch as it is written.
        standings: where its promises stand.
        connection: a view of the ledger.
        today: the day of asking.
    """
    begun = [n for n, stage in enumerate(launch.stages) if stage.began_on and stage.began_on <= today]
    if not begun:
        return None
    stage, began = launch.stages[begun[-1]], launch.stages[begun[-1]].began_on
    assert began is not None
    audited = [each.promise for each in standings if each.promise.criterion]
    days = days_of(audited, connection)
    counted = min((sum(n for day, (n, _) in own.items() if day >= began) for own in days.values()), default=0)
    after = launch.stages[begun[-1] + 1 :]
    return Step(
        stage.name, stage.share, began, (today - began).days, stage.min_days, counted, stage.labels,
        tuple((each.promise.id, each.status) for each in standings if each.status != "kept"),
        stage.exit.strip().rstrip("."), after[0].name if after else "",
    )  # fmt: skip
