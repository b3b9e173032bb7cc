"""Kill -9 at random points of a run over HTTP: the account holds the server's bill, and no settled call is made twice."""

from __future__ import annotations

import random
import signal
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.journeys.remote import account, http, launch, rows
from tests.program import Program
from tests.server import Back, Call, Server, drawn, said, serving

AT_ONCE = 6
CASES, REPEATS = 50, 2
PRICES = {"mock": {"call": 0.001}}


@dataclass
class Watched:
    """A server that says when the next so many calls have come."""

    after: int = 0
    came: threading.Event = field(default_factory=threading.Event)

    def answer(self, call: Call) -> Back:
        """Answer after 10 to 30 ms; one in eight first attempts fails, charged or not."""
        self.after -= 1
        if self.after == 0:
            self.came.set()
        at = drawn(1, f"{call.case}/{call.repeat}", min(call.attempt, 3))
        after_s = 0.01 + 0.02 * drawn(2, call.case, call.repeat)
        if call.attempt <= 2 and at < 0.12:
            return Back(
                b"", status=500 if at < 0.06 else 429, cost=0.001 if at < 0.06 else 0.0, after_s=after_s
            )
        return Back(
            said(call.body["q"] if drawn(3, call.case, call.repeat) < 0.95 else "wrong"), after_s=after_s
        )


def _folder(path: Path, server: Server, ship: Program) -> Path:
    api = {
        **http(server.url),
        "repeats": REPEATS,
        "price": "mock",
        "limits": {"at_once": AT_ONCE, "timeout_s": 10},
    }
    cases = [{"id": f"c{i}", "input": f"c{i}", "part": "holdout"} for i in range(CASES)]
    made = launch(path, {"api": api}, cases=cases, prices=PRICES)
    assert ship("lock", made).code == 0
    return made


def _killed(ship: Program, made: Path, watched: Watched, draw: random.Random) -> bool:
    """Run, and kill after a number of calls and a moment, or after a while; say whether it was still at work."""
    watched.came.clear()
    watched.after = draw.randint(1, 30) if draw.random() < 0.85 else -1
    process = ship.start("run", made, "--trust")
    if watched.after > 0:
        watched.came.wait(2)
        time.sleep(draw.uniform(0.0, 0.04))
    else:
        time.sleep(draw.uniform(0.0, 0.6))
    process.kill()
    return process.wait() == -signal.SIGKILL


def _settled(made: Path) -> set[tuple[str, int]]:
    query = "SELECT c.key, o.repeat FROM outputs o JOIN cases c ON c.no = o.case_no"
    return {(case, repeat) for case, repeat in rows(made, query)}


def _kill_runs(ship: Program, tmp_path: Path, *, launches: int, kills: int, seed: int) -> tuple[int, int]:
    """Kill runs of several launches; return how many kills hit one at work, and how many calls are in doubt."""
    watched, draw = Watched(), random.Random(seed)
    hits = doubts = 0
    with serving(watched.answer, tmp_path / "bill.jsonl") as server:
        whole = _folder(tmp_path / "whole", server, ship)
        assert ship("run", whole, "--trust").code == 0
        expected = ship("decide", whole, "--format", "json", "--canonical")
        assert '"verdict":' in expected.out
        for number in range(launches):
            server.attempts.clear()
            begun, first_call, at_work = server.charged, len(server.calls), 0
            made = _folder(tmp_path / f"killed-{number}", server, ship)
            settled: dict[tuple[str, int], int] = {}
            for _ in range(kills):
                at_work += _killed(ship, made, watched, draw)
                time.sleep(0.05)  # what the dead client had sent has been read by now
                doubt, low, high = account(made)
                assert low - 1e-9 <= server.charged - begun <= high + 1e-9
                assert doubt <= AT_ONCE * at_work
                for each in _settled(made):
                    settled.setdefault(each, len(server.calls))
            done = ship("run", made, "--trust")
            assert done.code == 0, done.err
            doubt, low, high = account(made)
            assert low - 1e-9 <= server.charged - begun <= high + 1e-9
            again = [
                (call.case, call.repeat)
                for n, call in enumerate(server.calls[first_call:], start=first_call)
                if n >= settled.get((call.case, call.repeat), n + 1)
            ]
            assert again == []
            assert len(_settled(made)) == CASES * REPEATS
            assert ship("decide", made, "--format", "json", "--canonical").out == expected.out
            hits, doubts = hits + at_work, doubts + doubt
        assert ship("verify", made).code == 0
    assert hits >= launches * kills // 2  # otherwise the kills missed what they are for
    print(f"{launches * kills} kills, {hits} at work, {doubts} calls in doubt, seed {seed}")  # noqa: T201 - the campaign's figures
    return hits, doubts


def test_a_run_killed_three_times_keeps_its_account(program, tmp_path):
    """Three kills of one launch: the bill lies inside the account, and the verdict is the same bytes."""
    _kill_runs(program, tmp_path, launches=1, kills=3, seed=1)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", [11, 12])
def test_runs_killed_a_hundred_times_keep_their_accounts(program, tmp_path, seed):
    """Ten launches of a hundred calls, each killed ten times at random points."""
    _kill_runs(program, tmp_path, launches=10, kills=10, seed=seed)
