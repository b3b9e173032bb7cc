"""What a judge has been shown to be worth: its last calibration, and whether anything has suspended it since.

A calibration belongs to one series. Another prompt, model or criterion is another series, which has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from shipworthy.decision.plan import Plan
from shipworthy.domain.errors import BadInput
from shipworthy.domain.judge import SERIES, JudgeFile
from shipworthy.domain.verdict import SUSPENDED, UNCALIBRATED
from shipworthy.services.clock import now as time_now
from shipworthy.services.opened import Opened
from shipworthy.store import journal


@dataclass(frozen=True)
class Standing:
    """Where one series of a judge stands.

    Attributes:
        calibration: what its last calibration says; None when there was none.
        suspended: why it may not decide any more; empty when nothing speaks against it.
        before: an earlier series of the same judge was accepted: what ended it was a change.
    """

    calibration: dict[str, Any] | None
    suspended: str
    before: bool = False

    @property
    def decides(self) -> bool:
        """Whether its verdicts may count."""
        return not self.suspended and self.calibration is not None and self.calibration["state"] == "accepted"


def standing(connection: Connection, series: str) -> Standing:
    """Return where a series of a judge stands."""
    judge = series.split("@", maxsplit=1)[0]
    calibrations = [body for _, _, body in journal.events(connection, "calibrate")]
    mine = [body for body in calibrations if body["series"] == series]
    before = any(
        body["series"].split("@", maxsplit=1)[0] == judge and body["state"] == "accepted"
        for body in calibrations
    )
    reasons = [
        body["why"] for _, _, body in journal.events(connection, "suspend") if body["series"] == series
    ]
    return Standing(mine[-1] if mine else None, reasons[0] if reasons else "", before)


def barred(connection: Connection, launch: Opened, plan: Plan) -> tuple[str, ...]:
    """Say which judges may not decide, each with the way out; empty when all may.

    Args:
        connection: a consistent view.
        launch: the launch.
        plan: the plan whose goals and guardrails are to be decided.
    """
    found = []
    for criterion in plan.criteria:
        series = plan.series.get(criterion.id, "")
        if criterion.kind == "diagnostic" or not series.startswith(SERIES):
            continue
        name = series.removeprefix(SERIES).split("@")[0]
        now = standing(connection, series)
        if now.suspended:
            found.append(f"{SUSPENDED}: {name}, because {now.suspended}")
        elif not now.decides:
            found.append(f"{UNCALIBRATED}: {name}, {_lacks(now)}; {_command(launch, criterion.labels, name)}")
    return tuple(found)


def suspend(connection: Connection, series: str, why: str) -> None:
    """Take a series of a judge out of every decision, for good: what may follow is another series."""
    journal.append(connection, verb="suspend", body={"series": series, "why": why}, at=time_now())


def judge_named(launch: Opened, name: str) -> JudgeFile:
    """Return a judge of the launch.

    Raises:
        BadInput: there is no such judge.
    """
    found = next((judge for judge in launch.reading.judges if judge.name == name), None)
    if found is None:
        known = ", ".join(judge.name for judge in launch.reading.judges)
        raise BadInput(
            f"there is no judge `{name}`",
            where="judges/",
            remedy=f"use one of {known}" if known else f"write judges/{name}.md",
        )
    return found


def _lacks(now: Standing) -> str:
    if now.calibration is None:
        ended = "; what was shown of it ended when its prompt, its model or its criterion changed"
        return f"it was never calibrated as it is{ended if now.before else ''}"
    if now.calibration["state"] == "refused":
        return "its calibration refused it"
    return "its calibration had too few labels to accept it"


def _command(launch: Opened, labels: Any, name: str) -> str:
    whose = labels.recorded if labels is not None else "human"
    return f"`shipworthy judge calibrate {launch.layout.folder.name} {name} --labels {whose}` shows it"
