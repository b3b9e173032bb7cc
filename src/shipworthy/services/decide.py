"""Decide: plan and evidence in, verdict out; a first reveal of sealed counts is written down as a look.

The counts make the verdict. The challenges that block are put beside it here: the decision layer knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from shipworthy import __version__
from shipworthy.decision import error_budget
from shipworthy.decision.error_budget import Look
from shipworthy.decision.plan import Plan
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.evidence import Evidence, Tally
from shipworthy.domain.judge import SERIES
from shipworthy.domain.verdict import CHANGED, SEALED, UNLOCKED, WAITING, Verdict
from shipworthy.exporters.interface import Envelope
from shipworthy.services.accepted import standing_accepted
from shipworthy.services.ahead import load_ahead
from shipworthy.services.clock import now
from shipworthy.services.demo_aside import demo_asides
from shipworthy.services.gather import Gathered, Wanted, gather
from shipworthy.services.held_back import held_back
from shipworthy.services.judge_standing import barred
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import Lock, last_lock, plan_of
from shipworthy.store import journal
from shipworthy.store.caseset import OPEN_PARTS
from shipworthy.store.looks import Sighting, earlier_plans, find_look, take_look, variants_tried
from shipworthy.store.read import Reading

HOLDOUT = frozenset({"holdout"})


@dataclass(frozen=True)
class Decided:
    """The verdict with its envelope, and whether a look was taken for it."""

    verdict: Verdict
    envelope: Envelope
    reading: Reading
    look: Look
    replay: bool
    groups_planned: int
    locked_at: str = ""
    """When the plan was locked; empty when this is a rehearsal."""
    accepted: tuple[str, ...] = ()
    """Challenges that a person accepted and that stand today, each as a sentence."""


@dataclass(frozen=True)
class AboutToLook:
    """What a look costs, told before it is taken."""

    look: Look
    level: float
    error: float
    groups_planned: int


def look_freely(_: AboutToLook) -> bool:
    """Take every look without asking."""
    return True


def decide(
    folder: Path,
    *,
    variant: str | None = None,
    missing_as_no_answer: bool = False,
    confirm: Callable[[AboutToLook], bool] = look_freely,
) -> Decided:
    """Decide about a launch.

    Args:
        folder: the launch folder.
        variant: another variant than the plan's candidate; beyond the tries that the plan pays for it can only explore.
        missing_as_no_answer: count planned outputs that were never recorded as no answer, instead of refusing.
        confirm: asked before a new look is taken; False leaves everything sealed.

    Raises:
        Refused: outputs are missing, or the look was not confirmed.
        FolderHasProblems: the folder has mistakes.
    """
    load_ahead("scipy.special")  # the verdict needs it, and reading its counts does not
    with opened(folder) as launch:
        return decide_on(launch, variant=variant, missing_as_no_answer=missing_as_no_answer, confirm=confirm)


def decide_on(
    launch: Opened,
    *,
    variant: str | None = None,
    missing_as_no_answer: bool = False,
    confirm: Callable[[AboutToLook], bool] = look_freely,
) -> Decided:
    """Decide about a launch that is open already; see `decide`."""
    there = prospect(launch, variant)
    if there.sealed is None or there.lock is None:
        return rehearse(launch, there)
    if there.sealed.missing and not missing_as_no_answer:
        raise _incomplete(there.plan, there.sealed.missing, there.name)
    decided = _look(launch, there.plan, there.lock, there.sealed, there.name, confirm)
    return replace(decided, locked_at=there.lock.at)


@dataclass(frozen=True)
class Prospect:
    """What a verdict would rest on, gathered and not shown.

    Attributes:
        plan: the plan as the folder reads now.
        name: the variant asked about.
        lock: the last lock; None when nothing was locked.
        judges: why judges of the plan bar a look.
        sealed: the sealed evidence that a look would open; None when there is none to open.
    """

    plan: Plan
    name: str
    lock: Lock | None
    judges: tuple[str, ...]
    sealed: Gathered | None


def prospect(launch: Opened, variant: str | None = None) -> Prospect:
    """Gather what a verdict would rest on; nothing of it is revealed and nothing is written.

    Raises:
        BadInput: there is no such variant.
    """
    plan = plan_of(launch)
    name = variant or plan.candidate
    if name not in launch.launch.variants:
        known = ", ".join(launch.launch.variants)
        raise BadInput(f"there is no variant `{name}`", where="launch.yaml", remedy=f"use one of: {known}")
    with launch.ledger.read() as connection:
        lock = last_lock(connection, plan)
        judges = barred(connection, launch, plan)
        sealed = None if judges else _sealed(launch, connection, plan, lock, name)
        opened_before = earlier_plans(connection, lock.seq) if lock else 0
    if sealed is not None:
        sealed = _with_history(sealed, opened_before, plan.error)
    return Prospect(plan, name, lock, judges, sealed)


def look_ahead(launch: Opened, there: Prospect) -> tuple[AboutToLook, bool]:
    """Return what opening the sealed evidence would be, and whether that look was taken before: a free replay."""
    assert there.sealed is not None
    _, about, replay = _about(launch, there.plan, there.sealed, there.name)
    return about, replay


def replayed(launch: Opened, there: Prospect) -> Decided:
    """Return the verdict of a look that was taken before; nothing is written.

    Raises:
        Refused: that look was never taken.
    """
    assert there.sealed is not None
    assert there.lock is not None
    decided = _look(launch, there.plan, there.lock, there.sealed, there.name, lambda _: False)
    return replace(decided, locked_at=there.lock.at)


def _with_history(sealed: Gathered, opened_before: int, error: float) -> Gathered:
    """Note what earlier plans of the launch have used: each had an error of its own."""
    if not opened_before:
        return sealed
    plans = opened_before + 1
    note = (
        f"holdouts opened under earlier plans of this launch: {opened_before}; the chance that any of the {plans} "
        f"plans ships wrongly is at most {min(plans * error, 1):.3g}"
    )
    evidence = replace(sealed.evidence, notes=(*sealed.evidence.notes, note))
    return replace(sealed, evidence=evidence)


def _incomplete(plan: Plan, missing: int, name: str) -> Refused:
    """Say what a look would leave out, and what brings it in."""
    until = "" if plan.looks == "once" else " up to the last case with one, in the order of the eval set,"
    checks = any(series.startswith("check:") for series in plan.series.values())
    judges = any(series.startswith(SERIES) for series in plan.series.values())
    people = any(series.startswith("labels:") for series in plan.series.values())
    lacking = "were never recorded, or have no score yet" if checks or judges else "were never recorded"
    lacking += ", or have no settled label" if people else ""
    finish = "`shipworthy run` to finish and score them" if checks else "finish the run"
    finish += ", `shipworthy judge run` to judge them," if judges else ""
    finish += ", `shipworthy look settle` to write their labels," if people else ""
    return Refused(
        f"{missing:,} of the planned outputs on the holdout{until} {lacking}",
        where=f"variant {name}",
        remedy=f"{finish} or import the rest; or add --missing-as-no-answer to count them against it",
    )


def _sealed(
    launch: Opened, connection: Connection, plan: Plan, lock: Lock | None, name: str
) -> Gathered | None:
    """Return the sealed evidence, None when no plan holds or nothing was recorded since it was locked."""
    if lock is None or not lock.holds:
        return None
    wanted = Wanted(name, HOLDOUT, since=lock.seq, in_order=plan.looks != "once")
    found = gather(launch, connection, plan, wanted)
    if not found.has_outcomes:
        return None
    from shipworthy.services.draw_labels import strays  # noqa: PLC0415 - loads numerics, which load meanwhile

    notes = (*found.evidence.notes, *strays(launch, connection, plan, name))
    return replace(found, evidence=replace(found.evidence, notes=notes))


def _look(
    launch: Opened,
    plan: Plan,
    lock: Lock,
    sealed: Gathered,
    name: str,
    confirm: Callable[[AboutToLook], bool],
) -> Decided:
    evidence, about, replay = _about(launch, plan, sealed, name)
    look = about.look
    if not replay:
        if not evidence.exploratory and (bare := _unlabelled(plan, sealed)):
            raise _no_labels(launch, bare)
        if not confirm(about):
            raise Refused("the look was not taken: everything stays sealed")
        with launch.ledger.write() as connection:
            look = take_look(connection, _sighting(plan, sealed, name), at=now())
    return _finish(launch, plan, replace(sealed, evidence=evidence), look, lock=lock, replay=replay)


def _unlabelled(plan: Plan, sealed: Gathered) -> list[str]:
    """Return the criteria that a judge answers and of which no person labelled a sealed output: a look shows nothing of them."""
    judged = [c for c in plan.criteria if c.labels is not None and c.kind != "diagnostic"]
    return [c.id for c in judged if not _has_labels(sealed.evidence.tallies.get(c.id, Tally()))]


def _has_labels(tally: Tally) -> bool:
    return any(case.labelled_passed or case.labelled_failed for group, _ in tally.groups for case in group)


def _no_labels(launch: Opened, names: list[str]) -> Refused:
    return Refused(
        f"no person has labelled a sealed output under {' and '.join(f'`{name}`' for name in names)} yet, so a look "
        "would show nothing of it and be spent",
        where="criteria.yaml",
        remedy=f"draw outputs with `shipworthy label to-label.csv --launch {launch.layout.folder} --draw 100`, fill in their "
        "labels, and bring the file in by the same command without --draw; then decide",
    )


def _sighting(plan: Plan, sealed: Gathered, name: str) -> Sighting:
    return Sighting(plan.sha, sealed.evidence.digest, name, sealed.groups)


def _about(launch: Opened, plan: Plan, sealed: Gathered, name: str) -> tuple[Evidence, AboutToLook, bool]:
    """Return the evidence as it may be used, what its look costs, and whether it was taken before."""
    evidence = sealed.evidence
    with launch.ledger.read() as connection:
        look, replay = find_look(connection, _sighting(plan, sealed, name))
        others = [tried for tried in variants_tried(connection, plan.sha) if tried != plan.candidate]
    if name != plan.candidate and name not in [*others, name][: plan.tries - 1]:
        evidence = replace(evidence, exploratory=(_unpaid(plan, name),))
    paid = error_budget.level(plan.error, plan.looks, look, tries=plan.tries)
    level = 0.0 if evidence.exploratory else paid
    return evidence, AboutToLook(look, level, plan.error, plan.cases.n_groups), replay


def _unpaid(plan: Plan, name: str) -> str:
    """Say why judging a variant only explores."""
    if plan.tries == 1:
        return f"the plan judges {plan.candidate}: judging {name} is a further try, which no error was set aside for"
    return f"the plan pays for {plan.tries} tries, and they are taken: judging {name} is a further one"


def rehearse(launch: Opened, there: Prospect) -> Decided:
    """Decide on the open parts: a rehearsal, which can never ship anything."""
    plan, lock = there.plan, there.lock
    with launch.ledger.read() as connection:
        found = gather(launch, connection, plan, Wanted(there.name, OPEN_PARTS, started_only=True))
    if lock is None:
        why = [f"{UNLOCKED}: `shipworthy lock` fixes it before the holdout is run"]
    elif not lock.holds:
        why = [f"{CHANGED}: {change}" for change in lock.changes]
    elif there.sealed is not None:
        why = [SEALED]
    else:
        why = [] if there.judges else [WAITING]
    why += there.judges
    if not found.has_outcomes:
        why.append(f"nothing has been recorded of {there.name} on the open cases either")
    explored = replace(found, evidence=replace(found.evidence, exploratory=tuple(why)))
    return _finish(launch, plan, explored, Look(0, found.groups), replay=True)


def _finish(
    launch: Opened, plan: Plan, found: Gathered, look: Look, *, replay: bool, lock: Lock | None = None
) -> Decided:
    with launch.ledger.read() as connection:
        _, head = journal.head(connection)
        asides = demo_asides(launch, connection, plan, found.evidence.variant)
    from shipworthy.decision.evaluate import evaluate  # noqa: PLC0415 - loads numerics, which load meanwhile

    verdict = evaluate(plan, found.evidence, look)
    with launch.ledger.read() as connection:
        verdict = held_back(launch, connection, plan, lock, verdict)
        standing = standing_accepted(connection)
    envelope = Envelope(head, now(), __version__, asides)
    return Decided(verdict, envelope, launch.reading, look, replay, plan.cases.n_groups, accepted=standing)
