"""Twins are found among real texts, by all pairs and by the index alike."""

from __future__ import annotations

import random

import pytest

from shipworthy.similarity import twins as module
from shipworthy.similarity.twins import twins
from shipworthy.similarity.words import words


def test_equal_words_are_exact_twins_whatever_stands_round_them():
    """Three copies are told of as two pairs with the first."""
    texts = [words(t) for t in ("Where is my order?", "WHERE is my order", "no", "where, is my order...", "")]
    assert [(p.first, p.second, p.likeness, p.exact) for p in twins(texts)] == [
        (0, 1, 1.0, True),
        (0, 3, 1.0, True),
    ]


def test_what_nobody_sees_makes_no_twins_differ():
    """Soft hyphens, a blank without width and marks of direction come along when texts are copied from pages."""
    texts = [
        words(f"Has order {n} of the blue kettle left the house{unseen}?")
        for n, unseen in ((7, ""), (7, "\u202c"), *((n, "") for n in range(20, 40)))
    ]
    texts.append(words("Has or\u200bder 7 of the blue ket\u00adtle left the house?"))

    assert [(p.first, p.second, p.exact) for p in twins(texts)] == [(0, 1, True), (0, 22, True)]


def test_near_twins_can_be_left_out():
    """With a likeness of one only equal texts are twins."""
    texts = [words("where is the blue order of last monday"), words("where is the blue order of last friday")]
    assert [p.exact for p in twins(texts)] == [False]
    assert twins(texts, near=1.0) == []


def test_texts_made_from_one_frame_are_no_twins_for_the_frame():
    """A thousand questions about numbers share all words but one."""
    texts = [words(f"Is {n} a prime number? Think step by step and then answer.") for n in range(5000, 6000)]
    assert twins(texts) == []


@pytest.mark.parametrize("indexed", [False, True], ids=["all pairs", "index"])
def test_a_long_frame_does_not_make_twins_of_what_differs_in_half_of_its_own_words(indexed, monkeypatch):
    """Forty texts of sixty words in common: of four words of their own each shares two with its neighbour."""
    if indexed:
        monkeypatch.setattr(module, "ALL_PAIRS", 0)
    frame = " ".join(f"frame{i}" for i in range(60))
    rng = random.Random(4)
    made = ["".join(rng.choice("abcdefghij") for _ in range(8)) for _ in range(120)]
    texts = [
        words(
            f"{frame} {made[3 * pair]} {made[3 * pair + 1]} {rng.randrange(10**7, 10**8)} {made[-pair][::-1]}{end}"
        )
        for pair in range(20)
        for end in ("qwertyu", "zxvbnmk")
    ]
    assert twins(texts) == []


def test_problems_that_differ_in_numbers_alone_are_marked_as_such():
    """One frame filled in twice: near twins that may well expect other answers."""
    texts = [
        words(f"A farmer has {n} brown hens and sells {m} eggs a day at the market in the old town square")
        for n, m in ((12, 40), (17, 55))
    ]
    (pair,) = twins(texts)
    assert (pair.exact, pair.numbers) == (False, True)


@pytest.mark.parametrize("indexed", [False, True], ids=["all pairs", "index"])
def test_of_two_hundred_edited_copies_among_real_texts_nearly_all_are_found(
    asked, edit, indexed, monkeypatch
):
    """At least 95 of 100 of the copies; at most 1 of 100 of the texts is called a twin besides."""
    if indexed:
        monkeypatch.setattr(module, "ALL_PAIRS", 0)
    rng = random.Random(20261125)
    base = [*asked["gsm8k"], *asked["xstest"]]
    chosen = rng.sample(range(len(base)), 200)
    texts = [words(text) for text in base] + [words(edit(base[i], rng)) for i in chosen]

    found = {(pair.first, pair.second) for pair in twins(texts)}

    hits = sum((i, len(base) + position) in found for position, i in enumerate(chosen))
    others = {second for _, second in found if second < len(base)}
    assert hits >= 190
    assert len(others) <= 0.02 * len(base)  # pairs that XSTest made to differ in one word
