"""Gate: hold a changed variant against the accepted one on the open cases; sealed cases are neither read nor touched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from shipworthy.decision.change_gate import FalseAlarms, Gated, Policy, false_alarms, gate
from shipworthy.domain.errors import BadInput, Misused, Refused
from shipworthy.services.board import board
from shipworthy.services.flips import Between, Way, flips
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import candidate_of, plan_of

SEED = 20_261_126
MOST = {"broken": 20, "fixed": 3}
"""Cases that are listed of each criterion: what broke is looked at first."""


@dataclass(frozen=True)
class Change:
    """What is held against what, and on what terms.

    Attributes:
        changed: the variant that was changed; the candidate unless said.
        accepted: the one it is held against; the baseline unless said.
        policy: "no regression" or "not worse".
        margin: what counts as not worse, as a share.
        level: the error of the gate's statements; the plan's unless said.
        trials: how often the gate is tried on changes that change nothing; 0 for not at all.
    """

    changed: str | None = None
    accepted: str | None = None
    policy: Policy = "no regression"
    margin: float = 0.0
    level: float | None = None
    trials: int = 0


@dataclass(frozen=True)
class GatedChange:
    """What the gate says, and the cases behind it.

    Attributes:
        gated: every axis, and what follows.
        turned: criterion, case, and whether it was fixed or broken; the broken ones first, and not all.
        cases: open cases that both have answered.
        outside: open groups that one of the two has not answered.
        alarms: how often the gate stopped a change that changes nothing; None where it was not tried.
        notes: what a reader should know.
    """

    gated: Gated
    turned: tuple[tuple[str, str, str], ...]
    cases: int
    outside: int
    alarms: FalseAlarms | None
    notes: tuple[str, ...]


def change_gate(folder: Path, change: Change) -> GatedChange:
    """Hold a change against what is accepted.

    Args:
        folder: the launch folder.
        change: what, against what, on what terms.

    Raises:
        BadInput: there is no such variant.
        Misused: the terms make no sense.
        Refused: the two share no open case, or nothing says what is good.
    """
    if change.policy == "not worse" and not 0.0 < change.margin < 1.0:
        raise Misused(
            f"--margin {change.margin:g}",
            remedy="to show that nothing is worse, say by how much it may be: --margin 0.03",
        )
    with opened(folder) as found:
        changed, accepted = _names(found, change)
        written = found.launch.model_copy(update={"candidate": changed, "baseline": accepted})
        launch = replace(found, reading=replace(found.reading, launch=written))
        level = change.level or written.error
        plan = plan_of(launch)
        with launch.ledger.read() as connection:
            laid = board(launch, connection, plan, [accepted, changed])
        if not laid.axes:
            raise Refused(
                "there is nothing to compare by", where="criteria.yaml", remedy="write a goal, or a guardrail"
            )
        gated = gate(
            laid.axes,
            changed=changed,
            accepted=accepted,
            level=level,
            margin=change.margin,
            policy=change.policy,
        )
        alarms = None
        if change.trials:
            alarms = false_alarms(
                laid.axes, changed=changed, accepted=accepted, level=level, times=change.trials, seed=SEED
            )
        return GatedChange(gated, _turned(launch, gated), laid.cases, laid.outside, alarms, laid.notes)


def _names(launch: Opened, change: Change) -> tuple[str, str]:
    changed = change.changed or candidate_of(launch.launch)
    accepted = change.accepted or launch.launch.baseline
    if accepted is None:
        raise BadInput(
            "there is no accepted variant to hold the change against",
            where="launch.yaml",
            remedy="write `baseline:`, or name one with --accepted",
        )
    for name in (changed, accepted):
        if name not in launch.launch.variants:
            known = ", ".join(launch.launch.variants)
            raise BadInput(
                f"there is no variant `{name}`", where="launch.yaml", remedy=f"use one of: {known}"
            )
    if changed == accepted:
        raise Misused(f"--changed {changed} --accepted {accepted}", remedy="name two variants")
    return changed, accepted


def _turned(launch: Opened, gated: Gated) -> tuple[tuple[str, str, str], ...]:
    """Return the changed cases of every criterion that is about passing and failing."""
    found: list[tuple[str, str, str]] = []
    ways: tuple[Way, Way] = ("broken", "fixed")
    for way in ways:
        for line in gated.lines:
            if line.side not in ("goal", "harm") or not line.fixed + line.broken:
                continue
            between = Between(line.axis, gated.accepted, gated.changed, way=way, size=MOST[way])
            try:
                found += [(line.axis, flip.case, way) for flip in flips(launch, between).items]
            except (BadInput, Refused):  # an axis that no score stands behind has no cases to name
                continue
    return tuple(found)
