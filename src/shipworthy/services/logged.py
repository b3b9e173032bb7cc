"""The hand of a run: what passes the gate is appended to the call log, and the ledger is filled from there in larger lots.

A commit to the ledger is a hundred short steps with the disk between, and beside a busy event loop each of them waits for
its turn; an append is one. So a call waits for the append alone. Two threads: one appends, the other fills the ledger some
four times a second. At the end of a variant all of it is in the ledger; what a crash leaves in the log, `recover` takes in.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import NamedTuple

from shipworthy.services.hands import Batch, Hand, Told
from shipworthy.store.call_log import CallLog, Entry, encode, new_state, note_taken, packed
from shipworthy.store.calls import last_call
from shipworthy.store.ledger import LOG, Ledger, recover
from shipworthy.store.scribe import joined, write_down
from shipworthy.store.writing import Writing

LOT_ROWS = 2048
LOT_S = 0.25
"""The ledger is filled when so many rows have come, or so long after the first of them."""
MOST_BYTES = 64 * 1024 * 1024
"""So much may wait for the ledger; then calls wait too."""
LOG_BYTES = 8 * 1024 * 1024
"""A log of this size is emptied, for which calls wait a moment; a smaller one whenever the ledger has all of it."""


class Said(NamedTuple):
    """An entry on its way: its place, how it stands in the log, itself, and who is told once it is durable."""

    place: int
    line: bytes
    entry: Entry
    told: Callable[[BaseException | None], None]


class Logged:
    """Appends to the call log of a launch, and fills the ledger from it.

    Args:
        ledger: the ledger; whoever has it holds the launch.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.log: CallLog | None = None
        self.last_call = 0
        self.place = self.appended = self.taken = 0
        """Of entries, the last that was said, that is durable in the log, and that is in the ledger."""
        self.at_log = threading.Lock()
        """Held while the log is written to or emptied."""
        self.said: SimpleQueue[Said | None] = SimpleQueue()
        self.news = threading.Condition()
        self.lot: list[Said] = []
        """What is in the log and not in the ledger."""
        self.lot_rows = self.lot_bytes = 0
        self.first_at = 0.0
        self.wished = 0
        """Up to which place somebody waits for the ledger."""
        self.over = False
        self.broken: BaseException | None = None

    def lend(self, writing: Writing, purpose: str) -> Hand:
        """Let what follows go into the run of a variant; all that came before is in the ledger."""
        if self.log is None:
            self._start()
        self.writing, self.purpose = writing, purpose
        return self

    def write(self, batch: Batch, told: Told) -> None:
        """Begin to append a batch."""
        loop = asyncio.get_running_loop()

        def tell(error: BaseException | None) -> None:
            loop.call_soon_threadsafe(told, error)

        self._say(batch, tell)

    def finish(self, batches: list[Batch]) -> None:
        """Have batches, and all before them, in the ledger."""
        for batch in batches:
            if batch and not batch.written:
                self._say(batch, lambda _error: None)
        with self.news:
            self.wished = self.place
            self.news.notify_all()
            while self.taken < self.wished and self.broken is None:
                self.news.wait()
            if self.broken is not None:
                raise self.broken

    def end(self) -> None:
        """Fill the ledger with what is left, and give the log back."""
        if self.log is None:
            return
        self.said.put(None)
        self.appender.join()
        with self.news:
            self.over = True
            self.news.notify_all()
        self.filler.join()
        self.log.close()

    def _start(self) -> None:
        path = Path(self.ledger.place)
        recover(self.ledger, path, held=True)
        log = CallLog(path.with_name(LOG))  # empty on the disk before the ledger's state is named anew
        try:
            with self.ledger.write() as connection:
                self.last_call = last_call(connection)
                log.go_on_from(new_state(connection))
        except BaseException:
            log.close()
            raise
        self.log = log
        self.appender = threading.Thread(target=self._append_all, args=(log,), name="append", daemon=True)
        self.filler = threading.Thread(target=self._fill_all, args=(log,), name="fill", daemon=True)
        self.appender.start()
        self.filler.start()

    def _say(self, batch: Batch, told: Callable[[BaseException | None], None]) -> None:
        if self.broken is not None:
            raise self.broken
        entry = Entry(self.purpose, self.writing.made_of, batch.begun, batch.ended, batch.outputs)
        place = self.place + 1
        said = Said(place, packed(place, encode(entry)), entry, told)
        # No call from here to `put`: an interruption comes before or after.
        batch.written, self.place = True, place
        self.said.put(said)

    def _append_all(self, log: CallLog) -> None:
        """Append what is said, until there is no more."""
        while (first := self.said.get()) is not None:
            came = [first, *self._also()]
            self._wait_for_room()
            if self.broken is None:
                try:
                    self._append(log, came)
                except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
                    self._break(error)
            for each in came:
                with contextlib.suppress(RuntimeError):  # its event loop is gone
                    each.told(self.broken)

    def _also(self) -> Iterator[Said]:
        """Take what has come meanwhile."""
        with contextlib.suppress(Empty):
            while (each := self.said.get_nowait()) is not None:
                yield each
            self.said.put(None)

    def _wait_for_room(self) -> None:
        with self.news:
            while self.lot_bytes > MOST_BYTES and self.broken is None:
                self.news.wait()

    def _append(self, log: CallLog, came: list[Said]) -> None:
        with self.at_log:
            log.append(b"".join(each.line for each in came))
            self.appended = came[-1].place
            with self.news:
                if not self.lot:
                    self.first_at = monotonic()
                self.lot += came
                self.lot_bytes += sum(len(each.line) for each in came)
                self.lot_rows += sum(len(each.entry.begun) + len(each.entry.outputs) for each in came)
                self.news.notify_all()

    def _fill_all(self, log: CallLog) -> None:
        """Fill the ledger, a lot at a time, until there is no more."""
        try:
            while self._wait_for_lot():
                if log.size > LOG_BYTES:  # nothing is appended until it is empty
                    with self.at_log:
                        self._fill()
                        log.clear()
                else:
                    self._fill()
                    with self.at_log:
                        if self.appended == self.taken:
                            log.clear()
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            self._break(error)

    def _wait_for_lot(self) -> bool:
        """Return once the ledger is to be filled; False when nothing is left and nothing will come."""
        with self.news:
            while not self._is_due():
                if self.over:
                    return False
                self.news.wait(self.first_at + LOT_S - monotonic() if self.lot else None)
            return True

    def _fill(self) -> None:
        with self.news:
            lot, self.lot, self.lot_rows, self.lot_bytes = self.lot, [], 0, 0
            self.news.notify_all()
        with self.ledger.write() as connection:
            for entry in joined([each.entry for each in lot]):
                write_down(connection, self.writing, entry)
            note_taken(connection, lot[-1].place)
        with self.news:
            self.taken = lot[-1].place
            self.news.notify_all()

    def _is_due(self) -> bool:
        if not self.lot:
            return False
        late = monotonic() >= self.first_at + LOT_S
        return late or self.over or self.wished > self.taken or self.lot_rows >= LOT_ROWS

    def _break(self, error: BaseException) -> None:
        with self.news:
            self.broken = self.broken or error
            self.news.notify_all()


Lend = Callable[[Writing, str], Hand]
"""Has what follows written into the run of a variant, for a purpose."""


@contextlib.contextmanager
def logged(ledger: Ledger) -> Iterator[Lend]:
    """Have a call log to append to, for as long as a run takes."""
    hand = Logged(ledger)
    try:
        yield hand.lend
    finally:
        hand.end()
