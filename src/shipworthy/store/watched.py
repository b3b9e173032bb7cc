"""What live outputs brought: ids that were seen, values in their order, counts by day, and where promises stood."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, func, select

from shipworthy.store import journal
from shipworthy.store.tables import watched_days, watched_ids, watched_states, watched_values

IDS_A_PART = 131_072
VALUES_A_PART = 1_000_000
Ids = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Intake:
    """One event of the journal that brought live outputs.

    Attributes:
        seq: its number.
        at: when it was taken in.
        body: the file, its hash and length, how many rows it had, and the sets of tags by their number.
    """

    seq: int
    at: str
    body: dict[str, Any]

    @property
    def mixes(self) -> list[dict[str, str]]:
        """The sets of tags of its rows, by number."""
        return list(self.body["mixes"])


@dataclass(frozen=True)
class Brought:
    """Values of one series that one intake brought, in their order, each with the number of its tags."""

    values: Floats
    mixes: Numbers


@dataclass(frozen=True)
class DayCount:
    """How many outputs of one day and set of tags brought a value, and the sum of these."""

    seq: int
    series: str
    mix: int
    day: int
    n: int
    passed: float


def intakes(connection: Connection) -> list[Intake]:
    """Return every intake, oldest first."""
    return [Intake(*event) for event in journal.events(connection, "watch")]


def seen(connection: Connection, ids: Ids) -> Iterator[tuple[list[str], slice, npt.NDArray[np.bool_]]]:
    """Yield for a few of the ids at a time which of them came before, and for which series; the empty name is that they came.

    Args:
        connection: a consistent view of the ledger.
        ids: ascending, each once.

    Yields:
        Names of series, a part of the ids, and for each of these whether it brought a value for all of these series.
    """
    rows = connection.execution_options(yield_per=1).execute(select(watched_ids.c.what, watched_ids.c.ids))
    for row in rows:
        known = np.frombuffer(row.ids, dtype="<u8")
        low, high = np.searchsorted(ids, known[0]), np.searchsorted(ids, known[-1], side="right")
        here = ids[low:high]
        there = known[np.minimum(np.searchsorted(known, here), len(known) - 1)] == here
        yield json.loads(row.what), slice(int(low), int(high)), there


def write_ids(connection: Connection, seq: int, what: list[str], ids: Ids) -> None:
    """Write ids that brought values for these series; ascending, each once."""
    for part, begin in enumerate(range(0, len(ids), IDS_A_PART)):
        piece = ids[begin : begin + IDS_A_PART]
        connection.execute(
            watched_ids.insert().values(
                seq=seq, what=json.dumps(what), part=part, n=len(piece), ids=piece.astype("<u8").tobytes()
            )
        )


def write_values(connection: Connection, seq: int, series: str, parts: Iterable[Brought]) -> str:
    """Write the values of a series in their order, a part at a time, and return their hash.

    Args:
        connection: a writing transaction.
        seq: the event that will seal them.
        series: what they are of.
        parts: at most `VALUES_A_PART` values each.
    """
    digest = hashlib.sha256()
    for number, part in enumerate(part for part in parts if len(part.values)):
        packed = _pack(part.mixes.astype("<u2")), _pack(_short(part.values))
        for piece in packed:
            digest.update(piece)
        connection.execute(
            watched_values.insert().values(
                seq=seq, series=series, part=number, n=len(part.values), mixes=packed[0], vals=packed[1]
            )
        )
    return digest.hexdigest()


def values_digest(connection: Connection, seq: int, series: str) -> str:
    """Return the hash of what is written of a series, as `write_values` gave it."""
    digest = hashlib.sha256()
    for row in connection.execute(_parts(seq, series)):
        digest.update(row.mixes)
        digest.update(row.vals)
    return digest.hexdigest()


def read_values(connection: Connection, seq: int, series: str) -> Iterator[Brought]:
    """Yield the values of a series that an intake brought, in their order, a part at a time."""
    for row in connection.execute(_parts(seq, series)):
        values = np.frombuffer(_unpack(row.vals), dtype="u1")
        if len(values) != row.n:
            values = values.view("<f8")
        yield Brought(
            values.astype(np.float64), np.frombuffer(_unpack(row.mixes), dtype="<u2").astype(np.uint32)
        )


def write_days(connection: Connection, rows: list[DayCount]) -> None:
    """Write counts by day."""
    if rows:
        connection.execute(watched_days.insert(), [vars(row) for row in rows])


def day_counts(connection: Connection) -> list[DayCount]:
    """Return all counts by day."""
    return [
        DayCount(*row) for row in connection.execute(select(watched_days).order_by(*watched_days.primary_key))
    ]


def latest_day(connection: Connection) -> int:
    """Return the latest day on which any output is known to have been; -1 without any."""
    return int(connection.execute(select(func.coalesce(func.max(watched_days.c.day), -1))).scalar() or 0)


def write_state(connection: Connection, seq: int, promise: str, fingerprint: str, state: str) -> None:
    """Write where a promise stands after an intake."""
    connection.execute(
        watched_states.insert().values(seq=seq, promise=promise, fingerprint=fingerprint, state=state)
    )


def states(connection: Connection, promise: str, fingerprint: str) -> dict[int, str]:
    """Return where a promise stood after each intake that was about it."""
    wanted = select(watched_states.c.seq, watched_states.c.state).where(
        watched_states.c.promise == promise, watched_states.c.fingerprint == fingerprint
    )
    return {row.seq: row.state for row in connection.execute(wanted.order_by(watched_states.c.seq))}


def brought_by(connection: Connection) -> dict[str, list[int]]:
    """Return for each series the intakes that brought values for it, oldest first."""
    wanted = select(watched_values.c.series, watched_values.c.seq).distinct()
    found: dict[str, list[int]] = {}
    for row in connection.execute(wanted.order_by(watched_values.c.seq)):
        found.setdefault(row.series, []).append(row.seq)
    return found


def _parts(seq: int, series: str) -> Any:
    wanted = select(watched_values).where(watched_values.c.seq == seq, watched_values.c.series == series)
    return wanted.order_by(watched_values.c.part)


def _short(values: Floats) -> npt.NDArray[Any]:
    """Return a byte each where all values are 0 or 1, else eight."""
    if ((values == 0.0) | (values == 1.0)).all():
        return values.astype("u1")
    return values.astype("<f8")


def _pack(values: npt.NDArray[Any]) -> bytes:
    import zstandard  # noqa: PLC0415 - only where live outputs are taken in

    return zstandard.ZstdCompressor(level=1).compress(values.tobytes())


def _unpack(packed: bytes) -> bytes:
    import zstandard  # noqa: PLC0415 - as above

    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=VALUES_A_PART * 8)
