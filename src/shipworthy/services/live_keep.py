"""Keep what was read of live outputs: each output once, each value once, in the order of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from shipworthy.domain.errors import BadInput
from shipworthy.domain.promise import KeptPromise
from shipworthy.importers.live import MOST_MIXES, Mixes, Wanted
from shipworthy.services.clock import now
from shipworthy.services.follow_promises import follow_promises, is_about
from shipworthy.services.live_days import Days, Marks, count_days, pieces
from shipworthy.services.live_part import Part
from shipworthy.services.live_spool import Firsts, Spool, firsts
from shipworthy.store import journal, watched
from shipworthy.store.read import Reading

MOST_SHORT = 15
"""With no more series than this, what an output brought fits into two bytes."""
ALL = ""
"""Stands for every output, whatever it brought."""


@dataclass
class Brought:
    """What became of one file."""

    file: str
    rows: int = 0
    values: Counter[str] = field(default_factory=Counter)
    """Promise to outputs that were added."""
    fresh: int = 0
    """Outputs that had not come before."""
    known: int = 0
    """Rows that brought nothing new."""
    dropped: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    grown: int = 0
    """Bytes at the beginning of the file that were there already, and were not read again."""
    again: bool = False
    """The whole file was there already."""


@dataclass(frozen=True)
class Found:
    """What was read of a file, before any of it is written."""

    part: Part
    spool: Spool
    mixes: Mixes
    wanted: Wanted


def keep_live(
    connection: Connection, reading: Reading, promises: Sequence[KeptPromise], found: Found, brought: Brought
) -> None:
    """Write what is new of a file, with the event that seals it, and follow the promises through it.

    Args:
        connection: a writing transaction.
        reading: the launch as it was read.
        promises: what is watched.
        found: what was read.
        brought: is told what became of it.

    Raises:
        BadInput: nothing of the file is new and about a promise.
    """
    spool = found.spool
    each = firsts(spool.ids())
    known = watched.seen(connection, each.ids)
    new = ~known.get(ALL, np.zeros(len(each.ids), dtype=np.bool_))
    what = new.astype(np.uint64 if len(found.wanted.series) > MOST_SHORT else np.uint16)
    rows = {ALL: _marked(each.rows[new], spool.rows)}
    for number, name in enumerate(found.wanted.series, 1):
        own = _of_series(found, each, name, brought)
        index = slice(None) if own is each else np.searchsorted(each.ids, own.ids)
        new = ~known.get(name, np.zeros(len(each.ids), dtype=np.bool_))[index]
        what[index] = np.bitwise_or(what[index], new.astype(what.dtype) << what.dtype.type(number))
        rows[name] = _marked(own.rows[new], spool.rows)
        del own
    brought.fresh = int(rows[ALL].sum())
    brought.known = spool.rows - int(np.count_nonzero(what))
    _refuse_useless(reading, found, rows, brought)
    mixes = spool.mixes()
    seq = journal.head(connection)[0] + 1
    _keep_ids(connection, seq, each, what, found.wanted.series)
    del each, what, known
    days = count_days(connection, seq, spool.days(), brought.notes)
    took = {
        name: _keep_series(connection, found, days, mixes, name, rows[name]) for name in found.wanted.series
    }
    watched.write_days(connection, days.of(ALL, rows[ALL], mixes, None))
    journal.append(connection, verb="watch", body=_body(found, brought, took), at=now())
    follow_promises(reading, promises, connection, keep=True)
    _count(promises, found, mixes, rows, brought)
    _note_tags(reading, found, mixes, rows[ALL], brought)


def _marked(rows: npt.NDArray[np.uint32], n: int) -> Marks:
    marks = np.zeros(n, dtype=np.bool_)
    marks[rows] = True
    return marks


def _keep_ids(
    connection: Connection, seq: int, each: Firsts, what: npt.NDArray[Any], series: tuple[str, ...]
) -> None:
    """Write the ids, apart by what they brought."""
    for mask in np.unique(what).tolist():
        names = [name for number, name in enumerate((ALL, *series)) if mask >> number & 1]
        if names:
            here = what == mask
            watched.write_ids(connection, seq, names, each.ids if here.all() else each.ids[here])


def _of_series(found: Found, each: Firsts, name: str, brought: Brought) -> Firsts:
    """Return the first row of each id that has a value of a series; says what was passed over."""
    values = found.spool.values(name)
    has = values >= 0
    what = name if name in found.wanted.bounds else f"label for {name}"
    if missing := int((values == -1).sum()):
        brought.dropped[f"it has no {what}"] += missing
    if wrong := int((values < -1).sum()):
        brought.dropped[f"its {what} is not between 0 and 1"] += wrong
    if has.all():
        return each
    where = np.flatnonzero(has).astype(np.uint32)
    own = firsts(found.spool.ids()[where])
    return Firsts(own.ids, where[own.rows])


def _keep_series(
    connection: Connection, found: Found, days: Days, mixes: npt.NDArray[np.uint16], name: str, rows: Marks
) -> dict[str, Any]:
    values = found.spool.values(name)
    parts = (
        watched.Brought(
            values[part][rows[part]].astype(np.float64), mixes[part][rows[part]].astype(np.uint32)
        )
        for part in pieces(len(rows))
    )
    digest = watched.write_values(connection, days.seq, name, parts)
    watched.write_days(connection, days.of(name, rows, mixes, values))
    return {"n": int(rows.sum()), "digest": digest}


def _body(found: Found, brought: Brought, took: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "file": brought.file,
        "digest": found.part.digest,
        "bytes": found.part.size,
        "rows": brought.rows,
        "fresh": brought.fresh,
        "salt": found.wanted.salt,
        "mixes": [dict(tags) for tags in found.mixes.known],
        "took": {name: each for name, each in took.items() if each["n"]},
    }


def _refuse_useless(reading: Reading, found: Found, rows: dict[str, Marks], brought: Brought) -> None:
    """Refuse a file that says nothing of any promise, nor of the mix of the traffic."""
    if any(rows[name].any() for name in found.wanted.series):
        return
    scope = reading.launch.scope_slice()
    if scope and rows[ALL].any() and any(scope[1].by in dict(tags) for tags in found.mixes.known):
        return
    why = ", ".join(f"{n:,} because {reason}" for reason, n in brought.dropped.most_common(3))
    raise BadInput(
        f"no row of the file is about a promise that is not known already{f': {why}' if why else ''}",
        where=str(found.part.path),
        remedy="give each audited output an id, and a column named like the criterion with 1 or 0",
    )


def _count(
    promises: Sequence[KeptPromise],
    found: Found,
    mixes: npt.NDArray[np.uint16],
    rows: dict[str, Marks],
    brought: Brought,
) -> None:
    """Say for each promise how many values were added."""
    for promise in promises:
        about = is_about(promise, [dict(tags) for tags in found.mixes.known])
        brought.values[promise.id] = int(about[mixes[rows[promise.series]]].sum())


def _note_tags(
    reading: Reading, found: Found, mixes: npt.NDArray[np.uint16], rows: Marks, brought: Brought
) -> None:
    """Say which values of the declared slices were not declared."""
    if found.mixes.beyond:
        brought.notes.append(
            f"{found.mixes.beyond:,} rows have tags beyond the first {MOST_MIXES:,} sets of them: they count, in no slice"
        )
    scope = reading.launch.scope_slice()
    if not scope or not scope[1].by:
        return
    counts = np.bincount(mixes[rows], minlength=len(found.mixes.known))
    odd: Counter[str] = Counter()
    for tags, n in zip(found.mixes.known, counts.tolist(), strict=True):
        value = dict(tags).get(scope[1].by, "")
        if n and value not in scope[1].shares:
            odd[value] += n
    for value, n in odd.most_common(3):
        said = f"{scope[1].by}={value[:60]!r}, which is not declared" if value else f"no {scope[1].by}"
        brought.notes.append(
            f"{n:,} rows have {said}: they count for promises about all traffic, in no slice"
        )
