"""Functions of scorers.py run in a process of their own: whatever one of them does, the next output is scored."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.runners.checks import Check
from shipworthy.runners.scoring import About, Said

CODE = """
import os, sys, time, threading

calls = 0

def echo(given, expected, output):
    global calls
    calls += 1
    return output == expected, f"call {calls}"

def act(given, expected, output):
    if output == "hangs":
        while True:
            pass
    if output == "sleeps":
        time.sleep(600)
    if output == "raises":
        raise ValueError("no such thing")
    if output == "exits":
        sys.exit("enough")
    if output == "dies":
        os._exit(7)
    if output == "is killed":
        os.kill(os.getpid(), 9)
    if output == "prints":
        line = "x" * (1 << 20)
        for _ in range(1024):
            print(line)
            os.write(1, b"y" * 100)
    if output == "talks":
        return True, "w" * 50_000_000
    if output == "reads":
        return not sys.stdin.read()
    if output == "odd":
        return "yes"
    if output == "unknown":
        return None
    return 0.5

def compares(given, expected, output):
    import numpy as np
    return (np.array([output]) == expected).all()

def forks(given, expected, output):
    if (copy := os.fork()) == 0:
        if output == "exits":
            sys.exit(0)
        return False, "said by the copy"
    os.waitpid(copy, 0)
    return True, output

def slow_to_die(given, expected, output):
    with open(given, "w") as file:
        file.write(str(os.getpid()))
    while True:
        sum(range(10_000_000))
"""


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., list[Said]]:
    """Return a function that scores outputs with a function of scorers.py."""
    (tmp_path / "scorers.py").write_text(CODE)

    def scored(name: str, *outputs: object, seconds: float = 20.0, given: object = None) -> list[Said]:
        made = Check(tmp_path, name, seconds)
        with made.ready():
            return list(made.score_all([(given, "right", output, About()) for output in outputs]))

    return scored


def test_many_outputs_are_scored_in_order_by_one_process(check):
    """A thousand outputs, every third right: the calls count up to a thousand without a gap."""
    found = check("echo", *(["right", "wrong", "wrong"] * 333), "right")

    assert [value for value, _ in found] == [1.0, 0.0, 0.0] * 333 + [1.0]
    assert [words for _, words in found] == [f"call {n}" for n in range(1, 1001)]


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("hangs", "out of time: `act` in scorers.py did not end within 0.5 s"),
        ("sleeps", "out of time: `act` in scorers.py did not end within 0.5 s"),
        ("raises", "the check raised ValueError: no such thing"),
        ("exits", "the check raised SystemExit: enough"),
        ("dies", "the check ended its process (exit code 7)"),
        ("is killed", "the check ended its process (signal 9)"),
    ],
)
def test_an_output_on_which_the_check_breaks_is_unscored_and_the_rest_go_on(check, output, why):
    """Between two outputs that are scored stands one that is not, and it says why."""
    found = check("act", "fine", output, "fine", seconds=0.5)

    assert found == [(0.5, None), (None, f"unscored: {why}"), (0.5, None)]


def test_a_check_may_print_a_gigabyte_and_say_fifty_megabytes(check):
    """What it prints leads nowhere, also past Python's own stdout; its words are cut off at 20,000 characters."""
    printed, talked, read, unknown = check("act", "prints", "talks", "reads", "unknown", seconds=60)

    assert printed == (0.5, None)
    assert talked == (1.0, "w" * 20_000)
    assert read == (1.0, None)
    assert unknown == (None, "unscored: the check returned None")


def test_a_check_that_never_ends_on_any_output_is_a_mistake_in_the_check(check):
    """After three outputs nobody waits for the other 997: the message says what to change."""
    began = time.monotonic()
    with pytest.raises(
        BadInput, match=r"did not end within 0\.2 s, on each of the first 3 outputs"
    ) as raised:
        check("act", *["hangs"] * 1000, seconds=0.2)

    assert "seconds: 0.4" in raised.value.remedy
    assert time.monotonic() - began < 30


