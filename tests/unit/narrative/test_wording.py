"""Numbers in sentences: counts first, per 100, and never more than the exact number says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.narrative import wording
from shipworthy.narrative.text import plain, sentence

shares = st.floats(0, 1, allow_nan=False)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (wording.of(250, 260), "250 of 260"),
        (wording.of(12500, 13000), "12,500 of 13,000"),
        (wording.per_100(250 / 260), "96 of 100"),
        (wording.per_100(1250 / 1300, n=1300), "96.2 of 100"),
        (wording.per_100(0.9361, towards="down"), "93 of 100"),
        (wording.per_100(0.9301, towards="up"), "94 of 100"),
        (wording.per_100(299 / 300), "99.7 of 100"),
        (wording.per_100(1 / 300), "0.3 of 100"),
        (wording.per_100(1.0), "100 of 100"),
        (wording.per_100(0.8049, towards="down", beside=0.8), "80.4 of 100"),
        (wording.per_100(0.8065, towards="down", beside=0.805), "80.6 of 100"),
        (wording.per_100(0.7996, beside=0.8), "79.96 of 100"),
        (wording.line_per_100(0.995), "99.5 of 100"),
        (wording.points(-0.02), "-2 of 100"),
        (wording.points(0.004, beside=0.0), "+0.4 of 100"),
        (wording.chance(0.05 / 3), "1.7 in 100"),
        (wording.flips(12, 3), "fixes 12, breaks 3"),
        (wording.money_range(0.4, 1.1), "$0.40 to $1.10"),
        (wording.money(1834), "$1,800"),
        (wording.money(0.0599, beside=0.06, towards="up"), "$0.0599"),
        (wording.seconds(6.1234), "6.1 s"),
        (wording.seconds(100), "100 s"),
        (wording.line_amount(0.5, "money"), "$0.50"),
        (wording.as_low_as("91 of 100"), "could be as low as 91 of 100"),
        (wording.nothing_failed(60), "none of 60 failed, yet could be as low as 95 of 100"),
        (wording.nothing_failed(2), "none of 2 failed, yet could be as low as 0 of 100"),
        (wording.more_cases(42, fresh=False), "about 42 more cases"),
        (wording.more_cases(1, fresh=True), "about 1 new case"),
        (wording.listed(["a", "b", "c"], last="or"), "a, b or c"),
        (sentence("fewer than 8"), "Fewer than 8."),
    ],
)
def test_numbers_are_said_as_the_rules_ask(said, expected):
    """Each kind of number has one way to be said."""
    assert said == expected


@given(shares, shares, st.sampled_from(["down", "up", "nearest"]))
def test_rounding_never_carries_a_share_across_its_bar(share, bar, towards):
    """A share under the bar is never printed as one on it, nor the other way round."""
    bar = round(bar, 3)
    if abs(share - bar) < 1e-5 or min(share, 1 - share) < 1e-5:
        return
    shown = float(wording.hundredths(share, towards=towards, beside=bar)) / 100
    assert (share > bar) == (shown >= bar and shown != bar) or (share < bar) == (shown < bar)
    assert (shown > bar) == (share > bar)
    assert (shown < 1.0) == (share < 1.0)
    assert (shown > 0.0) == (share > 0.0)


@given(shares)
def test_a_lower_bound_is_rounded_down_and_an_upper_bound_up(share):
    """A printed bound never says more than the exact one."""
    down, up = (float(wording.hundredths(share, towards=t)) / 100 for t in ("down", "up"))
    assert down <= share + 2e-9
    assert up >= share - 2e-9


@given(st.floats(0.0001, 1e6), st.sampled_from(["down", "up"]))
def test_amounts_keep_two_figures_in_the_asked_direction(value, towards):
    """Money and seconds are rounded to two figures, and in the direction of their bound."""
    shown = float(wording.two_figures(value, towards=towards).replace(",", ""))
    assert (shown <= value * (1 + 1e-6) + 1e-9) if towards == "down" else (shown >= value * (1 - 1e-6) - 1e-9)
    assert abs(shown - value) <= 0.11 * value + 1e-6


@pytest.mark.parametrize(
    "word",
    [
        "proves",
        "Proven",
        "guarantees",
        "safe",
        "safely",
        "significant",
        "significantly",
        "robust",
        "state of the art",
    ],
)
def test_words_that_promise_more_are_found(word):
    """A banned word is found in any of its forms and cases."""
    assert wording.banned(f"This {word} thing") == [word.lower()]


def test_words_that_only_look_alike_are_left_alone():
    """Improve and approve hold no promise."""
    assert wording.banned("improve, approve, unsafely-named saffron") == []


@given(st.text(max_size=300), st.integers(4, 60))
def test_foreign_text_becomes_one_short_line(text, limit):
    """Whatever a name holds, it prints as one line without control characters or direction marks."""
    line = plain(text, limit)
    assert len(line) <= limit
    assert not re.search(
        r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]", line
    )
    assert "  " not in line
