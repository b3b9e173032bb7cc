"""The pool: so many requests at once, within limits, money and time; asked again only when the infrastructure failed.

Cases are pulled from an iterator by a fixed number of workers, so a million cases need no more memory than a
thousand. Every attempt passes the gate: noted before it is sent, settled after.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Iterator
from time import monotonic
from typing import Any, Protocol

import msgspec

from shipworthy.domain.target import Limits, ModelPrice
from shipworthy.runners.breaker import Breaker
from shipworthy.runners.budget import Budget, Cost, cost_of, worst
from shipworthy.runners.interface import Asked, Reply, Target
from shipworthy.runners.pace import Pace
from shipworthy.runners.turns import beyond_text, n_requests

LONGEST_WAIT_S = 60.0
"""How long a Retry-After is honoured within a case; a longer one parks the run."""
FIRST_WAIT_S, MOST_WAIT_S, JITTER_S = 0.1, 8.0, 0.1
FREE = ModelPrice()
NOTHING = Cost(0.0, 0.0)
LAG_EVERY_S = 0.05
LAGS_KEPT = 20_000


class Gate(Protocol):
    """What stands between the pool and the world: every attempt is written down before and after."""

    async def intend(self, asked: Asked, attempt: int, reserved: float) -> Any:
        """Note durably that a call is about to be sent; return what names it."""
        ...

    def settle(self, call: Any, reply: Reply, cost: Cost) -> None:
        """Note what came of a call."""
        ...

    def answer(self, asked: Asked, reply: Reply) -> None:
        """Note the case's answer, or the reason that it has none."""
        ...


class Ended(msgspec.Struct):
    """How a go of the pool ended.

    Attributes:
        stopped: why it ended early, in words; empty when every case was asked.
        lag_s: how late the event loop ran, at the 95th percentile.
    """

    stopped: str = ""
    lag_s: float = 0.0


class _StoppedError(Exception):
    """The pool is ending; what was asked for stays missing."""


