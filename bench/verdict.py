"""A full verdict: six criteria, eight slices, three variants; whole processes, beside the floor of reading the counts.

    python bench/verdict.py 10000 1000000             # outcomes: outputs of all variants together

The floor is a fresh process in which sqlite3 groups the same scores and outputs by slice, criterion and outcome, and
nothing else; `imports` is a fresh process that loads what `decide` loads and stops.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from outcomes import PROGRAM, Cost, measured

TOPICS = "abcdefgh"
VARIANTS = ("old", "new", "other")
LAUNCH = f"""
title: Benchmark
baseline: old
candidate: new
variants: {{old: {{recorded: true}}, new: {{recorded: true}}, other: {{recorded: true}}}}
slices:
  topic: {{by: topic, shares: {{{", ".join(f"{t}: 0.125" for t in TOPICS)}}}, scope: true}}
"""
CRITERIA = """
- {id: right, bar: {at_least: 0.9}, scorer: {recorded: right}}
- {id: polite, kind: guardrail, bar: {at_least: 0.95}, scorer: {recorded: polite}}
- {id: grounded, kind: guardrail, bar: {at_least: 0.9}, scorer: {recorded: grounded}}
- {id: better, estimand: difference, bar: {at_least: 0.0}, scorer: {recorded: right}}
- {id: quick, kind: guardrail, estimand: quantile, of: latency_s, quantile: 0.9, bar: {at_most: 0.97}}
- {id: cheap, kind: guardrail, estimand: mean, of: cost_usd, cap: 0.02, bar: {at_most: 0.008}}
"""
FLOOR = """
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
print(len(c.execute("SELECT m.tagset_no, s.series_no, s.value, count(*) FROM scores s CROSS JOIN members m ON m.set_no = 1 AND m.case_no = s.case_no WHERE s.variant_no <= 2 GROUP BY 1, 2, 3").fetchall()))
print(len(c.execute("SELECT m.tagset_no, o.latency_s <= 0.97, sum(o.cost_usd), count(*) FROM outputs o CROSS JOIN members m ON m.set_no = 1 AND m.case_no = o.case_no WHERE o.variant_no = 2 GROUP BY 1, 2").fetchall()))
"""
IMPORTS = "import shipworthy.services.decide, shipworthy.exporters.verdict_text"
CHANCE = {"old": 0.90, "new": 0.93, "other": 0.92}


def write(folder: Path, n: int) -> None:
    """Write the launch and one file of outcomes for each variant; the seed is fixed."""
    draw = random.Random(1)
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(LAUNCH)
    (folder / "criteria.yaml").write_text(CRITERIA)
    per_variant = n // len(VARIANTS)
    with (folder / "evalset/cases.jsonl").open("w") as file:
        for i in range(per_variant):
            file.write(f'{{"id":"c{i:07d}","tags":{{"topic":"{TOPICS[i % 8]}"}},"part":"holdout"}}\n')
    for variant in VARIANTS:
        with (folder / f"{variant}.csv").open("w") as file:
            file.write("case,right,polite,grounded,latency_s,cost_usd\n")
            for i in range(per_variant):
                scores = [int(draw.random() < p) for p in (CHANCE[variant], 0.98, 0.94)]
                file.write(
                    f"c{i:07d},{','.join(map(str, scores))},{draw.random():.3f},{draw.random() / 100:.5f}\n"
                )


def bench(n: int) -> list[Cost]:
    """Measure a verdict at one size; the first look, then a free replay of it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "launch"
        write(folder, n)
        prepared = [measured("lock", *PROGRAM, "lock", str(folder))]
        for variant in VARIANTS:
            bring = (
                *PROGRAM,
                "import",
                str(folder / f"{variant}.csv"),
                "--launch",
                str(folder),
                "--variant",
                variant,
            )
            prepared.append(measured("import", *bring))
        if any(cost.code for cost in prepared):
            raise SystemExit(f"could not prepare: {[(c.what, c.code) for c in prepared]}")
        return [
            measured(
                "floor: sqlite3 groups the same rows",
                sys.executable,
                "-c",
                FLOOR,
                str(folder / ".shipworthy/ledger.db"),
            ),
            measured("imports", sys.executable, "-c", IMPORTS),
            measured("decide, the look", *PROGRAM, "decide", str(folder), "--yes"),
            measured("decide, again", *PROGRAM, "decide", str(folder)),
        ]


def main() -> None:
    """Print one table for each size."""
    for size in [int(word) for word in sys.argv[1:]] or [10_000, 1_000_000]:
        costs = bench(size)
        print(f"\n{size:,} outcomes, 6 criteria x 8 slices x 3 variants\n")
        print("| what | wall s | CPU s | peak MB | wall, of the floor | exit |")
        print("|---|---|---|---|---|---|")
        for cost in costs:
            ratio = cost.wall_s / costs[0].wall_s
            print(
                f"| {cost.what} | {cost.wall_s:.2f} | {cost.cpu_s:.2f} | {cost.memory_mb:.0f} | {ratio:.1f} x | {cost.code} |"
            )


if __name__ == "__main__":
    main()
