"""The pool: asked again only after a fault, so many attempts, waits that are honoured, and an end to every run."""

from __future__ import annotations

import asyncio
import itertools
import time
from email.utils import formatdate
from typing import Any

import pytest

from shipworthy.domain.target import Limits, ModelPrice
from shipworthy.runners import breaker, pool
from shipworthy.runners.breaker import Breaker
from shipworthy.runners.budget import Budget, Cost
from shipworthy.runners.exchange import retry_after
from shipworthy.runners.interface import Asked, Reply
from shipworthy.runners.pace import Pace
from shipworthy.runners.pool import Pool, wait_before

GOOD = Reply('"yes"', None, 0.01)
FAULT = Reply(None, "error: HTTP 500", 0.01, fault=True)
BLOCKED = Reply(None, "error: blocked by the provider", 0.01)


class _Scripted:
    """A target that answers by a function of case and attempt."""

    def __init__(self, answer, *, after_s: float = 0.0) -> None:
        self.answer, self.after_s = answer, after_s
        self.asked: list[str] = []
        self.at: list[float] = []

    async def ask(self, asked: Asked) -> Reply:
        self.asked.append(asked.case)
        self.at.append(time.monotonic())
        await asyncio.sleep(self.after_s)
        return self.answer(asked.case, self.asked.count(asked.case))

    def most_tokens(self, asked: Asked) -> tuple[int, int]:
        return 10, 10

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class _Book:
    """A gate that remembers."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, int]] = []
        self.settled: list[tuple[Reply, Cost]] = []
        self.answers: dict[str, Reply] = {}

    async def intend(self, asked: Asked, attempt: int, reserved: float) -> Any:
        self.begun.append((asked.case, attempt))

    def settle(self, call: Any, reply: Reply, cost: Cost) -> None:
        self.settled.append((reply, cost))

    def answer(self, asked: Asked, reply: Reply) -> None:
        assert asked.case not in self.answers
        self.answers[asked.case] = reply


def ask(target: _Scripted, n: int = 1, *, at_once: int = 4, limits: dict | None = None, **more: Any):
    """Ask a target for n cases; return the pool's end and its book."""
    book = _Book()

    async def go():
        made = Pool(target, Limits(**(limits or {})), at_once=at_once, gate=book, **more)
        return await made.ask_all(Asked(f"c{i}", 1, f"c{i}", 0) for i in range(n))

    return asyncio.run(go()), book


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch):
    monkeypatch.setattr(pool, "FIRST_WAIT_S", 0.001)
    monkeypatch.setattr(pool, "MOST_WAIT_S", 0.002)
    monkeypatch.setattr(pool, "JITTER_S", 0.001)


def test_a_fault_is_asked_again_until_an_answer_comes():
    """Two faults, then an answer: three attempts, numbered, and the answer counts."""
    target = _Scripted(lambda _case, n: FAULT if n < 3 else GOOD)

    ended, book = ask(target)

    assert not ended.stopped
    assert book.begun == [("c0", 1), ("c0", 2), ("c0", 3)]
    assert book.answers == {"c0": GOOD}
    assert len(book.settled) == 3


def test_what_the_target_itself_refuses_is_never_asked_again():
    """Blocked by the provider at the first attempt: that is the outcome."""
    target = _Scripted(lambda _case, n: BLOCKED if n == 1 else GOOD)

    assert ask(target)[1].answers == {"c0": BLOCKED}
    assert target.asked == ["c0"]


@pytest.mark.parametrize("attempts", [1, 2, 6])
def test_there_are_so_many_attempts_and_no_more(attempts):
    """Faults for ever: as many attempts as allowed, and the last fault is the reason, with their number."""
    target = _Scripted(lambda _case, _n: FAULT)

    _, book = ask(target, limits={"attempts": attempts})

    assert len(target.asked) == attempts
    tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    assert book.answers["c0"].reason == f"error: HTTP 500 (after {tries})"


def test_a_case_takes_no_longer_than_its_minutes():
    """Faults for ever and twenty attempts, but 0.05 s a case: it ends with fewer attempts."""
    target = _Scripted(lambda _case, _n: FAULT, after_s=0.02)

    _, book = ask(target, limits={"attempts": 20, "minutes": 0.05 / 60})

    assert 1 < len(target.asked) < 6
    assert "c0" in book.answers


def test_a_wait_that_the_target_asks_for_is_honoured():
    """Retry-After of 0.3 s: the second attempt comes no sooner."""
    told = Reply(None, "error: HTTP 429", 0.0, fault=True, retry_after_s=0.3)
    target = _Scripted(lambda _case, n: told if n == 1 else GOOD)

    ask(target)

    assert 0.3 <= target.at[1] - target.at[0] < 0.6


