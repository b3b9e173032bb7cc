"""`shipworthy prove`: the same table each time, in any number of processes, and a fault is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shipworthy.cli.main import run
from shipworthy.domain.verdict import ExitCode
from shipworthy.statistics.group_mean import GroupMean

TINY = "hard slice 60 of 300"
"""Three quick cells."""


def prove(tmp_path: Path, name: str, *options: str) -> tuple[int, bytes]:
    """Run the campaign and return its exit code and its JSON."""
    path = tmp_path / name
    code = run(["prove", "--only", TINY, "--json", str(path), *options])
    return code, path.read_bytes()


def test_the_table_is_the_same_twice_and_in_two_processes(tmp_path):
    """Equal seeds give equal bytes, whatever ran beside them; another seed gives others."""
    once, again = prove(tmp_path, "a.json", "--jobs", "1"), prove(tmp_path, "b.json", "--jobs", "1")
    in_two, other = (
        prove(tmp_path, "c.json", "--jobs", "2"),
        prove(tmp_path, "d.json", "--jobs", "1", "--seed", "1"),
    )

    assert once == again == in_two
    assert once[1] != other[1]
    assert once[0] == 0


def test_the_json_says_what_was_found(tmp_path):
    """Schema, seed, counts by state, and for each cell its chances and their draws."""
    value = json.loads(prove(tmp_path, "a.json", "--jobs", "1")[1])

    assert (value["schema"], value["grid"], value["holds"]) == ("shipworthy.validity/1", "small", True)
    assert sum(value["counts"].values()) == len(value["cells"]) == 3
    cell = value["cells"][0]
    assert cell["wrong_ship"]["draws"] >= 2_000
    assert cell["wrong_ship"]["value"] <= cell["allowed"]
    assert "Holm" in cell["rival"]["name"] or "fallback" in cell["rival"]["name"]


def test_a_broken_bound_is_found_out(tmp_path, monkeypatch, capsys):
    """With the estimate in place of the bound, cells fail and the exit code says so."""

    def p_from_estimate(mean: GroupMean, bar: float) -> float:
        return 0.01 if mean.estimate >= bar else 0.99

    monkeypatch.setattr(GroupMean, "p_above", p_from_estimate)
    page = tmp_path / "page.md"
    code = run(["prove", "--only", "rate bar=0.9 n=50*", "--jobs", "1", "--page", str(page)])

    assert code == ExitCode.FAILED
    assert "\nFail\n" in capsys.readouterr().out
    assert "**0.4" in page.read_text("utf-8")


def test_the_page_says_how_to_make_it_again(tmp_path):
    """The command with its seed, the rule, what is not covered, and a row for each cell."""
    page = tmp_path / "deep" / "page.md"

    assert run(["prove", "--only", "quantile", "--jobs", "1", "--page", str(page)]) == 0
    text = page.read_text("utf-8")
    assert (
        "shipworthy prove --json validity.json --page docs/validity.md --only 'quantile' --seed 20261124"
        in text
    )
    assert "## What is not covered" in text
    assert len([line for line in text.splitlines() if line.startswith("| quantile 0.99")]) == 2


def test_cells_are_listed_without_running_them(capsys):
    """`--list` names the cells that `--only` keeps."""
    assert run(["prove", "--list", "--only", "best of"]) == 0
    assert capsys.readouterr().out.count("\n") == 6


@pytest.mark.parametrize("full", [[], ["--full"]])
def test_a_pattern_without_cells_is_a_mistake(full, capsys):
    """It says so, and where the names stand."""
    assert run(["prove", "--only", "no such cell", *full]) == ExitCode.PROBLEMS
    assert "--list" in capsys.readouterr().err
