"""Watch: live outputs come in, audited or measured, and promises are kept, at risk or broken.

Every file becomes one event of the journal that seals the values it brought; the state is worked out from all of them in
the order in which they came, so clocks that jump change nothing, and a file or a row that comes twice is counted once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection

from shipworthy.decision.monitor import Followed, Watched
from shipworthy.domain.errors import FolderHasProblems, Refused
from shipworthy.domain.judge import SERIES
from shipworthy.domain.problem import Problem
from shipworthy.domain.promise import KeptPromise, Tripwire
from shipworthy.services.clock import now
from shipworthy.services.follow_promises import follow_promises, promised
from shipworthy.services.judge_standing import standing
from shipworthy.services.mix_to_keep import mix_to_keep
from shipworthy.store import journal
from shipworthy.store.ledger import Ledger, open_ledger
from shipworthy.store.promises import read_promises
from shipworthy.store.read import Reading, read_launch
from shipworthy.store.review import all_queues

if TYPE_CHECKING:
    from shipworthy.services.live_keep import Brought

Status = Literal["kept", "at risk", "broken", "not enough data"]
STATUS: dict[str, Status] = {"kept": "kept", "warning": "at risk", "breached": "broken"}


@dataclass(frozen=True)
class Standing:
    """Where one promise stands."""

    promise: KeptPromise
    status: Status
    watched: Watched
    doubt: str = ""
    """That the judge of its criterion is suspended, and why."""
    pulled: tuple[Tripwire, ...] = ()
    """What is to be done now."""
    waiting: tuple[Tripwire, ...] = ()
    """What is to be done on its day, unless the state has changed until then."""


@dataclass(frozen=True)
class WatchedLaunch:
    """Every promise, and what the files brought."""

    standings: tuple[Standing, ...]
    brought: tuple[Brought, ...]

    @property
    def broken(self) -> bool:
        """Whether any promise is broken."""
        return any(each.status == "broken" for each in self.standings)


def watch(folder: Path, files: Sequence[Path] = ()) -> WatchedLaunch:
    """Take in live outputs, and say where every promise stands.

    Args:
        folder: the launch folder.
        files: tables with a row for each output: its id, time, tags, latency and cost, and the score (0 to 1) of each
            criterion that it was audited for.

    Raises:
        Refused: nothing was promised.
        FolderHasProblems: `promises.yaml` or the launch has mistakes.
        BadInput: a file cannot be read; nothing of it is kept.
    """
    reading, promises = read_promised(folder)
    ledger = open_ledger(reading.layout.ledger)
    try:
        brought = _taken(ledger, reading, promises, files) if files else []
        brought += _labels(ledger, reading, promises)
        with ledger.read() as connection:
            told = standings(reading, promises, connection)
    finally:
        ledger.close()
    return WatchedLaunch(tuple(standing for standing, _ in told), tuple(brought))


def read_promised(folder: Path) -> tuple[Reading, list[KeptPromise]]:
    """Return a launch and what it promised.

    Raises:
        Refused: nothing was promised.
        FolderHasProblems: `promises.yaml` or the launch has mistakes.
    """
    reading = read_launch(folder)
    problems: list[Problem] = list(reading.problems)
    promises = read_promises(reading.layout, reading.criteria, problems)
    if problems:
        raise FolderHasProblems(problems)
    if not promises:
        raise Refused(
            "nothing was promised yet",
            where="promises.yaml",
            remedy=f"run `shipworthy promise {folder}`, or write it",
        )
    return reading, promises


def _taken(
    ledger: Ledger, reading: Reading, promises: Sequence[KeptPromise], files: Sequence[Path]
) -> list[Brought]:
    from shipworthy.services.take_live import take_live  # noqa: PLC0415 - only where a file comes in

    return [take_live(ledger, reading, promises, path) for path in files]


def _labels(ledger: Ledger, reading: Reading, promises: Sequence[KeptPromise]) -> list[Brought]:
    """Take back what was labelled of audits that were drawn; without any, nothing is loaded for it."""
    with ledger.read() as connection:
        if not any(queue.about.get("watch") for queue in all_queues(connection)):
            return []
    from shipworthy.services.take_labels import take_labels  # noqa: PLC0415 - only where an audit was drawn

    return take_labels(ledger, reading, promises)


def standings(
    reading: Reading, promises: Sequence[KeptPromise], connection: Connection
) -> tuple[tuple[Standing, int], ...]:
    """Return where promises stand now, and for how many of the latest intakes each has been broken; nothing is taken in.

    Args:
        reading: the launch as it was read.
        promises: those that are asked about.
        connection: a consistent view of the ledger.
    """
    found, mix = follow_promises(reading, promises, connection), mix_to_keep(reading, connection)
    made = []
    for promise in promises:
        doubt = _doubt(reading, promise, connection)
        told = [_standing(promise, each, doubt) for each in found[promise.id].values()]
        broken = next((i for i, each in enumerate(reversed(told)) if each.status != "broken"), len(told))
        made.append(
            (
                told[-1] if told else _standing(promise, Followed.start(promised(promise, mix)), doubt),
                broken,
            )
        )
    return tuple(made)


def _doubt(reading: Reading, promise: KeptPromise, connection: Connection) -> str:
    """Say that the judge behind a promise was suspended, and was not accepted since; empty where nothing speaks against it."""
    scorer = next((c.scorer for c in reading.criteria if c.id == promise.criterion), None)
    if scorer is None or not scorer.judge:
        return ""
    head = f"{SERIES}{scorer.judge}@"
    suspended = [
        (seq, body)
        for seq, _, body in journal.events(connection, "suspend")
        if body["series"].startswith(head)
    ]
    accepted = [
        seq
        for seq, _, body in journal.events(connection, "calibrate")
        if body["series"].startswith(head)
        and body["state"] == "accepted"
        and not standing(connection, body["series"]).suspended
    ]
    if not suspended or (accepted and accepted[-1] > suspended[-1][0]):
        return ""
    why = suspended[-1][1]["why"]
    return f"The judge {scorer.judge} is suspended ({why}): only what people label counts, until it is calibrated again."


def _standing(promise: KeptPromise, followed: Followed, doubt: str) -> Standing:
    watched = followed.told()
    status = STATUS[watched.state]
    if status == "kept" and watched.detector.outputs < promise.labels:
        status = "not enough data"
    today = dt.date.fromisoformat(now()[:10])
    pulled = tuple(wire for wire in promise.tripwires if wire.is_pulled(status, today))
    waiting = tuple(wire for wire in promise.tripwires if wire.is_waiting(status, today))
    return Standing(promise, status, watched, doubt, pulled, waiting)
