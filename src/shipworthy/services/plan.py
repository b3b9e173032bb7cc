"""Plan: what the sealed cases can show and what it costs, from counts and open outcomes alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from shipworthy.decision.label_plan import labels_of
from shipworthy.decision.measure import Picked, within
from shipworthy.decision.plan import Plan
from shipworthy.decision.planning import Known, Outlook, foresee
from shipworthy.decision.sizing import SURELY, deciding
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, FolderHasProblems
from shipworthy.services.check import check
from shipworthy.services.gather import Gathered, Wanted, gather
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import last_lock, plan_of
from shipworthy.services.sealed import sealed_parts, sealed_slices
from shipworthy.store.caseset import OPEN_PARTS

USUAL = (0.8, SURELY)


@dataclass(frozen=True)
class Planned:
    """A plan and what can be said of it before it is looked at."""

    plan: Plan
    title: str
    outlook: Outlook
    groups: int
    """Groups of sealed cases."""
    open_groups: int
    """Groups with open outcomes of the candidate; 0 when nothing was recorded yet."""
    locked: bool


def plan(folder: Path, *, power: float | None = None, hoped: Mapping[str, float] | None = None) -> Planned:
    """Say what a launch's plan can show; takes no look and writes nothing.

    Args:
        folder: the launch folder.
        power: a chance to price in the place of the usual two.
        hoped: criterion to the rate or gain that is hoped for, in the place of what it says.

    Raises:
        BadInput: there is nothing to decide by, or a hope is about no criterion.
        FolderHasProblems: the folder has mistakes.
    """
    if folder.is_dir() and (problems := check(folder).problems):
        raise FolderHasProblems(problems)
    with opened(folder) as launch:
        return plan_in(launch, power=power, hoped=hoped)


def plan_in(
    launch: Opened,
    *,
    power: float | None = None,
    hoped: Mapping[str, float] | None = None,
    also: Sequence[Criterion] = (),
) -> Planned:
    """Say what the plan of a launch that is open can show; takes no look and writes nothing.

    Args:
        launch: the launch, opened.
        power: a chance to price in the place of the usual two.
        hoped: criterion to the rate or gain that is hoped for, in the place of what it says.
        also: criteria that are not written yet, to be priced with those that are.

    Raises:
        BadInput: there is nothing to decide by, or a hope is about no criterion.
    """
    made = plan_of(launch)
    if also:
        made = replace(made, criteria=(*made.criteria, *also))
    said = _checked(made, hoped or {})
    with launch.ledger.read() as connection:
        seen = gather(launch, connection, made, Wanted(made.candidate, OPEN_PARTS, started_only=True))
        known = _known(launch, connection, made, seen, said)
        lock = last_lock(connection, made)
    powers = USUAL if power is None else (power,)
    return Planned(
        made,
        launch.launch.title,
        foresee(made, known, prices=launch.launch.prices, powers=powers),
        made.cases.n_groups,
        seen.groups if seen.has_outcomes else 0,
        lock is not None and lock.holds,
    )


def _known(
    launch: Opened, connection: Connection, made: Plan, seen: Gathered, hoped: Mapping[str, float]
) -> Known:
    parts = sealed_parts(launch, connection)
    named = [(c.id, name) for c in deciding(made) for name in _across(launch, c)]
    also = sealed_slices(launch, connection, {name for _, name in named})
    evidence = seen.evidence
    everywhere = frozenset(range(len(evidence.cells)))
    picked: dict[str, Picked] = {}
    if seen.has_outcomes:
        picked = {name: within(tally.groups, everywhere) for name, tally in evidence.tallies.items()}
    groups: dict[str | None, int] = {name: n.groups for name, n in parts.items()}
    return Known(
        groups=groups,
        cases={name: n.cases for name, n in parts.items()},
        also={pair: also[pair[1]].groups for pair in named},
        opened=picked,
        hoped=hoped,
        labels=labels_of(made, groups, picked, hoped),
    )


def _across(launch: Opened, criterion: Criterion) -> list[str]:
    """Return the slices, other than those of the scope, in which a criterion must hold too."""
    scope = launch.launch.scope_slice()
    names: list[str] = []
    for name in criterion.slices:
        rule = launch.launch.slices[name]
        if scope is None or name != scope[0]:
            names += [f"{name}={value}" for value in rule.shares] if rule.by else [name]
    return names


def _checked(made: Plan, hoped: Mapping[str, float]) -> Mapping[str, float]:
    criteria = {c.id: c for c in deciding(made)}
    if not criteria:
        raise BadInput(
            "there is nothing to plan: no goal and no guardrail",
            where="criteria.yaml",
            remedy="write at least one criterion of kind goal",
        )
    for name, value in hoped.items():
        if name not in criteria:
            raise BadInput(
                f"there is no goal or guardrail `{name}`",
                where="--hoped",
                remedy=f"use one of: {', '.join(criteria)}",
            )
        low, estimand = -1.0 if criteria[name].estimand == "difference" else 0.0, criteria[name].estimand
        if estimand == "mean":
            raise BadInput(
                f"`{name}` is a mean: it is planned by the outcomes seen, and takes no hope", where="--hoped"
            )
        if not low <= value <= 1.0:
            raise BadInput(f"`{name}={value:g}` is no share", where="--hoped", remedy="write it as 0.93")
    return hoped
