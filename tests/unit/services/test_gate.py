"""The gate: nothing is sent before its intent is on the disk, and what came back is written, also when all ends badly."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time

import pytest
from tests.journeys.remote import http, launch

from shipworthy.domain.errors import Unavailable
from shipworthy.runners.budget import Cost
from shipworthy.runners.interface import Reply
from shipworthy.runners.secrets import Secrets
from shipworthy.services import gate as gates
from shipworthy.services.gate import LedgerGate
from shipworthy.services.opened import opened
from shipworthy.services.waiting import Planned
from shipworthy.services.writing import Writing
from shipworthy.store.ledger import open_ledger
from shipworthy.store.runs import variant_number

YES = Reply('"yes"', None, 0.1)


@pytest.fixture
def desk(tmp_path):
    """A launch of ten cases, what to ask of each, and a function that makes a gate to its ledger."""
    folder = launch(tmp_path / "l", {"f": http("http://127.0.0.1:1")})
    with opened(folder) as found:
        with found.ledger.write() as connection:
            number = variant_number(connection, "f", "state")
        planned = [Planned(f"c{i}", 1, f"c{i}", 0, i + 1, False) for i in range(10)]

        def make(**more) -> LedgerGate:
            writing = Writing("f", number, "state", 1)
            about = {
                "durable": True,
                "priced": True,
                "secrets": Secrets(),
                "at_once": 4,
                "told": lambda _: None,
            }
            return LedgerGate(found.ledger, writing, **{**about, **more})

        yield folder / ".shipworthy" / "ledger.db", planned, make


def _rows(ledger, query: str) -> list[tuple]:
    with sqlite3.connect(ledger) as connection:
        return connection.execute(query).fetchall()


def test_an_intent_is_on_the_disk_before_its_call_may_be_sent(desk):
    """`intend` comes back: another process can read the intent, with what was reserved; no receipt is there yet."""
    ledger, planned, make = desk

    async def go() -> list[tuple]:
        gate = make()
        await gate.intend(planned[0], 1, 0.25)
        seen = _rows(ledger, "SELECT case_no, attempt, worst FROM intents")
        await gate.close()
        return seen

    assert asyncio.run(go()) == [(1, 1, 0.25)]
    assert _rows(ledger, "SELECT count(*) FROM receipts") == [(0,)]


def test_an_output_is_never_without_its_receipt(desk):
    """Whatever is committed, an answered call's receipt and its output come together."""
    ledger, planned, make = desk

    async def go() -> None:
        gate = make()
        for each in planned:
            call = await gate.intend(each, 1, 0.25)
            gate.settle(call, YES, Cost(0.1, 0.2))
            gate.answer(each, YES)
            torn = (
                _rows(ledger, "SELECT count(*) FROM receipts"),
                _rows(ledger, "SELECT count(*) FROM outputs"),
            )
            assert torn[0] == torn[1]
        await gate.close()

    asyncio.run(go())
    assert _rows(ledger, "SELECT count(*), sum(cost_usd) FROM outputs") == [(10, pytest.approx(2.0))]
    assert _rows(ledger, "SELECT sum(cost_low), sum(cost_high) FROM receipts") == [
        (pytest.approx(1), pytest.approx(2))
    ]


