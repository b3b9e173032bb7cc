"""What the GitHub Action runs: the report in the summary, the exit code, and no look that nobody asked for."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What one step of the action left."""

    code: int
    summary: str
    outputs: str
    err: str


@pytest.fixture
def act(program, tmp_path) -> Callable[..., Ran]:
    """Run the action's script as a runner would, with its inputs in the environment."""
    command = program.command(tmp_path)

    def run(launch: Path, **inputs: str) -> Ran:
        summary, outputs = tmp_path / "summary.md", tmp_path / "outputs"
        for file in (summary, outputs):
            file.write_text("")
        given = {f"SHIPWORTHY_{name.upper()}": value for name, value in inputs.items()}
        env = {
            **os.environ, "PYTHONPATH": str(ROOT / "src"), "SHIPWORTHY": str(command), "RUNNER_TEMP": str(tmp_path),
            "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs), "SHIPWORTHY_LAUNCH": str(launch),
        }  # fmt: skip
        done = subprocess.run(
            [ROOT / "scripts/action"], env=env | given, capture_output=True, text=True, check=False
        )
        return Ran(done.returncode, summary.read_text(), outputs.read_text(), done.stderr)

    return run


@pytest.fixture
def broken(launch, outcomes, ship) -> Path:
    """The new variant is wrong on every fifth open case, where the old one is right."""
    for variant, fails in (("old", lambda _: False), ("new", lambda i: i % 5 == 0)):
        file = outcomes("explore", 60, fails=fails, name=variant)
        assert ship("import", file, "--launch", launch, "--variant", variant).code == 0
    return launch


def test_a_regression_fails_the_job_and_stands_in_its_summary(broken, act):
    """Exit code 12; the summary has the counts; the other way round it passes, by words of `arguments`."""
    stopped = act(broken)
    passed = act(broken, arguments="--changed old --accepted new")

    assert stopped.code == 12
    assert "fixes 0, breaks 12" in stopped.summary
    assert "code=12" in stopped.outputs
    assert (passed.code, "passes" in passed.summary) == (0, True)


def test_codes_can_be_accepted(broken, act):
    """With `accept: "0 12"` the job passes, and the output still says 12."""
    ran = act(broken, accept="0 12")
    assert (ran.code, "code=12" in ran.outputs) == (0, True)


def test_deciding_takes_no_look_that_was_not_asked_for(launch, outcomes, ship, act):
    """200 sealed outcomes wait: without `look` nothing of them is shown and no look is written; with it the job ships."""
    ship("import", outcomes("explore", 60), "--launch", launch, "--variant", "new")
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")

    waits = act(launch, command="decide")
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as ledger:
        assert ledger.execute("SELECT count(*) FROM looks").fetchone() == (0,)
    ledger.close()

    assert waits.code == 11
    assert "was not taken" in waits.summary
    assert "could be as low as" not in waits.summary
    assert act(launch, command="decide", look="yes").code == 0


def test_inputs_are_words_and_nothing_else(broken, act, tmp_path):
    """A command that is none, and words with shell code in them: refused, and nothing of them runs."""
    assert act(broken, command="run").code == 2
    assert act(broken, arguments=f"--changed $(touch${{IFS}}{tmp_path}/ran) `id` ; true").code == 2
    assert not (tmp_path / "ran").exists()


def test_the_action_puts_no_input_into_its_script_and_names_no_host():
    """Every input travels through the environment, the program comes from the action's own checkout, and no address stands there."""
    text = (ROOT / "action.yml").read_text()
    action = YAML(typ="safe").load(text)
    runs = [step["run"] for step in action["runs"]["steps"]]

    assert action["runs"]["using"] == "composite"
    assert not any("${{" in run for run in runs)
    assert 'pip install --quiet "$GITHUB_ACTION_PATH"' in runs[0]
    assert not re.search(r"https?:|\buses:", text)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_the_script_is_clean():
    """Shellcheck finds nothing."""
    assert subprocess.run(["shellcheck", ROOT / "scripts/action"], check=False).returncode == 0


EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")


