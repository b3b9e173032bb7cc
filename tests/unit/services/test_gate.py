"""The gate: nothing is sent before its intent is on the disk, and what came back is written, also when all ends badly.

Each is tried with both hands: one that writes into the ledger, and one that appends to the call log first.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from tests.journeys.remote import http, launch

from shipworthy.domain.errors import Unavailable
from shipworthy.runners.budget import Cost
from shipworthy.runners.interface import Reply
from shipworthy.runners.secrets import Secrets
from shipworthy.services.gate import LedgerGate
from shipworthy.services.hands import InThread
from shipworthy.services.logged import Logged
from shipworthy.services.opened import opened
from shipworthy.services.waiting import Planned
from shipworthy.store import scribe
from shipworthy.store.call_log import CallLog, decode, left_in
from shipworthy.store.ledger import open_ledger
from shipworthy.store.runs import variant_number
from shipworthy.store.writing import Writing

YES = Reply('"yes"', None, 0.1)


class Desk:
    """A launch of ten cases, what to ask of each, and gates to its ledger."""

    def __init__(self, found, kind: str) -> None:
        self.ledger, self.kind = found.ledger, kind
        self.file = found.layout.ledger
        self.log = self.file.with_name("calls.log")
        with found.ledger.write() as connection:
            self.number = variant_number(connection, "f", "state")
        self.planned = [Planned(f"c{i}", 1, f"c{i}", 0, i + 1, False) for i in range(10)]
        self.logged = Logged(found.ledger) if kind == "log" else None

    def gate(self, **more) -> LedgerGate:
        """Return a gate; what stands behind it begins now, so that it has what a test has put in place."""
        writing = Writing("f", self.number, "state", 1)
        hand = self.logged.lend(writing, "run") if self.logged else InThread(self.ledger, writing, "run")
        about = {"durable": True, "priced": True, "secrets": Secrets(), "told": lambda _: None}
        return LedgerGate(hand, **{**about, **more})

    def rows(self, query: str) -> list[tuple]:
        """Return rows of the ledger."""
        with contextlib.closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchall()

    def crash(self, copy: Path) -> None:
        """Go on with the files as a crash at this moment would leave them."""
        shutil.copytree(self.file.parent, copy)
        self.file = copy / self.file.name
        open_ledger(self.file).close()

    def durable(self, table: str) -> int:
        """Count rows that a crash would leave: in the ledger, or in the log and not taken yet."""
        with self.logged.at_log if self.logged else contextlib.nullcontext():
            left = (
                left_in(self.log)[1] if self.log.exists() else []
            )  # first: entries go from here into the ledger
        with contextlib.closing(sqlite3.connect(self.file, timeout=60)) as connection:
            connection.execute("BEGIN")
            taken = connection.execute("PRAGMA user_version").fetchone()[0]
            there = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        column = {"intents": "begun", "receipts": "ended", "outputs": "outputs"}[table]
        return there + sum(len(getattr(decode(body), column)) for place, body in left if place > taken)


@pytest.fixture(params=["ledger", "log"])
def desk(tmp_path, request):
    """A desk with one of the two hands."""
    folder = launch(tmp_path / "l", {"f": http("http://127.0.0.1:1")})
    with opened(folder) as found:
        made = Desk(found, request.param)
        yield made
        if made.logged:
            made.logged.end()


def test_an_intent_is_on_the_disk_before_its_call_may_be_sent(desk, tmp_path):
    """`intend` comes back, and all ends that moment: the intent is there, with what was reserved, and no receipt."""

    async def go() -> None:
        gate = desk.gate()
        await gate.intend(desk.planned[0], 1, 0.25)
        desk.crash(tmp_path / "crashed")
        gate.close()

    asyncio.run(go())
    assert desk.rows("SELECT no, case_no, attempt, worst FROM intents") == [(1, 1, 1, 0.25)]
    assert desk.rows("SELECT count(*) FROM receipts") == [(0,)]


def test_an_output_is_never_without_its_receipt(desk):
    """Whatever is in the ledger, an answered call's receipt and its output came together."""

    async def go() -> None:
        gate = desk.gate()
        for each in desk.planned:
            call = await gate.intend(each, 1, 0.25)
            gate.settle(call, YES, Cost(0.1, 0.2))
            gate.answer(each, YES)
            assert desk.rows("SELECT (SELECT count(*) FROM receipts) - count(*) FROM outputs") == [(0,)]
        gate.close()

    asyncio.run(go())
    assert desk.rows("SELECT count(*), sum(cost_usd) FROM outputs") == [(10, pytest.approx(2.0))]
    assert desk.rows("SELECT sum(cost_low), sum(cost_high) FROM receipts") == [
        (pytest.approx(1), pytest.approx(2))
    ]


