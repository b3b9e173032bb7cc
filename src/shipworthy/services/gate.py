"""The gate every call passes: its intent is durable before it is sent, its receipt after, its output with the receipt.

Intents, receipts and outputs of many cases are written together, elsewhere than in the event loop. Of what must be durable
before calls go on, one batch at a time is on its way, and what comes meanwhile goes with the next: so whoever comes alone
waits for one write, and a crowd costs few. A call whose receipt never came is in doubt for ever, and says so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from shipworthy.runners.budget import Cost
from shipworthy.runners.interface import Asked, Reply
from shipworthy.runners.secrets import Secrets
from shipworthy.services.hands import Batch, Hand
from shipworthy.services.waiting import Planned
from shipworthy.store.calls import ANSWERED, FAULT, NO_ANSWER

SOON_S = 0.004
"""How long a receipt waits for an intent to go with."""
LAZY_S = 0.5
"""How long calls that are free wait for others."""
MOST = 1024
REASON_MOST = 2000
Answer = tuple[Planned, Reply, float | None]


class Call:
    """One attempt on its way through the gate."""

    __slots__ = ("asked", "no")

    def __init__(self, asked: Planned, no: int) -> None:
        self.asked = asked
        self.no = no


class LedgerGate:
    """Writes every call down.

    Args:
        hand: who writes.
        durable: whether an intent is durable before its call is sent; calls that cost nothing need not wait.
        priced: whether an output's cost is known.
        secrets: what must never be written.
        told: told after each write with the outputs it brought.
    """

    def __init__(
        self,
        hand: Hand,
        *,
        durable: bool,
        priced: bool,
        secrets: Secrets,
        told: Callable[[list[Answer]], None],
    ) -> None:
        self.hand = hand
        self.durable = durable
        self.priced = priced
        self.secrets = secrets
        self.told = told
        self.costs: dict[tuple[int, int], float] = {}
        self.coming = Batch()
        self.out: Batch | None = None
        """What is being written."""
        self.due: asyncio.Handle | None = None
        """When what is coming will be."""
        self.broken: BaseException | None = None
        self.loop = asyncio.get_running_loop()

    async def intend(self, asked: Asked, attempt: int, reserved: float) -> Call:
        """Note durably that a call is about to be sent."""
        if self.broken is not None:
            raise self.broken
        assert isinstance(asked, Planned)
        self.hand.last_call += 1
        call, coming = Call(asked, self.hand.last_call), self.coming
        coming.begun.append((call.no, asked.no, asked.repeat, attempt, int(time.time() * 1000), reserved))
        if not self.durable:
            self._write_later()
            return call
        done: asyncio.Future[None] = self.loop.create_future()
        if not coming.waiting:
            self._write_now()
        coming.waiting.append(done)
        await done
        return call

    def settle(self, call: Call, reply: Reply, cost: Cost) -> None:
        """Note what came of a call."""
        state = ANSWERED if reply.text is not None else FAULT if reply.fault else NO_ANSWER
        reason = self.secrets.hide(reply.reason)[:REASON_MOST] if reply.reason else None
        self.coming.ended.append(
            (
                call.no, state, reply.latency_s, reply.first_byte_s, reply.tokens_in, reply.tokens_out,
                cost.low, cost.high, reason,
            )
        )  # fmt: skip
        if self.priced:
            key = (call.asked.no, call.asked.repeat)
            self.costs[key] = self.costs.get(key, 0.0) + cost.high
        self._write_later()

    def answer(self, asked: Asked, reply: Reply) -> None:
        """Note a case's answer, or the reason that it has none."""
        assert isinstance(asked, Planned)
        spent = self.costs.pop((asked.no, asked.repeat), 0.0) if self.priced else None
        secrets, coming = self.secrets, self.coming
        coming.outputs.append(
            (
                asked.no, asked.case, asked.repeat, secrets.hide_json(reply.text), secrets.hide(reply.reason),
                reply.latency_s, spent, secrets.hide_json(reply.steps),
            )
        )  # fmt: skip
        coming.answers.append((asked, reply, spent))
        self._write_later()

    def close(self) -> None:
        """Have everything in the ledger; nothing that came back is lost, also when the run is being interrupted."""
        if self.due is not None:
            self.due.cancel()
        if self.broken is not None:
            raise self.broken
        out, coming = self.out, self._taken()
        self.out = None  # whoever writes it may say so later, and then it has been told
        self.hand.finish([batch for batch in (out, coming) if batch is not None])
        for batch in (out, coming):
            if batch is not None:
                self._is_written(batch)

    def _write_now(self) -> None:
        """Write what is coming, once every other step of this turn of the loop has been taken."""
        if self.out is None:
            if self.due is not None:
                self.due.cancel()
            self.due = self.loop.call_soon(self._write)

    def _write_later(self) -> None:
        if self.due is None and self.out is None:
            self.due = self.loop.call_later(SOON_S if self.durable else LAZY_S, self._write)
        if not self.durable and len(self.coming.begun) == MOST:
            self._write_now()

    def _write(self) -> None:
        self.due = None
        self.out = self._taken()
        try:
            self.hand.write(self.out, self._written)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it; an interruption ends all, and then `close` comes
            self._written(error)

    def _written(self, error: BaseException | None) -> None:
        """Let those go on who waited for what was being written, and write what came meanwhile."""
        out, self.out = self.out, None
        if out is None:
            return
        if error is not None:
            self.broken = error
            for done in (*out.waiting, *self.coming.waiting):
                if not done.done():
                    done.set_exception(error)
            return
        try:
            self._is_written(out)
        finally:  # nobody waits for ever because whoever is told has trouble
            if self.coming.waiting:
                self._write_now()
            elif self.coming:
                self._write_later()

    def _is_written(self, batch: Batch) -> None:
        for done in batch.waiting:
            if not done.done():
                done.set_result(None)
        self.told(batch.answers)

    def _taken(self) -> Batch:
        batch, self.coming = self.coming, Batch()
        return batch
