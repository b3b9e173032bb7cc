"""Compare: what every variant did with the same open cases, and what that is worth; never a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from shipworthy.decision.comparison import Board, Comparison
from shipworthy.decision.error_budget import Look
from shipworthy.decision.evaluate import evaluate
from shipworthy.decision.plan import Plan
from shipworthy.decision.tradeoff import trade_off
from shipworthy.decision.worth import Measuring, Worth, worth
from shipworthy.domain.errors import BadInput, Misused, Refused
from shipworthy.domain.verdict import Verdict
from shipworthy.services.board import board
from shipworthy.services.gather import Wanted, gather
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import candidate_of, last_lock, plan_of
from shipworthy.statistics.results import NotEstimable
from shipworthy.store.caseset import OPEN_PARTS

EXPLORES = "compared on open cases"


@dataclass(frozen=True)
class Asked:
    """What is compared, and on what terms.

    Attributes:
        without: variants left out.
        margin: a share that is worse by no more than this counts as equal.
        measuring: one more week of measuring, to be weighed; None where its price is not said.
    """

    without: tuple[str, ...] = ()
    margin: float = 0.0
    measuring: Measuring | None = None


def compare(folder: Path, asked: Asked | None = None) -> Comparison:
    """Hold the variants of a launch against each other on the open cases that all of them answered.

    Args:
        folder: the launch folder.
        asked: on what terms.

    Raises:
        Refused: there is nothing to compare.
        Misused: a variant to be left out is not declared.
        FolderHasProblems: the folder has mistakes.
    """
    with opened(folder) as found:
        return compare_on(found, asked)


def compare_on(found: Opened, asked: Asked | None = None) -> Comparison:
    """Hold the variants of a launch that is open already against each other; see `compare`."""
    asked = asked or Asked()
    names = _names(found, asked.without)
    candidate, launch = _with_candidate(found, names)
    plan = plan_of(launch)
    with launch.ledger.read() as connection:
        lock = last_lock(connection, plan)
        laid = board(launch, connection, plan, names)
        baseline = plan.baseline if plan.baseline in laid.variants else None
        others = [name for name in laid.variants if name != baseline]
        rehearsed = {name: _rehearsed(launch, connection, plan, name) for name in others}
    if not laid.axes:
        raise Refused(
            "there is nothing to compare by", where="criteria.yaml", remedy="write a goal, or a guardrail"
        )
    return Comparison(
        launch=launch.launch,
        criteria=launch.reading.criteria,
        candidate=candidate,
        locked=lock is not None and lock.holds,
        board=laid,
        trade=trade_off(
            laid.axes,
            laid.variants,
            baseline=baseline,
            level=plan.error,
            margin=asked.margin,
            together=laid.together,
        ),
        worths={name: _worth(launch, laid, name, asked.measuring) for name in others},
        rehearsed=rehearsed,
        measuring=asked.measuring,
    )


def _names(launch: Opened, without: Sequence[str]) -> list[str]:
    unknown = [name for name in without if name not in launch.launch.variants]
    if unknown:
        raise Misused(
            f"there is no variant `{unknown[0]}`",
            where="--without",
            remedy=f"use one of: {', '.join(launch.launch.variants)}",
        )
    return [name for name in launch.launch.variants if name not in without]


def _with_candidate(launch: Opened, names: Sequence[str]) -> tuple[str | None, Opened]:
    """Return the candidate, and a launch that names one: before one is chosen any of them stands in."""
    written = launch.launch
    try:
        return candidate_of(written), launch
    except BadInput:
        others = [name for name in names if name != written.baseline] or list(names)
        if not others:
            raise
    stand_in = written.model_copy(update={"candidate": others[0]})
    return None, replace(launch, reading=replace(launch.reading, launch=stand_in))


def _rehearsed(launch: Opened, connection: Connection, plan: Plan, name: str) -> Verdict:
    """Return what a variant would be on the open cases; exploratory whatever is locked."""
    found = gather(launch, connection, plan, Wanted(name, OPEN_PARTS, started_only=True))
    return evaluate(plan, replace(found.evidence, exploratory=(EXPLORES,)), Look(0, found.groups))


def _worth(launch: Opened, laid: Board, name: str, measuring: Measuring | None) -> Worth | NotEstimable:
    baseline = launch.launch.baseline
    if name not in laid.outcomes:
        return NotEstimable("no goal says which answers are good")
    if baseline is not None and baseline not in laid.outcomes:
        return NotEstimable(f"the baseline {baseline} has no outcomes on these cases")
    return worth(
        name,
        laid.outcomes[name],
        laid.outcomes[baseline] if baseline else None,
        launch=launch.launch,
        traffic=laid.traffic,
        measuring=measuring,
    )
