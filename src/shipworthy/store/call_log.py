"""The call log: what passed the gate of a run and is not in the ledger yet, made durable in one small append.

A commit to the ledger takes several waits for the disk, an append one. So intents, receipts and outputs are appended here
first, which is what a call waits for, and go into the ledger in larger lots a moment later. What a crash leaves here is
taken into the ledger by whoever opens it next (`recover`). The log names the state of the ledger that it goes on from by a
number that both keep, and each entry has its place; the ledger keeps the place of the last entry it took, in the same
transaction. So an entry is taken once, and never into another ledger.

File: a line of text, four bytes of the number, then entries: length (8), place (8), CRC-32 (4), body (MessagePack).
"""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from shipworthy.domain.errors import BadInput, Unavailable

MAGIC = b"shipworthy calls 1\n"
HEAD = 20
Row = tuple[Any, ...]


class Entry(NamedTuple):
    """What passed the gate together.

    Attributes:
        purpose: `run`, or what else is asked for.
        writing: what the run that outputs go into is made of (`Writing.made_of`).
        begun: number of the call, case number, repeat, attempt, time in ms, worst cost in USD.
        ended: number of the call, state, latency, time to the first byte, tokens sent and received, least and most cost,
            reason.
        outputs: case number, case, repeat, text, reason, latency, cost, steps.
    """

    purpose: str
    writing: tuple[str, int, str, int, str, int | None]
    begun: list[Row]
    ended: list[Row]
    outputs: list[Row]


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Entry).decode


def packed(place: int, body: bytes) -> bytes:
    """Return an entry as it stands in the log."""
    return b"".join(
        (len(body).to_bytes(8, "big"), place.to_bytes(8, "big"), zlib.crc32(body).to_bytes(4, "big"), body)
    )


def whole(held: bytes | bytearray, at: int = 0) -> Iterator[tuple[int, bytes, int]]:
    """Yield place, body and end of each entry that is there in full and as it was written, up to the first that is not."""
    while len(held) - at >= HEAD:
        end = at + HEAD + int.from_bytes(held[at : at + 8], "big")
        if end > len(held):
            return
        body = bytes(held[at + HEAD : end])
        if zlib.crc32(body) != int.from_bytes(held[at + 16 : at + HEAD], "big"):
            return
        yield int.from_bytes(held[at + 8 : at + 16], "big"), body, end
        at = end


class CallLog:
    """The log of a run that is under way.

    Args:
        path: the file; made if need be, and durably emptied: whoever begins a log has taken in what an earlier one held.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.first = b""
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self.size = 0
        os.ftruncate(self.file, 0)
        os.fsync(self.file)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def go_on_from(self, state: int) -> None:
        """Say which state of the ledger comes before the first entry."""
        self.first = MAGIC + state.to_bytes(4, "big")

    def append(self, entries: bytes) -> None:
        """Append entries, and return once they are durable.

        Raises:
            Unavailable: they cannot be; what was written of them is taken back.
        """
        left = memoryview(entries if self.size else self.first + entries)
        began, wanted = self.size, self.size + len(left)
        try:
            while left:
                left = left[os.write(self.file, left) :]
            os.fdatasync(self.file) if hasattr(os, "fdatasync") else os.fsync(self.file)
        except OSError as error:
            os.ftruncate(self.file, began)
            raise Unavailable(
                f"the ledger could not be used: {error.strerror}",
                where=str(self.path),
                remedy="free some space and run the same command again: what was acknowledged is kept",
            ) from error
        self.size = wanted

    def clear(self) -> None:
        """Forget all entries: they are in the ledger."""
        os.ftruncate(self.file, 0)
        self.size = 0

    def close(self) -> None:
        """Give the file back."""
        os.close(self.file)


def left_in(path: Path) -> tuple[int, list[tuple[int, bytes]]]:
    """Return the state of the ledger that a log goes on from, and the place and body of its entries.

    An entry that was cut short by a crash, and what follows it, was acknowledged to nobody.

    Raises:
        BadInput: the file is no log.
        Unavailable: it cannot be read.
    """
    try:
        held = path.read_bytes()
    except OSError as error:
        raise Unavailable(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    start = len(MAGIC) + 4
    if len(held) < start and MAGIC.startswith(held[: len(MAGIC)]):
        return 0, []
    if not held.startswith(MAGIC):
        raise foreign(path, "is no log of calls of this version")
    state = int.from_bytes(held[len(MAGIC) : start], "big")
    return state, [(place, body) for place, body, _ in whole(held, start)]


def foreign(path: Path, what: str) -> BadInput:
    """Return what is said of a log that cannot be taken in."""
    return BadInput(
        f"{path.name}, in which a run left its last calls, {what}",
        where=str(path),
        remedy="put back the ledger it was written beside, or move the file away if those calls do not matter",
    )


def new_state(connection: Connection) -> int:
    """Give the ledger's state a new name, in a writing transaction, from which a log can go on; return it."""
    state = secrets.randbelow(2**31 - 1) + 1
    connection.exec_driver_sql(f"PRAGMA application_id = {state}")
    note_taken(connection, 0)
    return state


def state_of(connection: Connection) -> tuple[int, int]:
    """Return the name of the ledger's state, and the place of the last entry that it took."""
    state = connection.exec_driver_sql("PRAGMA application_id").scalar() or 0
    return int(state), int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)


def note_taken(connection: Connection, place: int) -> None:
    """Note, in a writing transaction, the place of the last entry that the ledger has taken."""
    connection.exec_driver_sql(f"PRAGMA user_version = {place}")
