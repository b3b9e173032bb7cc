"""A demo in sentences, and the one next step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shipworthy.decision.demo import Answers, Compared, Wording
from shipworthy.narrative.demo import Standing, against_set, aside, flipping, headline, missing, next_step
from shipworthy.narrative.wording import banned

SHOWN = Answers(
    of=1, asked=10, passed=9, unscored=0, no_answer=0, times=10, alike=0, all_passed=0, lower=0.6, upper=0.98
)
REWORDED = replace(SHOWN, passed=5)
SET = Answers(
    of=100,
    asked=100,
    passed=61,
    unscored=0,
    no_answer=0,
    times=1,
    alike=100,
    all_passed=61,
    lower=0.5123,
    upper=0.7012,
)
ONE = Compared("right", "Is it right?", "goal", SHOWN, REWORDED, SET, "open", Wording("a", 1, 10, 5), 0, 0)
HERE = Standing("my launch", "new", candidate=True)


def test_counts_come_first_and_the_range_is_the_set_s():
    """9 of 10, 5 of 10, 61 of 100; the range is rounded outwards."""
    assert (
        headline(ONE)
        == "right: as shown 9 of 10, reworded 5 of 10, representative 61 of 100 (could be 51 to 71 of 100)"
    )
    assert (
        headline(replace(ONE, reworded=None, representative=None))
        == "right: as shown 9 of 10, representative not recorded"
    )


def test_a_name_that_somebody_wrote_is_only_text():
    """An escape sequence in an id does not reach the terminal."""
    assert "\x1b" not in headline(replace(ONE, criterion="ri\x1b[31mght"))


def test_what_was_not_scored_or_not_answered_is_said():
    """Two unscored as shown and one case without answer are counted as not passed, in words."""
    said = missing(replace(ONE, shown=replace(SHOWN, unscored=2), representative=replace(SET, no_answer=1)))
    assert said == "counted as not passed: as shown 2 unscored, representative 1 no answer"
    assert missing(ONE) == ""


def test_flips_are_said_of_a_set_with_repeats_only():
    """23 of 100 cases pass at one of 3 repeats and fail at another."""
    assert flipping(ONE) == ""
    said = flipping(replace(ONE, representative=replace(SET, times=3, asked=300, alike=77)))
    assert said == "of the set's 100 cases, run 3 times each, 23 flip between repeats"


def test_no_difference_is_never_called_none():
    """Chance could explain it: nothing says that the demo is as good as the set."""
    assert against_set(ONE) == "chance alone could explain how the demo differs from the set"
    assert "too few groups" in against_set(replace(ONE, representative=replace(SET, lower=None, upper=None)))


BETTER, BRITTLE, WORSE = (
    replace(ONE, against_set=1),
    replace(ONE, against_reworded=1),
    replace(ONE, against_set=-1),
)
BESIDE_NOTHING = replace(ONE, representative=None)


@pytest.mark.parametrize(
    ("compared", "standing", "said"),
    [
        ([], replace(HERE, missing=3), "go on where it stopped: shipworthy demo-check 'my launch' --times 10"),
        ([replace(ONE, shown=replace(SHOWN, unscored=9))], replace(HERE, expected=False), "write `expected:` under each prompt of demo.yaml"),
        ([BESIDE_NOTHING], HERE, "run the open cases: shipworthy run 'my launch' --variant new"),
        ([BESIDE_NOTHING], replace(HERE, open_cases=False), "write open cases that look like the traffic into evalset/"),
        ([WORSE, BRITTLE, BETTER], HERE, "read what fails there: shipworthy show 'my launch' --criterion right"),
        ([BETTER], replace(HERE, candidate=False), "shipworthy show 'my launch' --variant new --criterion right"),
        ([WORSE, BRITTLE], HERE, "write the rewordings that fail right into evalset/ as cases of part explore"),
        ([WORSE], HERE, "write cases like the demo's prompts into evalset/"),
        ([replace(ONE, reworded=None)], HERE, "write two or three `rewordings:`"),
        ([ONE], HERE, "the demo decides nothing; go on with the set: shipworthy plan 'my launch'"),
        ([ONE], replace(HERE, locked=True), "go on with the set: shipworthy decide 'my launch'"),
    ],
)  # fmt: skip
def test_there_is_one_next_step_with_its_command(compared, standing, said):
    """The first reason counts: unfinished, unscorable, nothing beside, better, brittle, worse, unworded, done."""
    step = next_step(compared, standing)

    assert said in step
    assert "shipworthy " in step
    assert banned(step) == []


def test_a_goal_is_named_before_a_diagnostic_with_a_wider_gap():
    """What decides is read first."""
    wide = replace(BETTER, criterion="style", kind="diagnostic", representative=replace(SET, passed=1))
    assert "--criterion right" in next_step([wide, BETTER], HERE)


def test_beside_a_verdict_only_a_difference_beyond_chance_is_said():
    """Nothing without one; with one what was shown, that no figure of it is in the verdict, and the command."""
    assert aside([ONE], HERE) == ""
    said = aside([replace(WORSE, criterion="style", kind="diagnostic"), BETTER], HERE)
    assert said.startswith(
        "The demo looks better than the representative set, by more than chance, on the open cases (and 1 other criterion too)."
    )
    assert "No figure of the demo is in this verdict." in said
    assert said.endswith("shipworthy demo-check 'my launch'")
    assert banned(said) == []
    assert "at the look" in aside([replace(BETTER, where="look")], HERE)