def test_a_commit_that_fails_lets_nobody_through(desk, monkeypatch):
    """Three calls wait for one commit, and it fails: none of them may be sent, nor any later one, and nothing is there."""
    ledger, planned, make = desk

    def full(*_given: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(gates, "write_calls", full)

    async def go() -> list[object]:
        gate = make()
        found = await asyncio.gather(
            *(gate.intend(each, 1, 0.1) for each in planned[:3]), return_exceptions=True
        )
        with pytest.raises(sqlite3.OperationalError):
            await gate.intend(planned[3], 1, 0.1)
        with pytest.raises(sqlite3.OperationalError):
            await gate.close()
        return found

    assert [type(each) for each in asyncio.run(go())] == [sqlite3.OperationalError] * 3
    assert _rows(ledger, "SELECT count(*) FROM intents") == [(0,)]
    assert _rows(ledger, "SELECT count(*) FROM runs") == [(0,)]


def test_a_ledger_that_is_held_by_another_says_so(desk, monkeypatch):
    """Another process holds the ledger for too long: the error is of the family, with the remedy."""
    ledger, planned, make = desk
    holder = sqlite3.connect(ledger)
    holder.execute("BEGIN IMMEDIATE")

    async def go() -> None:
        gate = make()
        with gate.ledger.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        try:
            with pytest.raises(Unavailable, match="locked"):
                await gate.intend(planned[0], 1, 0.1)
        finally:
            with pytest.raises(Unavailable):
                await gate.close()

    try:
        asyncio.run(go())
    finally:
        holder.close()


@pytest.mark.parametrize("pause_s", [0.0, 0.002, 0.005, 0.009, 0.02])
def test_an_interruption_keeps_what_came_back(desk, pause_s):
    """Everything is cancelled a moment after an answer came, in the middle of a commit or between two: it is kept, once."""
    ledger, planned, make = desk

    async def go() -> None:
        gate = make()
        calls = await asyncio.gather(*(gate.intend(each, 1, 0.1) for each in planned[:4]))
        for each, call in zip(planned[:2], calls, strict=False):
            gate.settle(call, YES, Cost(0.1, 0.1))
            gate.answer(each, YES)
        late = asyncio.create_task(gate.intend(planned[5], 1, 0.1))
        await asyncio.sleep(pause_s)
        late.cancel()
        gate.writer.cancel()  # as a Ctrl-C cancels every task
        await gate.close()

    asyncio.run(go())
    assert _rows(ledger, "SELECT case_no FROM outputs ORDER BY 1") == [(1,), (2,)]
    assert _rows(ledger, "SELECT count(*) FROM receipts") == [(2,)]
    assert _rows(ledger, "SELECT count(*) FROM intents")[0][0] in (4, 5)


def test_every_attempt_adds_to_what_an_output_cost(desk):
    """A fault that may have cost 0.3 and an answer at 0.1: the output cost at most 0.4."""
    ledger, planned, make = desk

    async def go() -> None:
        gate = make()
        first = await gate.intend(planned[0], 1, 0.3)
        gate.settle(first, Reply(None, "HTTP 500", 0.0, fault=True), Cost(0.0, 0.3))
        second = await gate.intend(planned[0], 2, 0.3)
        gate.settle(second, YES, Cost(0.1, 0.1))
        gate.answer(planned[0], YES)
        await gate.close()

    asyncio.run(go())
    assert _rows(ledger, "SELECT cost_usd FROM outputs") == [(pytest.approx(0.4),)]
    assert _rows(ledger, "SELECT state, reason FROM receipts ORDER BY call_no") == [
        (2, "HTTP 500"),
        (1, None),
    ]


def test_a_key_is_hidden_on_its_way_in(desk):
    """In a text, a reason and steps: only its mark is in the file."""
    ledger, planned, make = desk
    secrets = Secrets()
    secrets.remember("a-key-of-letters")
    reply = Reply(json.dumps("a-key-of-letters"), None, 0.1, steps='["a-key-of-letters"]')

    async def go() -> None:
        gate = make(secrets=secrets)
        call = await gate.intend(planned[0], 1, 0.0)
        gate.settle(call, Reply(None, "HTTP 400: a-key-of-letters", 0.1), Cost(0.0, 0.0))
        gate.answer(planned[0], reply)
        await gate.close()

    asyncio.run(go())
    assert b"a-key-of" not in ledger.read_bytes()
    assert _rows(ledger, "SELECT text FROM texts") == [('"[redacted]"',)]


def test_those_who_watch_are_told_of_outputs_only_once_they_are_written(desk):
    """Ten answers: each is in the ledger when it is told of."""
    ledger, planned, make = desk
    told: list[tuple[int, int]] = []

    def hear(answers: list) -> None:
        told.append((len(answers), _rows(ledger, "SELECT count(*) FROM outputs")[0][0]))

    async def go() -> None:
        gate = make(told=hear)
        for each in planned:
            call = await gate.intend(each, 1, 0.0)
            gate.settle(call, YES, Cost(0.0, 0.0))
            gate.answer(each, YES)
        gate.wake.set()
        await asyncio.sleep(0.1)
        await gate.close()

    asyncio.run(go())
    so_far = 0
    for n, written in told:
        so_far += n
        assert written == so_far


def test_an_intent_that_waited_through_a_commit_waits_no_further(desk, monkeypatch):
    """Gathering takes 0.6 s, and the commit before took as long: the second intent goes with the next commit at once."""
    _, planned, make = desk
    monkeypatch.setattr(gates, "GATHER_S", 0.6)
    plain = LedgerGate._write_down

    def slow(self: LedgerGate, batch: gates.Batch) -> None:
        if not commits:
            commits.append(1)
            time.sleep(0.7)
        plain(self, batch)

    commits: list[int] = []
    took: list[float] = []
    monkeypatch.setattr(LedgerGate, "_write_down", slow)

    async def go() -> None:
        gate = make(at_once=100)
        first = asyncio.create_task(gate.intend(planned[0], 1, 0.1))
        await asyncio.sleep(0.65)  # the first is being committed by now
        began = time.monotonic()
        second = asyncio.create_task(gate.intend(planned[1], 1, 0.1))
        await first
        took.append(time.monotonic() - began)
        await second
        took.append(time.monotonic() - began - took[0])
        await gate.close()

    asyncio.run(go())
    assert took[0] > 0.5
    assert took[1] < 0.4


def test_the_journal_that_stays_behind_is_small_and_rolls_nothing_back(desk):
    """Megabytes in one commit: what stays beside the ledger is at most 512 KiB, and another process reads all of it."""
    ledger, _, _ = desk

    with sqlite3.connect(
        ledger
    ) as connection:  # rows to overwrite, so that the journal must keep their pages
        connection.executemany(
            "INSERT INTO journal VALUES (?,'','',?,'',?)",
            [(n, "x" * 4000, str(n)) for n in range(1000, 2000)],
        )
    engine = open_ledger(ledger)
    with engine.write() as connection:
        connection.exec_driver_sql("UPDATE journal SET body = replace(body, 'x', 'y') WHERE seq >= 1000")
    left = ledger.with_name("ledger.db-journal").stat().st_size

    assert left <= 512 * 1024
    assert _rows(ledger, "SELECT count(*) FROM journal WHERE body LIKE 'yyy%'") == [(1000,)]
    engine.close()
