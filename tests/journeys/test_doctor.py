"""Doctor through the command line: the environment, the folder, the ledger, and the gate tried on nothing."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest
from scipy.stats import binom

from shipworthy.decision.change_gate import FalseAlarms


@pytest.fixture
def compared(launch, outcomes, ship) -> Path:
    """Both variants answered 60 open cases; the new one is wrong on every fifth."""
    for variant, fails in (("old", lambda _: False), ("new", lambda i: i % 5 == 0)):
        file = outcomes("explore", 60, fails=fails, name=variant)
        assert ship("import", file, "--launch", launch, "--variant", variant).code == 0
    return launch


def _findings(ship, *words: object) -> dict[str, dict[str, str]]:
    """Return what doctor found, by what it is about."""
    return {found["about"]: found for found in ship("doctor", *words, "--format", "json").json["findings"]}


def test_all_is_well_and_says_how_facts_are_kept(compared, ship):
    """The version of SQLite, its durability, the disk, the folder and the ledger: exit code 0."""
    said = ship("doctor", compared)
    assert said.code == 0, said.out
    assert f"SQLite: {sqlite3.sqlite_version}: journal_mode=" in said.out
    assert "GiB free" in said.out
    assert "no problems; 260 cases" in said.out
    assert "ledger: whole" in said.out


def test_the_gate_is_tried_on_changes_that_change_nothing(compared, ship):
    """200 swaps of the user's own data: stopped no more often than chance and the gate's level allow; nothing is written."""
    before = (compared / ".shipworthy/ledger.db").read_bytes()
    found = _findings(ship, compared, "--aa", "--trials", 200)["gate, A/A"]

    assert found["state"] == "fine"
    assert int(found["text"].split()[0]) <= binom.isf(1e-4, 200, 0.05)
    assert "of 200 changes that change nothing" in found["text"]
    assert (compared / ".shipworthy/ledger.db").read_bytes() == before


def test_a_gate_that_stops_too_often_is_wrong(compared, ship, monkeypatch):
    """60 of 500 stopped, where the gate says at most 5 in 100: chance hardly does that, and the exit code is 3."""
    monkeypatch.setattr("shipworthy.services.change_gate.false_alarms", lambda *_, **__: FalseAlarms(500, 60))
    assert ship("doctor", compared, "--aa").code == 3
    assert FalseAlarms(500, 60).p_above(0.05) == pytest.approx(binom.sf(59, 500, 0.05))


def test_where_nothing_can_be_compared_the_gate_is_not_tried(launch, ship):
    """No outcomes: that is said, and nothing is wrong."""
    said = ship("doctor", launch, "--aa")
    assert (said.code, "it could not be tried" in said.out) == (0, True)


def test_a_changed_ledger_and_a_broken_folder_are_wrong(compared, ship):
    """One score turned over, one word too many in criteria.yaml: both are named, with the command that says more."""
    with sqlite3.connect(compared / ".shipworthy/ledger.db") as ledger:
        ledger.execute("UPDATE scores SET value = 1 - value WHERE case_no = 3")
    ledger.close()
    (compared / "criteria.yaml").write_text("- id: Right\n")

    found = _findings(ship, compared)

    assert (found["ledger"]["state"], found["folder"]["state"]) == ("wrong", "wrong")
    assert "are not those that were closed" in found["ledger"]["text"]
    assert found["folder"]["remedy"].startswith("shipworthy check")
    assert ship("doctor", compared).code == 3


def test_little_space_is_wrong(launch, ship, monkeypatch):
    """1 MiB free: a run could end in the middle."""
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - the shape that shutil returns
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(1 << 40, 1 << 40, 1 << 20))
    assert _findings(ship, launch)["disk"]["state"] == "wrong"


def test_outside_a_launch_only_the_environment_is_looked_at(tmp_path, ship):
    """An empty folder: the environment and a note; a folder that is not there is refused."""
    assert ship("doctor", tmp_path).code == 0
    assert set(_findings(ship, tmp_path)) >= {"program", "SQLite", "disk", "launch"}
    assert ship("doctor", tmp_path / "none").code == 3
