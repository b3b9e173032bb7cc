"""How a run over HTTP ends: what is said of sealed outputs, what an interruption and a full disk leave behind."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.journeys.remote import account, http, launch, outputs, rows
from tests.server import Back, Call, said

from shipworthy.store.call_log import CallLog, Entry, encode, new_state, packed
from shipworthy.store.ledger import open_ledger

MOCK = {"mock": {"call": 0.001}}


def test_how_sealed_outputs_turn_out_is_not_said_anywhere(serve, ship, tmp_path):
    """Forty sealed cases of which thirteen fail in four ways: stdout, stderr and events do not depend on them."""

    def good(call: Call) -> Back:
        return Back(said(call.body["q"]), after_s=0.01)

    def bad(call: Call) -> Back:
        n = int(call.case[1:])
        ways = (Back(b"", status=400), Back(b"", status=500), Back(said("x"), cut=5), Back({"x": 1}))
        return (
            Back(ways[n // 3 % 4].body, status=ways[n // 3 % 4].status, cut=ways[n // 3 % 4].cut)
            if n % 3 == 0
            else good(call)
        )

    heard = []
    cases = [{"id": f"c{i}", "input": f"c{i}", "part": "holdout" if i < 40 else "explore"} for i in range(41)]
    for name, answering in (("good", good), ("bad", bad)):
        api = {**http(serve(answering).url), "price": "mock", "limits": {"attempts": 1, "at_once": 1}}
        made = launch(tmp_path / name, {"api": api}, cases=cases, prices=MOCK)
        assert ship("lock", made).code == 0
        ran = ship("run", made, "--trust", "--events")
        assert ran.code == 0, ran.err
        assert "40 outputs of sealed cases recorded" in ran.out
        events = [json.loads(line) for line in ran.err.splitlines()]
        shown = [e for e in events if e["event"] == "progress"]
        assert shown[-1]["done"] == 41
        told = [line for line in ran.out.splitlines() if "ms late" not in line]
        calls = ship("calls", made)
        assert " sealed " in calls.out
        told += [*calls.out.splitlines(), ship("calls", made, "--format", "json").out]
        heard.append((told, {e.get("no_answer") for e in shown}))
    assert heard[0] == heard[1]


def test_an_interrupted_run_keeps_what_came_back(serve, program, tmp_path):
    """Ctrl-C in the middle: exit code 130, every answer that was given is in the ledger, and only the rest is asked again."""
    server = serve(lambda call: Back(said(call.body["q"]), after_s=0.05))
    made = launch(
        tmp_path / "l",
        {"api": {**http(server.url), "price": "mock", "limits": {"at_once": 4}}},
        cases=200,
        prices=MOCK,
    )
    first = program.start("run", made, "--trust", stderr=subprocess.PIPE)
    while len(server.billed) < 40:
        time.sleep(0.01)
    first.send_signal(signal.SIGINT)
    _, err = first.communicate(timeout=30)
    asked = len(server.calls)

    assert first.returncode == 130
    assert "Traceback" not in err
    assert "stopped: what was acknowledged is kept" in err
    doubt, low, high = account(made)
    assert doubt <= 4
    assert len(outputs(made)) >= asked - 4
    assert low - 1e-9 <= server.charged <= high + 1e-9
    assert program("run", made, "--trust", timeout=60).code == 0
    assert sum(n - 1 for n in server.asked().values()) <= 4
    assert len(outputs(made)) == 200


def test_a_full_disk_stops_the_run_and_acknowledges_nothing(serve, ship, tmp_path, monkeypatch):
    """The third append fails: exit code 1 with the place, nothing more is sent, and the next go finishes."""
    server = serve(lambda call: Back(said(call.body["q"])))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "limits": {"at_once": 4}}}, cases=100)
    sync, appends = os.fdatasync, []

    def failing(file: int) -> None:
        appends.append(1)
        if len(appends) >= 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(file)

    monkeypatch.setattr(os, "fdatasync", failing)
    ran = ship("run", made, "--trust", "--unpriced")
    monkeypatch.undo()

    assert ran.code == 1
    assert "the ledger could not be used: No space left on device" in ran.err
    assert "calls.log" in ran.err
    assert len(server.calls) <= 8
    kept = len(outputs(made))
    assert ship("run", made, "--trust", "--unpriced").code == 0
    assert len(outputs(made)) == 100
    assert sum(server.asked().values()) <= 100 + 8 - kept
    assert ship("verify", made).code == 0


def test_a_ledger_that_cannot_be_filled_stops_the_run_and_nothing_is_lost(serve, ship, tmp_path, monkeypatch):
    """Appending goes well and filling the ledger does not: exit code 1; what was appended is there for the next go."""
    import sqlalchemy  # noqa: PLC0415 - so that collecting tests stays quick

    from shipworthy.store import scribe  # noqa: PLC0415

    server = serve(lambda call: Back(said(call.body["q"]), after_s=0.02))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "limits": {"at_once": 4}}}, cases=200)

    def failing(*_given: object) -> None:
        raise sqlalchemy.exc.OperationalError("INSERT", {}, OSError("database or disk is full"))

    monkeypatch.setattr(scribe, "write_calls", failing)
    ran = ship("run", made, "--trust", "--unpriced")
    monkeypatch.undo()
    asked = len(server.calls)

    assert ran.code == 1
    assert "the ledger could not be used: database or disk is full" in ran.err
    assert asked < 200
    doubt, _, _ = account(made)
    assert doubt <= 4
    assert asked - 4 <= len(outputs(made)) <= asked
    assert ship("run", made, "--trust", "--unpriced").code == 0
    assert len(outputs(made)) == 200
    assert len(server.calls) <= 204
    assert ship("verify", made).code == 0


@pytest.mark.parametrize("limit", ["--max-cost", "--max-time"])
@pytest.mark.parametrize("command", ["run", "demo-check"])
def test_a_limit_that_is_no_number_is_refused_before_anything_is_sent(serve, ship, tmp_path, command, limit):
    """Nothing is above NaN, so a cap of NaN would be none: usage, and no call."""
    server = serve(lambda call: Back(said(call.case)))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "m"}}, prices={"m": {"call": 1}})

    refused = ship(command, made, "--trust", limit, "nan")

    assert (refused.code, server.calls) == (2, [])
    assert f"{limit} nan" in refused.err


def test_what_a_killed_run_left_counts_against_the_cap_of_the_next(serve, ship, tmp_path, monkeypatch):
    """Four calls in the ledger and three that only the log has, killed after the next run had opened it: one is left."""
    server = serve(lambda call: Back(said(call.body["q"])))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, prices=MOCK)
    assert ship("run", made, "--trust", "--max-cost", "0.004").code == 1
    ledger = open_ledger(made / ".shipworthy/ledger.db")
    name, fingerprint = rows(made, "SELECT name, fingerprint FROM variants")[0]
    numbers = dict(rows(made, "SELECT key, no FROM cases"))
    begun = [(call, numbers[f"c{call - 1}"], 1, 1, 0, 0.001) for call in (5, 6, 7)]
    with ledger.write() as connection:
        log = CallLog(made / ".shipworthy/calls.log")
        log.go_on_from(new_state(connection))
    log.append(packed(1, encode(Entry("run", (name, 1, fingerprint, 1, "run", 0), begun, [], []))))
    log.close()
    ledger.close()
    monkeypatch.setattr("shipworthy.store.ledger.can_hold", lambda: False)  # as if somebody held the launch

    capped = ship("run", made, "--trust", "--max-cost", "0.008")

    assert len(server.billed) == 5
    assert "would pass the cap of 0.008 USD" in capped.err
    assert account(made) == (3, pytest.approx(0.005), pytest.approx(0.008))


def test_a_conversation_that_is_given_up_may_have_cost_all_its_turns(serve, ship, tmp_path):
    """Time is over in the third of four turns, each charged: the bill of three lies in the range that is told."""
    server = serve(lambda call: Back(said(call.body["q"]), after_s=0.05 if len(server.calls) < 3 else 30))
    case = {"id": "m", "input": {"turns": ["a", "b", "c", "d"]}, "part": "explore"}
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, cases=[case], prices=MOCK)

    assert ship("run", made, "--trust", "--max-time", "1").code == 1

    in_doubt, low, high = account(made)
    assert (len(server.billed), in_doubt) == (3, 0)
    assert low <= server.charged <= high == pytest.approx(0.004)


@pytest.mark.parametrize("number", [errno.EROFS, errno.EPERM])
def test_a_launch_that_may_only_be_read_is_verified(serve, ship, tmp_path, monkeypatch, number):
    """A folder mounted without writing, or another person's: its mode cannot be set, and everything can be read."""
    server = serve(lambda call: Back(said(call.body["q"])))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, prices=MOCK)
    assert ship("run", made, "--trust").code == 0

    def refused(path: Path, _mode: int) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "chmod", refused)

    for command in ("verify", "calls", "show"):
        said_of_it = ship(command, made)
        assert said_of_it.code == 0, said_of_it.err
