"""The pytest plugin: outcomes of marked tests become outcomes of cases, and nothing happens unless it is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = """
import pytest

@pytest.mark.shipworthy(case="explore-0", criterion="right")
def test_passes():
    pass

@pytest.mark.shipworthy(case="explore-1", criterion="right")
def test_fails():
    assert 1 == 2

@pytest.mark.shipworthy(case="explore-2", criterion="right")
@pytest.mark.skip(reason="no key here")
def test_is_skipped():
    pass

@pytest.fixture
def broken():
    raise OSError("no server")

@pytest.mark.shipworthy(case="explore-3", criterion="right")
def test_never_began(broken):
    pass

@pytest.mark.shipworthy(case="explore-4", criterion="right")
@pytest.mark.parametrize("good", [True, False, True])
def test_of_three_parts(good):
    assert good

@pytest.mark.shipworthy(case="explore-5", criterion="right")
@pytest.mark.xfail(reason="known")
def test_known_to_fail():
    assert False

@pytest.mark.shipworthy(case="explore-6", criterion="right", repeat=2)
@pytest.mark.shipworthy(case="explore-6", criterion="polite")
def test_of_two_marks():
    pass

def test_unmarked():
    pass
"""


@pytest.fixture
def suite(tmp_path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a suite in a process of its own, with the plugin as an installed one would be."""

    def run(*words: object, text: str = SUITE) -> subprocess.CompletedProcess[str]:
        tests = tmp_path / "suite"
        tests.mkdir(exist_ok=True)
        (tests / "test_feature.py").write_text(text)
        (tests / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
        without = [
            word for name in ("cacheprovider", "hypothesispytest", "anyio") for word in ("-p", f"no:{name}")
        ]
        command = [sys.executable, "-m", "pytest", "-q", *without]
        env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        return subprocess.run(
            [*command, *map(str, words)], cwd=tests, env=env, capture_output=True, text=True, check=False
        )

    return run


def _rows(launch: Path) -> list[dict[str, Any]]:
    """Return what the plugin wrote."""
    return [json.loads(line) for line in (launch / ".shipworthy/pytest.jsonl").read_text().splitlines()]


def test_outcomes_are_those_of_the_tests(launch, suite):
    """Passed 1, failed 0 (also where that was expected, or one of three parts failed); skipped and broken are not scored."""
    suite("--shipworthy", launch, "--shipworthy-variant", "new")

    assert {row["case"]: row.get("score.right") for row in _rows(launch) if row["repeat"] == 1} == {
        "explore-0": 1, "explore-1": 0, "explore-2": None, "explore-3": None, "explore-4": 0, "explore-5": 0,
        "explore-6": None,
    }  # fmt: skip
    assert {"case": "explore-6", "repeat": 2, "variant": "new", "score.right": 1} in _rows(launch)


def test_several_processes_write_one_file(launch, suite):
    """With two workers the same rows are written, once."""
    suite("--shipworthy", launch)
    alone = _rows(launch)
    suite("--shipworthy", launch, "-n", "2")
    assert sorted(map(str, _rows(launch))) == sorted(map(str, alone))


def test_the_file_is_taken_in_by_import(launch, suite, ship):
    """40 tests, every eighth wrong: `import` takes the file, and `decide` counts 35 of 40."""
    text = """
import pytest

@pytest.mark.parametrize("i", [pytest.param(i, marks=pytest.mark.shipworthy(case=f"explore-{i}", criterion="passed")) for i in range(40)])
def test_answers(i):
    assert i % 8
"""
    said = suite("--shipworthy", launch, "--shipworthy-variant", "new", text=text)
    assert "shipworthy import" in said.stdout

    taken = ship("import", launch / ".shipworthy/pytest.jsonl", "--launch", launch)

    assert taken.code == 0, taken.err
    claims = ship("decide", launch, "--format", "json").json["claims"]
    assert [sum(c[name] for c in claims) for name in ("passed", "planned")] == [35, 40]


def test_without_the_option_nothing_happens(launch, suite):
    """The mark is known to --strict-markers; no file is written and no line is said."""
    said = suite()
    assert said.returncode == 1
    assert "Unknown" not in said.stdout
    assert not any(line.startswith(("shipworthy", "take them in")) for line in said.stdout.splitlines())
    assert not (launch / ".shipworthy/pytest.jsonl").exists()


@pytest.mark.parametrize(
    "mark",
    [
        "case='a'",
        "case='a', criterion='b', repeat=0",
        *(
            pytest.param(mark, marks=pytest.mark.campaign)
            for mark in ("case='a', criterion='b', case_id=1", "case=3, criterion='b'")
        ),
    ],
)
def test_a_mark_that_says_too_little_stops_the_run(launch, suite, mark):
    """It names the test and how the mark is written, before any test runs."""
    said = suite(
        "--shipworthy",
        launch,
        text=f"import pytest\n@pytest.mark.shipworthy({mark})\ndef test_one():\n    pass\n",
    )
    assert said.returncode == 4
    assert "write the mark as" in said.stdout + said.stderr


def test_a_folder_that_is_no_launch_is_refused(suite, tmp_path):
    """Nothing runs, and nothing is written into it."""
    said = suite("--shipworthy", tmp_path)
    assert (said.returncode, "no launch.yaml" in said.stderr) == (4, True)


def test_the_plugin_loads_nothing_of_the_product():
    """It is loaded into every run of pytest where Shipworthy is installed, so it costs nothing there."""
    code = "import sys, shipworthy.pytest_plugin; print(sorted(n for n in sys.modules if n.startswith(('shipworthy.', 'numpy', 'pydantic', 'sqlalchemy'))))"
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    said = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "['shipworthy.pytest_plugin']"
