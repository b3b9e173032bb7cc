"""Take labels back from audits: what people said of live outputs on the review screen counts for the promises."""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from shipworthy.domain.promise import KeptPromise
from shipworthy.domain.review import FIRM
from shipworthy.importers.interface import ColumnMap
from shipworthy.importers.live import NO_DAY, Batch, Mixes, Wanted, id_of
from shipworthy.services.live_keep import Brought, Found, keep_live
from shipworthy.services.live_part import Part
from shipworthy.services.live_spool import Spool
from shipworthy.store import watched
from shipworthy.store.ledger import Ledger
from shipworthy.store.read import Reading
from shipworthy.store.review import LabelRow, Queue, all_queues, current_labels, items_of
from shipworthy.store.tables import cases

Labelled = tuple[str, dict[str, str], float]
"""Id of a live output, its tags, and whether it passed."""


def take_labels(ledger: Ledger, reading: Reading, promises: Sequence[KeptPromise]) -> list[Brought]:
    """Take in what was labelled since, for each criterion that is promised, in the order of the labels.

    An output on which reviewers differ waits until that is settled; a label that is changed later counts as it was.

    Args:
        ledger: where labels and promises are kept.
        reading: the launch as it was read.
        promises: what is watched.
    """
    with ledger.read() as connection:
        found = {
            name: _labelled(connection, name) for name in dict.fromkeys(p.criterion for p in promises) if name
        }
        before = watched.intakes(connection)
        salt = str(before[0].body["salt"]) if before else secrets.token_hex(16)
        found = {name: _unknown(connection, name, rows, salt) for name, rows in found.items() if rows}
    brought = []
    for name, rows in found.items():
        if rows:
            brought.append(Brought(f"labels for {name}", rows=len(rows)))
            _keep(ledger, reading, promises, name, rows, salt, brought[-1])
    return brought


def _labelled(connection: Connection, criterion: str) -> list[Labelled]:
    """Return every audited output with what was said of it, in the order of the labels."""
    made: list[tuple[int, Labelled]] = []
    for queue in all_queues(connection):
        if queue.about.get("watch", {}).get("criterion") != criterion:
            continue
        rows = _rows(connection, queue)
        said: dict[Any, list[LabelRow]] = {}
        for label in current_labels(connection, criterion, [*rows]):
            if label.output in rows and label.state in FIRM and label.turn != "again":
                said.setdefault(label.output, []).append(label)
        for output, labels in said.items():
            settled = [label for label in labels if label.turn == "settled"] or labels
            if len({label.state for label in settled}) == 1:
                row = rows[output]
                made.append((settled[-1].no, (row["id"], row["tags"], float(settled[-1].state == "pass"))))
    return [row for _, row in sorted(made, key=lambda each: each[0])]


def _rows(connection: Connection, queue: Queue) -> dict[Any, dict[str, Any]]:
    """Return the live output that each item of an audit is."""
    items = items_of(connection, queue.no)
    numbers = {item.case_no for item in items}
    keys = {
        row.no: row.key for row in connection.execute(select(cases.c.no, cases.c.key)) if row.no in numbers
    }
    rows = queue.about["watch"]["rows"]
    return {item.output: rows[keys[item.case_no]] for item in items if keys[item.case_no] in rows}


def _unknown(connection: Connection, series: str, rows: list[Labelled], salt: str) -> list[Labelled]:
    """Return what did not come before."""
    ids = np.unique(np.array([id_of(salt, name) for name, _, _ in rows], dtype=np.uint64))
    there: set[int] = set()
    for names, part, known in watched.seen(connection, ids):
        if series in names:
            there.update(ids[part][known].tolist())
    return [row for row in rows if id_of(salt, row[0]) not in there]


def _keep(
    ledger: Ledger,
    reading: Reading,
    promises: Sequence[KeptPromise],
    series: str,
    rows: list[Labelled],
    salt: str,
    brought: Brought,
) -> None:
    mixes = Mixes()
    batch = Batch(
        np.array([id_of(salt, name) for name, _, _ in rows], dtype=np.uint64),
        np.array([mixes.number(tags) for _, tags, _ in rows], dtype=np.uint32),
        np.full(len(rows), NO_DAY, dtype=np.int32),
        {
            name: np.array([value if name == series else -1.0 for _, _, value in rows])
            for name in _series(promises)
        },
    )
    digest = hashlib.blake2b(json.dumps([series, rows]).encode(), digest_size=32).hexdigest()
    wanted = Wanted(ColumnMap({}), salt, dict.fromkeys(_series(promises), ()))
    with tempfile.TemporaryDirectory(prefix="shipworthy-") as made:
        spool = Spool(Path(made), wanted.series)
        try:
            spool.add(batch)
            found = Found(Part(Path(brought.file), digest, 0), spool, mixes, wanted)
            with ledger.write() as connection:
                keep_live(connection, reading, promises, found, brought)
        finally:
            spool.close()
    brought.dropped.clear()


def _series(promises: Sequence[KeptPromise]) -> list[str]:
    return list(dict.fromkeys(promise.series for promise in promises))
