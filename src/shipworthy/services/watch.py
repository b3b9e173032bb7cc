"""Watch: audited outputs of the live traffic come in, promises are kept, at risk or broken.

Every file becomes one event of the journal, with the values it brought; the state is worked out from all of them in the
order in which they came, so clocks that jump change nothing, and a file or a row that comes twice is counted once.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from shipworthy.decision.monitor import Audit, Promise, Watched
from shipworthy.decision.monitor import watch as follow
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, FolderHasProblems, Refused
from shipworthy.domain.problem import Problem
from shipworthy.domain.promise import KeptPromise
from shipworthy.importers.interface import Row
from shipworthy.importers.registry import open_file
from shipworthy.services.clock import now
from shipworthy.services.new_cases import columns_for
from shipworthy.store import journal
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import open_ledger
from shipworthy.store.promises import read_promises
from shipworthy.store.read import Reading, read_launch

Status = Literal["kept", "at risk", "broken", "not enough data"]
STATUS: dict[str, Status] = {"kept": "kept", "warning": "at risk", "breached": "broken"}
MOST_ROWS = 200_000
"""Audited rows that one file may bring: people audit hundreds, and each row is kept in the journal."""


@dataclass(frozen=True)
class Standing:
    """Where one promise stands."""

    promise: KeptPromise
    status: Status
    watched: Watched


@dataclass
class Brought:
    """What became of one file."""

    file: str
    values: Counter[str] = field(default_factory=Counter)
    """Promise to audited outputs that were added."""
    known: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    again: bool = False
    """The whole file was there already."""


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
    """Take in audited outputs, and say where every promise stands.

    Args:
        folder: the launch folder.
        files: tables with a row for each audited output: its id, a column for the score of each criterion (0 to 1), tags.

    Raises:
        Refused: nothing was promised.
        FolderHasProblems: `promises.yaml` or the launch has mistakes.
        BadInput: a file cannot be read; nothing of it is kept.
    """
    reading = read_launch(folder)
    problems: list[Problem] = list(reading.problems)
    promises = read_promises(reading.layout, [c.id for c in reading.criteria], problems)
    if problems:
        raise FolderHasProblems(problems)
    if not promises:
        raise Refused(
            "nothing was promised yet",
            where="promises.yaml",
            remedy=f"run `shipworthy promise {folder}`, or write it",
        )
    brought = [_bring(reading, promises, path) for path in files]
    shares = _shares(reading)
    found = _events(reading.layout)
    told = tuple(_standing(promise, shares, found) for promise in promises)
    return WatchedLaunch(told, tuple(brought))


def standings(
    reading: Reading, promises: Sequence[KeptPromise], connection: Connection
) -> tuple[tuple[Standing, int], ...]:
    """Return where promises stand now, and for how many of the latest audits each has been broken; nothing is taken in.

    Args:
        reading: the launch as it was read.
        promises: those that are asked about.
        connection: a consistent view of the ledger.
    """
    shares, found = _shares(reading), [body for _, _, body in journal.events(connection, "watch")]
    made = []
    for promise in promises:
        own = [body for body in found if promise.id in body["promises"]]
        now_ = _standing(promise, shares, own)
        broken, kept = 0, len(own)
        while kept and _standing(promise, shares, own[:kept]).status == "broken":
            broken, kept = broken + 1, kept - 1
        made.append((now_, broken))
    return tuple(made)


def _bring(reading: Reading, promises: Sequence[KeptPromise], path: Path) -> Brought:
    if not path.is_file():
        raise BadInput("there is no such file", where=str(path), remedy="check the path")
    brought = Brought(path.name)
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    rows = [
        row
        for batch in open_file(path, columns=columns_for(reading.layout.folder)).batches()
        for row in batch
    ]
    if len(rows) > MOST_ROWS:
        raise BadInput(
            f"the file has {len(rows):,} rows",
            where=str(path),
            remedy=f"audit a random sample: at most {MOST_ROWS:,} rows",
        )
    ledger = open_ledger(reading.layout.ledger)
    try:
        with ledger.write() as connection:
            before = [body for _, _, body in journal.events(connection, "watch")]
            if any(body["sha"] == sha for body in before):
                brought.again = True
                return brought
            given = {p.id: _values(reading, p, rows, _ids(before, p.id), brought) for p in promises}
            if not any(part["ids"] for part in given.values()):
                raise _nothing(path, brought)
            body = {"file": path.name, "sha": sha, "promises": {k: v for k, v in given.items() if v["ids"]}}
            journal.append(connection, verb="watch", body=body, at=now())
    finally:
        ledger.close()
    brought.values.update({name: len(part["ids"]) for name, part in given.items()})
    return brought


def _nothing(path: Path, brought: Brought) -> BadInput:
    why = ", ".join(f"{n:,} because {reason}" for reason, n in brought.dropped.most_common(3))
    return BadInput(
        f"no row of the file is about a promise that is not known already{f': {why}' if why else ''}",
        where=str(path),
        remedy="give each audited output an id, and a column named like the criterion with 1 or 0",
    )


def _ids(before: Iterable[dict[str, Any]], name: str) -> set[str]:
    return {id_ for body in before for id_ in body["promises"].get(name, {"ids": []})["ids"]}


def _values(
    reading: Reading, promise: KeptPromise, rows: Sequence[Row], known: set[str], brought: Brought
) -> dict[str, list[Any]]:
    """Return ids, values and slices of the rows that are about a promise and were not there before."""
    criterion = next(c for c in reading.criteria if c.id == promise.criterion)
    names = (promise.criterion, *_series_names(criterion))
    tag, _, wanted = promise.slice.partition("=")
    scope = reading.launch.scope_slice()
    by = scope[1].by if scope else None
    made: dict[str, list[Any]] = {"ids": [], "values": [], "slices": []}
    for row in rows:
        tags = row.tags or {}
        if promise.slice and tags.get(tag) != wanted:
            continue
        value = next((row.scores[n] for n in names if row.scores and row.scores.get(n) is not None), None)
        if row.status == "no answer":
            value = 0.0  # what never answered was not kept
        if value is None:
            brought.dropped[f"it has no label for {promise.criterion}"] += 1
        elif not 0.0 <= value <= 1.0:
            brought.dropped["its label is not between 0 and 1"] += 1
        elif row.case in known:
            brought.known += 1
        else:
            known.add(row.case)
            made["ids"].append(row.case)
            made["values"].append(value)
            made["slices"].append(tags.get(by, "") if by else "")
    return made


def _series_names(criterion: Criterion) -> tuple[str, ...]:
    scorer = criterion.scorer
    people = criterion.labels.recorded if criterion.labels else None  # what corrects a judge comes before it
    named = (scorer.recorded, scorer.labels, scorer.check, scorer.judge) if scorer else ()
    return tuple(name for name in (people, *named) if name)


def _shares(reading: Reading) -> dict[str, float]:
    scope = reading.launch.scope_slice()
    return dict(scope[1].shares) if scope else {}


def _events(layout: Layout) -> list[dict[str, Any]]:
    ledger = open_ledger(layout.ledger)
    try:
        with ledger.read() as connection:
            return [body for _, _, body in journal.events(connection, "watch")]
    finally:
        ledger.close()


def _standing(promise: KeptPromise, shares: dict[str, float], events: Sequence[dict[str, Any]]) -> Standing:
    parts = [body["promises"][promise.id] for body in events if promise.id in body["promises"]]
    mixed = not promise.slice and shares and all(set(part["slices"]) <= set(shares) for part in parts)
    asked = Promise(promise.rate, promise.error, shares=shares if mixed else {})
    audits = [Audit(part["values"], part["slices"] if mixed else ()) for part in parts]
    watched = follow(asked, audits)
    seen = watched.detector.outputs
    status = STATUS[watched.state]
    if status == "kept" and seen < promise.labels:
        status = "not enough data"
    return Standing(promise, status, watched)
