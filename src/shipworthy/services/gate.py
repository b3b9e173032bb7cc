"""The gate every call passes: its intent is durable before it is sent, its receipt after, its output with the receipt.

Intents, receipts and outputs of many cases are committed together, in a thread, so that durability costs few
commits and the event loop goes on. A call whose receipt never came is in doubt for ever, and says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from shipworthy.runners.budget import Cost
from shipworthy.runners.interface import Asked, Reply
from shipworthy.runners.secrets import Secrets
from shipworthy.services.waiting import Planned
from shipworthy.services.writing import Answered, Writing
from shipworthy.store.calls import ANSWERED, FAULT, NO_ANSWER, next_call, write_calls
from shipworthy.store.ledger import Ledger

GATHER_S = 0.004
"""How long the first of a group of intents waits for others; the time of the commit before counts."""
LAZY_S = 0.5
"""How often calls that are free are committed."""
MOST = 1024
REASON_MOST = 2000


class Call:
    """One attempt on its way through the gate."""

    __slots__ = ("asked", "at_ms", "attempt", "no", "worst")

    def __init__(self, asked: Planned, attempt: int, worst: float) -> None:
        self.asked = asked
        self.attempt = attempt
        self.worst = worst
        self.at_ms = int(time.time() * 1000)
        self.no = 0


Answer = tuple[Planned, Reply, float | None]


class Batch:
    """What is committed together."""

    __slots__ = ("answers", "begun", "ended", "waiting", "written")

    def __init__(
        self,
        begun: list[Call],
        ended: list[tuple[Call, Reply, Cost]],
        answers: list[Answer],
        waiting: list[asyncio.Future[None]],
    ) -> None:
        self.begun, self.ended, self.answers, self.waiting = begun, ended, answers, waiting
        self.written = not (begun or ended or answers)


class LedgerGate:
    """Writes every call down.

    Args:
        ledger: where.
        writing: the run that outputs go into.
        purpose: `run`, or the series that a judge writes.
        durable: whether an intent is committed before its call is sent; calls that cost nothing need not wait.
        priced: whether an output's cost is known.
        secrets: what must never be written.
        at_once: calls in flight at most.
        told: told after each commit with the outputs it brought.
    """

    def __init__(
        self,
        ledger: Ledger,
        writing: Writing,
        *,
        purpose: str = "run",
        durable: bool,
        priced: bool,
        secrets: Secrets,
        at_once: int,
        told: Callable[[list[Answer]], None],
    ) -> None:
        self.ledger = ledger
        self.writing = writing
        self.purpose = purpose
        self.durable = durable
        self.priced = priced
        self.secrets = secrets
        self.enough = max(1, at_once // 4)
        self.told = told
        self.begun: list[Call] = []
        self.ended: list[tuple[Call, Reply, Cost]] = []
        self.answers: list[Answer] = []
        self.waiting: list[asyncio.Future[None]] = []
        self.first_at = 0.0
        self.costs: dict[tuple[int, int], float] = {}
        self.wake = asyncio.Event()
        self.full = asyncio.Event()
        self.closing = False
        self.broken: BaseException | None = None
        self.batch = Batch([], [], [], [])
        self.one_commit = threading.Lock()
        self.writer = asyncio.create_task(self._write())

    async def intend(self, asked: Asked, attempt: int, reserved: float) -> Call:
        """Note durably that a call is about to be sent."""
        if self.broken is not None:
            raise self.broken
        assert isinstance(asked, Planned)
        call = Call(asked, attempt, reserved)
        self.begun.append(call)
        self.wake.set()
        if not self.durable:
            if len(self.begun) >= MOST:
                self.full.set()
            return call
        loop = asyncio.get_running_loop()
        if not self.waiting:
            self.first_at = loop.time()
        done: asyncio.Future[None] = loop.create_future()
        self.waiting.append(done)
        if len(self.waiting) >= self.enough:
            self.full.set()
        await done
        return call

    def settle(self, call: Call, reply: Reply, cost: Cost) -> None:
        """Note what came of a call."""
        self.ended.append((call, reply, cost))
        if self.priced:
            key = (call.asked.no, call.asked.repeat)
            self.costs[key] = self.costs.get(key, 0.0) + cost.high
        self.wake.set()

    def answer(self, asked: Asked, reply: Reply) -> None:
        """Note a case's answer, or the reason that it has none."""
        assert isinstance(asked, Planned)
        spent = self.costs.pop((asked.no, asked.repeat), 0.0) if self.priced else None
        self.answers.append((asked, reply, spent))
        self.wake.set()

    async def close(self) -> None:
        """Commit what is left; nothing that came back is lost, also when the run is being interrupted."""
        self.closing = True
        self.wake.set()
        self.full.set()
        with contextlib.suppress(asyncio.CancelledError):
            await self.writer
        if self.broken is not None:
            raise self.broken
        self._commit(self.batch)
        self._commit(self._next())

    async def _write(self) -> None:
        while True:
            await self.wake.wait()
            if not self.closing and not self.full.is_set() and (pause := self._pause()) > 0:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self.full.wait()
            self.wake.clear()
            self.full.clear()
            batch = self.batch = self._next()
            try:
                await asyncio.to_thread(self._commit, batch)
            except asyncio.CancelledError:  # `close` makes sure that the batch is written
                raise
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
                self._break(error, batch.waiting)
                return
            for done in batch.waiting:
                if not done.done():
                    done.set_result(None)
            self.told(batch.answers)
            if self.closing and not (self.begun or self.ended or self.answers):
                return

    def _pause(self) -> float:
        """Return how long to wait for more: less where somebody has been waiting while the last batch was written."""
        if not self.durable:
            return LAZY_S
        return GATHER_S if not self.waiting else self.first_at + GATHER_S - asyncio.get_running_loop().time()

    def _next(self) -> Batch:
        batch = Batch(self.begun, self.ended, self.answers, self.waiting)
        self.begun, self.ended, self.answers, self.waiting = [], [], [], []
        return batch

    def _break(self, error: BaseException, waiting: list[asyncio.Future[None]]) -> None:
        self.broken = error
        for done in (*waiting, *self.waiting):
            if not done.done():
                done.set_exception(error)

    def _commit(self, batch: Batch) -> None:
        """Write a batch, once, whoever asks for it first."""
        with self.one_commit:
            if not batch.written:
                self._write_down(batch)
                batch.written = True

    def _write_down(self, batch: Batch) -> None:
        ended = batch.ended
        answers = batch.answers
        if self.secrets.forms:
            shown = {id(reply): self._hidden(reply) for _, reply, _ in (*ended, *answers)}
            ended = [(call, shown[id(reply)], cost) for call, reply, cost in ended]
            answers = [(asked, shown[id(reply)], cost) for asked, reply, cost in answers]
        outputs = [(asked.no, Answered(asked, reply, cost)) for asked, reply, cost in answers]
        with self.ledger.write() as connection:
            run = self.writing.begin(connection)
            if batch.begun:
                for number, call in enumerate(batch.begun, start=next_call(connection)):
                    call.no = number
            begun = [self._intent(call, run.no) for call in batch.begun]
            write_calls(connection, begun, [_receipt(*each) for each in ended])
            self.writing.write(connection, outputs)

    def _intent(self, call: Call, run_no: int) -> tuple[Any, ...]:
        asked, variant = call.asked, self.writing.variant_no
        return (
            call.no, self.purpose, variant, asked.no, asked.repeat, call.attempt, run_no, call.at_ms, call.worst,
        )  # fmt: skip

    def _hidden(self, reply: Reply) -> Reply:
        hide = self.secrets.hide
        text, reason, steps = hide(reply.text), hide(reply.reason), hide(reply.steps)
        if text is reply.text and reason is reply.reason and steps is reply.steps:
            return reply
        return msgspec.structs.replace(reply, text=text, reason=reason, steps=steps)


def _receipt(call: Call, reply: Reply, cost: Cost) -> tuple[Any, ...]:
    state = ANSWERED if reply.text is not None else FAULT if reply.fault else NO_ANSWER
    reason = reply.reason[:REASON_MOST] if reply.reason else None
    return (
        call.no, state, reply.latency_s, reply.first_byte_s, reply.tokens_in, reply.tokens_out,
        cost.low, cost.high, reason,
    )  # fmt: skip