def test_a_check_that_is_changed_while_it_scores_does_not_go_on_under_its_old_version(tmp_path):
    """The second output kills the process, and scorers.py is another one by then: the third is not scored by it."""
    (tmp_path / "scorers.py").write_text(CODE)
    check = Check(tmp_path, "act")

    def changing():
        yield None, "right", "fine", About()
        (tmp_path / "scorers.py").write_text(CODE.replace("return 0.5", "return 1"))
        yield None, "right", "dies", About()
        yield None, "right", "fine", About()

    with check.ready():
        assert next(check.score_all([(None, "right", "fine", About())])) == (0.5, None)
        with pytest.raises(BadInput, match="was changed while it scored"):
            list(check.score_all(changing()))


def test_a_copy_of_the_process_answers_no_case(check):
    """A function that forks and lets its copy return or leave by `sys.exit`: each output has the score of its own call."""
    outputs = ["exits", *("returns" for _ in range(5)), "exits"]

    assert check("forks", *outputs, seconds=5.0) == [(1.0, output) for output in outputs]


def test_what_is_no_score_is_a_mistake_in_the_check(check):
    """It returned `yes`."""
    with pytest.raises(BadInput, match="the check `act` returned yes"):
        check("act", "fine", "odd")


def test_a_truth_value_of_another_library_is_named_in_full(check):
    """That a check returned `bool` would be told to somebody who does return what looks like one."""
    with pytest.raises(BadInput, match=r"returned numpy\.bool"):
        check("compares", "right")


def test_texts_of_any_size_and_form_pass_through_the_pipe(check):
    """Three megabytes, a line end, letters of other scripts, a nested value: each is what it was."""
    outputs = ["x" * 3_000_000, "a\nb\r\n", "d\u00e9j\u00e0 \U0001f600 \u2028", {"a": [1, 2.5, None]}, None]
    found = [check("echo", output)[0][0] for output in outputs]

    assert found == [0.0] * 5


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise RuntimeError('not today')", "cannot be loaded: RuntimeError: not today"),
        ("import sys\nsys.exit(3)", "cannot be loaded: SystemExit: 3"),
        ("import os\nos._exit(3)", r"it ended its process \(exit code 3\) while it was loaded"),
        ("other = 1", "has no function `act`"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_named(tmp_path, code, said):
    """Nothing is scored, and the message says what happened."""
    (tmp_path / "scorers.py").write_text(code)

    with pytest.raises(BadInput, match=said), Check(tmp_path, "act").ready():
        pass


def test_nothing_is_left_running_when_scoring_is_left(tmp_path):
    """Whoever scored is interrupted while the check runs: its process is gone, and so is what it held open."""
    (tmp_path / "scorers.py").write_text(CODE)
    file = tmp_path / "pid"
    before = set(Path("/proc/self/fd").iterdir())
    check = Check(tmp_path, "slow_to_die", 1.0)
    with check.ready():
        assert check.score(str(file), None, "x", About())[1] == (
            "unscored: out of time: `slow_to_die` in scorers.py did not end within 1 s"
        )

    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)
    assert set(Path("/proc/self/fd").iterdir()) == before


KILLED = """
import sys
from pathlib import Path
from shipworthy.runners.checks import Check
from shipworthy.runners.scoring import About
check = Check(Path(sys.argv[1]), "slow_to_die", 600)
with check.ready():
    check.score(sys.argv[2], None, "x", About())
"""


def test_nothing_is_left_running_when_the_program_is_killed(tmp_path):
    """The program gets a SIGKILL while a check of its launch runs for ever: the check's process ends with it."""
    (tmp_path / "scorers.py").write_text(CODE)
    file = tmp_path / "pid"
    path = os.pathsep.join(sys.path)
    program = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), str(file)], env={**os.environ, "PYTHONPATH": path}
    )
    _until(lambda: file.exists() and file.read_text())
    number = int(file.read_text())
    os.kill(number, 0)

    program.kill()
    program.wait()

    _until(lambda: not _runs(number))


def _runs(number: int) -> bool:
    """Whether a process runs; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(true: Callable[[], object]) -> None:
    """Wait until something is so, for twenty seconds at most."""
    ends = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.05)