def test_a_write_that_fails_lets_nobody_through(desk, monkeypatch):
    """Three calls wait for one write, and it fails: none of them may be sent, nor any later one, and nothing is there."""

    def full(*_given: object) -> None:
        raise Unavailable("the ledger could not be used: no space left", remedy="free some space")

    monkeypatch.setattr(scribe, "write_calls", full)
    monkeypatch.setattr(CallLog, "append", full)

    async def go() -> list[object]:
        gate = desk.gate()
        found = await asyncio.gather(
            *(gate.intend(each, 1, 0.1) for each in desk.planned[:3]), return_exceptions=True
        )
        with pytest.raises(Unavailable, match="no space left"):
            await gate.intend(desk.planned[3], 1, 0.1)
        with pytest.raises(Unavailable, match="no space left"):
            gate.close()
        return found

    assert [str(each) for each in asyncio.run(go())] == ["the ledger could not be used: no space left"] * 3
    assert desk.rows("SELECT (SELECT count(*) FROM intents) + count(*) FROM runs") == [(0,)]


@pytest.mark.parametrize("desk", ["ledger"], indirect=True)
def test_a_ledger_that_another_holds_for_too_long_says_so(desk):
    """Another process holds the ledger for too long: the error is of the family, with the remedy."""
    holder = sqlite3.connect(desk.file)
    holder.execute("BEGIN IMMEDIATE")

    async def go() -> None:
        gate = desk.gate()
        with desk.ledger.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        with pytest.raises(Unavailable, match="locked"):
            await gate.intend(desk.planned[0], 1, 0.1)
        with pytest.raises(Unavailable):
            gate.close()

    try:
        asyncio.run(go())
    finally:
        holder.close()


