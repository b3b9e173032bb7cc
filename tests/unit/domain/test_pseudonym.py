"""Names and numbers that point to a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.domain.pseudonym import Proposal, Swap, adjusted, doubts, propose, replaced, restored

TALK = """Maria Lopez: Hi, my name is Maria.
Ann: Hello Maria. Where do you live?
Maria Lopez: At 12 Green Park Road. Mail me at maria.lopez@mail.example or call +44 20 7946 0958. Order 48213355.
Ann: Dr. Peter Hansen wrote 250 mails, 1,800 a week, on 2027-03-01. MARIA'S boss?
Maria Lopez: Hansen, in der Hauptstraße 12b; see https://mail.example/maria?x=1."""


def test_everything_the_rules_know_is_replaced_and_nothing_else() -> None:
    """Labels, names, mail, phone, order, streets and links go; amounts and days stay."""
    found = propose(TALK, alias="P1", interviewer="Ann")
    text = replaced(TALK, found).text
    for name in (
        "Maria",
        "MARIA",
        "Lopez",
        "Hansen",
        "Peter",
        "Green Park",
        "7946",
        "48213355",
        "Hauptstr",
        "@",
        "http",
        "Ann",
    ):
        assert name not in text, name
    for kept in ("250 mails", "1,800 a week", "2027-03-01", "P1: Hi", "Interviewer: Hello P1"):
        assert kept in text, kept


def test_one_person_has_one_name() -> None:
    """Full name, first name and family name of one person become one alias."""
    now = {each.was: each.now for each in propose(TALK, alias="P1", interviewer="Ann")}
    assert now["Maria Lopez"] == now["Maria"] == now["Lopez"] == "P1"
    assert now["Peter Hansen"] == now["Hansen"] == "[Person 1]"


def test_the_key_puts_everything_back() -> None:
    """The text with its key is the text as it was, character by character."""
    done = replaced(TALK, propose(TALK, alias="P1", interviewer="Ann"))
    assert restored(done.text, done.swaps) == TALK
    with pytest.raises(ValueError, match="another text"):
        restored(done.text[1:], done.swaps)


@given(
    st.lists(
        st.sampled_from(["Ann", "Anna", "an", "P1", " ", ".", "a@b.example", "ß", "[Person 1]"]), max_size=30
    )
)
def test_any_text_comes_back(parts: list[str]) -> None:
    """Also where the replacement itself, or part of a name, stands in the text."""
    text = "".join(parts)
    done = replaced(text, propose(text, alias="P1", names=["Ann", "Anna"]))
    assert restored(done.text, done.swaps) == text


def test_part_of_a_word_is_left_alone() -> None:
    """Ann is replaced, Annapolis is not."""
    assert replaced("Ann in Annapolis", [Proposal("Ann", "P1", "name")]).text == "P1 in Annapolis"
    assert replaced("Ann", [Proposal("Ann", "P1", "name")]).swaps == (Swap(0, "P1", "Ann"),)


def test_a_person_corrects_the_proposals() -> None:
    """Other words for one passage, one more passage, one to keep."""
    found = propose(TALK, alias="P1", names=["Order"], interviewer="Ann")
    mine = adjusted(found, instead={"Order": "[noun]", "boss": "[role]"}, keep=["Maria"])
    now = {each.was: each.now for each in mine}
    assert (now["Order"], now["boss"]) == ("[noun]", "[role]")
    assert "Maria" not in now


def test_capitals_that_no_rule_took_are_shown() -> None:
    """A place inside a sentence is not proposed, and not hidden."""
    text = "I went to Lisbon and then to Lisbon again with Bob."
    assert doubts(text, propose(text, alias="P1", names=["Bob"])) == {"Lisbon": 2}


@pytest.mark.parametrize(
    "text", ["ab@" * 50_000, "Aa " * 60_000, "1 " * 90_000, "Mr " * 60_000, "www." + "a" * 90_000]
)
def test_texts_made_to_stall_do_not(text: str) -> None:
    """Long runs of what a rule begins with take seconds at most."""
    replaced(text, propose(text, alias="P1")[:500])
