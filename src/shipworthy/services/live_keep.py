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
from shipworthy.services.live_marks import Bits
from shipworthy.services.live_part import Part
from shipworthy.services.live_spool import Firsts, Positions, Spool, firsts
from shipworthy.services.mix_to_keep import Mix, mix_to_keep
from shipworthy.store import journal, watched
from shipworthy.store.read import Reading

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
    what, rows = _new(connection, found, each, brought)
    brought.fresh = int(rows.of(0).sum())
    brought.known = spool.rows - int(np.count_nonzero(what.held))
    mix = mix_to_keep(reading, connection)
    _refuse_useless(mix, found, rows, brought)
    mixes = spool.mixes()
    seq = journal.head(connection)[0] + 1
    _keep_ids(connection, seq, each, what, found.wanted.series)
    del each, what
    days = count_days(connection, seq, spool.days(), brought.notes)
    took = {
        name: _keep_series(connection, found, days, mixes, name, rows.of(number))
        for number, name in enumerate(found.wanted.series, 1)
    }
    watched.write_days(connection, days.of(ALL, rows.of(0), mixes, None))
    journal.append(connection, verb="watch", body=_body(found, brought, took), at=now())
    follow_promises(reading, promises, connection, keep=True)
    _count(promises, found, mixes, rows, brought)
    _note_tags(mix, found, mixes, rows.of(0), brought)


def _new(connection: Connection, found: Found, each: Firsts, brought: Brought) -> tuple[Bits, Bits]:
    """Return what each id brought that is new, and which rows brought it; says what was passed over."""
    names = (ALL, *found.wanted.series)
    what, rows = Bits(len(each.ids), len(names)), Bits(found.spool.rows, len(names))
    for series, part, there in watched.seen(connection, each.ids):
        for name in series:
            if name in names:
                what.held[part] |= there.astype(what.held.dtype) << what.held.dtype.type(names.index(name))
    again = _later(each, found.spool.rows)
    for number, name in enumerate(names):
        index, first = _of_series(found, each, again, name, brought) if name else (None, each.rows)
        known = what.of(number)
        what.take(number)
        new = ~known if index is None else ~known[index]
        what.put(number, new if index is None else index[new])
        rows.put(number, first[new])
    return what, rows


def _later(each: Firsts, n: int) -> Positions:
    """Return the rows that are not the first of their id."""
    marks = np.ones(n, dtype=np.bool_)
    marks[each.rows] = False
    return np.flatnonzero(marks).astype(np.uint32)


def _keep_ids(connection: Connection, seq: int, each: Firsts, what: Bits, series: tuple[str, ...]) -> None:
    """Write the ids, apart by what they brought."""
    for mask in what.sets():
        names = [name for number, name in enumerate((ALL, *series)) if mask >> number & 1]
        if names:
            here = what.held == mask
            watched.write_ids(connection, seq, names, each.ids if here.all() else each.ids[here])


def _of_series(
    found: Found, each: Firsts, again: Positions, name: str, brought: Brought
) -> tuple[npt.NDArray[np.intp] | None, Positions]:
    """Return which ids have a value of a series, nothing for all of them, and for each the first row that has one.

    Nearly always that is the first row of the id; only those that come again and had none at first are looked for.
    """
    values = found.spool.values(name)
    has = values >= 0
    what = f"label for {name}" if name in found.wanted.scores else name
    if missing := int((values == -1).sum()):
        brought.dropped[f"it has no {what}"] += missing
    if wrong := int((values < -1).sum()):
        brought.dropped[f"its {what} is not between 0 and 1"] += wrong
    del values
    if has.all():
        return None, each.rows
    at_first = has[each.rows]
    index, rows = np.flatnonzero(at_first), each.rows[at_first]
    later = again[has[again]]
    if len(later):
        own = firsts(found.spool.ids()[later])
        place = np.searchsorted(each.ids, own.ids)
        late = ~at_first[place]
        index, rows = (
            np.concatenate([index, place[late]]),
            np.concatenate([rows, later[own.rows[late]]]),
        )
    return index, rows


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


def _refuse_useless(mix: Mix, found: Found, rows: Bits, brought: Brought) -> None:
    """Refuse a file that says nothing of any promise, nor of the mix of the traffic."""
    if any(rows.of(number).any() for number, _ in enumerate(found.wanted.series, 1)):
        return
    if mix.shares and rows.of(0).any() and any(mix.by in dict(tags) for tags in found.mixes.known):
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
    rows: Bits,
    brought: Brought,
) -> None:
    """Say for each promise how many values were added."""
    for promise in promises:
        about = is_about(promise, [dict(tags) for tags in found.mixes.known])
        number = found.wanted.series.index(promise.series) + 1
        brought.values[promise.id] = int(about[mixes[rows.of(number)]].sum())


def _note_tags(mix: Mix, found: Found, mixes: npt.NDArray[np.uint16], rows: Marks, brought: Brought) -> None:
    """Say which values of the slices were not declared, or are not in the eval set."""
    if found.mixes.beyond:
        brought.notes.append(
            f"{found.mixes.beyond:,} rows have tags beyond the first {MOST_MIXES:,} sets of them: they count, in no slice"
        )
    if not mix.shares:
        return
    counts = np.bincount(mixes[rows], minlength=len(found.mixes.known))
    odd: Counter[str] = Counter()
    for tags, n in zip(found.mixes.known, counts.tolist(), strict=True):
        value = dict(tags).get(mix.by, "")
        if n and value not in mix.shares:
            odd[value] += n
    unknown = "which is not declared" if mix.of == "declared" else "which no sealed case has"
    for value, n in odd.most_common(3):
        said = f"{mix.by}={value[:60]!r}, {unknown}" if value else f"no {mix.by}"
        brought.notes.append(
            f"{n:,} rows have {said}: they count for promises about all traffic, in no slice"
        )
