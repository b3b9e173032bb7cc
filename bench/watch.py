"""Watch millions of live outputs, beside the floor: DuckDB reading the same file and counting it.

    python bench/watch.py 1000000
    python bench/watch.py 10000000              # as committed in bench/README.md: CSV, JSON lines and Parquet
    python bench/watch.py 10000000 --only csv

Every output has an id, a time, a topic, a check that passed or not, seconds and dollars; three promises are watched.
Then a day more comes as a file of its own, and the file itself comes again, a day longer. Every figure is of a whole
process, started fresh, its bytecode being there as it is after an installation. Of a day and of where things stand the
floor is a process that loads the libraries and does nothing. The rows are written into a folder that is removed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from outcomes import PROGRAM, Cost, measured

LAUNCH = """
title: Benchmark
candidate: new
variants: {new: {recorded: true}}
slices:
  topic: {by: topic, shares: {a: 0.25, b: 0.25, c: 0.25, d: 0.25}, scope: true}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.9}
  scorer: {recorded: passed}
"""
PROMISES = """
- {id: right, criterion: right, rate: 0.9}
- {id: right-a, criterion: right, slice: topic=a, rate: 0.9}
- {id: quick, measure: latency_s, at_most: 3.0, rate: 0.95}
"""
ROWS = """
COPY (SELECT 'output-' || lpad((i + {start})::VARCHAR, 9, '0') AS id,
  strftime(TIMESTAMP '2026-01-01' + INTERVAL 1 SECOND * ((i + {start}) * 15552000 // {all}), '%Y-%m-%dT%H:%M:%SZ') AS time,
  substr('abcd', 1 + (hash(i + {start}) % 4)::INTEGER, 1) AS topic,
  (hash(i + {start} + 77) % 1000 < 930)::INTEGER AS passed,
  round(0.3 + (hash(i + {start} + 99) % 1000) / 400.0, 3) AS latency_s,
  round((hash(i + {start} + 55) % 1000) / 100000.0, 5) AS cost_usd
  FROM range({n}) t(i)) TO '{path}' ({format})
"""
FORMATS = {"csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json", "parquet": "FORMAT parquet"}
FLOOR = """
import duckdb, sys
reader = {"csv": "read_csv", "jsonl": "read_json", "parquet": "read_parquet"}[sys.argv[1].rpartition(".")[2]]
duckdb.sql("SET threads = 2; SET memory_limit = '200MB'")
print(duckdb.sql(f"SELECT topic, count(DISTINCT id), sum(passed::DOUBLE) FROM {reader}('{sys.argv[1]}') GROUP BY ALL").fetchall())
"""
LOADS = (
    "import cyclopts, duckdb, numpy, pydantic, ruamel.yaml, sqlalchemy, sqlalchemy.dialects.sqlite.pysqlite"
)


def write(path: Path, *, start: int, n: int, every: int) -> None:
    """Write made-up outputs; the same numbers give the same rows."""
    import duckdb  # noqa: PLC0415 - not where the processes are measured

    connection = duckdb.connect(config={"threads": "2"})
    statement = ROWS.format(start=start, n=n, all=every, path=path, format=FORMATS[path.suffix[1:]])
    connection.execute(statement)
    connection.close()


def bench(n: int, kind: str) -> list[Cost]:
    """Measure everything for one format."""
    with tempfile.TemporaryDirectory() as made:
        folder, rows, day = Path(made) / "launch", Path(made) / f"live.{kind}", Path(made) / f"day.{kind}"
        folder.mkdir()
        for name, text in (("launch", LAUNCH), ("criteria", CRITERIA), ("promises", PROMISES)):
            (folder / f"{name}.yaml").write_text(text)
        write(rows, start=0, n=n, every=n)
        write(day, start=n, n=n // 180, every=n)
        watch = (*PROGRAM, "watch", str(folder))
        _write_bytecode(Path(made), watch, day)
        found = [
            measured(f"{kind}, floor: DuckDB reads and counts", sys.executable, "-c", FLOOR, str(rows)),
            measured(f"{kind}, watch", *watch, str(rows)),
            measured("floor: the libraries are loaded", sys.executable, "-c", LOADS),
            measured(f"{kind}, a day more as a file", *watch, str(day)),
        ]
        if kind != "parquet":
            longer = Path(made) / f"next.{kind}"
            write(longer, start=n + n // 180, n=n // 180, every=n)
            with rows.open("ab") as whole, longer.open("rb") as more:
                if kind == "csv":
                    more.readline()
                whole.write(more.read())
            found.append(measured(f"{kind}, the file again, a day longer", *watch, str(rows)))
        found.append(measured(f"{kind}, where things stand", *watch))
        return found


def _write_bytecode(made: Path, watch: tuple[str, ...], day: Path) -> None:
    """Run everything once on a copy: bytecode is written before anything is timed, even where the shell forbids it."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(made / "bytecode")
    other = shutil.copytree(watch[-1], made / "other")
    measured("start", *watch[:-1], str(other), str(day))
    measured("start", *watch[:-1], str(other))
    measured("start", sys.executable, "-c", LOADS)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000_000])
    parser.add_argument("--only", choices=FORMATS)
    asked = parser.parse_args()
    for size in asked.sizes:
        print(f"\n{size:,} outputs, load {os.getloadavg()[0]:.1f} before\n")
        print("| what | wall s | CPU s | peak MB | of the floor | exit |")
        print("|---|---|---|---|---|---|")
        for kind in [asked.only] if asked.only else FORMATS:
            costs = bench(size, kind)
            for cost in costs:
                share = f"{cost.wall_s / costs[0].wall_s:.1f} x"
                print(
                    f"| {cost.what} | {cost.wall_s:.2f} | {cost.cpu_s:.2f} | {cost.memory_mb:.0f} | {share} | {cost.code} |"
                )
        print(f"\nload {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
