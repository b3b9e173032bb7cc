"""What is said of failure modes: counts first, the bound rounded up, and what the rates leave out."""

from __future__ import annotations

import pytest

from shipworthy.decision.mode_counts import Counted, ModeCount
from shipworthy.narrative.taxonomy import basis_words, change_words, count_words
from shipworthy.narrative.wording import banned


def count(**more):
    """Return 3 of 30 outputs in 10 groups."""
    said = {
        "outputs": 3,
        "read": 30,
        "groups": 2,
        "groups_read": 10,
        "rate": 0.1,
        "lower": 0.01,
        "upper": 0.3001,
    }
    return ModeCount("a", **{**said, **more})


def counted(**more):
    """Return what 30 outputs, drawn at random, came to."""
    said = {
        "modes": (), "read": 30, "groups": 10, "failed": 5, "unnamed": 2, "picked": 0, "drawn": True, "unknown": {},
        "saturation": None,
    }  # fmt: skip
    return Counted(**{**said, **more})


def test_a_bound_is_rounded_up_and_groups_are_named_where_they_are_fewer():
    """0.3001 is said as 31 of 100; ten groups stand beside thirty outputs."""
    assert count_words(count()) == "3 of 30 outputs in 10 groups; could be as many as 31 of 100"


def test_what_was_picked_is_said_apart():
    """Examples that do not count towards the rate are counted beside it."""
    assert count_words(count(picked=4)).endswith("; 4 more among outputs that were picked")


def test_what_rates_leave_out_is_said():
    """Failures without a mode, outputs that were picked, and ids that nobody declared."""
    lines = basis_words(counted(picked=7, unknown={"lnog": 2}))
    assert lines == [
        "30 outputs of open cases read, 5 fail; 2 of these have no failure mode.",
        "7 outputs more were picked, and are left out of rates.",
        "Labels name failure modes that taxonomy.yaml does not have: lnog (2).",
    ]
    assert "describe what was read, and nothing else" in basis_words(counted(drawn=False))[1]
    assert basis_words(counted(read=0)) == ["Nothing was read yet on the open cases."]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"change": "add", "patches": [{"id": "a"}]}, "added a"),
        ({"change": "rename", "patches": [{"id": "a", "after": {"name": "New"}}]}, "renamed a to “New”"),
        ({"change": "describe", "patches": [{"id": "a", "after": {"severity": "harmful", "near_miss": ["x"]}}]},
         "changed severity and near miss of a"),
        ({"change": "split", "of": "a", "patches": [{"id": "b"}, {"id": "c"}]}, "split a into b and c"),
        ({"change": "group", "modes": ["a"], "outputs": 1}, "gave a to 1 output"),
        ({"change": "unlink", "modes": ["a"], "criterion": "right"}, "took a out of the criterion right"),
        ({"change": "undo", "patches": [{"id": "a"}], "undone": "added a"}, "took back: added a"),
    ],
)  # fmt: skip
def test_every_change_is_a_sentence(body, said):
    """As the history, the page and the terminal say it."""
    assert change_words(body) == said
    assert banned(said) == []


def test_hostile_names_in_the_journal_stay_on_one_line():
    """A name with line ends, a terminal's colours or a turn of direction is said as plain text."""
    said = change_words({"change": "add", "patches": [{"id": "a\n\x1b[31m\u202eb"}]})
    assert "\n" not in said
    assert "\x1b" not in said
