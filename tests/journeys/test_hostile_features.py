"""Programs and functions at their worst, through the whole run: each costs one case its answer, and no key is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.journeys.remote import launch, outputs, rows

KEY = "sk-live-0123456789abcdef"
NAMES = ["fine", "gigabyte", "dies", "never ends", "says its key", "dies with its key", "fine too"]
PROGRAM = """
import json, os, sys, time

for line in sys.stdin:
    name = json.loads(line)["input"]
    if name == "gigabyte":
        for _ in range(1024):
            os.write(1, b"x" * (1 << 20))
    if name == "dies":
        os._exit(7)
    if name == "never ends":
        time.sleep(600)
    if name == "dies with its key":
        sys.exit("refused: " + os.environ["FEATURE_API_KEY"])
    if name == "says its key":
        name += " " + os.environ["FEATURE_API_KEY"]
    print(json.dumps({"output": name}), flush=True)
    if PROTOCOL == "once":
        break
"""
FUNCTION = """
import os, sys

def f(name):
    print("noise", os.environ["FEATURE_API_KEY"])
    if name == "dies":
        raise ValueError("bad key " + os.environ["FEATURE_API_KEY"])
    if name == "says its key":
        return {"headers": {"Authorization": "Bearer " + os.environ["FEATURE_API_KEY"]}}
    return name + " within 100000 tokens"
"""
MEASURE = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "shipworthy", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""


def _cases(names: list[str]) -> list[dict[str, str]]:
    """Return open cases that are what they ask for."""
    return [{"id": name, "input": name, "part": "explore"} for name in names]


def _everything(made: Path, *said: str) -> bytes:
    """Return every byte that was written into a launch folder, and every word that was said."""
    written = [path.read_bytes() for path in sorted(made.rglob("*")) if path.is_file()]
    return b"".join([*written, *(text.encode() for text in said)])


@pytest.mark.parametrize("protocol", ["line", "once"])
def test_a_program_that_does_its_worst_costs_only_those_cases_their_answers(ship, tmp_path, protocol):
    """A gigabyte, an exit, a sleep, its key in an answer and in its last words; the run ends well, below 250 MB."""
    made = launch(
        tmp_path / "l",
        {"p": {"command": {"run": [sys.executable, "feature.py"], "protocol": protocol}, "limits": {"timeout_s": 3}}},
        cases=_cases(NAMES),
        feature_py=PROGRAM.replace("PROTOCOL", repr(protocol)),
    )  # fmt: skip

    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, "run", str(made), "--trust"],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "FEATURE_API_KEY": KEY},
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    assert "p: 3 answered, 4 no answer" in ran.stdout
    assert int(ran.stdout.split()[-1]) < 250_000
    found = outputs(made)
    assert {name: why for name, (text, why) in found.items() if text is None} == {
        "gigabyte": "error: an output of more than 4,000,000 bytes",
        "dies": "error: the program ended with exit code 7",
        "never ends": "timeout: no answer within 3 s",
        "dies with its key": "error: the program ended with exit code 1: refused: [redacted]",
    }
    shown = json.loads(found["says its key"][0])
    assert (shown["output"] if isinstance(shown, dict) else shown) == "says its key [redacted]"
    assert rows(made, "SELECT count(*) FROM scores") == [(7,)]
    assert KEY.encode() not in _everything(made, ran.stdout, ran.stderr)
    assert ship("verify", made).code == 0


def test_a_function_that_raises_or_returns_its_key_does_not_write_it(ship, tmp_path, monkeypatch):
    """The key in an exception, in a nested answer and on stdout; a limit in `MAX_TOKENS` is no key and stays as it is."""
    monkeypatch.setenv("FEATURE_API_KEY", KEY)
    monkeypatch.setenv("MAX_TOKENS", "100000")
    made = launch(
        tmp_path / "l",
        {"f": {"python": "feature:f"}},
        cases=_cases(["fine", "dies", "says its key"]),
        feature_py=FUNCTION,
    )

    ran = ship("run", made, "--trust", "--events")

    assert ran.code == 0, ran.err
    found = outputs(made)
    assert found["fine"] == ('"fine within 100000 tokens"', None)
    assert found["dies"] == (None, "error: ValueError: bad key [redacted]")
    assert json.loads(found["says its key"][0]) == {"headers": {"Authorization": "Bearer [redacted]"}}
    shown = ship("show", made, "says its key").out
    assert "[redacted]" in shown
    assert KEY.encode() not in _everything(made, ran.out, ran.err, shown)