HOUR = 3600.0
HEADERS = [
    ("0", 0.0), ("1", 1.0), ("2.5", 2.5), (" 7 ", 7.0), ("60", 60.0), ("61", 61.0), ("7200", 7200.0), ("9" * 400, float("inf")),
    ("", None), ("soon", None), ("-1", None), ("+5", None), ("1e3", None), ("nan", None), ("inf", None), ("5, 10", None),
    ("1_000", None), ("\u0663", None), ("0x10", None), (".", None),
]  # fmt: skip


@pytest.mark.parametrize(("header", "seconds"), HEADERS)
def test_a_retry_after_header_is_read_or_left_alone(header, seconds):
    """Whole and fractional seconds are waits; whatever else stands there is none, and never a guess."""
    assert retry_after(header) == seconds


@pytest.mark.parametrize("ending", ["GMT", "-0000", "+0000", ""])
def test_a_retry_after_date_is_read_as_universal_time(ending, monkeypatch):
    """An hour from now, with or without a zone: an hour, wherever this machine stands; a past date is no wait."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        text = formatdate(time.time() + HOUR, usegmt=True).replace("GMT", ending).strip()
        assert retry_after(text) == pytest.approx(HOUR, abs=3)
        assert retry_after(f"Wed, 21 Oct 2015 07:28:00 {ending}".strip()) == 0.0
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("seconds", [60.1, 7200.0, 1e12, float("inf")])
def test_an_absurd_wait_parks_the_run(seconds):
    """More than a minute: nothing more is sent, the case stays missing, and the reason names the wait."""
    told = Reply(None, "error: HTTP 429", 0.0, fault=True, retry_after_s=seconds)

    ended, book = ask(_Scripted(lambda _case, _n: told), 100, at_once=3)

    assert "the target asks to wait" in ended.stopped
    assert book.answers == {}
    assert len(book.begun) <= 3


def test_what_came_back_when_the_run_was_over_is_kept_unless_it_is_a_fault():
    """One call parks the run while a block and an answer are on their way: both count, and are not drawn again."""
    replies = {
        "c0": Reply(None, "429", 0.0, fault=True, retry_after_s=9e9),
        "c1": BLOCKED,
        "c2": GOOD,
        "c3": FAULT,
    }

    class _Slow(_Scripted):
        async def ask(self, asked: Asked) -> Reply:
            self.after_s = 0.0 if asked.case == "c0" else 0.05
            return await super().ask(asked)

    ended, book = ask(_Slow(lambda case, _n: replies[case]), 4)

    assert ended.stopped
    assert book.answers == {"c1": BLOCKED, "c2": GOOD}
    assert len(book.settled) == 4


def test_nothing_is_sent_once_the_run_is_over():
    """A rate of one a minute holds two cases back; the third parks the run, and they are never sent."""
    told = Reply(None, "429", 0.0, fault=True, retry_after_s=9e9)
    target = _Scripted(lambda _case, _n: told)
    began = time.monotonic()

    ask(target, 3, limits={"per_minute": 1})

    assert target.asked == ["c0"]
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("rate", "seconds", "most"), [(60, 10, 10), (30, 10, 5), (600, 10, 109), (6000, 3, 399), (0.5, 240, 2)]
)
def test_a_rate_is_kept_from_the_first_second(rate, seconds, most):
    """By a clock that jumps to each next turn: so many requests in so many seconds, with a second's worth at once."""
    pace, now, sent = Pace(rate), 1000.0, 0
    while (now := now + pace.wait_s(now)) < 1000.0 + seconds:
        sent += 1

    assert sent == pytest.approx(most, abs=1)


def test_a_rate_holds_for_many_that_ask_at_the_same_moment():
    """Fifty ask at once at 120 a minute: they get turns half a second apart."""
    pace = Pace(120)

    turns = [pace.wait_s(5.0) for _ in range(50)]

    assert [b - a for a, b in itertools.pairwise(turns)][1:] == pytest.approx([0.5] * 48)
    assert turns[:2] == [0.0, 0.0]


def test_requests_of_a_run_keep_to_its_rate():
    """Ten cases at 600 a minute with a tenth of a second's worth at once: about a request each tenth of a second."""
    target = _Scripted(lambda _case, _n: GOOD)

    ask(target, 25, limits={"per_minute": 600})

    assert 1.3 <= target.at[-1] - target.at[0] < 2.5


def _failing(n: int, *, cases: int, from_s: float, to_s: float) -> Breaker:
    b = Breaker()
    for i in range(n):
        b.failed(from_s + (to_s - from_s) * i / max(n - 1, 1), f"c{i % cases}")
    return b


