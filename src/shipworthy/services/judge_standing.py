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
from shipworthy.store.calls import last_call

AT, AFTER = "at_call", "after_call"
"""In a suspension: the last call before a change was seen; in a calibration: that it counts what was judged after it."""


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
    changed_at: int | None = None
    """The last call before its sentinels showed a change; a calibration on what was judged after it ends a suspension."""

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
    last = mine[-1] if mine else None
    suspensions = [body for _, _, body in journal.events(connection, "suspend") if body["series"] == series]
    for_good = [body for body in suspensions if AT not in body]
    if for_good or not suspensions:
        return Standing(last, for_good[0]["why"] if for_good else "", before)
    alarm = suspensions[-1]
    ended = last is not None and last["state"] == "accepted" and last.get(AFTER) == alarm[AT]
    return Standing(last, "" if ended else alarm["why"], before, alarm[AT])


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
        elif lacks := _lacks(now, judge_named(launch, name)):
            whose = criterion.labels.recorded if criterion.labels is not None else "human"
            found.append(f"{UNCALIBRATED}: {name}, {lacks}; {_command(launch, whose, name)}")
        elif labels := _refused_by(connection, series, plan.candidate):
            what = f"its calibration on outputs of {plan.candidate} by the labels {labels} refused it, and no other lifts that"
            found.append(f"{UNCALIBRATED}: {name}, {what}; {_command(launch, labels, name)}")
    return tuple(found)


def suspend(connection: Connection, series: str, why: str, *, changed: bool = False) -> None:
    """Take a series of a judge out of every decision.

    Args:
        connection: a writing transaction.
        series: the judge's series.
        why: what it is told to have done.
        changed: its sentinels showed a change, of which one run in a hundred shows a false one: calibrated on what it judges
            from now on, it counts again. Otherwise it is for good, and what may follow is another series.
    """
    body: dict[str, Any] = {"series": series, "why": why}
    if changed:
        body[AT] = last_call(connection)
    journal.append(connection, verb="suspend", body=body, at=time_now())


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


def _lacks(now: Standing, judge: JudgeFile) -> str:
    """Say what a judge that is not suspended lacks to decide; empty when nothing does."""
    if now.calibration is None:
        ended = "; what was shown of it ended when its prompt, its model or its criterion changed"
        return f"it was never calibrated as it is{ended if now.before else ''}"
    if now.calibration["limits"] != judge.head.accept.model_dump():
        return f"it was held against other limits than `accept` in judges/{judge.name}.md states now"
    if now.calibration["state"] == "refused":
        return "its calibration refused it"
    return "" if now.decides else "its calibration had too few labels to accept it"


def _refused_by(connection: Connection, series: str, variant: str) -> str:
    """Return the labels by which a series was refused when it was last held against them on a variant; empty for none."""
    last = {
        body["labels"]: body["state"]
        for _, _, body in journal.events(connection, "calibrate")
        if (body["series"], body["variant"]) == (series, variant)
    }
    return next((labels for labels, state in last.items() if state == "refused"), "")


def _command(launch: Opened, whose: str, name: str) -> str:
    return f"`shipworthy judge calibrate {launch.layout.folder.name or '.'} {name} --labels {whose}` shows it"
