"""The pool: so many requests at once, within limits, money and time; asked again only when the infrastructure failed.

Cases are pulled from an iterator by a fixed number of workers, so a million cases need no more memory than a
thousand. Every attempt passes the gate: noted before it is sent, settled after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import monotonic
from typing import Any, Protocol

import msgspec

from shipworthy.domain.target import Limits, ModelPrice
from shipworthy.runners.breaker import Breaker
from shipworthy.runners.budget import Budget, Cost, cost_of, worst
from shipworthy.runners.interface import Asked, Reply, Target

LONGEST_WAIT_S = 60.0
"""How long a Retry-After is honoured within a case; a longer one parks the run."""
FREE = ModelPrice()
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


class _FaultError(Exception):
    """The infrastructure failed, and the case may be asked again."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.reason)
        self.reply = reply


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
    ) -> None:
        self.target = target
        self.limits = limits
        self.at_once = at_once
        self.gate = gate
        self.price = price or FREE
        self.budget = budget or Budget(None)
        self.deadline = None if max_time_s is None else monotonic() + max_time_s
        self.max_time_s = max_time_s
        self.breaker = Breaker(give_up_s=limits.minutes * 60)
        self.ended = Ended()
        self.freed = asyncio.Event()
        self.requests: Any = None
        self.tokens: Any = None
        if limits.per_minute or limits.tokens_per_minute:
            self._limit(limits)

    def _limit(self, limits: Limits) -> None:
        from aiolimiter import AsyncLimiter  # noqa: PLC0415 - only where rates are limited

        if limits.per_minute:  # a bucket of a second's worth: no burst at the start of a minute
            burst = max(1.0, limits.per_minute / 60)
            self.requests = AsyncLimiter(burst, 60 * burst / limits.per_minute)
        if limits.tokens_per_minute:
            self.tokens = AsyncLimiter(limits.tokens_per_minute, 60.0)

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
        import stamina  # noqa: PLC0415 - only once something failed

        stamina.instrumentation.set_on_retry_hooks(
            []
        )  # every attempt is in the ledger; a log would repeat it
        limits, made = self.limits, 1
        try:
            async for attempt in stamina.retry_context(
                on=_wait, attempts=limits.attempts, timeout=limits.minutes * 60,
                wait_initial=0.1, wait_max=8.0, wait_jitter=0.1,
            ):  # fmt: skip
                with attempt:
                    if attempt.num > 1:
                        reply, made = await self._attempt(asked, attempt.num), attempt.num
                    if reply.fault:
                        self._park(reply)
                        raise _FaultError(reply)  # noqa: TRY301 - stamina hears of a failure by an exception
        except _FaultError:
            tries = f"{made} attempts" if made > 1 else "1 attempt"
            return msgspec.structs.replace(reply, reason=f"{reply.reason} (after {tries})")
        return reply

    async def _attempt(self, asked: Asked, number: int) -> Reply:
        """Make one attempt, within limits, money and time."""
        await self._way_open()
        amount = await self._reserve(asked)
        cost = Cost(0.0, 0.0)
        try:
            await self._pace(asked)
            call = await self.gate.intend(asked, number, amount)
            cost = Cost(0.0, amount)
            reply = await self._ask(asked)
            cost = cost_of(self.price, reply, amount)
            self.gate.settle(call, reply, cost)
        finally:
            self.budget.settle(amount, cost.high)
            self.freed.set()
        if self.ended.stopped and reply.text is None:
            raise _StoppedError
        self._note(reply)
        return reply

    async def _ask(self, asked: Asked) -> Reply:
        if self.deadline is None:
            return await self.target.ask(asked)
        left = self.deadline - monotonic()
        try:
            async with asyncio.timeout(left):
                return await self.target.ask(asked)
        except TimeoutError:
            self._stop(f"the time of {self.max_time_s:g} s is over")
            return Reply(None, "given up: the run's time was over", max(left, 0.0))

    async def _way_open(self) -> None:
        """Wait while the breaker is open; end the run when it has been open for too long."""
        while True:
            if self.deadline is not None and monotonic() >= self.deadline:
                self._stop(f"the time of {self.max_time_s:g} s is over")
            if self.ended.stopped:
                raise _StoppedError
            wait = self.breaker.wait_s(monotonic())
            if not wait:
                return
            await asyncio.sleep(min(wait, 0.5))

    async def _reserve(self, asked: Asked) -> float:
        """Set aside what the call may cost at most; wait for calls in flight when only they stand in the way."""
        if self.price is FREE:
            self.budget.reserve(0.0)
            return 0.0
        amount = worst(self.price, self.target.most_tokens(asked))
        while not self.budget.reserve(amount):
            if not self.budget.in_flight:
                self._stop(
                    f"the next call may cost {amount:.4f} USD, which would pass the cap of {self.budget.cap:g} USD"
                )
                raise _StoppedError
            self.freed.clear()
            await self.freed.wait()
            if self.ended.stopped:
                raise _StoppedError
        return amount

    async def _pace(self, asked: Asked) -> None:
        if self.requests is not None:
            await self.requests.acquire()
        if self.tokens is not None:
            most = min(sum(self.target.most_tokens(asked)), int(self.limits.tokens_per_minute or 1))
            await self.tokens.acquire(max(1, most))

    def _note(self, reply: Reply) -> None:
        if not reply.fault:
            self.breaker.answered()
            return
        now = monotonic()
        self.breaker.failed(now, reply.reason or "")
        if self.breaker.gives_up(now):
            self._stop(f"the target has not answered for a while, last: {reply.reason}")

    def _park(self, reply: Reply) -> None:
        wait = reply.retry_after_s
        if wait is not None and wait > LONGEST_WAIT_S:
            self._stop(f"the target asks to wait {wait:,.0f} s; run again after that")
            raise _StoppedError

    def _stop(self, why: str) -> None:
        self.ended.stopped = self.ended.stopped or why
        self.freed.set()

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


def _wait(error: Exception) -> bool | float:
    """Say whether to try again; a wait that the target asked for is honoured."""
    if not isinstance(error, _FaultError):
        return False
    asked = error.reply.retry_after_s
    return True if asked is None else max(asked, 0.1)
