"""Answers to the brief: what is blank, and what a person typed as a value."""

from __future__ import annotations

import datetime as dt

import pytest

from shipworthy.domain.answers import (
    answered,
    every_blank,
    find_blank,
    lacking,
    parsed,
    spelled,
    value_at,
    written_at,
)
from shipworthy.domain.errors import BadInput
from shipworthy.domain.launch import Harm, Launch, Question, Value
from shipworthy.domain.questions import EVERY, QUESTIONS


def test_there_are_nine_questions_and_each_stands_in_the_launch() -> None:
    """Every blank leads to a field of launch.yaml; a row to a field of its first row."""
    launch = Launch(harm=[Harm(event="a wrong refund")])
    assert len(QUESTIONS) == 9
    for question in QUESTIONS:
        for blank in every_blank(question, launch):
            node: object = launch
            for step in blank.key.split(".")[:-1]:
                node = node[int(step)] if isinstance(node, list) else getattr(node, step)
                if node is None:  # a value that nobody wrote
                    break
            else:
                assert hasattr(node, blank.key.rpartition(".")[2]), blank.key


def test_a_fresh_launch_has_answered_nothing() -> None:
    """Every question is open, and says which places are blank."""
    assert answered(Launch()) == 0
    assert all(lacking(question, Launch()) for question in QUESTIONS)


def test_a_question_is_answered_once_nothing_needed_is_blank() -> None:
    """The decision needs a goal, a question, a person and a date; the door has a usual answer."""
    decided = Launch(goal="g", decision=Question(question="Ship?", who="Ada", by=dt.date(2027, 3, 1)))
    assert lacking(QUESTIONS[0], decided) == ()
    assert [b.key for b in lacking(QUESTIONS[0], decided.model_copy(update={"goal": ""}))] == ["goal"]


def test_a_value_without_a_basis_is_still_asked_for() -> None:
    """A range is no answer before somebody says where it comes from."""
    question = next(each for each in QUESTIONS if each.name == "value")
    assert [b.key for b in lacking(question, Launch(value=Value(low=1.0, likely=2.0, high=3.0)))] == [
        "value.basis"
    ]


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("decision.by", " 2027-03-01 ", dt.date(2027, 3, 1)),
        ("value.low", "0.40", 0.4),
        ("value.low", "1 800", 1800),
        ("value.low", "$5", 5),
        ("users", "Ada\r\n\r\n  Ben ", ["Ada", "Ben"]),
        ("goal", "two\nlines\x00\u202e", "two lines"),
        ("decision.door", "one-way", "one-way"),
        ("assumptions.3.importance", "3", 3),
        ("goal", "  ", None),
        ("users", "\n", None),
    ],
)
def test_what_was_typed_becomes_a_value(key: str, typed: str, value: object) -> None:
    """Dates, numbers, lists and lines are read as people write them; nothing typed is nothing."""
    assert parsed(find_blank(key), typed) == value


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("decision.by", "next week"),
        ("value.low", "some"),
        ("value.low", "-1"),
        ("value.low", "nan"),
        ("value.low", "1e300"),
        ("decision.door", "three-way"),
        ("goal", "a" * 20_001),
    ],
)
def test_what_cannot_stand_there_is_refused_with_its_place(key: str, typed: str) -> None:
    """The error names the key and says what to write."""
    with pytest.raises(BadInput) as refused:
        parsed(find_blank(key), typed)
    assert refused.value.where == key
    assert refused.value.remedy


@pytest.mark.parametrize(
    "key",
    ["goat", "harm.0", "harm.x.event", "harm.99999.event", "decision", "variants.new.python", "__class__"],
)
def test_a_key_that_is_none_is_refused(key: str) -> None:
    """Only blanks of the brief can be written, not whatever stands in launch.yaml."""
    with pytest.raises(BadInput, match="the brief has no"):
        find_blank(key)


def test_a_misspelt_key_is_told_its_neighbour() -> None:
    """The nearest key is offered."""
    with pytest.raises(BadInput) as refused:
        find_blank("decision.hwo")
    assert "decision.who" in refused.value.remedy


def test_what_stands_there_reads_back_as_it_was_typed() -> None:
    """A value that is spelled and parsed again is the same."""
    launch = Launch(goal="g", users=["a", "b"], value=Value(low=0.4, likely=0.7, high=1.1, per_week=1800))
    for key in ("goal", "users", "value.low", "value.per_week"):
        assert parsed(find_blank(key), spelled(value_at(launch, key))) == value_at(launch, key)


def test_a_zero_that_nobody_wrote_counts_as_blank() -> None:
    """The range begins at 0 unless somebody says otherwise."""
    assert written_at(Launch(value=Value(basis="b")), find_blank("value.high")) == ""


def test_no_two_blanks_share_a_place() -> None:
    """A key belongs to one question."""
    keys = [blank.key for question in EVERY for blank in (*question.blanks, *question.row)]
    assert len(keys) == len(set(keys))
