"""Ask one variant for all its missing outputs: the pool and the gate, put together."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass

from shipworthy.domain.target import Limits, ModelPrice
from shipworthy.runners.budget import Budget
from shipworthy.runners.interface import Reply
from shipworthy.runners.pool import Pool
from shipworthy.runners.registry import at_once_of, target_of
from shipworthy.runners.secrets import Secrets
from shipworthy.services.clock import now
from shipworthy.services.gate import LedgerGate
from shipworthy.services.hands import Hand
from shipworthy.services.logged import Lend
from shipworthy.services.opened import Opened
from shipworthy.services.passing import Passing
from shipworthy.services.pricing import is_remote
from shipworthy.services.waiting import Missing, Planned, Waiting
from shipworthy.store.calls import spent_in
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.runs import earlier_states, variant_number
from shipworthy.store.writing import Writing

SHOW_EVERY_S = 0.2
LAG_LIMIT = 0.05
"""The share of the median latency that the event loop may be late before times are said to be partly ours."""


@dataclass
class Went:
    """How asking one variant went; how sealed outputs turned out is not in it."""

    already: int = 0
    answered: int = 0
    no_answer: int = 0
    sealed: int = 0
    missing: int = 0
    stopped: str = ""
    changed: bool = False
    client_limited: float = 0.0


Elsewhere = Callable[[int, str], Missing]
"""Makes a source of missing outputs for a variant's number and fingerprint."""


class Money:
    """What all variants of one run may spend together."""

    def __init__(self, cap: float | None) -> None:
        self.cap = cap
        self.spent = 0.0


