"""Two processes at one ledger: nothing is lost, nothing is counted twice, the chain stays whole."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

from tests.program import Program, Running

LAUNCH = """
title: Two at once
candidate: one
variants:
  one: {recorded: true}
  two: {recorded: true}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8}
  scorer: {recorded: passed}
"""


def _start(program: Program, *tokens: object) -> Running:
    return program.start(*tokens, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _counts(launch: Path) -> tuple[int, int, int]:
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as connection:
        return tuple(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("outputs", "scores", "closings")
        )


def test_two_imports_at_once_both_arrive_whole(folder, tmp_path, program, ship):
    """Different files into one ledger, started together: every row of both is there once."""
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA)
    (launch / "evalset").mkdir()
    (launch / "evalset/cases.jsonl").write_text("".join(f'{{"id": "c{i}"}}\n' for i in range(20_000)))
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text("case,passed\n" + "".join(f"c{i},1\n" for i in range(20_000)))

    started = [
        _start(program, "import", tmp_path / f"{n}.csv", "--launch", launch, "--variant", n)
        for n in ("one", "two")
    ]
    said = [process.communicate(timeout=120) for process in started]

    assert [process.returncode for process in started] == [0, 0], said
    assert _counts(launch) == (40_000, 40_000, 2)
    assert ship("verify", launch).code == 0


def test_the_same_import_twice_at_once_is_counted_once(folder, tmp_path, program, ship):
    """Two people import the same file at the same moment: one of them may be told to try again, and no row doubles."""
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA)
    (launch / "evalset").mkdir()
    (launch / "evalset/cases.jsonl").write_text("".join(f'{{"id": "c{i}"}}\n' for i in range(20_000)))
    (tmp_path / "one.csv").write_text("case,passed\n" + "".join(f"c{i},1\n" for i in range(20_000)))

    started = [
        _start(program, "import", tmp_path / "one.csv", "--launch", launch, "--variant", "one")
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in started]

    assert {process.returncode for process in started} <= {0, 3}, said
    assert 0 in {process.returncode for process in started}
    assert all("Traceback" not in err for _, err in said)
    assert _counts(launch) == (20_000, 20_000, 1)
    assert ship("verify", launch).code == 0
    assert ship("decide", launch).code == 11
