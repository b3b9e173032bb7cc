"""Import and decide on many outcomes, beside the floor: DuckDB reading and counting the same file.

    python bench/outcomes.py 10000 1000000            # as committed in bench/README.md
    python bench/outcomes.py 10000000                 # by hand: several minutes

Every figure is of a whole process, started fresh: wall seconds, CPU seconds, peak memory. The second import is
into a launch whose eval set is known already, as every import after the first is.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PROGRAM = [sys.executable, "-c", "from shipworthy.cli.main import main; main()"]
FLOOR = """
import duckdb, sys
print(duckdb.sql(f"SELECT topic, passed, count(*) FROM read_csv('{sys.argv[1]}') GROUP BY ALL").fetchall())
"""
LAUNCH = """
title: Benchmark
candidate: new
variants: {new: {recorded: true}, other: {recorded: true}}
slices:
  topic: {by: topic, shares: {a: 0.25, b: 0.25, c: 0.25, d: 0.25}, scope: true}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.9}
  scorer: {recorded: passed}
"""


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    what: str
    wall_s: float
    cpu_s: float
    memory_mb: float
    code: int


def measured(what: str, *command: str) -> Cost:
    """Run a process to its end and say what it took."""
    began = time.perf_counter()
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    environment = dict(os.environ)
    process = os.posix_spawn(command[0], list(command), environment, file_actions=quiet)
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - began
    cpu = used.ru_utime + used.ru_stime
    return Cost(what, wall, cpu, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


def write_outcomes(path: Path, n: int) -> None:
    """Write n made-up outcomes; the seed is fixed, so every run reads the same file."""
    draw = random.Random(1)
    with path.open("w") as file:
        file.write("case,topic,passed,latency_s,cost_usd,output\n")
        for i in range(n):
            passed, seconds, cost = int(draw.random() < 0.93), draw.random(), draw.random() / 100
            file.write(
                f"c{i:08d},{'abcd'[i % 4]},{passed},{seconds:.3f},{cost:.5f},answer number {i} in a few words\n"
            )


def bench(n: int) -> list[Cost]:
    """Measure everything at one size."""
    with tempfile.TemporaryDirectory() as made:
        folder, outcomes = Path(made) / "launch", Path(made) / "outcomes.csv"
        folder.mkdir()
        (folder / "launch.yaml").write_text(LAUNCH)
        (folder / "criteria.yaml").write_text(CRITERIA)
        write_outcomes(outcomes, n)
        bring = (*PROGRAM, "import", str(outcomes), "--launch", str(folder), "--variant")
        measured("start", *PROGRAM, "--version")  # bytecode is written once, before anything is timed
        return [
            measured("floor: DuckDB reads and counts", sys.executable, "-c", FLOOR, str(outcomes)),
            measured("first import (writes the eval set)", *bring, "new"),
            measured("import (eval set known)", *bring, "other"),
            measured("decide", *PROGRAM, "decide", str(folder)),
            measured("check", *PROGRAM, "check", str(folder)),
        ]


def main() -> None:
    """Print one table for each size."""
    for size in [int(word) for word in sys.argv[1:]] or [10_000, 1_000_000]:
        costs = bench(size)
        floor = costs[0]
        print(f"\n{size:,} outcomes\n")
        print("| what | wall s | CPU s | peak MB | outcomes/s | wall, of the floor | exit |")
        print("|---|---|---|---|---|---|---|")
        for cost in costs:
            row = (
                f"{cost.wall_s:.2f}",
                f"{cost.cpu_s:.2f}",
                f"{cost.memory_mb:.0f}",
                f"{size / cost.wall_s:,.0f}",
            )
            print(f"| {cost.what} | {' | '.join(row)} | {cost.wall_s / floor.wall_s:.1f} x | {cost.code} |")


if __name__ == "__main__":
    main()
