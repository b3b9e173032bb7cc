"""Kill -9 at any moment of an import or a run: nothing acknowledged is lost, and the verdict is the same bytes."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.program import Program

from shipworthy.store.ledger import open_ledger

ROWS = 30_000
LAUNCH = """
title: Killed
candidate: new
variants:
  new: {recorded: true}
slices:
  topic: {by: topic, shares: {a: 0.5, b: 0.5}, scope: true}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  scorer: {recorded: passed}
- id: quick
  kind: guardrail
  estimand: quantile
  of: latency_s
  quantile: 0.95
  bar: {at_most: 1.0, why: agents said so}
"""


def _killed_after(ship: Program, seconds: float, *tokens: object) -> bool:
    """Start a command, kill it without warning after a while; say whether it was still at work."""
    process = ship.start(*tokens)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def _killed_half_way(ship: Program, folder: Path, *tokens: object) -> bool:
    """Start an import, kill it as soon as something of it is acknowledged; say whether it was still at work."""
    process = ship.start(*tokens)
    while process.poll() is None:
        if _rows(folder):
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        time.sleep(0.01)
    return False


def _rows(folder: Path) -> int:
    ledger = folder / ".shipworthy" / "ledger.db"
    if not ledger.exists():
        return 0
    with closing(sqlite3.connect(ledger, timeout=60)) as connection:
        has = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'outputs'").fetchone()
        return connection.execute("SELECT count(*) FROM outputs").fetchone()[0] if has else 0


def _outcomes(path: Path, n: int) -> None:
    draw = random.Random(11)
    with path.open("w") as file:
        file.write("case,topic,passed,latency_s\n")
        for i in range(n):
            file.write(f"c{i:06d},{'ab'[i % 2]},{int(draw.random() < 0.9)},{draw.random():.3f}\n")


def _launch(folder: Path) -> Path:
    folder.mkdir()
    (folder / "launch.yaml").write_text(LAUNCH)
    (folder / "criteria.yaml").write_text(CRITERIA)
    return folder


def _import_and_decide(ship: Program, folder: Path, outcomes: Path) -> str:
    done = ship("import", outcomes, "--launch", folder, "--variant", "new")
    assert done.code == 0, done.err
    return ship("decide", folder, "--format", "json", "--canonical").out


def _kill_imports(ship: Program, tmp_path: Path, *, kills: int, seed: int) -> None:
    outcomes = tmp_path / "outcomes.csv"
    _outcomes(outcomes, ROWS)
    whole = _launch(tmp_path / "whole")
    began = time.monotonic()
    assert ship("import", outcomes, "--launch", whole, "--variant", "new").code == 0
    took = time.monotonic() - began
    expected = _import_and_decide(ship, whole, outcomes)
    assert '"would_be":"ship"' in expected
    draw = random.Random(seed)
    caught_half_way = 0
    for number in range(kills):
        folder = _launch(tmp_path / f"killed-{number}")
        bring = ("import", outcomes, "--launch", folder, "--variant", "new")
        for once in range(2):
            half_way = number % 2 and not once
            if (
                _killed_half_way(ship, folder, *bring)
                if half_way
                else _killed_after(ship, draw.uniform(0.0, took), *bring)
            ):
                acknowledged = _rows(folder)
                caught_half_way += 0 < acknowledged < ROWS
        assert _import_and_decide(ship, folder, outcomes) == expected
        assert _rows(folder) == ROWS
        assert ship("verify", folder).code == 0
    assert caught_half_way > 0  # otherwise the kills missed what they are for


@pytest.mark.campaign
def test_an_import_killed_at_any_moment_ends_in_the_same_verdict_byte_for_byte(program, tmp_path):
    """Whatever was written before the kill is kept, and the second import finishes the rest."""
    _kill_imports(program, tmp_path, kills=2, seed=1)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", [2, 12, 22, 32])
def test_imports_killed_at_forty_moments_end_in_the_same_verdict(program, tmp_path, seed):
    """The same at many more moments: four times ten launches."""
    _kill_imports(program, tmp_path, kills=10, seed=seed)


AIRLINE = """
title: Airline agent
candidate: gpt-4o
variants:
  gpt-4o: {recorded: true, repeats: 4}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
SOLVED = """
- id: solved
  bar: {at_least: 0.3, why: agents said so}
  scorer: {recorded: reward}
"""


