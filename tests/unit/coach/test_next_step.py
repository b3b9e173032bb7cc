"""One step at a time: read first, then goal, reality, options, will."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.coach.launches import BAD, GOOD, LAUNCH, SHIP, claim, part

from shipworthy.coach.facts import Facts
from shipworthy.coach.next_step import Step, next_step
from shipworthy.coach.observed import Lock, Runs
from shipworthy.coach.recorded import ReviewHeld
from shipworthy.coach.sceptic import challenge
from shipworthy.domain.launch import Launch, Variant
from shipworthy.domain.verdict import MoreNeeded

NEW = Facts(
    launch=Launch(candidate="new", variants={"new": Variant(recorded=True)}),
    folder="inbox",
    lock=Lock(),
    runs=Runs(),
)
"""A folder a minute after `init`."""


def step(facts: Facts) -> Step:
    """Return the one next step."""
    return next_step(facts, challenge(facts))


def unlocked(**more: Any) -> Facts:
    """Return a launch that answers everything and is not locked yet."""
    return replace(
        GOOD,
        lock=Lock(),
        verdict=None,
        memo=None,
        runs=replace(GOOD.runs or Runs(), sealed_outputs=0),
        **more,
    )


def test_a_newcomer_is_asked_for_outputs_before_a_decision_or_a_criterion():
    """Nothing is written and nothing recorded: bring in outputs."""
    said = step(NEW)

    assert (said.phase, said.command) == ("Read first", "shipworthy import FILE --cases --launch inbox")


def test_outputs_that_nobody_read_come_before_the_brief():
    """A hundred outputs are there, no failure mode has a name, and the decision is not written either."""
    said = step(replace(NEW, runs=Runs(open_outputs=100)))

    assert (said.phase, said.command, said.minutes) == (
        "Read first",
        "shipworthy look queue inbox reading --n 100, then: shipworthy look label inbox reading --as NAME",
        25,
    )


def test_after_reading_the_goal_is_asked_for():
    """Read and named; no decision."""
    said = step(replace(BAD["FRM-01"], lock=Lock()))

    assert (said.phase, said.rule) == ("Goal", "FRM-01")


def test_reality_is_what_blocks():
    """A harmful failure mode that nothing decides about comes before the lock."""
    said = step(unlocked(criteria=BAD["FLR-05"].criteria))

    assert (said.phase, said.rule) == ("Reality", "FLR-05")


def test_options_come_before_the_lock():
    """Too few cases for a fair chance: say so before the plan is fixed."""
    said = step(unlocked(claimed=BAD["SET-02"].claimed))

    assert (said.phase, said.rule, said.command) == ("Options", "SET-02", "shipworthy set grow inbox")


@pytest.mark.parametrize(
    ("facts", "command"),
    [
        (unlocked(), "shipworthy lock inbox"),
        (replace(unlocked(), lock=Lock(locked=True)), "shipworthy import FILE --launch inbox"),
        (replace(GOOD, verdict=None, memo=None), "shipworthy decide inbox"),
        (replace(GOOD, memo=None), "shipworthy memo inbox"),
        (GOOD, "shipworthy memo inbox"),
    ],
)
def test_will_is_the_next_thing_on_the_way(facts, command):
    """Lock, record, look, write the memo, hand it over."""
    said = step(facts)

    assert (said.phase, said.command) == ("Will", command)


def test_at_the_end_the_memo_goes_to_whoever_decides():
    """Nothing is open: the step says so and starts nothing new."""
    assert step(GOOD).do == "Take the memo to whoever decides."


def test_a_warning_after_the_verdict_may_be_mended_or_accepted_by_name():
    """The step names both, with the command for the second."""
    said = step(part("cases", sources={"tickets": 400}))

    assert said.rule == "SET-07"
    assert said.instead == (
        "accept it by name: shipworthy accept SET-07 inbox --name … --reason … --until …",
    )


def test_not_yet_is_a_crossroads_and_to_stop_is_one_of_the_ways():
    """The price of the dearest claim, and what the launch itself calls its exit."""
    open_claim = claim(state="not shown", estimate=0.85, more_needed=MoreNeeded(140, 0.95, 0.8, fresh=True))
    said = step(replace(GOOD, verdict=replace(SHIP, verdict="not yet", claims=(open_claim,))))

    assert said.phase == "Options"
    assert "140 more cases" in said.why
    assert f"stop, as you wrote: {LAUNCH.not_worth_it_if}" in said.instead


def test_a_blocked_ship_leads_to_what_blocks_it():
    """The verdict is computed; somebody still has to say who pays when it is wrong."""
    assert step(BAD["FRM-04"]).rule == "FRM-04"


@pytest.mark.parametrize(
    ("call", "do", "command"),
    [
        (
            ReviewHeld("Zoë", open_questions=("Who pulls it?",)),
            "Answer Zoë: Who pulls it?",
            "shipworthy review log inbox --who 'Zoë' --answer 'Who pulls it?: …'",
        ),
        (
            ReviewHeld("Zoë", open_questions=("Who pulls it?",), due=("plant bad drafts",)),
            "Do what was agreed with Zoë: plant bad drafts",
            "shipworthy review log inbox --who 'Zoë' --done 'plant bad drafts'",
        ),
    ],
)
def test_what_a_reviewer_waits_for_comes_back(call, do, command):
    """Everything else is answered: what is due first, then what nobody answered; a call without either asks nothing."""
    said = step(replace(GOOD, folder="inbox", reviews=(call,)))

    assert (said.phase, said.do, said.command) == ("Will", do, command)
    assert step(replace(GOOD, reviews=(ReviewHeld("Zoë"),))) == step(GOOD)
