"""The table of validity: the contract, the page, the terminal."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from shipworthy.exporters import validity_json, validity_markdown, validity_text
from shipworthy.proving.results import Cell, Chance, Proof, Rival

ROOT = Path(__file__).resolve().parents[3]
GOOD = Cell(
    "rate *a|b*", "one rate", 0.05, Chance(0.0412), Chance(0.9), Rival("Clopper-Pearson", Chance(0.9)), Chance(0.96),
)  # fmt: skip
BAD = Cell("looks", "looks", 0.05, Chance(0.08, 2_000), Chance(0.5, 1_000), used=0.61)
PROOF = Proof("small", 5, (GOOD, BAD, replace(BAD, name="mix", outside="nobody said so")), (("numpy", "2"),))


def test_the_contract_page_has_exactly_the_keys_of_the_table():
    """Every key has a row, and every row is a key."""
    value = json.loads(validity_json.as_json(PROOF))
    page = (ROOT / "docs/reference/validity-json.md").read_text("utf-8")
    top, cell = page.split("## A cell")

    def named(text: str) -> list[str]:
        firsts = re.findall(r"^\| (`.+?`) \|", text, re.MULTILINE)
        return [key for first in firsts for key in re.findall(r"`(\w+)`", first)]

    assert named(top) == list(value)
    assert named(cell) == list(value["cells"][0])


def test_a_failing_cell_is_named_everywhere():
    """On the terminal, on the page and in the counts; what is outside the plan is shown apart."""
    text, page = validity_text.as_text(PROOF), validity_markdown.page(PROOF)

    assert "1 keep the plan's error, 1 fail" in text.replace("\n", " ")
    assert "\nFail\n  0.0800 looks\n" in text
    assert "| **0.0800** | 0.0646 |" in page
    assert "- mix: wrong ship 0.0800; nobody said so" in page
    assert json.loads(validity_json.as_json(PROOF))["counts"]["outside"] == 1


def test_the_terminal_is_no_wider_than_eighty_columns():
    """Every line fits."""
    assert max(map(len, validity_text.as_text(PROOF).splitlines())) <= 80


def test_names_on_the_page_are_text():
    """A name is shown as it is, and a table keeps its columns."""
    row = next(line for line in validity_markdown.page(PROOF).splitlines() if line.startswith("| rate"))

    assert r"rate \*a\|b\*" in row
    assert len(re.findall(r"(?<!\\)\|", row)) == 9


def test_an_enumerated_cell_says_that_all_outcomes_were_added():
    """There are no draws to name, and no Monte-Carlo error to allow."""
    row = next(line for line in validity_markdown.page(PROOF).splitlines() if line.startswith("| rate"))

    assert "| all | 0.0412 | 0.0500 |" in row