def _locked_airline(ship: Program, folder: Path, log: Path) -> Path:
    folder.mkdir()
    (folder / "launch.yaml").write_text(AIRLINE)
    (folder / "criteria.yaml").write_text(SOLVED)
    assert ship("import", log, "--launch", folder, "--cases", "--part", "holdout").code == 0
    assert ship("lock", folder).code == 0
    return folder


@pytest.mark.campaign
def test_a_locked_launch_on_real_outcomes_gives_the_same_verdict_after_kills(program, shared, tmp_path):
    """tau-bench's airline agent, imported under a lock, killed at six moments and imported again."""
    log = shared / "data/import-fixtures/inspect-replay/tau-airline-4epochs.eval"
    bring = ("import", log, "--variant", "gpt-4o", "--launch")
    whole = _locked_airline(program, tmp_path / "whole", log)
    began = time.monotonic()
    assert program(*bring, whole).code == 0
    took = time.monotonic() - began
    expected = program("decide", whole, "--canonical")
    assert expected.code == 0
    killed = _locked_airline(program, tmp_path / "killed", log)

    for number in range(6):
        _killed_after(program, took * (0.05 + number / 6), *bring, killed)
    assert program(*bring, killed).code == 0

    again = program("decide", killed, "--canonical")
    assert (again.out, again.code) == (expected.out, 0)
    assert program("verify", killed).code == 0


FEATURE = """
import pathlib, time
CALLS = pathlib.Path(__file__).with_name(".calls")
def answer(given):
    time.sleep(0.002)
    with CALLS.open("a") as file:
        file.write(f"{given}\\n")
    return given % 10 != 3
"""
RUN_LAUNCH = """
title: Killed run
candidate: new
variants:
  new: {python: "feature:answer"}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
RUN_CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  scorer: {check: right}
"""


def _run_folder(ship: Program, folder: Path) -> Path:
    folder.mkdir()
    (folder / "launch.yaml").write_text(RUN_LAUNCH)
    (folder / "criteria.yaml").write_text(RUN_CRITERIA)
    (folder / "feature.py").write_text(FEATURE)
    (folder / "scorers.py").write_text("def right(given, expected, output):\n    return output is True\n")
    (folder / "evalset").mkdir()
    lines = [f'{{"id": "c{i}", "input": {i}, "part": "holdout"}}\n' for i in range(600)]
    (folder / "evalset" / "cases.jsonl").write_text("".join(lines))
    assert ship("lock", folder).code == 0
    return folder


def _kill_runs(ship: Program, tmp_path: Path, *, kills: int, seed: int) -> None:
    whole = _run_folder(ship, tmp_path / "whole")
    began = time.monotonic()
    assert ship("run", whole, "--trust").code == 0
    took = time.monotonic() - began
    expected = ship("decide", whole, "--format", "json", "--canonical").out
    assert '"verdict":"ship"' in expected
    draw = random.Random(seed)
    for number in range(kills):
        folder = _run_folder(ship, tmp_path / f"killed-{number}")
        again = 0
        for _ in range(2):
            if _killed_after(ship, draw.uniform(0.05, took), "run", folder, "--trust"):
                calls = folder / ".calls"
                asked = len(calls.read_text().splitlines()) if calls.exists() else 0
                if (folder / ".shipworthy" / "ledger.db").exists():
                    open_ledger(folder / ".shipworthy" / "ledger.db").close()  # takes in what the log has
                again = asked - _rows(folder)  # answered, and not yet acknowledged: to be asked again
        assert ship("run", folder, "--trust").code == 0
        assert len((folder / ".calls").read_text().splitlines()) == 600 + again
        assert ship("decide", folder, "--format", "json", "--canonical").out == expected
        assert ship("verify", folder).code == 0


def test_a_run_killed_at_any_moment_asks_again_only_what_was_not_acknowledged(program, tmp_path):
    """The answers in the ledger are never asked for twice, and the verdict is the same bytes."""
    _kill_runs(program, tmp_path, kills=1, seed=3)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", [4, 14, 24])
def test_runs_killed_at_thirty_moments_ask_again_only_what_was_not_acknowledged(program, tmp_path, seed):
    """The same at many more moments: three times ten launches."""
    _kill_runs(program, tmp_path, kills=10, seed=seed)
