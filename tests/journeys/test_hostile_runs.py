"""Features and checks that misbehave, runs that are stopped at the wrong moment, two of them at once."""

from __future__ import annotations

import datetime as dt
import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

LAUNCH = """
title: Runs
candidate: new
variants:
  new: {python: "feature:new"}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  scorer: {check: right}
"""
FEATURE = "def new(text):\n    return text\n"
RIGHT = "def right(case_input, expected, output):\n    return True\n"


def _accept_unread(ship, launch):
    """Take it upon oneself that nobody read the open outputs, which would hold the ship back."""
    month = (dt.datetime.now().astimezone().date() + dt.timedelta(days=30)).isoformat()
    why = "what this feature answers is written in this test"
    ship("decide", launch)
    said = ship("accept", "FLR-01", launch, "--name", "Ada", "--reason", why, "--until", month)
    assert said.code == 0, said.err


@pytest.fixture
def launch(folder: Callable[..., Path]) -> Callable[..., Path]:
    """Make a launch with 10 open and 60 sealed cases that runs the given feature and check."""

    def make(feature: str = FEATURE, scorers: str = RIGHT) -> Path:
        made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, feature_py=feature, scorers_py=scorers)
        (made / "evalset").mkdir()
        cases = [
            {"id": f"c{i}", "input": f"t{i}", "part": "explore" if i < 10 else "holdout"} for i in range(70)
        ]
        (made / "evalset/cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
        return made

    return make


def _until(path: Path) -> None:
    for _ in range(300):
        if path.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{path} never came")


SLOW = """
import pathlib, time
HERE = pathlib.Path(__file__).parent / ".shipworthy"
def new(text):
    if text == "t9" and not (HERE / "go").exists():
        (HERE / "reached").write_text("")
        while not (HERE / "go").exists():
            time.sleep(0.05)
    return text
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_was_stopped_before_the_lock_does_not_swallow_the_holdout(launch, program, ship, stop):
    """Stopped among the open cases, then locked, then run: the sealed outputs count as recorded after the lock."""
    made = launch(SLOW.replace("time.sleep(0.05)", "time.sleep(0.05)"))
    first = program.start("run", made, "--trust", stderr=subprocess.PIPE)
    _until(made / ".shipworthy/reached")
    time.sleep(0.7)
    first.send_signal(stop)
    _, said = first.communicate(timeout=30)
    assert "Traceback" not in said
    (made / ".shipworthy/go").write_text("")
    ship("lock", made)

    ran = ship("run", made, "--trust")

    assert ran.code == 0
    _accept_unread(ship, made)
    assert ship("decide", made).code == 0
    assert ship("verify", made).code == 0


def test_a_second_run_is_refused_while_one_goes_on_and_both_count_for_what_they_are(launch, program, ship):
    """One process among the open cases while another wants the holdout: it is told to wait, and nothing is asked twice."""
    made = launch(SLOW)
    first = program.start("run", made, "--trust", stderr=subprocess.PIPE)
    _until(made / ".shipworthy/reached")
    ship("lock", made)
    second = ship("run", made, "--trust")
    (made / ".shipworthy/go").write_text("")
    _, said = first.communicate(timeout=60)

    assert second.code == 1
    assert "another process is running this launch" in second.err
    assert first.returncode == 0, said
    assert ship("run", made, "--trust").code == 0
    assert ship("verify", made).code == 0
    _accept_unread(ship, made)
    assert ship("decide", made).code == 0


@pytest.mark.parametrize(
    "body",
    [
        "raise RuntimeError('\\ud800')",
        "return '\\ud800'",
        "return {1: object()}",
        "raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()",
        "import asyncio; raise asyncio.CancelledError",
        "raise GeneratorExit",
        "import sys; sys.stdout.close()",
        "return float('nan')",
        "return '\\0' * 3",
        "return 10 ** 5000",
        "import os; os.chdir('/')",
        "a = []; a.append(a); return a",
        "def f(): return f()\n    return f()",
        "import sys; sys.exit(0)",
    ],
)
def test_whatever_a_feature_does_is_an_answer_or_none(launch, ship, body):
    """Odd exceptions, odd values, odd text: the run goes on, and no case is lost."""
    made = launch(f"def new(text):\n    {body}\n")
    ship("lock", made)

    said = ship("run", made, "--trust")

    assert said.code == 0, said.err
    assert "new:" in said.out
    assert ship("decide", made).code in (0, 11, 12)


@pytest.mark.parametrize(
    "body",
    [
        "return None, {'why': 1}",
        "return None, '\\ud800'",
        "return True, '\\ud800\\0'",
        "raise RuntimeError('\\ud800')",
        "raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()",
        "return True, type('Odd', (), {'__str__': lambda self: 1 / 0})()",
        "import asyncio; raise asyncio.CancelledError",
        "return 2",
        "return float('nan')",
        "return 'yes'",
        "return (True,)",
        "return [True]",
    ],
)
def test_a_check_that_misbehaves_passes_nothing_or_is_refused(launch, ship, body):
    """What a check cannot say clearly is unscored or refused, never a breakdown."""
    made = launch(scorers=f"def right(case_input, expected, output):\n    {body}\n")
    ship("lock", made)

    said = ship("run", made, "--trust")

    assert said.code in (0, 3), said
    if "True, " not in body:
        assert ship("decide", made).code != 0


def test_a_file_that_a_check_imports_is_part_of_the_plan(launch, ship, tmp_path):
    """The outcomes come from elsewhere; the rules that judge them lie beside scorers.py and cannot be eased after the lock."""
    made = launch(
        scorers="import rules\ndef right(case_input, expected, output):\n    return rules.ok(output)\n"
    )
    (made / "launch.yaml").write_text(LAUNCH.replace('python: "feature:new"', "recorded: true"))
    (made / "rules.py").write_text("def ok(output):\n    return False\n")
    ship("lock", made)
    rows = "".join(f"c{i},text\n" for i in range(10, 70))
    (tmp_path / "rows.csv").write_text("case,output\n" + rows)
    ship("import", tmp_path / "rows.csv", "--launch", made, "--variant", "new")
    (made / "rules.py").write_text("def ok(output):\n    return True\n")
    ship("run", made, "--trust")

    assert ship("decide", made).code not in (0, 10)


def test_a_feature_cannot_rewrite_the_check_between_its_answer_and_the_score(launch, ship):
    """A feature that overwrites scorers.py while it answers breaks the lock instead of passing."""
    made = launch(
        "import pathlib\ndef new(text):\n"
        "    pathlib.Path(__file__).with_name('scorers.py').write_text('def right(a, b, c): return True')\n",
        "def right(case_input, expected, output):\n    return False\n",
    )
    ship("lock", made)
    ship("run", made, "--trust")

    assert ship("decide", made).code not in (0, 10)


def test_outcomes_from_a_file_do_not_stand_for_code_that_was_never_run(launch, ship, tmp_path):
    """The candidate is a function of the folder: a file of passes is not what it answered."""
    made = launch()
    (made / "criteria.yaml").write_text(CRITERIA.replace("check: right", "recorded: passed"))
    ship("lock", made)
    (tmp_path / "rows.csv").write_text("case,passed\n" + "".join(f"c{i},1\n" for i in range(10, 70)))

    said = ship("import", tmp_path / "rows.csv", "--launch", made, "--variant", "new")

    assert said.code == 3
    assert ship("decide", made).code not in (0, 10)


def test_a_feature_that_changes_its_input_changes_it_for_no_other_repeat(folder, ship):
    """It appends to the list that it is given: each of three repeats is asked the same, and the check sees the case."""
    feature = "def new(messages):\n    messages.append('more')\n    return len(messages)\n"
    check = "def right(case_input, expected, output):\n    return len(case_input) == 1 and output == 2\n"
    launch = folder(
        launch_yaml=LAUNCH.replace('"feature:new"', '"feature:new", repeats: 3'), criteria_yaml=CRITERIA,
        feature_py=feature, scorers_py=check, evalset__cases_jsonl='{"id": "a", "input": ["hello"], "part": "explore"}',
    )  # fmt: skip

    said = ship("run", launch, "--trust")

    assert said.code == 0, said.err
    assert "3 of 3 passed" in ship("show", launch).out


def test_a_feature_that_cancels_something_of_its_own_ends_no_run(folder, ship):
    """An async function awaits a task that it cancelled: no answer, with the reason, and the other case is answered."""
    feature = (
        "import asyncio\n\n\nasync def new(text):\n    task = asyncio.create_task(asyncio.sleep(9, text))\n"
        "    if text == 'a':\n        task.cancel()\n        await task\n    return text\n"
    )
    cases = "".join(json.dumps({"id": name, "input": name, "part": "explore"}) + "\n" for name in "ab")
    launch = folder(
        launch_yaml=LAUNCH, criteria_yaml=CRITERIA, feature_py=feature, scorers_py=RIGHT,
        evalset__cases_jsonl=cases,
    )  # fmt: skip

    said = ship("run", launch, "--trust")

    assert said.code == 0, said.err
    assert "new: 1 answered, 1 no answer" in said.out


def test_a_feature_that_goes_to_another_folder_is_scored_all_the_same(folder, ship, monkeypatch, tmp_path):
    """The launch is named from where we are, and the feature leaves that place: 3 answers, 3 scores, all in the launch."""
    feature = f"import os\n\n\ndef new(text):\n    os.chdir({str(tmp_path)!r})\n    return text\n"
    cases = "".join(json.dumps({"id": name, "input": name, "part": "explore"}) + "\n" for name in "abc")
    launch = folder(
        launch_yaml=LAUNCH, criteria_yaml=CRITERIA, feature_py=feature, scorers_py=RIGHT,
        evalset__cases_jsonl=cases,
    )  # fmt: skip
    monkeypatch.chdir(launch)

    said = ship("run", "--trust")

    assert said.code == 0, said.err
    assert "new: 3 scores written" in said.out
    assert Path.cwd() == launch
