"""Whose hand writes down what passes the gate; here one that writes into the ledger, in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Protocol

from shipworthy.store.call_log import Entry, Row
from shipworthy.store.calls import last_call
from shipworthy.store.ledger import Ledger
from shipworthy.store.scribe import write_down
from shipworthy.store.writing import Writing


class Batch:
    """What is written together; the columns of its rows are those of an `Entry`.

    Attributes:
        begun: intents.
        ended: receipts.
        outputs: answers, or the reasons that there are none.
        answers: the same, for those who watch, once it is written.
        waiting: who must not go on before it is written.
        written: whether it has been handed to who writes, and is durable or will be.
    """

    __slots__ = ("answers", "begun", "ended", "outputs", "waiting", "written")

    def __init__(self) -> None:
        self.begun: list[Row] = []
        self.ended: list[Row] = []
        self.outputs: list[Row] = []
        self.answers: list[Any] = []
        self.waiting: list[asyncio.Future[None]] = []
        self.written = False

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.begun or self.ended or self.outputs)


Told = Callable[[BaseException | None], None]
"""Told in the event loop once a batch is durable, or why it is not."""


class Hand(Protocol):
    """Writes batches down, one after the other.

    Attributes:
        last_call: the number of the last call; whoever begins another one counts on from it.
    """

    last_call: int

    def write(self, batch: Batch, told: Told) -> None:
        """Begin to write a batch; the one before is written."""
        ...

    def finish(self, batches: list[Batch]) -> None:
        """Have batches in the ledger, each once, the one that is being written too, and all before.

        Holds everything up until then, as nothing may interrupt the end.
        """
        ...


class InThread:
    """Writes into the ledger in a thread of this process.

    Args:
        ledger: where; whoever has it holds the launch, so that nobody else begins calls.
        writing: the run that outputs go into.
        purpose: `run`, or the series that a judge writes.
    """

    def __init__(self, ledger: Ledger, writing: Writing, purpose: str) -> None:
        self.ledger = ledger
        self.writing = writing
        self.purpose = purpose
        self.one_at_a_time = threading.Lock()
        with ledger.read() as connection:
            self.last_call = last_call(connection)

    def write(self, batch: Batch, told: Told) -> None:
        """Begin to write a batch in a thread."""
        loop = asyncio.get_running_loop()
        writing = loop.run_in_executor(None, self.finish, [batch])
        writing.add_done_callback(lambda done: None if done.cancelled() else told(done.exception()))

    def finish(self, batches: list[Batch]) -> None:
        """Write batches, each once, whoever asks for it first."""
        with self.one_at_a_time:
            for batch in batches:
                if batch and not batch.written:
                    entry = Entry(self.purpose, self.writing.made_of, batch.begun, batch.ended, batch.outputs)
                    with self.ledger.write() as connection:
                        write_down(connection, self.writing, entry)
                    batch.written = True
