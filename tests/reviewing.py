"""A small launch to review: cases, two variants with recorded outputs, and a desk at it."""

from __future__ import annotations

import json
from pathlib import Path

from shipworthy.services.bring_in import Order, bring_in

LAUNCH = """
title: Reviewed
candidate: new
variants:
  new: {recorded: true}
  old: {recorded: true}
slices:
  topic: {by: topic, shares: {a: 0.5, b: 0.5}, scope: true}
"""
CRITERIA = """
- id: right
  question: Is it right?
  bar: {at_least: 0.8}
  scorer: {labels: human}
- id: scored
  bar: {at_least: 0.8}
  scorer: {recorded: passed}
"""
TAXONOMY = """
- id: late
- id: rude
"""


def reviewed(
    folder: Path,
    cases: int = 20,
    *,
    variants: tuple[str, ...] = ("new",),
    inputs: dict[int, str] | None = None,
) -> Path:
    """Make a launch with open cases and one recorded output of each variant for each of them."""
    folder.mkdir()
    (folder / "launch.yaml").write_text(LAUNCH)
    (folder / "criteria.yaml").write_text(CRITERIA)
    (folder / "taxonomy.yaml").write_text(TAXONOMY)
    (folder / "evalset").mkdir()
    rows = (
        {"id": f"c{i}", "input": (inputs or {}).get(i, f"question {i}"), "expected": i, "tags": {"topic": "ab"[i % 2]}}
        for i in range(cases)
    )  # fmt: skip
    (folder / "evalset" / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for variant in variants:
        bring(folder, variant, [(f"c{i}", f"{variant} says {i}", i % 3 != 0) for i in range(cases)])
    return folder


def bring(folder: Path, variant: str, rows: list[tuple[str, str, bool]]) -> None:
    """Record outputs of a variant: case, text, and whether it passed."""
    file = folder.parent / f"{folder.name}-{variant}-{len(rows)}.csv"
    lines = "".join(f"{case},{text},{int(passed)}\n" for case, text, passed in rows)
    file.write_text("case,output,passed\n" + lines)
    bring_in(folder, file, Order(variant=variant))
