"""`shipworthy lock`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.services.lock import lock as lock_plan


def lock(folder: Path = Path()) -> int:
    """Fix the plan and seal the holdout: criteria, bars, slices, checks, candidate, looks, and the deciding cases.

    From now on a change of any of these is named, and the verdict explores until a new plan is locked on fresh
    cases. Prints the head of the journal: put it where it cannot be changed. Example:

        shipworthy lock my-launch

    Args:
        folder: the launch folder; here unless said.
    """
    locked = lock_plan(folder)
    plan = locked.plan
    goals = sum(c.kind != "diagnostic" for c in plan.criteria)
    out(f"{'already locked' if locked.was_locked else 'locked'}: plan {plan.sha[:16]}")
    out(f"candidate {plan.candidate} · {goals} deciding criteria · error {plan.error:g}")
    out(
        f"holdout {plan.cases.n_cases:,} cases in {plan.cases.n_groups:,} groups, {plan.repeats} repeats each"
    )
    out(f"journal head {locked.head}")
    say(
        f"next: shipworthy run {folder}, or import the outcomes of the holdout; then shipworthy decide {folder}"
    )
    return 0
