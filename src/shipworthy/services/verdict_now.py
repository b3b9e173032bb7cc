"""Verdict now: what can be shown of a launch without taking a look; a page view never takes one."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.services.decide import (
    AboutToLook,
    Decided,
    Prospect,
    decide_on,
    look_ahead,
    prospect,
    rehearse,
    replayed,
)
from shipworthy.services.opened import Opened
from shipworthy.services.planned import Lock, plan_of
from shipworthy.store.remember import shelf


@dataclass(frozen=True)
class Now:
    """What can be shown now.

    Attributes:
        decided: the rehearsal on open parts, or the free replay of a look that was taken.
        lock: the last lock; None when nothing was locked.
        about: the look that could be taken now; None when there is none to take.
        missing: planned outputs that look would find without a row: it is refused unless they count as no answer.
        barred: why judges of the plan bar a look.
    """

    decided: Decided
    lock: Lock | None
    about: AboutToLook | None
    missing: int
    barred: tuple[str, ...]

    @property
    def is_revealed(self) -> bool:
        """Whether everything recorded of the holdout has been shown by a look."""
        return self.decided.look.number > 0


def verdict_now(launch: Opened, variant: str | None = None) -> Now:
    """Return the rehearsal, or the replay of a look already taken; nothing is written and nothing sealed is shown.

    Args:
        launch: the launch.
        variant: whose verdict; the candidate's unless said.

    Raises:
        BadInput: there is no such variant, or no candidate is named.
    """
    key = ("verdict", variant, plan_of(launch).sha, launch.cases.fingerprint)
    with launch.ledger.read() as connection:
        kept = shelf(connection)
        state, found = kept.state, kept.get(key)
    if found is not None and found.decided.reading is launch.reading:
        return found  # type: ignore[no-any-return]
    made = _now(launch, prospect(launch, variant))
    kept.keep(key, made, state=state)
    return made


def _now(launch: Opened, there: Prospect) -> Now:
    if there.sealed is None:
        return Now(rehearse(launch, there), there.lock, None, 0, there.judges)
    about, replay = look_ahead(launch, there)
    if replay:
        return Now(replayed(launch, there), there.lock, None, 0, ())
    return Now(rehearse(launch, there), there.lock, about, there.sealed.missing, ())


def open_holdout(
    launch: Opened, *, variant: str | None, number: int, groups: int, missing_as_no_answer: bool = False
) -> Decided:
    """Take the look that a person was told of, and no other.

    Args:
        launch: the launch.
        variant: whose; the candidate's unless said.
        number: which look it was said to be.
        groups: how many groups it was said to see.
        missing_as_no_answer: count planned outputs without a row against the variant.

    Raises:
        Refused: it would be another look than the one said, outputs are missing, or there is nothing to open.
    """

    def is_that(about: AboutToLook) -> bool:
        if (about.look.number, about.look.groups) != (number, groups):
            raise Refused(
                f"this would be look {about.look.number} at {about.look.groups:,} groups, and what you agreed to was "
                f"look {number} at {groups:,}",
                where="the holdout",
                remedy="read the page again: something was recorded, or somebody looked, since it was shown",
            )
        return True

    decided = decide_on(launch, variant=variant, missing_as_no_answer=missing_as_no_answer, confirm=is_that)
    if decided.look.number == 0:
        raise BadInput(
            "there is nothing sealed to open",
            where="the holdout",
            remedy="lock the plan, then run or import outcomes of the holdout",
        )
    return decided