class Asking:
    """One variant's turn.

    Args:
        launch: the launch.
        name: the variant's name.
        price: what a call costs; None when it is not known.
        parts: which parts it is asked about; or where else outputs are planned than in the eval set.
        locked: the journal's number of the lock; 0 without one.
        lend: gives who writes.
        kind: `run`; `fresh` to ask everything again, beside the first answers; `demo` for prompts that are no cases.
        watched: whether anybody sees how open outputs pass so far.
    """

    def __init__(
        self,
        launch: Opened,
        name: str,
        price: ModelPrice | None,
        parts: tuple[str, ...] | Elsewhere,
        locked: int,
        lend: Lend,
        *,
        kind: str = "run",
        watched: bool = False,
    ) -> None:
        fresh = kind == "fresh"
        self.purpose = "demo" if kind == "demo" else "run"
        self.watched = watched
        self.launch, self.name, self.price = launch, name, price
        self.variant = variant = launch.launch.resolved(name)
        fingerprint = variant_fingerprint(launch.layout, variant)
        with launch.ledger.write() as connection:
            earlier = earlier_states(connection, name)
            self.number = variant_number(connection, name, fingerprint)
        self.waiting: Missing = (
            Waiting(
                launch,
                variant_no=self.number,
                fingerprint=fingerprint,
                parts=parts,
                repeats=variant.repeats or 1,
            )
            if isinstance(parts, tuple)
            else parts(self.number, fingerprint)
        )
        self.writing = Writing(name, self.number, fingerprint, self.waiting.repeats, kind)
        self.went = Went(changed=bool(earlier) and fingerprint not in earlier)
        self.began_done = 0 if fresh else self.waiting.there()
        self.before = self.waiting.counts()
        with launch.ledger.write() as connection:
            finished = not fresh and self.waiting.planned == self.began_done
            self.writing.take_over(connection, locked=locked, finished=finished, at=now())
            if fresh:
                self.waiting.run_no = self.writing.begin(connection).no
            self.already_spent = spent_in(connection, self.writing.run.no) if self.writing.run else 0.0
        if fresh:
            self.began_done = self.waiting.there()
        self.went.already = self.began_done
        self.hand = lend(self.writing, self.purpose) if self.waiting.planned > self.began_done else None

    async def go(
        self, money: Money, max_time_s: float | None, ends: float | None, progress: Callable[..., None]
    ) -> Went:
        """Ask for what is missing, within the money and the time of the whole run.

        Args:
            money: what all variants may spend together.
            max_time_s: the run's seconds, as they were asked for.
            ends: when they are over, by `time.monotonic`.
            progress: told as it goes.
        """
        went = self.went
        if self.hand is not None:
            await self._ask(self.hand, money, max_time_s, ends, progress)
        self._count_if_whole()
        after = self.waiting.counts()
        went.answered, went.no_answer, went.sealed = (
            now - then for now, then in zip(after, self.before, strict=True)
        )
        went.missing = self.waiting.planned - self.waiting.there()
        return went

    async def _ask(
        self,
        hand: Hand,
        money: Money,
        max_time_s: float | None,
        ends: float | None,
        progress: Callable[..., None],
    ) -> None:
        secrets = Secrets()
        target = target_of(self.launch.layout.folder, self.variant, secrets)
        at_once = at_once_of(self.variant)
        budget = Budget(money.cap, money.spent + self.already_spent)
        shown = _Shown(self.name, self.began_done, self.waiting.planned, budget, progress)
        gate = LedgerGate(
            hand, durable=is_remote(self.variant) or self.price is not None, priced=self.price is not None, secrets=secrets, told=shown.told,
        )  # fmt: skip
        pool = Pool(
            target, self.variant.limits or Limits(), at_once=at_once, gate=gate, price=self.price,
            budget=budget, max_time_s=max_time_s, ends=ends,
        )  # fmt: skip
        try:
            async with AsyncExitStack() as after:  # what is entered last is left first, whatever happens
                if self.watched:
                    shown.passing = after.enter_context(closing(Passing(self.launch)))
                after.callback(gate.close)
                after.push_async_callback(target.stop)
                await target.start()
                ended = await pool.ask_all(iter(self.waiting))
        finally:
            money.spent = budget.spent
        self.went.stopped = ended.stopped or self.waiting.trouble
        if is_remote(self.variant) and shown.median_s and ended.lag_s > LAG_LIMIT * shown.median_s:
            self.went.client_limited = ended.lag_s

    def _count_if_whole(self) -> None:
        """Let what is whole count; until then what is missing must not look like a failure."""
        about = {"late_s": round(self.went.client_limited, 4)} if self.went.client_limited else {}
        if self.waiting.there() < self.waiting.planned:
            return
        with self.launch.ledger.write() as connection:
            self.writing.close(connection, at=now(), **about)


class _Shown:
    """What a person sees while it goes on; nothing about how sealed outputs turn out."""

    def __init__(
        self, name: str, done: int, planned: int, budget: Budget, progress: Callable[..., None]
    ) -> None:
        self.passing: Passing | None = None
        self.name, self.done, self.planned, self.budget, self.progress = name, done, planned, budget, progress
        self.no_answer = 0
        self.began = self.last = time.monotonic()
        self.started_at = done
        self.times: list[float] = []

    def told(self, answers: list[tuple[Planned, Reply, float | None]]) -> None:
        self.done += len(answers)
        self.no_answer += sum(1 for asked, reply, _ in answers if reply.text is None and not asked.sealed)
        if len(self.times) < 10_000:
            self.times += [reply.latency_s for _, reply, _ in answers]
        if self.passing is not None:
            for asked, reply, cost in answers:
                self.passing.add(asked, reply, cost)
        now = time.monotonic()
        if now - self.last < SHOW_EVERY_S and self.done < self.planned:
            return
        self.last = now
        rate = (self.done - self.started_at) / max(now - self.began, 1e-9)
        self.progress(
            self.name, self.done, self.planned, rate=rate, no_answer=self.no_answer, cost=self.budget.spent,
            left_s=(self.planned - self.done) / rate if rate else None,
            **({"passed": self.passing.words} if self.passing is not None and self.passing.words else {}),
        )  # fmt: skip

    @property
    def median_s(self) -> float:
        return sorted(self.times)[len(self.times) // 2] if self.times else 0.0
