"""Eval sets of real prompts and of texts that have nothing to do with each other."""

from __future__ import annotations

import csv
import gzip
import json
import random
from pathlib import Path

import pytest

LAUNCH = """
title: Refusals
candidate: new
variants:
  new: {recorded: true}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
slices:
  kind: {by: kind, shares: {safe: 0.6, unsafe: 0.4}, scope: true}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  hoped_for: 0.9
  scorer: {recorded: passed}
"""


def read_lines(folder: Path) -> list[dict]:
    """Return every case of a launch in order."""
    found = sorted((folder / "evalset").glob("*.jsonl"))
    return [
        json.loads(line) for path in found for line in path.read_text("utf-8").splitlines() if line.strip()
    ]


def one_case(name, text, part="explore", kind="safe", **more):
    """Return one line of an eval set."""
    return json.dumps({"id": name, "input": text, "tags": {"kind": kind}, "part": part, **more}) + "\n"


def fillers(n: int, seed: int = 1, **more) -> str:
    """Return lines of cases that have nothing to do with each other."""
    rng = random.Random(seed)
    vocabulary = [
        "".join(rng.choice("bcdfglmnprst") + rng.choice("aeiou") for _ in range(3)) for _ in range(3000)
    ]
    return "".join(
        one_case(
            f"f{seed}-{i}",
            " ".join(rng.choice(vocabulary) for _ in range(12)),
            **({"kind": ("safe", "unsafe")[i % 2]} | more),
        )
        for i in range(n)
    )


@pytest.fixture
def xstest(shared, folder):
    """XSTest: 450 prompts that all explore, safe and unsafe, many of them made to differ in one word."""
    with gzip.open(shared / "data/xstest/xstest_gpt4.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    text = "".join(
        one_case(row["id"], row["prompt"], kind="unsafe" if row["type"].startswith("contrast_") else "safe")
        for row in rows
    )
    return folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)


@pytest.fixture
def gsm8k(shared, folder):
    """GSM8K: 1,319 problems that all explore, in two slices by their length."""
    with gzip.open(
        shared / "data/gsm8k-solutions/example_model_solutions.jsonl.gz", "rt", encoding="utf-8"
    ) as file:
        asked = [json.loads(line)["question"] for line in file]
    text = "".join(
        one_case(f"p{i}", q, kind="safe" if len(q) < 230 else "unsafe") for i, q in enumerate(asked)
    )
    return folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=text)


@pytest.fixture
def lines():
    """Return the reader of cases."""
    return read_lines


@pytest.fixture
def case():
    """Return the writer of one line."""
    return one_case


@pytest.fixture
def filler():
    """Return the writer of many lines."""
    return fillers
