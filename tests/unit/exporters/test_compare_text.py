"""Several variants on a terminal and as JSON, whatever their names are."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from shipworthy.decision.comparison import Board, Comparison
from shipworthy.decision.tradeoff import Axis, trade_off
from shipworthy.decision.worth import Measuring, Outcomes, worth
from shipworthy.domain.launch import Harm, Launch, Value
from shipworthy.exporters.compare_json import compare_json
from shipworthy.exporters.compare_text import compare_text
from shipworthy.narrative.comparison import chance_words, p_words
from shipworthy.narrative.wording import banned

NASTY = ["x" * 300, "日本語" * 30, "\x1b[31mred", "a\nb", "\u202egnp.exe", "<b>", "a", "b", "c"]


def compared(names, *, passes=(9, 6, 3), candidate=0, locked=False, margin=0.0, measuring=None, harm=True):
    """Return a comparison of three variants on ten groups each ten times over; the last one is the baseline."""
    values = {n: np.repeat([1.0, 0.0], [10 * k, 100 - 10 * k]) for n, k in zip(names, passes, strict=True)}
    whole = {n: np.ones(100) for n in names}
    costs = {n: np.full(100, 0.9) for n in names}
    axes = (
        Axis("right", "goal", values, values, unknown={names[0]: 3}),
        Axis("harmless", "harm", whole, whole, severity="harmful"),
        Axis("quick", "time", whole, whole, shown=dict.fromkeys(names, 1.25)),
        Axis(
            "cost",
            "cost",
            costs,
            costs,
            unit=2.0,
            shown={names[0]: 0.2, names[1]: 0.2, names[2]: None},
            assumed=True,
        ),
    )
    trade = trade_off(axes, names, baseline=names[2], level=0.05, margin=margin)
    bad = {"harmless": np.zeros(100)}
    did = {n: Outcomes(values[n], values[n], bad, bad, np.full(100, 0.2)) for n in names}
    harms = [Harm(event="harm is done", low=1, high=9, criterion="harmless" if harm else None)]
    launch = Launch(title=names[0], value=Value(low=1, likely=2, high=3, per_week=100), harm=harms)
    worths = {n: worth(n, did[n], did[names[2]], launch=launch, measuring=measuring) for n in names[:2]}
    board = Board(
        tuple(names), ("gone",), axes, did, None, 100, 120, together=True, outside=7, notes=("a note",)
    )
    return Comparison(
        launch,
        (),
        None if candidate is None else names[candidate],
        locked,
        board,
        trade,
        worths,
        {},
        measuring,
    )


@settings(max_examples=5, deadline=None)
@given(names=st.permutations(NASTY).map(lambda names: names[:3]), colour=st.booleans())
def test_every_line_fits_and_carries_no_control_character(names, colour):
    """At most 80 columns and no escape but our own, with names of any length, script and intent."""
    text = compare_text(compared(names), folder="launch", colour=colour)
    plain = text.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert "\x1b" not in plain
    assert "\u202e" not in plain
    assert max(map(cell_len, plain.splitlines())) <= 80
    assert banned(plain) == []


def test_what_stands_in_the_text():
    """Counts, what is unknown and assumed, flattery, money, the verdict's own state, and one next step."""
    said = " ".join(
        compare_text(
            compared(["new", "mid", "old"], measuring=Measuring(60, 900.0, 26.0)), folder="f"
        ).split()
    )
    for words in (
        "nothing here is a verdict", "flattered by choosing", "7 open groups without an output of every variant",
        "Unknown for 3 of new", "no output costs more than $2.00", "fixes 60, breaks 0", "better, p < .0001",
        "new instead of old:", "Shipping pays from", "another week of measuring (60 groups) is worth",
        "waiting loses", ": enough.", "Money never overrides it.", "Nothing is recorded of gone.",
    ):  # fmt: skip
        assert words in said, words
    assert said.count("Next: ") == 1
    assert said.endswith("Next: `shipworthy lock f`, then run new on the sealed cases, which decide.")


@pytest.mark.parametrize(
    ("more", "step"),
    [
        ({"candidate": None}, "name the one variant that the plan judges: `candidate: new`"),
        ({"harm": False}, "say how often “harm is done” happens"),
        ({"locked": True}, "`shipworthy decide f`"),
        ({"candidate": 1, "harm": False}, "say how often “harm is done” happens"),
    ],
)
def test_the_next_step_is_the_first_that_applies(more, step):
    """No candidate, a harm without a rate, a locked plan: each has its own step."""
    assert json.loads(compare_json(compared(["new", "mid", "old"], **more), folder="f"))["next"].startswith(
        step
    )


def test_json_is_the_same_every_time_and_finite():
    """Equal evidence gives equal bytes, and no number is missing."""
    one, two = (compare_json(compared(["new", "mid", "old"])) for _ in range(2))
    assert one == two
    assert b"NaN" not in one
    assert json.loads(one)["schema"] == "shipworthy.compare/1"
    assert json.loads(one)["exploratory"] is True


def test_no_chance_is_said_to_be_certain():
    """Neither a chance nor a p-value is rounded to 0 or 1."""
    assert [chance_words(c) for c in (0.0, 0.005, 0.5, 0.995, 1.0)] == [
        "below .01",
        "below .01",
        ".50",
        "above .99",
        "above .99",
    ]
    assert [p_words(p) for p in (0.0, 0.00012, 0.05, 1.0)] == ["p < .0001", "p .00012", "p .05", "p 1"]
