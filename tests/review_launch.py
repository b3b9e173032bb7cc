"""A launch with recorded outputs to read, for tests of the review."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from shipworthy.cli.main import run
from shipworthy.domain.review import OPEN_READING
from shipworthy.services.desk import desk_at
from shipworthy.services.make_queue import QueueWanted, make_queue
from shipworthy.services.opened import opened
from shipworthy.store.review import LabelRow, current_labels

LAUNCH = """
title: Inbox assistant
goal: Right answers.
baseline: yak
candidate: zebra
variants: {zebra: {recorded: true}, yak: {recorded: true}}
slices:
  topic: {by: topic, shares: {orders: 0.5, returns: 0.5}}
"""
CRITERIA = """
- id: right
  question: Is the answer right?
  pass: it names the policy
  fail: it names another one
  bar: {at_least: 0.8}
  scorer: {recorded: passed}
"""
TAXONOMY = """
- {id: invented-policy, name: invents a policy, definition: it states a rule that we do not have}
- {id: wrong-team, name: wrong team}
"""


def recorded_launch(
    folder: Path,
    outputs: Sequence[str],
    *,
    inputs: Sequence[str] = (),
    expected: str = "Your parcel left.",
    part: str = "explore",
) -> Path:
    """Make a launch in which each output was recorded for both variants; case `c-0` has the first one."""
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(LAUNCH)
    (folder / "criteria.yaml").write_text(CRITERIA)
    (folder / "taxonomy.yaml").write_text(TAXONOMY)
    _lines(
        folder / "evalset/cases.jsonl",
        (
            {
                "id": f"c-{i}", "input": inputs[i] if inputs else f"question {i}: where is my parcel?",
                "expected": expected, "part": part, "tags": {"topic": ("orders", "returns")[i % 2]},
            }
            for i in range(len(outputs))
        ),
    )  # fmt: skip
    if part == "holdout":
        assert run(["lock", str(folder)]) == 0
    for variant in ("zebra", "yak"):
        path = folder.parent / f"{variant}.jsonl"
        _lines(
            path,
            (
                {
                    "case": f"c-{i}",
                    "output": output,
                    "passed": (i + len(variant)) % 3 > 0,
                }
                for i, output in enumerate(outputs)
            ),
        )
        assert run(["import", str(path), "--launch", str(folder), "--variant", variant]) == 0
    return folder


def queue_for(folder: Path, key: str = "first-reading", *, n: int = 100, **more: object) -> str:
    """Make a queue of a launch, and return its key."""
    with desk_at(folder) as desk:
        return make_queue(desk, QueueWanted(key=key, n=n, **more)).key  # type: ignore[arg-type]


def labels_in(folder: Path, queue: str = "first-reading") -> dict[int, LabelRow]:
    """Return what the ledger holds of a queue now: the label at each number, from 1, whoever gave it."""
    with desk_at(folder) as desk:
        own = dict(desk.state(queue).own)
    with opened(folder) as launch, launch.ledger.read() as connection:
        rows = current_labels(connection, OPEN_READING)
    return {own[row.output] + 1: row for row in rows if row.output in own}


def _lines(path: Path, rows: Iterable[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
