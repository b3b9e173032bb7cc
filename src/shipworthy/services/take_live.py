"""Take in live outputs: every row counted once, in the order in which it came, and nothing kept of a file that is wrong."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.promise import KeptPromise
from shipworthy.importers.live import Mixes, Wanted, row_batches
from shipworthy.importers.live_fast import Odd, fast_batches, is_for
from shipworthy.services.live_keep import Brought, Found, keep_live
from shipworthy.services.live_part import new_part, readable
from shipworthy.services.live_spool import Spool
from shipworthy.services.new_cases import columns_for
from shipworthy.store import watched
from shipworthy.store.ledger import Ledger
from shipworthy.store.read import Reading
from shipworthy.store.watched import Intake


def take_live(ledger: Ledger, reading: Reading, promises: Sequence[KeptPromise], path: Path) -> Brought:
    """Take in one file of live outputs.

    Args:
        ledger: where they are kept.
        reading: the launch as it was read.
        promises: what is watched.
        path: a table with a row for each output.

    Raises:
        BadInput: the file cannot be read, or brings nothing; nothing of it is kept.
        Unavailable: the file or the ledger cannot be used.
    """
    with ledger.read() as connection:
        before = watched.intakes(connection)
    part = new_part(path, before)
    brought = Brought(path.name, grown=part.begin, again=part.again)
    if part.again:
        return brought
    wanted = _wanted(reading, promises, before)
    with tempfile.TemporaryDirectory(prefix="shipworthy-") as made:
        room = Path(made)
        spool = Spool(room, wanted.series)
        try:
            with readable(part, room) as file:
                mixes = _read(file, wanted, spool, room)
            brought.rows = spool.rows
            with ledger.write() as connection:
                keep_live(connection, reading, promises, Found(part, spool, mixes, wanted), brought)
        finally:
            spool.close()
    return brought


def _wanted(reading: Reading, promises: Sequence[KeptPromise], before: Sequence[Intake]) -> Wanted:
    """Return what is read of a file: the scores of all criteria that are promised, and all bounds."""
    tags = {promise.slice.partition("=")[0] for promise in promises if promise.slice}
    columns = columns_for(reading.layout.folder)
    scores = {
        c.id: (c.id, *_series_names(c)) for c in reading.criteria if c.id in {p.criterion for p in promises}
    }
    named = {*columns.scores, *(name for names in scores.values() for name in names)}
    columns = replace(
        columns, tags=tuple(sorted({*columns.tags, *tags})), scores=tuple(sorted(named)), stream=True
    )
    bounds = {p.series: (p.measure, p.at_most) for p in promises if p.at_most is not None and p.cap is None}
    means = {p.series: (p.measure, p.cap) for p in promises if p.cap is not None}
    salt = str(before[0].body["salt"]) if before else secrets.token_hex(16)
    return Wanted(columns, salt, scores, bounds, means)


def _series_names(criterion: Criterion) -> tuple[str, ...]:
    """Return under what else a score may stand; what a judge says by itself is never counted."""
    scorer, labels = criterion.scorer, criterion.labels
    named: list[str | None] = [labels.recorded] if labels else []
    named += [scorer.recorded, scorer.labels, scorer.check] if scorer else []
    return tuple(name for name in named if name)


def _read(file: Path, wanted: Wanted, spool: Spool, room: Path) -> Mixes:
    """Read a file into the spool, the fast way where there is one and nothing in the file is odd."""
    mixes = Mixes()
    if is_for(file):
        try:
            for batch in fast_batches(file, wanted, mixes, room):
                spool.add(batch)
        except Odd:
            mixes = Mixes()
        else:
            return mixes
    for batch in row_batches(file, wanted, mixes):
        spool.add(batch)
    return mixes
