"""The process that writes a run's calls and outputs: one thread appends to the call log, another fills the ledger from it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import sys
import threading
import traceback
from time import monotonic
from typing import NoReturn

import msgspec

from shipworthy.domain.errors import ShipworthyError
from shipworthy.store.call_log import CallLog, decode, packed, whole
from shipworthy.store.ledger import Ledger
from shipworthy.store.scribe import Scribe

FLUSH = 0
"""The place of what is no entry: a wish to have all that came before in the ledger."""
LOGGED, TAKEN, FAILED = b"L", b"T", b"F"
"""What is said back: appended up to a place; all is in the ledger; it failed, and so many bytes say how."""
SAID = struct.Struct(">cQ")
PIECE = 1 << 18
DEAF = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What ends the run and must not end who writes: that ends once it has written what the run had to say."""
LOT_BYTES = 512 * 1024
LOT_S = 0.25
"""The ledger is filled when so much has come, or so long after the first of it."""
MOST_BYTES = 64 * 1024 * 1024
"""So much may wait for the ledger; whoever says more waits too."""
LOG_BYTES = 8 * 1024 * 1024
"""A log of this size is emptied at the next moment at which the ledger has all of it."""
SWITCH_S = 0.0005
"""How soon the thread that appends gets its turn while the other one works."""


class Failure(msgspec.Struct):
    """How it failed: an error of the family by name, or the trace of another one."""

    kind: str
    what: str
    where: str = ""
    remedy: str = ""


def live(theirs: socket.socket, ledger: Ledger, log: CallLog) -> NoReturn:
    """Write what is handed over until there is no more; never return into the program that was forked."""
    code = 1
    try:
        for number in DEAF:
            signal.signal(number, signal.SIG_IGN)
        sys.setswitchinterval(SWITCH_S)
        code = _Child(theirs, ledger, log).work()
    finally:
        os._exit(code)


class _Child:
    """What both threads know.

    Args:
        theirs: where entries come from, and answers go.
        ledger: what is filled.
        log: what is appended to.
    """

    def __init__(self, theirs: socket.socket, ledger: Ledger, log: CallLog) -> None:
        self.theirs, self.ledger, self.log = theirs, ledger, log
        self.scribe = Scribe()
        self.news = threading.Condition()
        self.lot: list[tuple[int, bytes]] = []
        """What is in the log and not in the ledger."""
        self.lot_bytes = 0
        self.first_at = 0.0
        self.flushes = 0
        self.over = self.failed = False
        self.filler = threading.Thread(target=self._fill)

    def work(self) -> int:
        """Append what comes, until the other end is gone; return the exit code once all of it is in the ledger."""
        self.filler.start()
        try:
            self._append_all()
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            self._fail(error)
        with self.news:
            self.over = True
            self.news.notify_all()
        self.filler.join()
        return int(self.failed)

    def _append_all(self) -> None:
        held = bytearray()
        while not self.failed and (piece := self.theirs.recv(PIECE)):
            held += piece
            came = list(whole(held))
            if not came:
                continue
            entries = [(place, body) for place, body, _ in came if place != FLUSH]
            if entries:
                self.log.append(b"".join(packed(*each) for each in entries))
                self._say(LOGGED, entries[-1][0])
            del held[: came[-1][2]]
            self._hand_on(entries, len(came) - len(entries))

    def _hand_on(self, entries: list[tuple[int, bytes]], flushes: int) -> None:
        with self.news:
            while self.lot_bytes > MOST_BYTES and not self.failed:
                self.news.wait()
            if entries and not self.lot:
                self.first_at = monotonic()
            self.lot += entries
            self.lot_bytes += sum(len(body) for _, body in entries)
            self.flushes += flushes
            self.news.notify_all()

    def _fill(self) -> None:
        try:
            while self._next_lot():
                pass
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            self._fail(error)

    def _next_lot(self) -> bool:
        """Take a lot into the ledger, once there is one; return whether there may be more."""
        with self.news:
            while not self._is_due():
                self.news.wait(self.first_at + LOT_S - monotonic() if self.lot else None)
            lot, self.lot, self.lot_bytes = self.lot, [], 0
            flushes, self.flushes = self.flushes, 0
            over = self.over
            self.news.notify_all()
        if lot:
            entries = [decode(body) for _, body in lot]
            with self.ledger.write() as connection:
                self.scribe.take(connection, entries, lot[-1][0])
        with self.news:
            if not self.lot and (flushes or over or self.log.size > LOG_BYTES):
                self.log.clear()
        for _ in range(flushes):
            self._say(TAKEN, 0)
        return not over

    def _is_due(self) -> bool:
        late = bool(self.lot) and monotonic() >= self.first_at + LOT_S
        return self.over or bool(self.flushes) or self.lot_bytes >= LOT_BYTES or late

    def _fail(self, error: BaseException) -> None:
        with self.news:
            self.failed = True
            self.news.notify_all()
        if isinstance(error, ShipworthyError):
            failure = Failure(type(error).__name__, error.what, error.where, error.remedy)
        else:
            failure = Failure("", "".join(traceback.format_exception(error)))
        body = msgspec.msgpack.encode(failure)
        self._say(FAILED, len(body), body)

    def _say(self, kind: bytes, number: int, body: bytes = b"") -> None:
        with contextlib.suppress(OSError):  # whoever asked may be gone; what it said is written all the same
            self.theirs.sendall(SAID.pack(kind, number) + body)
