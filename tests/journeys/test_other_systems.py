"""On a system without what Unix has, what cannot be done says so, and everything else works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT

WITHOUT = """
import sys
for name in ("fcntl", "termios", "pty", "resource", "uvloop"):
    sys.modules[name] = None
from shipworthy.cli.main import run
sys.exit(run(sys.argv[1:]))
"""
LAUNCH = "title: T\ncandidate: new\nvariants: {{new: {{{how}}}}}\n"
CRITERIA = "- id: right\n  bar: {{at_least: 0.5}}\n  scorer: {{{how}}}\n"


def _run(made: Path) -> subprocess.CompletedProcess[str]:
    """Run a launch in a Python that has no `fcntl`."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, "run", str(made), "--trust"],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("variant", "scorer", "code", "said"),
    [
        ("python: 'feature:f'", "contains: yes it", 0, "new: 2 answered, 0 no answer"),
        (
            f"command: {{run: ['{sys.executable}', feature.py]}}", "contains: yes it", 1,
            "error: a variant that is a program needs Linux, macOS or another system of the Unix kind, and this is none",
        ),
        (
            "python: 'feature:f'", "check: right", 1,
            "error: a check that is a function of scorers.py needs Linux, macOS or another system of the Unix kind",
        ),
    ],
)  # fmt: skip
def test_a_system_without_process_groups_is_named_and_the_rest_works(folder, variant, scorer, code, said):
    """Two cases: a function with a declared check runs; a program, and a check of one's own, are refused in three lines."""
    made = folder(
        launch_yaml=LAUNCH.format(how=variant),
        criteria_yaml=CRITERIA.format(how=scorer),
        scorers_py="def right(given, expected, output):\n    return True\n",
        feature_py="def f(text):\n    return f'yes it is {text}'\n",
        evalset__cases_jsonl='{"id": "a", "input": "x"}\n{"id": "b", "input": "y"}\n',
    )

    done = _run(made)

    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr
    assert ("to mend it: run Shipworthy in WSL or a container" in done.stderr) == bool(code)
    assert "Traceback" not in done.stderr
