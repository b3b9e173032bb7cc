"""A cap on money: never passed, whatever the order in which calls come back, and used to the last call it pays for."""

from __future__ import annotations

import asyncio
import random
from fractions import Fraction
from typing import Any

import pytest

from shipworthy.domain.target import Limits, ModelPrice
from shipworthy.runners.budget import Budget, Cost, cost_of, worst
from shipworthy.runners.interface import Asked, Reply
from shipworthy.runners.pool import Pool

SCHEDULES = 10_000


def _schedule(seed: int) -> tuple[int, int, int]:
    """Play fifty calls in flight at random prices against a cap; return the cap, the most that was out, the calls sent.

    Money is held in whole thousandths beside the budget: what was charged, and the worst of what is in flight.
    """
    draw = random.Random(seed)
    cap = draw.randint(0, 4000)
    budget = Budget(cap / 1000)
    charged, in_flight, out, most, sent = 0, 0, [], 0, 0
    for _ in range(150):
        amount = draw.choice((1, 7, 13, 50, int(draw.random() * 300)))
        if len(out) < 50 and budget.reserve(amount / 1000):
            out.append(amount)
            in_flight += amount
            sent += 1
            most = max(most, charged + in_flight)
        elif out and draw.random() < 0.9:
            done = out.pop(int(draw.random() * len(out)))
            cost = int(draw.random() * (done + 1))
            budget.settle(done / 1000, cost / 1000)
            charged, in_flight = charged + cost, in_flight - done
    assert round(budget.spent * 1e9) == charged * 10**6
    return cap, most, sent


def test_no_schedule_of_ten_thousand_passes_its_cap():
    """Calls begin and end in random order: charged and reserved together never pass the cap, not by a thousandth."""
    played = [_schedule(seed) for seed in range(SCHEDULES)]

    assert max(most - cap for cap, most, _ in played) == 0
    assert sum(sent for *_, sent in played) > 10 * SCHEDULES


class _Turns:
    """A target whose calls take a random number of turns of the event loop and cost at random: no sleeps."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.charged = Fraction(0)

    def most_tokens(self, asked: Asked) -> tuple[int, int]:
        return 0, int(asked.given)

    async def ask(self, asked: Asked) -> Reply:
        for _ in range(self.draw.randint(0, 12)):
            await asyncio.sleep(0)
        used = self.draw.randint(0, int(asked.given))
        kind = self.draw.random()
        if kind < 0.1:
            return Reply(None, "not sent", 0.0, billed=False)
        self.charged += Fraction(used, 1000)
        if kind < 0.3:
            return Reply(None, "cut off", 0.0)
        return Reply('"x"', None, 0.0, tokens_in=0, tokens_out=used)

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class _Gate:
    def __init__(self) -> None:
        self.low = self.high = Fraction(0)
        self.answers = 0

    async def intend(self, asked: Asked, attempt: int, reserved: float) -> Any:
        await asyncio.sleep(0)

    def settle(self, call: Any, reply: Reply, cost: Cost) -> None:
        self.low += Fraction(cost.low).limit_denominator(10**9)
        self.high += Fraction(cost.high).limit_denominator(10**9)

    def answer(self, asked: Asked, reply: Reply) -> None:
        self.answers += 1


async def _pools(n: int) -> list[tuple[Fraction, Fraction, Fraction, Fraction, str]]:
    found = []
    for seed in range(n):
        draw = random.Random(seed)
        cap = draw.randint(0, 5000)
        target, gate = _Turns(draw), _Gate()
        asked = [Asked(f"c{i}", 1, draw.choice([1, 9, 60, 200]), 0) for i in range(draw.randint(1, 120))]
        pool = Pool(
            target,
            Limits(),
            at_once=50,
            gate=gate,
            price=ModelPrice(output=1000.0),
            budget=Budget(cap / 1000),
        )
        ended = await pool.ask_all(iter(asked))
        assert ended.stopped or gate.answers == len(asked)
        found.append((Fraction(cap, 1000), target.charged, gate.low, gate.high, ended.stopped))
    return found


def test_the_pool_keeps_the_cap_with_fifty_calls_in_flight():
    """Three hundred runs on an event loop without a sleep: the charge lies inside the account, and under the cap."""
    found = asyncio.run(_pools(300))

    assert all(low <= charged <= high <= cap for cap, charged, low, high, _ in found)
    stopped = [each for each in found if each[-1]]
    assert 20 < len(stopped) < 300
    assert all("would pass the cap" in each[-1] for each in stopped)


@pytest.mark.parametrize(
    ("cap", "price", "calls"), [(0.1, 0.001, 100), (0.3, 0.1, 3), (0.7, 0.1, 7), (1.1, 0.1, 11)]
)
def test_a_cap_pays_for_the_last_call_that_it_covers(cap, price, calls):
    """Sums that do not round well in binary: a hundred calls at 0.001 fit a cap of 0.1, and not one more."""
    budget, made = Budget(cap), 0
    while budget.reserve(price):
        budget.settle(price, price)
        made += 1

    assert made == calls
    assert budget.spent == pytest.approx(cap)


def test_without_a_cap_everything_fits():
    """No cap: any amount, and what was spent is still known."""
    budget = Budget(None)
    assert budget.reserve(1e9)
    budget.settle(1e9, 5.0)

    assert (budget.spent, budget.reserved, budget.in_flight) == (5.0, 0.0, 0)


TOKENS = ModelPrice(call=0.01, input=1.0, output=2.0)


@pytest.mark.parametrize(
    ("price", "reply", "cost"),
    [
        (ModelPrice(call=0.5), Reply('"x"', None, 1.0), Cost(0.5, 0.5)),
        (ModelPrice(call=0.5), Reply('"x"', None, 1.0, requests=3), Cost(1.5, 1.5)),
        (ModelPrice(call=0.5), Reply(None, "cut", 1.0, fault=True), Cost(0.0, 0.5)),
        (ModelPrice(call=0.5), Reply(None, "HTTP 400", 1.0), Cost(0.0, 0.5)),
        (ModelPrice(call=0.5), Reply(None, "refused", 1.0, billed=False), Cost(0.0, 0.0)),
        (TOKENS, Reply('"x"', None, 1.0, tokens_in=10_000, tokens_out=5_000), Cost(0.03, 0.03)),
        (TOKENS, Reply(None, "blocked", 1.0, tokens_in=10_000, tokens_out=0), Cost(0.02, 0.02)),
        (TOKENS, Reply('"x"', None, 1.0), Cost(0.01, 9.0)),
        (TOKENS, Reply(None, "cut", 1.0, fault=True), Cost(0.0, 9.0)),
    ],
)
def test_what_is_not_known_of_a_cost_is_a_range(price, reply, cost):
    """Exact where the target counts; from nothing, or one call, up to what was reserved where it does not."""
    found = cost_of(price, reply, 9.0 if price is TOKENS else worst(price, (0, 0), reply.requests))

    assert (found.low, found.high) == pytest.approx((cost.low, cost.high))


def test_an_absurd_price_does_not_fit_and_stops_nothing_else():
    """A call at 1e308 USD has no number of parts of a dollar: it fits no cap, and without one it is counted as it is."""
    assert not Budget(1.0).reserve(1e308)
    assert Budget(None).reserve(1e308)
