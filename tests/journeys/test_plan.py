"""A plan is asked what it can show, and the answer changes what a person does next."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import shipworthy

SAMPLE = Path(shipworthy.__file__).parent / "content" / "sample"
AIRLINE = """
title: Airline agent
candidate: gpt-4o
variants:
  gpt-4o: {recorded: true, repeats: 4}
"""
SOLVED = """
- id: every_time
  estimand: all_of_k
  k: 4
  bar: {at_least: 0.40}
  hoped_for: 0.50
  scorer: {recorded: reward}
- id: solved
  kind: guardrail
  bar: {at_least: 0.35}
  hoped_for: 0.60
  scorer: {recorded: reward}
"""
LOG = "data/import-fixtures/inspect-replay/tau-airline-4epochs.json.gz"


def sealed(n, **more):
    """Return lines of sealed cases."""
    return "".join(json.dumps({"id": f"h{i}", "part": "holdout", **more}) + "\n" for i in range(n))


def opened(ship, launch, log):
    """Bring in open cases and how they went."""
    ship("import", log, "--launch", launch, "--cases", "--part", "explore")
    assert ship("import", log, "--launch", launch, "--variant", "gpt-4o").code == 0


@pytest.fixture
def airline(folder):
    """A launch with 50 sealed tasks, and nothing recorded."""
    return folder(launch_yaml=AIRLINE, criteria_yaml=SOLVED, evalset__sealed_jsonl=sealed(50))


def test_fifty_tasks_cannot_be_counted_on_for_four_passes_in_a_row(airline, ship):
    """At a bar of .40 and a hope of .50 the chance is about one in four; it takes about three times as many."""
    said = ship("plan", airline, "--format", "json")

    every, solved = said.json["claims"]
    assert said.code == 0
    assert every["outlook"] == "scarce"
    assert 0.2 < every["chance"] < 0.45
    assert 140 <= every["needed"][0]["groups"] <= 165
    assert solved["outlook"] == "enough"
    assert said.json["open_groups"] == 0


def test_real_repeats_say_what_a_fifth_would_be_worth(airline, shared, ship):
    """tau-bench: 50 tasks of four repeats agree by .40; a fifth repeat is worth six hundredths of a task."""
    opened(ship, airline, shared / LOG)
    before = ship("verify", airline).out

    said = ship("plan", airline, "--format", "json").json
    text = ship("plan", airline).out

    alike = {each["criterion"]: each for each in said["alike"]}["solved"]
    assert said["open_groups"] == 50
    assert round(alike["icc"], 2) == 0.40
    low, high = alike["interval"]
    assert low < alike["icc"] < high
    assert round(alike["another_repeat_in_cases"], 2) == 0.06
    assert "A fifth repeat of every case is worth 0.0" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert ship("verify", airline).out == before  # nothing was written, no look was taken


def test_the_next_step_changes_with_what_the_plan_can_show(airline, shared, ship):
    """First record open cases; then write more sealed ones; then claim what so few can show, and lock."""
    first = ship("plan", airline).out
    opened(ship, airline, shared / LOG)
    second = ship("plan", airline).out
    with (airline / "evalset/sealed.jsonl").open("a") as file:
        file.write(sealed(150).replace('"id": "h', '"id": "more'))
    third = ship("plan", airline).out
    ship("lock", airline)
    fourth = ship("plan", airline).out

    assert "Next: record open cases" in first
    assert "Next: write more sealed groups" in second
    assert "Next: shipworthy lock" in third
    assert "Next: the plan is locked" in fourth


def test_too_few_to_show_it_even_if_nothing_fails_is_said_as_a_rate(folder, ship):
    """40 sealed cases cannot show 95 of 100; 59 without a failure would."""
    launch = folder(
        launch_yaml="title: Few\ncandidate: new\nvariants:\n  new: {recorded: true}\n",
        criteria_yaml="""
            - id: right
              bar: {at_least: 0.95}
              hoped_for: 0.99
              scorer: {recorded: passed}
            """,
        evalset__cases_jsonl=sealed(40),
    )

    said = ship("plan", launch).out

    assert "right: 40 groups; 59 without a failure would show 95 of 100." in said
    assert "Next: write at least 19 more sealed groups for right" in said


@pytest.mark.parametrize("power", ["0.95", "0.6"])
def test_one_chance_can_be_priced_in_the_place_of_two(airline, ship, power):
    """`--power` prices that one alone, and a hope given on the line counts."""
    usual = ship("plan", airline, "--format", "json").json
    said = ship("plan", airline, "--power", power, "--hoped", "every_time=0.6", "--format", "json").json

    assert [each["power"] for each in said["ship_everywhere"]["enough"]] == [float(power)]
    assert said["claims"][0]["hoped"] == 0.6
    assert said["claims"][0]["chance"] > usual["claims"][0]["chance"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--power", "1.5"), "write one from 0.5 to 0.999"),
        (("--hoped", "every_time"), "write --hoped right_answer=0.93"),
        (("--hoped", "nobody=0.9"), "there is no goal or guardrail `nobody`"),
        (("--hoped", "solved=93"), "is no share"),
    ],
)
def test_a_slip_of_the_pen_is_named_with_its_remedy(airline, ship, option, said):
    """Nothing is guessed into shape."""
    answer = ship("plan", airline, *option)
    assert answer.code == 3
    assert said in answer.err


def test_the_sample_launch_is_planned_with_its_price(tmp_path, ship):
    """Every goal and guardrail in every topic, with a bill once the launch has prices."""
    launch = tmp_path / "sample"
    shutil.copytree(SAMPLE, launch)
    plain = ship("plan", launch).out
    with (launch / "launch.yaml").open("a") as file:
        file.write("\nprices: {output: 0.02, case: 3.0, currency: EUR}\n")

    priced, said = ship("plan", launch).out, ship("plan", launch, "--format", "json").json

    assert len(said["claims"]) == 18
    assert said["schema"] == "shipworthy.plan/1"
    assert "Not counted: better_than_today" in plain
    assert "EUR" not in plain
    assert "As planned: 328 sealed cases, 656 outputs, 13.12 EUR." in priced
    assert all(len(line) <= 80 for line in priced.splitlines())


def test_a_plan_can_be_asked_before_any_case_is_written(folder, ship):
    """With nothing sealed yet the table says how many it takes."""
    launch = folder(
        launch_yaml="title: None yet\ncandidate: new\nvariants:\n  new: {recorded: true}\n",
        criteria_yaml="""
            - id: right
              bar: {at_least: 0.8}
              hoped_for: 0.9
              scorer: {recorded: passed}
            """,
    )

    said = ship("plan", launch, "--format", "json").json

    assert (said["claims"][0]["groups"], said["claims"][0]["fewest"], said["claims"][0]["chance"]) == (
        0,
        14,
        0.0,
    )
    assert [n["groups"] for n in said["claims"][0]["needed"]] == [82, 112]


def test_without_a_goal_there_is_nothing_to_plan(folder, ship):
    """A launch of diagnostics decides nothing."""
    launch = folder(
        launch_yaml="title: None\ncandidate: new\nvariants:\n  new: {recorded: true}\n",
        criteria_yaml="""
            - id: right
              kind: diagnostic
              bar: {at_least: 0.8}
              scorer: {recorded: passed}
            """,
    )
    said = ship("plan", launch)
    assert said.code == 3
    assert "nothing to plan" in said.err
