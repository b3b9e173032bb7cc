"""The gate of a change through the command line: what it stops, on what, and that nothing sealed is touched."""

from __future__ import annotations

import csv
import gzip
import json
import re
import sqlite3
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from scipy.stats import binom

DRIFT = """
title: Prime numbers
baseline: march
candidate: june
variants: {march: {recorded: true}, june: {recorded: true}}
"""
RIGHT = """
- id: right
  bar: {at_least: 0.8}
  scorer: {recorded: passed}
"""


@pytest.fixture
def compared(launch, outcomes, ship) -> Path:
    """A locked launch; the old variant is right on all open cases, the new one wrong on every fifth."""
    assert ship("lock", launch).code == 0
    for variant, fails in (("old", lambda _: False), ("new", lambda i: i % 5 == 0)):
        for part, n in (("explore", 60), ("holdout", 200)):
            file = outcomes(part, n, fails=fails, name=f"{variant}-{part}")
            assert ship("import", file, "--launch", launch, "--variant", variant).code == 0
    return launch


def test_a_regression_on_open_cases_is_stopped_and_its_cases_are_named(compared, ship):
    """12 of 60 broken, none fixed: exit code 12, the cases listed, and the false alarm said."""
    said = ship("gate", compared)
    assert said.code == 12
    assert "stopped: a regression is shown" in said.out
    assert "of 60: fixes 0, breaks 12" in said.out
    assert "explore-5" in said.out
    assert "at most 5 times in 100" in said.out


def test_the_same_the_other_way_round_passes(compared, ship):
    """What only fixes is let through, and is shown to be no worse by 3 of 100 as well."""
    turned = ("--changed", "old", "--accepted", "new")
    assert ship("gate", compared, *turned).code == 0
    assert ship("gate", compared, *turned, "--policy", "not-worse", "--margin", 0.03).code == 0


def test_to_show_that_nothing_is_worse_takes_cases_and_a_margin(compared, ship, outcomes):
    """Identical on 60 groups: 3 of 100 cannot be excluded, so it is held back with 11; without a margin it is misuse."""
    ship("import", outcomes("explore", 60, name="other"), "--launch", compared, "--variant", "other")
    same = ("--changed", "other", "--accepted", "old", "--policy", "not-worse")
    assert ship("gate", compared, *same, "--margin", 0.03).code == 11
    assert ship("gate", compared, *same).code == 2


def test_the_gate_reads_no_sealed_case_and_takes_no_look(compared, ship):
    """Run in every format: no look is written, nothing of the ledger changes, and no sealed case is named."""
    ledger = compared / ".shipworthy/ledger.db"
    ship("gate", compared)
    before = ledger.read_bytes()
    outputs = [ship("gate", compared, "--format", kind).out for kind in ("text", "markdown", "json", "junit")]
    with sqlite3.connect(ledger) as connection:
        assert connection.execute("SELECT count(*) FROM looks").fetchone() == (0,)
    connection.close()
    assert ledger.read_bytes() == before
    assert not any("holdout-" in text for text in outputs)


def test_reports_are_what_their_readers_parse(compared, ship):
    """JSON has the contract's name and every line; JUnit has one failed test with the broken cases in it."""
    found = ship("gate", compared, "--format", "json", "--trials", 50).json
    suite = ET.fromstring(ship("gate", compared, "--format", "junit").out)

    assert (found["format"], found["outcome"], found["lines"][0]["broken"]) == (
        "shipworthy.gate/1",
        "regressed",
        12,
    )
    assert found["trials"]["times"] == 50
    assert found["trials"]["stopped"] <= 10
    assert suite.get("failures") == "1"
    assert "broken explore-0" in suite.find(".//failure").text


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        (("--changed", "nothing"), 3, "there is no variant `nothing`"),
        (("--changed", "old", "--accepted", "old"), 2, "name two variants"),
        (("--accepted", "other"), 3, "takes two variants with outcomes"),
    ],
)
def test_what_cannot_be_compared_says_why(compared, ship, more, code, message):
    """One message, and what to do."""
    said = ship("gate", compared, *more)
    assert (said.code, message in said.err) == (code, True)


def test_june_is_stopped_where_march_was_accepted(shared, ship, folder, tmp_path):
    """llm-drift, prime numbers: GPT-4 of June against GPT-4 of March on the same 500 questions is stopped; back, it passes."""
    with gzip.open(shared / "data/llm-drift/prime.csv.gz", "rt", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    right = {
        month: {r["query"]: _is_right(r) for r in rows if r["model"].endswith(f"gpt-4-{day}")}
        for month, day in (("march", "0314"), ("june", "0613"))
    }
    asked = sorted(right["march"])[::2]
    cases = "".join(json.dumps({"id": f"q{i}", "part": "explore"}) + "\n" for i in range(len(asked)))
    made = folder(launch_yaml=DRIFT, criteria_yaml=RIGHT, evalset__cases_jsonl=cases)
    for month, answers in right.items():
        file = tmp_path / f"{month}.csv"
        file.write_text("case,passed\n" + "".join(f"q{i},{int(answers[q])}\n" for i, q in enumerate(asked)))
        assert ship("import", file, "--launch", made, "--variant", month).code == 0

    stopped = ship("gate", made, "--trials", 200, "--format", "json")
    back = ship("gate", made, "--changed", "march", "--accepted", "june")

    assert (stopped.code, back.code) == (12, 0)
    line = stopped.json["lines"][0]
    assert line["broken"] > line["fixed"]
    assert line["at_most"] < -0.2
    assert stopped.json["trials"]["stopped"] <= binom.isf(1e-4, 200, 0.05)


def _is_right(row: dict[str, str]) -> bool:
    found = re.findall(r"\b(yes|no)\b", row["answer"].lower())
    return bool(found) and found[-1] == row["ref_answer"].lower()
