"""Reading what a variant really said."""

from __future__ import annotations

import json

import pytest

LAUNCH = """
candidate: new
variants: {new: {python: "feature:new"}}
slices: {topic: {by: topic, shares: {a: 0.5, b: 0.5}}}
"""
CRITERIA = """
- id: right
  question: Is it right?
  bar: {at_least: 0.5, why: a test}
  scorer: {check: right}
"""


@pytest.fixture
def launch(tmp_path, ship):
    """Eight open cases and two sealed ones, run; c1 fails, c3 has no answer."""
    folder = tmp_path / "launch"
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(LAUNCH)
    (folder / "criteria.yaml").write_text(CRITERIA)
    (folder / "feature.py").write_text(
        "def new(text):\n    if text == 't3':\n        raise ValueError('no \\x1b[31mred')\n    return text + '\\x1b]52;c;AAAA\\x07'\n"
    )
    (folder / "scorers.py").write_text(
        "def right(given, expected, output):\n    return given != 't1', f'looked at {given}'\n"
    )
    cases = [
        {
            "id": f"c{i}",
            "input": f"t{i}",
            "tags": {"topic": "ab"[i % 2]},
            "part": "holdout" if i > 7 else "explore",
        }
        for i in range(10)
    ]
    (folder / "evalset/cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    ship("lock", folder)
    assert ship("run", folder, "--trust").code == 0
    return folder


def test_counts_slices_and_the_first_failures_of_open_cases_are_read_and_nothing_sealed(launch, ship):
    """Of 8 open outputs one failed and one has no answer; the two sealed ones are in no number."""
    said = json.loads(ship("show", launch, "--format", "json").out)

    assert said["all"] == {"outputs": 8, "passed": 6, "unscored": 0, "no_answer": 1}
    assert said["by_slice"]["topic=a"] == {"outputs": 4, "passed": 4, "unscored": 0, "no_answer": 0}
    assert [(seen["case"], seen["value"]) for seen in said["failed"]] == [("c1", 0.0), ("c3", None)]
    assert said["failed"][0]["words"] == "looked at t1"


def test_an_output_is_shown_whole_and_its_control_characters_do_nothing(launch, ship):
    """The output tries to write to the clipboard of the terminal; the text has no escape character."""
    shown = ship("show", launch, "c1").out

    assert "t1" in shown
    assert "looked at t1" in shown
    assert "\x1b" not in shown
    assert "\x1b" not in ship("show", launch).out


def test_a_sealed_output_is_not_shown(launch, ship):
    """c9 lies in the holdout: whoever wants to read it labels it blindly."""
    refused = ship("show", launch, "c9")

    assert refused.code != 0
    assert "sealed" in refused.err
    assert "t9" not in refused.out + refused.err


def test_whoever_watches_a_run_sees_how_open_outputs_pass_and_nothing_sealed(launch, ship):
    """Asked again with events: 6 of the 8 open outputs pass; the sealed ones are not in the count."""
    events = [
        json.loads(line)
        for line in ship("run", launch, "--trust", "--fresh", "--agree-cost", "--events").err.splitlines()
        if line[0] == "{"
    ]

    last = [event for event in events if "passed" in event][-1]
    assert last["passed"] == "6 of 8 open pass right so far"
    assert (last["done"], last["planned"]) == (10, 10)