@pytest.mark.parametrize("desk", ["log"], indirect=True)
def test_a_log_that_cannot_begin_says_why_and_leaves_nothing_running(desk):
    """Another connection holds the ledger when a run begins: the error is of the family, and the end is quiet."""
    with contextlib.closing(sqlite3.connect(desk.file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with desk.ledger.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        with pytest.raises(Unavailable, match="locked"):
            desk.logged.lend(Writing("f", desk.number, "state", 1), "run")

    desk.logged.end()
    assert desk.logged.log is None


@pytest.mark.parametrize("desk", ["log"], indirect=True)
def test_a_ledger_that_another_holds_does_not_hold_up_calls(desk):
    """Another connection writes for as long as five calls take: they go on, and are in the ledger after it."""

    async def go() -> None:
        gate = desk.gate()
        with sqlite3.connect(desk.file, isolation_level=None, check_same_thread=False) as holder:
            holder.execute("BEGIN IMMEDIATE")
            for each in desk.planned[:5]:
                async with asyncio.timeout(5):
                    gate.settle(await gate.intend(each, 1, 0.1), YES, Cost(0.1, 0.1))
            assert desk.durable("intents") == 5
            threading.Timer(0.2, holder.execute, ("COMMIT",)).start()
            gate.close()

    asyncio.run(go())
    assert desk.rows("SELECT count(*) FROM receipts") == [(5,)]


@pytest.mark.parametrize("pause_s", [0.0, 0.002, 0.005, 0.02])
def test_an_interruption_keeps_what_came_back(desk, pause_s):
    """Everything is cancelled a moment after an answer came, in the middle of a write or between two: it is kept, once."""

    async def go() -> None:
        gate = desk.gate()
        calls = await asyncio.gather(*(gate.intend(each, 1, 0.1) for each in desk.planned[:4]))
        for each, call in zip(desk.planned[:2], calls, strict=False):
            gate.settle(call, YES, Cost(0.1, 0.1))
            gate.answer(each, YES)
        late = asyncio.create_task(gate.intend(desk.planned[5], 1, 0.1))
        await asyncio.sleep(pause_s)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:  # as a Ctrl-C cancels every task
            task.cancel()
        gate.close()
        with contextlib.suppress(asyncio.CancelledError):  # unless it was let through before
            await late

    asyncio.run(go())
    assert desk.rows("SELECT case_no FROM outputs ORDER BY 1") == [(1,), (2,)]
    assert desk.rows("SELECT count(*) FROM receipts") == [(2,)]
    assert desk.rows("SELECT count(*) FROM intents")[0][0] in (4, 5)


def test_what_is_on_its_way_when_the_gate_closes_is_told_once(desk):
    """An answer is being written when the gate is closed, and the event loop goes on: whoever counts hears of it once."""
    told = []

    async def go() -> None:
        gate = desk.gate(told=lambda answers: told.extend(asked.case for asked, _, _ in answers))
        gate.settle(await gate.intend(desk.planned[0], 1, 0.1), YES, Cost(0.1, 0.1))
        gate.answer(desk.planned[0], YES)
        while gate.out is None or not gate.out.answers:  # noqa: ASYNC110 - no event says that it is on its way
            await asyncio.sleep(0)
        gate.close()
        await asyncio.sleep(0.1)

    asyncio.run(go())
    assert told == ["c0"]


def test_an_interruption_while_something_is_handed_over_loses_none_of_it(desk, monkeypatch):
    """Ctrl+C between a receipt and its way to the disk: the gate closes, and receipt and output are in the ledger."""

    def interrupted(*_: object) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    async def go() -> None:
        gates.append(desk.gate())
        call = await gates[0].intend(desk.planned[0], 1, 0.1)
        monkeypatch.setattr(
            "shipworthy.services.logged.Said" if desk.logged else "shipworthy.services.hands.InThread.write",
            interrupted,
        )
        gates[0].settle(call, YES, Cost(0.1, 0.1))
        gates[0].answer(desk.planned[0], YES)
        try:
            await asyncio.sleep(5)
        finally:
            gates[0].close()

    gates: list[LedgerGate] = []
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(go())
    assert desk.rows("SELECT count(*) FROM receipts") == [(1,)]
    assert desk.rows("SELECT count(*) FROM outputs") == [(1,)]


def test_a_call_goes_on_although_whoever_is_told_of_answers_has_trouble(desk):
    """A closed pipe where answers are shown, and a call that came while they were being written: it is let through."""

    def closed(_answers: object) -> None:
        raise BrokenPipeError

    async def go() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        gate = desk.gate(told=closed)
        gate.answer(desk.planned[0], YES)
        while gate.out is None:  # noqa: ASYNC110 - no event says that it is on its way
            await asyncio.sleep(0)
        await asyncio.wait_for(gate.intend(desk.planned[1], 1, 0.1), 5)

    asyncio.run(go())


def test_a_receipt_after_which_nothing_comes_is_written_soon(desk):
    """The last call of a worker: its receipt and its output are durable without another intent, and without a close."""

    async def go() -> None:
        gate = desk.gate()
        gate.settle(await gate.intend(desk.planned[0], 1, 0.1), YES, Cost(0.1, 0.1))
        gate.answer(desk.planned[0], YES)
        async with asyncio.timeout(5):
            while not (desk.durable("receipts") and desk.durable("outputs")):  # noqa: ASYNC110 - no event says so
                await asyncio.sleep(0.005)
        gate.close()

    asyncio.run(go())


@pytest.mark.parametrize("log_bytes", [1000, 10**9])
def test_what_was_let_through_is_durable_at_every_moment(desk, monkeypatch, log_bytes):
    """The ledger is filled and the log emptied every 20 ms, and at each of 320 calls of eight workers all that were let
    through before are in one of the two; so too where the log is always too large.
    """
    monkeypatch.setattr("shipworthy.services.logged.LOT_S", 0.02)
    monkeypatch.setattr("shipworthy.services.logged.LOG_BYTES", log_bytes)
    passed = []

    async def work(gate: LedgerGate, worker: int) -> None:
        for n in range(40):
            await gate.intend(Planned("c0", 1, "c0", 0, 100 * worker + n, False), 1, 0.0)
            passed.append(1)
            assert desk.durable("intents") >= len(passed)

    async def go() -> None:
        gate = desk.gate()
        await asyncio.gather(*(work(gate, worker) for worker in range(8)))
        gate.close()

    asyncio.run(go())
    assert desk.rows("SELECT count(*) FROM intents") == [(320,)]


def test_calls_that_are_free_do_not_wait(desk, monkeypatch):
    """Nobody writes at all, and two thousand intents come back; at the end all are there."""
    monkeypatch.setattr("shipworthy.services.gate.LAZY_S", 600.0)

    async def go() -> None:
        gate = desk.gate(durable=False, priced=False)
        for n in range(2000):
            each = Planned("c0", 1, "c0", 0, n + 1, False)
            gate.settle(await gate.intend(each, 1, 0.0), YES, Cost(0.0, 0.0))
        gate.close()

    asyncio.run(go())
    assert desk.rows("SELECT count(*), max(call_no) FROM receipts") == [(2000, 2000)]


def test_every_attempt_adds_to_what_an_output_cost(desk):
    """A fault that may have cost 0.3 and an answer at 0.1: the output cost at most 0.4."""

    async def go() -> None:
        gate, asked = desk.gate(), desk.planned[0]
        first = await gate.intend(asked, 1, 0.3)
        gate.settle(first, Reply(None, "HTTP 500", 0.0, fault=True), Cost(0.0, 0.3))
        second = await gate.intend(asked, 2, 0.3)
        gate.settle(second, YES, Cost(0.1, 0.1))
        gate.answer(asked, YES)
        gate.close()

    asyncio.run(go())
    assert desk.rows("SELECT cost_usd FROM outputs") == [(pytest.approx(0.4),)]
    assert desk.rows("SELECT state, reason FROM receipts ORDER BY call_no") == [(2, "HTTP 500"), (1, None)]


def test_a_key_is_hidden_on_its_way_in(desk):
    """In a text, a reason and steps: only its mark is in the files, those that a crash leaves too."""
    secrets = Secrets()
    secrets.remember("a-key-of-letters")
    reply = Reply(json.dumps("a-key-of-letters"), None, 0.1, steps='["a-key-of-letters"]')
    seen = []

    async def go() -> None:
        gate, asked = desk.gate(secrets=secrets), desk.planned[0]
        call = await gate.intend(asked, 1, 0.0)
        gate.settle(call, Reply(None, "HTTP 400: a-key-of-letters", 0.1), Cost(0.0, 0.0))
        gate.answer(asked, reply)
        await gate.intend(desk.planned[1], 1, 0.0)  # what came before is durable now
        seen.extend(path.read_bytes() for path in desk.file.parent.iterdir())
        gate.close()

    asyncio.run(go())
    assert not any(b"a-key-of" in held for held in (*seen, desk.file.read_bytes()))
    assert desk.rows("SELECT text FROM texts") == [('"[redacted]"',)]


def test_those_who_watch_are_told_of_outputs_only_once_they_are_durable(desk):
    """Ten answers: a crash at the moment at which one is told of would leave it."""
    told: list[tuple[int, int]] = []

    def hear(answers: list) -> None:
        told.append((len(answers), desk.durable("outputs")))

    async def go() -> None:
        gate = desk.gate(told=hear)
        for each in desk.planned:
            gate.settle(await gate.intend(each, 1, 0.0), YES, Cost(0.0, 0.0))
            gate.answer(each, YES)
        gate.close()

    asyncio.run(go())
    so_far = 0
    for n, written in told:
        so_far += n
        assert written >= so_far
    assert so_far == 10


def test_what_comes_during_a_write_goes_with_the_next(desk):
    """One write is on its way and nine intents come: they are let through together, by one further write."""
    writes = []

    async def go() -> None:
        gate = desk.gate()
        plain = gate.hand.write
        gate.hand.write = lambda batch, told: (writes.append(len(batch.begun)), plain(batch, told))
        first = asyncio.create_task(gate.intend(desk.planned[0], 1, 0.1))
        await asyncio.sleep(0)  # it asks to be written
        await asyncio.sleep(0)  # it is being written
        await asyncio.gather(first, *(gate.intend(each, 1, 0.1) for each in desk.planned[1:]))
        del gate.hand.write
        gate.close()

    asyncio.run(go())
    assert writes == [1, 9]


def test_the_journal_that_stays_behind_is_small_and_rolls_nothing_back(tmp_path):
    """Megabytes in one commit: what stays beside the ledger is at most 512 KiB, and another process reads all of it."""
    folder = launch(tmp_path / "l", {"f": http("http://127.0.0.1:1")})
    with opened(folder) as found:
        ledger = found.layout.ledger
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
    with sqlite3.connect(ledger) as connection:
        assert connection.execute("SELECT count(*) FROM journal WHERE body LIKE 'yyy%'").fetchone() == (1000,)
    engine.close()
