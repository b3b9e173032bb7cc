"""Coach facts of what comes after: promises, what pulls the launch back, incidents, calls with reviewers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from shipworthy.coach.recorded import Incident, Promise, ReviewHeld, Stage, Tripwire
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.promise import KeptPromise
from shipworthy.store import journal
from shipworthy.store.layout import Layout
from shipworthy.store.promises import promises_path, read_incidents, read_promises
from shipworthy.store.read import Reading
from shipworthy.store.reviews import read_reviews

if TYPE_CHECKING:
    from shipworthy.services.watch import Standing

_ACTIONS = {"look": "review"}


def after_facts(reading: Reading, connection: Connection, *, today: dt.date) -> dict[str, Any]:
    """Return the facts of promises, tripwires, incidents and calls, by their names in `Facts`.

    What there is no file for is left out: it is not known, and no rule asks for it.

    Args:
        reading: the launch as it was read.
        connection: a consistent view of the ledger.
        today: the day it is asked.
    """
    found: dict[str, Any] = {}
    layout = reading.layout
    if reading.launch.stages:
        found["stages"] = tuple(
            Stage(each.share, each.exit, each.labels or None, each.insiders) for each in reading.launch.stages
        )
    if promises_path(layout).is_file():
        from shipworthy.services.watch import standings  # noqa: PLC0415 - only what was promised is watched

        promises = read_promises(layout, reading.criteria, [])
        told = standings(reading, promises, connection)
        acted = _acted(layout, connection)
        found["promises"] = tuple(_promise(each, broken, reading.criteria, acted) for each, broken in told)
        found["tripwires"] = tuple(_tripwires(promises, reading.criteria))
    if (layout.folder / "incidents").is_dir():
        there = read_incidents(layout, [])
        found["incidents"] = tuple(
            Incident(name, (today - each.on).days, len(each.cases)) for name, each in there.items()
        )
    if (layout.folder / "reviews").is_dir():
        found["reviews"] = tuple(
            ReviewHeld(
                reviewer=call.reviewer,
                held=call.held_on is not None,
                says=call.says,
                independent=call.independent,
                open_questions=tuple(q.question for q in call.questions if not q.answer.strip()),
                due=tuple(
                    a.what for a in call.actions if not a.done and a.due is not None and a.due <= today
                ),
            )
            for call in read_reviews(layout, []).values()
        )
        found["independent_review"] = any(each.held and each.independent for each in found["reviews"])
    return found


def _acted(layout: Layout, connection: Connection) -> frozenset[str]:
    """Return the promises that an incident names; a decision that was signed after the last audit answers for all."""
    named = {name for each in read_incidents(layout, []).values() for name in each.promises}
    audits = [seq for seq, _, _ in journal.events(connection, "watch")]
    signed = [seq for seq, _, _ in journal.events(connection, "sign")]
    return frozenset({*named, *(["*"] if audits and signed and signed[-1] > audits[-1] else [])})


def _promise(
    standing: Standing, broken: int, criteria: Sequence[Criterion], acted: frozenset[str]
) -> Promise:
    written = standing.promise
    scorer = next((c.scorer for c in criteria if c.id == written.criterion), None)
    return Promise(
        criterion=written.criterion,
        labels=written.labels,
        source=written.source,
        status=standing.status,
        windows_broken=broken,
        acted=bool(acted & {written.id, "*"}),
        judge=(scorer.judge or "") if scorer else "",
    )


def _tripwires(promises: Sequence[KeptPromise], criteria: Sequence[Criterion]) -> list[Tripwire]:
    """Return what each promise pulls: it covers the failure modes that its criterion names."""
    modes = {c.id: tuple(c.failure_modes) for c in criteria}
    return [
        Tripwire(
            modes=modes.get(promise.criterion, ()),
            action=_ACTIONS.get(wire.action, wire.action),
            who=wire.who,
            tested=wire.tested_on is not None,
        )
        for promise in promises
        for wire in promise.tripwires
    ]
