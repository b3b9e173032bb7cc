"""Launches made of outputs of two real features that a person graded with reasons."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

GRADES = Path(__file__).resolve().parents[3] / "shared" / "data" / "evalgen-grades"


def graded(name: str) -> list[dict[str, str]]:
    """Return every graded output of one feature, in the order of the file."""
    with gzip.open(GRADES / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_launch(folder: Path, name: str) -> tuple[Path, Path]:
    """Write the launch of one feature with every case open; return its outputs and the grader's labels."""
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(
        f"title: {name}\ncandidate: graded\nvariants: {{graded: {{recorded: true}}}}\n"
    )
    (folder / "criteria.yaml").write_text(
        "- id: good\n  bar: {at_least: 0.8}   # drawn by the support team\n  scorer: {recorded: passed}\n"
    )
    (folder / "taxonomy.yaml").write_text("# Found by reading, one note an output.\n[]\n")
    rows = graded(name)
    _lines(
        folder / "evalset/cases.jsonl",
        [
            {"id": f"{name}-{n}", "input": row["Var: document"], "part": "explore"}
            for n, row in enumerate(rows)
        ],
    )
    outputs, labels = folder.parent / f"{name}-outputs.jsonl", folder.parent / f"{name}-labels.jsonl"
    _lines(
        outputs,
        [
            {"case": f"{name}-{n}", "output": row["Response"], "passed": int(row["grade"] == "True")}
            for n, row in enumerate(rows)
        ],
    )
    _lines(
        labels,
        [
            {"case": f"{name}-{n}", "reviewer": "grader", "state": "pass" if row["grade"] == "True" else "fail",
             "note": row["grading_feedback"]}
            for n, row in enumerate(rows)
        ],
    )  # fmt: skip
    return outputs, labels


def _lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
