"""The text of an interview: cleaned, and told apart by who speaks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.domain.transcript import cleaned, first_unseen, speaker_at, speakers, turns

TALK = "[0:00:01] Ann: Hello.\n\n[0:00:03] Bob Lee: Hi. Note: I was late.\n\n[0:00:09] Ann: When?\n\n[0:00:11] Bob Lee: At nine."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("red\x1b[31m", "red[31m"),
        ("\u202eevil\u202c", "evil"),
        ("a\x00b", "ab"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half\ud800", "half"),
        ("a\tb   \n\n\n\n\nc", "a    b\n\nc"),
    ],
)
def test_what_cannot_be_seen_is_left_out(text: str, kept: str) -> None:
    """Controls, overrides of direction, zero widths and half characters go; lines end alike."""
    assert cleaned(text).text == kept


@pytest.mark.parametrize(
    "text", ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "👩\u200d💻", "שלום\u200f!", "é", "日本語"]
)
def test_letters_of_every_script_stay(text: str) -> None:
    """Joiners and marks of direction are part of how people write."""
    assert cleaned(text) == cleaned(cleaned(text).text)
    assert cleaned(text).text == text


@given(st.text(max_size=200))
def test_a_cleaned_text_is_clean_and_stays_as_it_is(text: str) -> None:
    """Cleaning twice changes nothing more, and nothing unseen is left."""
    once = cleaned(text).text
    assert cleaned(once).text == once
    assert first_unseen(once) is None


def test_speakers_are_labels_that_come_back_or_stand_beside_a_time() -> None:
    """`Note:` inside a sentence is nobody."""
    assert speakers(TALK) == {"Ann": 2, "Bob Lee": 2}
    assert speakers("Reminder: call.\nIt was fine.") == {}


def test_turns_say_who_speaks_where() -> None:
    """Each turn holds the words behind its label."""
    assert [(turn.who, TALK[turn.start : turn.end].strip()) for turn in turns(TALK)] == [
        ("Ann", "Hello."),
        ("Bob Lee", "Hi. Note: I was late."),
        ("Ann", "When?"),
        ("Bob Lee", "At nine."),
    ]
    assert speaker_at(TALK, TALK.index("late")) == "Bob Lee"
    assert speaker_at("no labels", 3) == ""


@given(st.text(alphabet="AB: \n[]0:1", max_size=120))
def test_turns_cover_no_character_twice(text: str) -> None:
    """Whatever the text, turns stand in order and apart."""
    found = turns(text)
    assert all(turn.start <= turn.end for turn in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