@dataclass(frozen=True)
class Job:
    """What a runner knows while it runs the steps of a composite action, and how it runs one."""

    known: dict[str, str]
    surroundings: dict[str, str]

    def filled(self, text: str) -> str:
        """Return a text with its expressions filled in; one that is not known is a fault of the action."""
        return EXPRESSION.sub(lambda found: self.known[found[1]], text)

    def run(self, step: dict[str, Any]) -> int:
        """Run one step as a runner does: its own environment, bash that stops at the first fault, its outputs kept."""
        assert step["shell"] == "bash"
        assert not EXPRESSION.search(step["run"])
        env = {
            **self.surroundings,
            **{name: self.filled(value) for name, value in step.get("env", {}).items()},
        }
        outputs = Path(self.surroundings["GITHUB_OUTPUT"])
        outputs.write_text("")
        given = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(given, env=env, capture_output=True, text=True, check=False, timeout=300)
        for line in outputs.read_text().splitlines():
            name, _, value = line.partition("=")
            self.known[f"steps.{step.get('id')}.outputs.{name}"] = value
        return done.returncode


@pytest.fixture
def workflow(program, tmp_path) -> Callable[..., tuple[int, dict[str, str], str]]:
    """Run every step of action.yml in order, with inputs or their defaults; the install runs against this checkout alone."""
    action = YAML(typ="safe").load((ROOT / "action.yml").read_text())
    # A stand-in for the Python of the runner: it makes the folder of a virtual environment whose program is this
    # working tree, so that no registry is asked; what the action passes to it is written down.
    python = tmp_path / "python of the runner"
    python.write_text(
        f"""#!/bin/bash
printf '%s\\n' "$*" >>"{tmp_path}/installed"
[ "$1 $2" = "-m venv" ] || exit 0
mkdir -p "$3/bin"
cp "$0" "$3/bin/python"
cp "{program.command(tmp_path)}" "$3/bin/shipworthy"
"""
    )
    python.chmod(0o755)

    def run(launch: Path, **given: str) -> tuple[int, dict[str, str], str]:
        summary, temp = tmp_path / "summary.md", tmp_path / "runner temp"
        summary.write_text("")
        temp.mkdir(exist_ok=True)
        inputs = {name: str(spec.get("default", "")) for name, spec in action["inputs"].items()}
        inputs |= {"launch": str(launch), "python": str(python)} | given
        assert set(inputs) == set(action["inputs"])
        known = {f"inputs.{name}": value for name, value in inputs.items()} | {"runner.temp": str(temp)}
        env = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), "RUNNER_TEMP": str(temp),
            "XDG_STATE_HOME": str(tmp_path / "state"), "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        }  # fmt: skip
        job, code = Job(known, env), 0
        for step in action["runs"]["steps"]:
            code = code or job.run(step)
        outputs = {name: job.filled(spec["value"]) for name, spec in action["outputs"].items()}
        return code, outputs, summary.read_text()

    return run


def test_the_steps_of_the_action_run_in_order_with_its_own_inputs(broken, workflow, tmp_path):
    """Install, then answer, as action.yml has them: the regression fails the job, and both outputs lead to the report."""
    code, outputs, summary = workflow(broken)

    assert (code, outputs["code"]) == (12, "12")
    assert Path(outputs["report"]).read_text() in summary
    assert "breaks 12" in summary
    installed = (tmp_path / "installed").read_text().splitlines()
    assert [line.split()[:2] for line in installed] == [["-m", "venv"], ["-m", "pip"]]
    assert installed[1].endswith(f"--quiet {ROOT}")


def test_every_input_of_the_action_reaches_the_program(launch, outcomes, ship, workflow):
    """`command: decide` waits for the look with code 11; with `look: "yes"` it takes it, ships, and the job passes."""
    ship("import", outcomes("explore", 60), "--launch", launch, "--variant", "new")
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")

    waits = workflow(launch, command="decide")
    ships = workflow(launch, command="decide", look="yes")

    assert (waits[0], waits[1]["code"]) == (11, "11")
    assert "was not taken" in waits[2]
    assert (ships[0], ships[1]["code"]) == (0, "0")