@pytest.mark.parametrize(
    ("n", "cases", "seconds", "opens"),
    [
        (9, 9, 60, False), (10, 10, 0.9, False), (10, 10, 1, True), (10, 3, 4.9, False), (10, 3, 5, True),
        (49, 49, 0.5, False), (50, 50, 0, True), (50, 1, 0, True),
    ],
)  # fmt: skip
def test_the_breaker_opens_for_many_failures_and_silence(n, cases, seconds, opens):
    """Ten different cases and a second, the same ones and five, or fifty at once; a burst of time-outs does not."""
    b = _failing(n, cases=cases, from_s=100.0, to_s=100.0 + seconds)

    assert (b.wait_s(100.0 + seconds) > 0) is opens


def test_an_open_breaker_lets_one_try_and_closes_with_an_answer():
    """A pause of 2 s, then one tries, and its failure doubles the pause; an answer opens the way for all."""
    b = _failing(10, cases=10, from_s=99.0, to_s=100.0)
    assert b.wait_s(100.5) == 1.5
    assert b.wait_s(102.0) == 0.0  # the one that tries
    assert b.wait_s(102.0) > 0  # everyone else
    b.failed(102.1, "c3")
    assert b.wait_s(102.1) == pytest.approx(4.0)
    assert b.wait_s(106.2) == 0.0
    b.answered()
    assert b.wait_s(106.2) == 0.0
    b.failed(106.3, "c1")
    assert b.wait_s(106.3) == 0.0


def test_a_few_cases_that_always_fail_do_not_stop_the_rest():
    """Three cases at the end fail at every attempt: each gets its six, nothing waits for a breaker, and the run ends whole."""
    target = _Scripted(lambda case, _n: FAULT if case in ("c7", "c8", "c9") else GOOD)
    began = time.monotonic()

    ended, book = ask(target, 10)

    assert not ended.stopped
    assert len(book.answers) == 10
    assert len(target.asked) == 7 + 18
    assert time.monotonic() - began < 1.0


@pytest.mark.parametrize("at_once", [1, 4, 50])
def test_a_target_that_never_answers_ends_the_run_within_its_patience(monkeypatch, at_once):
    """Faults alone: the run ends soon after its patience, says the last reason and the remedy, and most cases stay missing."""
    monkeypatch.setattr(breaker, "NEVER_ANSWERED_S", 0.3)
    monkeypatch.setattr(breaker, "FIRST_PAUSE_S", 0.05)
    target = _Scripted(lambda _case, _n: FAULT)
    began = time.monotonic()

    ended, book = ask(target, 1000, at_once=at_once)

    assert time.monotonic() - began < 2.0
    assert (
        "the target has not answered for a while, last: error: HTTP 500; run again when it does"
        in ended.stopped
    )
    assert len(book.answers) < 20


def test_the_time_ends_calls_in_flight_and_says_they_may_cost():
    """Calls of an hour, 0.1 s allowed: given up, nothing answered, and each costs from nothing to its price."""
    target = _Scripted(lambda _case, _n: GOOD, after_s=3600)

    ended, book = ask(target, 10, max_time_s=0.1, price=ModelPrice(call=0.5), budget=Budget(10.0))

    assert ended.stopped == "the time of 0.1 s is over"
    assert book.answers == {}
    assert [cost for _, cost in book.settled] == [Cost(0.0, 0.5)] * 4


def test_a_time_of_nothing_sends_nothing():
    """Zero seconds: not a single call."""
    target = _Scripted(lambda _case, _n: GOOD)

    ended, book = ask(target, 10, max_time_s=0)

    assert ended.stopped
    assert target.asked == []
    assert book.begun == []


def test_a_gate_that_breaks_ends_the_run_with_its_error():
    """The third intent cannot be written: its error comes out, and nothing is sent after it."""

    class _Broken(_Book):
        async def intend(self, asked: Asked, attempt: int, reserved: float) -> Any:
            if len(self.begun) == 2:
                raise OSError("disk is full")
            return await super().intend(asked, attempt, reserved)

    target, book = _Scripted(lambda _case, _n: GOOD, after_s=0.01), _Broken()

    async def go():
        await Pool(target, Limits(), at_once=1, gate=book).ask_all(Asked(f"c{i}", 1, "", 0) for i in range(9))

    with pytest.raises(OSError, match="disk is full"):
        asyncio.run(go())
    assert len(target.asked) == 2


def test_waits_grow_up_to_a_limit(monkeypatch):
    """A tenth of a second before the second attempt, doubled each time, eight seconds at most."""
    monkeypatch.undo()

    waits = [wait_before(n, None) for n in range(2, 12)]

    assert all(
        a <= w <= a + 0.1 for a, w in zip([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 8, 8, 8], waits, strict=True)
    )