class Pool:
    """Asks a target for many outputs.

    Args:
        target: what answers.
        limits: rates, time-outs and attempts.
        at_once: requests in flight.
        gate: where every call is written down.
        price: what a call costs; None when it is free.
        budget: the money that may be spent.
        max_time_s: seconds after which nothing is sent and what is in flight is given up.
        ends: when they are over, by `time.monotonic`; so many seconds from now unless said.
    """

    def __init__(
        self,
        target: Target,
        limits: Limits,
        *,
        at_once: int,
        gate: Gate,
        price: ModelPrice | None = None,
        budget: Budget | None = None,
        max_time_s: float | None = None,
        ends: float | None = None,
    ) -> None:
        self.target = target
        self.limits = limits
        self.at_once = at_once
        self.gate = gate
        self.price = price or FREE
        self.budget = budget or Budget(None)
        self.deadline = ends if ends is not None or max_time_s is None else monotonic() + max_time_s
        self.max_time_s = max_time_s
        self.breaker = Breaker(give_up_s=limits.minutes * 60)
        self.ended = Ended()
        self.freed = asyncio.Event()
        self.over = asyncio.Event()
        self.requests = Pace(limits.per_minute) if limits.per_minute else None
        self.tokens = Pace(limits.tokens_per_minute) if limits.tokens_per_minute else None

    async def ask_all(self, source: Iterator[Asked]) -> Ended:
        """Ask for everything the source yields."""
        lag = asyncio.create_task(self._watch_lag())
        workers = [asyncio.create_task(self._work(source)) for _ in range(self.at_once)]
        try:
            await asyncio.gather(*workers)
        finally:
            for task in (*workers, lag):
                task.cancel()
            await asyncio.gather(*workers, lag, return_exceptions=True)
        return self.ended

    async def _work(self, source: Iterator[Asked]) -> None:
        for asked in source:
            try:
                reply = await self._attempt(asked, 1)
                if reply.fault:
                    reply = await self._again(asked, reply)
            except _StoppedError:
                return
            self.gate.answer(asked, reply)
            if self.ended.stopped:
                return

    async def _again(self, asked: Asked, reply: Reply) -> Reply:
        """Ask again after a fault, with growing waits; return the first answer, or the last fault."""
        made, ends = 1, monotonic() + self.limits.minutes * 60
        while reply.fault:
            self._park(reply)
            wait = wait_before(made + 1, reply.retry_after_s)
            if made == self.limits.attempts or monotonic() + wait > ends:
                tries = f"{made} attempts" if made > 1 else "1 attempt"
                return msgspec.structs.replace(reply, reason=f"{reply.reason} (after {tries})")
            await self._pause(wait)
            made += 1
            reply = await self._attempt(asked, made)
        return reply

    async def _attempt(self, asked: Asked, number: int) -> Reply:
        """Make one attempt, within limits, money and time."""
        self._go_on()
        if self.price is FREE:
            amount = 0.0
            self.budget.reserve(amount)
        else:
            amount = self._most(asked)
            if not self.budget.reserve(amount):
                await self._wait_for_money(amount)
        cost = NOTHING
        try:
            if self.requests is not None or self.tokens is not None:
                await self._pace(asked)
            if self.breaker.open:
                await self._way_open()
            call = await self.gate.intend(asked, number, amount)
            cost = Cost(0.0, amount)
            reply = await self._ask(asked)
            cost = cost_of(self.price, reply, amount)
            self.gate.settle(call, reply, cost)
        finally:
            self.budget.settle(amount, cost.high)
            self.freed.set()
        if self.ended.stopped and reply.fault:
            raise _StoppedError
        self._note(asked, reply)
        return reply

    def _most(self, asked: Asked) -> float:
        """Return what a call may cost at most; stop where nobody knows and a cap is to be kept."""
        if self.budget.capped and self.price.input > 0 and beyond_text(asked.given):
            self._stop(
                f"nobody knows what the case `{asked.case}` may cost at most, as it holds more than text, so no cap can be "
                "kept; leave --max-cost out, or give the model a price for a `call`"
            )
            raise _StoppedError
        return worst(self.price, self.target.most_tokens(asked), n_requests(asked.given))

    async def _ask(self, asked: Asked) -> Reply:
        if self._is_over():  # while the intent was being written
            return Reply(None, "not sent: the run was over", 0.0, fault=True, billed=False)
        if self.deadline is None:
            return await self.target.ask(asked)
        left = self.deadline - monotonic()
        try:
            async with asyncio.timeout(left):
                return await self.target.ask(asked)
        except TimeoutError:
            self._is_over()
            return Reply(
                None, "given up: the run's time was over", max(left, 0.0), fault=True, requests=n_requests(asked.given)
            )  # fmt: skip

    async def _way_open(self) -> None:
        """Wait while the breaker is open."""
        while wait := self.breaker.wait_s(monotonic()):
            await self._pause(min(wait, 0.5))
        self._go_on()

    async def _wait_for_money(self, amount: float) -> None:
        """Set aside what the call may cost at most, once calls in flight no longer stand in the way."""
        while not self.budget.reserve(amount):
            if not self.budget.in_flight:
                self._stop(
                    f"the next call may cost {amount:.4f} USD, which would pass the cap of {self.budget.cap:g} USD"
                )
                raise _StoppedError
            self.freed.clear()
            await self.freed.wait()
            self._go_on()

    async def _pace(self, asked: Asked) -> None:
        now, wait = monotonic(), 0.0
        if self.requests is not None:
            wait = self.requests.wait_s(now, n_requests(asked.given))
        if self.tokens is not None:
            wait = max(wait, self.tokens.wait_s(now, sum(self.target.most_tokens(asked))))
        if wait:
            await self._pause(wait)

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than the run goes on."""
        if self.deadline is not None:
            seconds = min(seconds, self.deadline - monotonic())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.0)):
                await self.over.wait()
        self._go_on()

    def _go_on(self) -> None:
        if self._is_over():
            raise _StoppedError

    def _is_over(self) -> bool:
        if self.deadline is not None and monotonic() >= self.deadline:
            self._stop(f"the time of {self.max_time_s:g} s is over")
        return bool(self.ended.stopped)

    def _note(self, asked: Asked, reply: Reply) -> None:
        if not reply.fault:
            self.breaker.answered()
            return
        now = monotonic()
        self.breaker.failed(now, asked.case)
        if self.breaker.gives_up(now):
            self._stop(
                f"the target has not answered for a while, last: {reply.reason}; run again when it does, or with "
                "`limits: {attempts: 1}` if it is these cases that it cannot answer"
            )

    def _park(self, reply: Reply) -> None:
        wait = reply.retry_after_s
        if wait is not None and wait > LONGEST_WAIT_S:
            self._stop(f"the target asks to wait {wait:,.0f} s; run again after that")
            raise _StoppedError

    def _stop(self, why: str) -> None:
        self.ended.stopped = self.ended.stopped or why
        self.freed.set()
        self.over.set()

    async def _watch_lag(self) -> None:
        """Measure how late the event loop is: late timers mean that times are ours and not the target's."""
        late: list[float] = []
        try:
            while True:
                due = monotonic() + LAG_EVERY_S
                await asyncio.sleep(LAG_EVERY_S)
                late.append(monotonic() - due)
                if len(late) > LAGS_KEPT:
                    late = late[::2]
        finally:
            late.sort()
            self.ended.lag_s = late[int(0.95 * (len(late) - 1))] if late else 0.0


def wait_before(attempt: int, asked_s: float | None) -> float:
    """Return the seconds before an attempt: as long as the target asked for, else growing, and never the same for all.

    >>> 0.8 <= wait_before(5, None) <= 0.9, wait_before(2, 7.0) >= 7.0
    (True, True)
    """
    jitter = random.uniform(0.0, JITTER_S)  # noqa: S311 - nothing secret hangs on it
    if asked_s is not None:
        return max(asked_s, FIRST_WAIT_S) + jitter
    return min(MOST_WAIT_S, FIRST_WAIT_S * 2.0 ** (attempt - 2)) + jitter
