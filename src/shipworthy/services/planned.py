"""The plan as the folder reads now, and the plan as it was locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from shipworthy.decision.plan import Plan, differences
from shipworthy.domain.criteria import Criterion, with_shares
from shipworthy.domain.errors import BadInput
from shipworthy.domain.judge import SERIES, JudgeFile
from shipworthy.domain.launch import Launch
from shipworthy.judges.message import FRAME
from shipworthy.services.opened import Opened
from shipworthy.store import journal
from shipworthy.store.check_version import CheckVersions
from shipworthy.store.declared import declared_version
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.judge_fingerprint import judge_fingerprint


@dataclass(frozen=True)
class Lock:
    """The last lock of a launch.

    Attributes:
        seq: number of its journal event; evidence recorded before it explores.
        at: when, as text.
        changes: what differs between the locked plan and the folder as it reads now; empty when it holds.
        cases: the fingerprint of the eval set as it was locked.
        astride: sealed cases whose input stood in another part then; None where a lock did not count them.
    """

    seq: int
    at: str
    sha: str
    changes: tuple[str, ...]
    cases: str = ""
    astride: int | None = None

    @property
    def holds(self) -> bool:
        """Whether the folder still is what was locked."""
        return not self.changes


def candidate_of(launch: Launch) -> str:
    """Return the variant the plan judges: the one named, or the only one that is not the baseline.

    Raises:
        BadInput: none is named and there is more than one, or none.
    """
    if launch.candidate:
        return launch.candidate
    others = [name for name in launch.variants if name != launch.baseline]
    if len(others) == 1:
        return others[0]
    remedy = (
        f"write `candidate: {others[0]}` in launch.yaml" if others else "declare a variant in launch.yaml"
    )
    raise BadInput("the launch names no candidate", where="launch.yaml", remedy=remedy)


def plan_of(launch: Opened) -> Plan:
    """Return the plan as the folder reads now."""
    written, layout = launch.launch, launch.layout
    candidate, baseline = candidate_of(written), written.baseline
    judged = written.resolved(candidate)
    compared = written.resolved(baseline) if baseline else None
    return Plan(
        candidate=candidate,
        candidate_fingerprint=variant_fingerprint(layout, judged),
        baseline=baseline,
        baseline_fingerprint=variant_fingerprint(layout, compared) if compared else "",
        repeats=judged.repeats or 1,
        baseline_repeats=(compared.repeats or 1) if compared else 0,
        criteria=launch.reading.criteria,
        series=series_of(launch),
        slices=written.slices,
        error=written.error,
        looks=written.looks,
        cases=launch.cases.planned("holdout"),
        tries=written.tries,
        variants={
            name: variant_fingerprint(layout, written.resolved(name))
            for name in (written.variants if written.tries > 1 else ())
        },
    )


def series_of(launch: Opened) -> dict[str, str]:
    """Return criterion id to the score series that answers it; a check or a judge carries its version."""
    versions = CheckVersions(launch.layout)
    return {
        c.id: name for c in with_shares(launch.reading.criteria) if (name := _series(launch, c, versions))
    }


def judge_series(launch: Opened, judge: JudgeFile) -> str:
    """Return the score series of a judge: another prompt, model or criterion is another series."""
    criterion = next(c for c in launch.reading.criteria if c.id == judge.head.criterion)
    return f"{SERIES}{judge.name}@{judge_fingerprint(launch.layout, judge, criterion, FRAME)}"


def _series(launch: Opened, criterion: Criterion, versions: CheckVersions) -> str | None:
    scorer = criterion.scorer
    if scorer is None:
        return None
    if scorer.check:
        return f"check:{scorer.check}@{versions.of(scorer.check, scorer.seconds)}"
    if scorer.kind:
        return f"check:{scorer.kind}@{declared_version(scorer, versions.layout)}"
    if scorer.recorded:
        return f"recorded:{scorer.recorded}"
    if scorer.judge:
        return judge_series(launch, next(j for j in launch.reading.judges if j.name == scorer.judge))
    return f"labels:{scorer.labels}"


def last_lock(connection: Connection, plan: Plan | None = None) -> Lock | None:
    """Return the last lock, compared with the plan as it reads now; None when nothing was locked."""
    locks = journal.events(connection, "lock")
    if not locks:
        return None
    seq, at, body = locks[-1]
    changes: list[str] = []
    if plan is not None and body["sha"] != plan.sha:
        changes = differences(body["plan"], _plain(plan.as_json())) or ["the plan's hash"]
    return Lock(seq, at, body["sha"], tuple(changes), body.get("set", ""), body.get("astride"))


def _plain(value: Any) -> Any:
    """Return JSON values as they come back from the journal: tuples as lists."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
