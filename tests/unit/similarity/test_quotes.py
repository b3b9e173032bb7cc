"""Where a quote stands in its transcript."""

from __future__ import annotations

import time

import pytest

from shipworthy.similarity.quotes import locate

TEXT = "Ann: When was that?\n\nBob: Last Tuesday. I typed the order number and gave up after an hour.\nI’d say no — never again."  # noqa: RUF001 - as people type


def test_the_same_characters_are_verbatim() -> None:
    """What stands there letter by letter is found at its place, with how often it stands there."""
    found = locate(TEXT, "  gave up after an hour ")
    assert (found.state, TEXT[found.start : found.end], found.times) == (
        "verbatim",
        "gave up after an hour",
        1,
    )
    assert locate("no no no", "no").times == 3


@pytest.mark.parametrize(
    "quote", ["LAST TUESDAY I typed", "an hour, I'd say: no", "last   tuesday\ni typed the order number"]
)
def test_the_same_words_are_told_from_the_same_characters(quote: str) -> None:
    """Case, marks and line ends do not make other words, and are not called verbatim either."""
    assert locate(TEXT.replace("’", "'"), quote).state == "same words"  # noqa: RUF001


def test_a_near_passage_is_shown_in_whole_words() -> None:
    """Two misspelt words: the passage is the transcript's own, from first to last word."""
    found = locate(TEXT, "I tipped the order number and gave up after one hour")
    assert found.state == "near"
    assert found.text == "I typed the order number and gave up after an hour"
    assert TEXT[found.start : found.end] == found.text
    assert 80 < found.likeness < 100


@pytest.mark.parametrize(
    "quote", ["", "   ", "zebra", "The weather in Lisbon was pleasant throughout our holiday there"]
)
def test_what_is_not_there_is_not_found(quote: str) -> None:
    """Nothing, a short word that is not there, and a sentence about something else."""
    assert locate(TEXT, quote).state == "not found"


@pytest.mark.parametrize(
    "quote", ["Straße", "STRASSE", "e\u0301clair", "İstanbul", "日本語です", "🙂 smile", "\u202eabc"]
)
def test_places_count_whole_characters_in_every_script(quote: str) -> None:
    """Whatever is found, the place holds the text that is shown."""
    text = "Große Straße, éclair, İstanbul 日本語です 🙂 smile. " * 3
    found = locate(text, quote)
    assert text[found.start : found.end] == found.text


def test_a_million_characters_take_seconds_at_most() -> None:
    """A long transcript of one line and a quote that is not in it."""
    began = time.perf_counter()
    assert locate("lorem ipsum dolor " * 55_000, "quite another sentence " * 20).state == "not found"
    assert time.perf_counter() - began < 30
