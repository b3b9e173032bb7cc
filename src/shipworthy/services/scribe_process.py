"""A process of its own that writes a run's calls and outputs, as seen from the run.

A commit to the ledger is a hundred short steps with the disk between. In a thread each of them waits for the interpreter,
which the event loop keeps busy, and calls wait for the commit. A process appends to the call log, says so, and takes the
log into the ledger while calls go on (`scribe_child`). It is forked before any code of the user's is loaded, and ends with
whoever forked it; the launch stays held until then, so nobody takes over a run whose last calls are still being written.
What was put into its socket is written even when the other end is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from shipworthy.domain import errors
from shipworthy.domain.errors import Unavailable
from shipworthy.services.hands import Batch, Hand, InThread, Told
from shipworthy.services.scribe_child import FAILED, FLUSH, LOGGED, SAID, Failure, live
from shipworthy.store.call_log import CallLog, Entry, encode, new_state, packed
from shipworthy.store.calls import last_call
from shipworthy.store.ledger import LOG, Ledger
from shipworthy.store.scribe import take_over
from shipworthy.store.writing import Writing

PIECE = 1 << 16


class ScribeProcess:
    """Lets another process write, for one variant after another.

    Args:
        ledger: where; no connection of it may be in use when the process is started.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.pid = 0
        self.last_call = 0
        self.entry: Entry | None = None
        """What purpose and run entries are for."""
        self.left = bytearray()
        """What is still to be put into the socket."""
        self.held = bytearray()
        """What came out of it and is not whole."""
        self.told = self.logged = self.flushes = self.flushed = 0
        self.broken: BaseException | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.listener: Told | None = None
        self.waits = False
        """Whether there is no room in the socket."""

    def lend(self, writing: Writing, purpose: str) -> Hand:
        """Let what follows go into the run of a variant."""
        if not self.pid:
            self._start()
        self.entry = Entry(purpose, writing.made_of, [], [], [])
        return self

    def write(self, batch: Batch, told: Told) -> None:
        """Begin to write a batch: hand it over, and listen until it is durable."""
        self._check()
        self.listener = told
        self._hand_over(batch)
        loop = asyncio.get_running_loop()
        if self.loop is not loop:
            self.loop = loop
            loop.add_reader(self.mine, self._read)
        self._send()

    def finish(self, batches: list[Batch]) -> None:
        """Have batches, and all before them, in the ledger."""
        self._leave_loop()
        for batch in batches:
            self._hand_over(batch)
        self._check()
        self.flushes += 1
        self.left += packed(FLUSH, b"")
        self.mine.settimeout(None)
        try:
            self.mine.sendall(self.left)
            self.left.clear()
            while self.flushed < self.flushes:
                self._take_in(self.mine.recv(PIECE))
                self._check()
        except OSError:
            self._end()
            self._check()
        finally:
            self.mine.settimeout(0.0)

    def end(self) -> None:
        """Let the process end, once it has written everything."""
        if self.pid:
            self.mine.close()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
            self.pid = 0

    def _start(self) -> None:
        path = Path(self.ledger.place).with_name(LOG)
        if path.exists():
            with self.ledger.write() as connection:
                take_over(connection, path)
        log = CallLog(path)  # empty on the disk before the ledger's state has another name
        with self.ledger.write() as connection:
            self.last_call = last_call(connection)
            log.go_on_from(new_state(connection))
        self.ledger.close()  # a connection to SQLite must not be carried into another process
        self.mine, theirs = socket.socketpair()
        gc.freeze()
        self.pid = os.fork()
        if not self.pid:
            self.mine.close()
            live(theirs, self.ledger, log)
        theirs.close()
        log.close()
        self.mine.settimeout(0.0)

    def _hand_over(self, batch: Batch) -> None:
        if batch and not batch.written:
            assert self.entry is not None
            self.told += 1
            entry = self.entry._replace(begun=batch.begun, ended=batch.ended, outputs=batch.outputs)
            self.left += packed(self.told, encode(entry))
            batch.written = True

    def _send(self) -> None:
        """Put what is left into the socket, as much as goes in, and the rest when there is room."""
        assert self.loop is not None
        try:
            while self.left:
                del self.left[: self.mine.send(self.left)]
        except BlockingIOError:
            self.waits = True
            self.loop.add_writer(self.mine, self._send)
            return
        except OSError:
            self._end()
            self._tell()
            return
        if self.waits:
            self.waits = False
            self.loop.remove_writer(self.mine)

    def _read(self) -> None:
        try:
            self._take_in(self.mine.recv(PIECE))
        except BlockingIOError:
            return
        except OSError:
            self._end()
        if self.broken is not None or self.logged == self.told:
            self._tell()

    def _tell(self) -> None:
        told, self.listener = self.listener, None
        if self.broken is not None:
            self._leave_loop()
        if told is not None:
            told(self.broken)

    def _leave_loop(self) -> None:
        """Stop listening: another loop may come, or none."""
        if self.loop is not None:
            self.loop.remove_reader(self.mine)
            self.loop.remove_writer(self.mine)
        self.loop = self.listener = None
        self.waits = False

    def _take_in(self, piece: bytes) -> None:
        """Hear what the process says: up to where it has appended, how often all was in the ledger, or that it failed."""
        if not piece:
            self._end()
        self.held += piece
        while len(self.held) >= SAID.size:
            kind, number = SAID.unpack_from(self.held)
            if kind == FAILED:
                if len(self.held) < (until := SAID.size + number):
                    return
                self.broken = self.broken or _error(self.held[SAID.size : until])
                self.held.clear()
                return
            del self.held[: SAID.size]
            if kind == LOGGED:
                self.logged = number
            else:
                self.flushed += 1

    def _end(self) -> None:
        if self.broken is None:
            self.broken = Unavailable(
                "the process that writes the ledger ended",
                where=self.ledger.place,
                remedy="run the same command again: what was acknowledged is kept",
            )

    def _check(self) -> None:
        if self.broken is not None:
            raise self.broken


Lend = Callable[[Writing, str], Hand]
"""Has what follows written into the run of a variant, for a purpose."""


@contextlib.contextmanager
def hands(ledger: Ledger) -> Iterator[Lend]:
    """Have somebody who writes, for as long as a run takes: a process, a thread on systems that do not fork."""
    if not hasattr(os, "fork"):  # pragma: no cover - Windows
        yield lambda writing, purpose: InThread(ledger, writing, purpose)
        return
    process = ScribeProcess(ledger)
    try:
        yield process.lend
    finally:
        process.end()


def _error(said: bytearray) -> BaseException:
    failure = msgspec.msgpack.decode(said, type=Failure)
    if not failure.kind:
        return RuntimeError(f"the process that writes the ledger failed\n{failure.what}")
    made: BaseException = getattr(errors, failure.kind)(
        failure.what, where=failure.where, remedy=failure.remedy
    )
    return made
