"""Reading outputs of a ledger in one warm process, as the pages do: best of five, in milliseconds.

    python bench/reading.py 100000                    # outputs of one variant

*Cold* is the first reading after the ledger changed: the columns of the outcomes are read again.
*Warm* is every further one until it changes again. Beside the clock stands the processor time of the reading thread.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from outcomes import CRITERIA, LAUNCH, PROGRAM, measured, write_outcomes

REPEATS = 5


def prepared(folder: Path, n: int) -> None:
    """Make a launch with n open outputs."""
    folder.mkdir()
    (folder / "launch.yaml").write_text(LAUNCH)
    (folder / "criteria.yaml").write_text(CRITERIA)
    write_outcomes(folder.parent / "outcomes.csv", n)
    bring = (*PROGRAM, "import", str(folder.parent / "outcomes.csv"), "--launch", str(folder))
    if measured("import", *bring, "--variant", "new").code:
        raise SystemExit("could not prepare")


def best(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> tuple[float, float]:
    """Return the least of five times, in milliseconds: by the clock, and of the processor."""
    walls, used = [], []
    for _ in range(REPEATS):
        before()
        began, busy = time.perf_counter(), time.thread_time()
        work()
        walls.append(1e3 * (time.perf_counter() - began))
        used.append(1e3 * (time.thread_time() - busy))
    return min(walls), min(used)


def bench(n: int) -> list[tuple[str, tuple[float, float], tuple[float, float]]]:
    """Measure everything at one size: what, warm, cold."""
    from shipworthy.services.clock import now  # noqa: PLC0415
    from shipworthy.services.flips import Between, flips  # noqa: PLC0415 - after the folder is there
    from shipworthy.services.opened import opened  # noqa: PLC0415
    from shipworthy.services.outputs import Chosen, one_of, outputs_of  # noqa: PLC0415
    from shipworthy.services.spread import spread_of  # noqa: PLC0415
    from shipworthy.store import journal  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "launch"
        prepared(folder, n)
        with opened(folder) as launch:
            middle = f"c{n // 2:08d}"
            work: dict[str, Callable[[], object]] = {
                "mean": lambda: outputs_of(launch, Chosen(criterion="right", variant="new", size=0)),
                "per slice": lambda: (
                    outputs_of(launch, Chosen(criterion="right", variant="new", size=0)).by_slice
                ),
                "first 50 failures": lambda: outputs_of(
                    launch, Chosen(criterion="right", variant="new", states=("failed",))
                ),
                "one output": lambda: one_of(launch, "new", middle, 1),
                "flips": lambda: flips(launch, Between(criterion="right", before="new", after="new")),
                "cost and time": lambda: spread_of(launch, "new"),
            }

            def change() -> None:
                with launch.ledger.write() as connection:
                    journal.append(connection, verb="benchmark", body={}, at=now())

            return [(name, best(each), best(each, change)) for name, each in work.items()]


def main() -> None:
    """Print one table for each size."""
    for size in [int(word) for word in sys.argv[1:]] or [100_000]:
        print(f"\n{size:,} outputs\n\n| what | warm ms | CPU ms | cold ms | CPU ms |\n|---|---|---|---|---|")
        for name, warm, cold in bench(size):
            print(f"| {name} | {' | '.join(f'{each:.1f}' for each in (*warm, *cold))} |")


if __name__ == "__main__":
    main()
