"""`shipworthy lock`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.decision.sizing import Sized
from shipworthy.services.lock import lock as lock_plan
from shipworthy.store.astride import Astride


def lock(folder: Path = Path(), *, dry_run: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Fix the plan and seal the holdout: criteria, bars, slices, checks, candidate, looks, and the deciding cases.

    From now on a change of any of these is named, and the verdict explores until a new plan is locked on fresh
    cases. Says what the plan can show: a bar that so few groups cannot reach is better mended now than after the look.
    Prints the head of the journal: put it where it cannot be changed. Examples:

        shipworthy lock my-launch --dry-run
        shipworthy lock my-launch

    Args:
        folder: the launch folder; here unless said.
        dry_run: only say what the plan could show; nothing is fixed.
    """
    locked = lock_plan(folder, dry_run=dry_run)
    plan = locked.plan
    goals = sum(c.kind != "diagnostic" for c in plan.criteria)
    word = "already locked" if locked.was_locked else "not locked, a dry run" if dry_run else "locked"
    out(f"{word}: plan {plan.sha[:16]}")
    criteria = "1 criterion decides" if goals == 1 else f"{goals} criteria decide"
    out(f"candidate {plan.candidate} · {criteria} · error {plan.error:g}")
    times = "once" if plan.repeats == 1 else f"{plan.repeats} times"
    out(
        f"holdout {plan.cases.n_cases:,} cases in {plan.cases.n_groups:,} groups, each to be answered {times}"
    )
    for line in _outlook(locked.sized):
        out(line)
    for line in _astride(locked.astride):
        say(f"{line}: shipworthy set doctor {folder}")
    if dry_run and not locked.was_locked:
        return 0
    out(f"journal head {locked.head}")
    say(
        f"next: shipworthy run {folder}, or import the outcomes of the holdout; then shipworthy decide {folder}"
    )
    return 0


def _astride(found: Astride) -> list[str]:
    """Say which sealed cases have equals where they should have none."""
    lines = []
    if found.parts:
        lines.append(f"careful: {_sealed(found.parts)} the input of a case in another part, so it was seen")
    if found.groups:
        lines.append(f"careful: {_sealed(found.groups)} the input of another group, which counts it twice")
    return lines


def _sealed(number: int) -> str:
    return "1 sealed case has" if number == 1 else f"{number:,} sealed cases have"


def _outlook(sized: tuple[Sized, ...]) -> list[str]:
    """Say which claims the sealed cases can hardly show, or that all of them can be shown."""
    lines = []
    for claim in sized:
        place = f"{claim.criterion}{f' on {claim.slice}' if claim.slice else ''}"
        if claim.outlook == "hopeless":
            lines.append(
                f"cannot be shown: {place} has {claim.groups} groups; it takes {claim.least} without a failure"
            )
        elif claim.outlook == "scarce" and claim.hoped is not None:
            lines.append(
                f"scarce: {place} has {claim.groups} groups; {claim.needed} would show it 80 times in 100 "
                f"if the true rate is {100 * claim.hoped:.3g} of 100"
            )
    rates = sum(claim.needed is not None for claim in sized)
    if lines or not rates:
        return lines
    return [
        f"enough groups for every rate in every slice: {'the one claim' if rates == 1 else f'all {rates} claims'}"
    ]
