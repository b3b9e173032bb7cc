"""Words that two people read differently."""

from __future__ import annotations

import pytest

from shipworthy.domain.vague import LEXICON, pieces, vague


@pytest.mark.parametrize(
    ("text", "word", "asks"),
    [
        ("Is the reply helpful?", "helpful", "helpful how? who would notice?"),
        ("Answers are of High Quality.", "High Quality", "what is counted when quality is counted?"),
        ("It should be fast", "fast", "how many seconds, for how many of 100?"),
        (
            "Drafts read naturally, and natural is best.",
            "natural",
            "what would a reader point at in the text?",
        ),
        ("Better answers.\nSent at once.", "Better", "compared with what, and by how much?"),
    ],
)
def test_a_vague_word_is_pointed_at_with_its_question(text: str, word: str, asks: str) -> None:
    """Each word comes with the place where it stands and what it leaves open."""
    (found,) = vague(text)
    assert (text[found.start : found.end], found.asks) == (word, asks)


@pytest.mark.parametrize(
    "text",
    [
        "8 of 10 answers are good.",
        "At least nine of ten drafts are helpful.",
        "A well-defined rule applies to the good-natured customer-friendly.",
        "A customer is answered by the right team, with the rule that applies, on the day of writing.",
        "",
        "Goods are delivered; quickness, helpfulness.",
    ],
)
def test_what_can_be_observed_is_left_alone(text: str) -> None:
    """A sentence with a number says what it means, and parts of other words are no words."""
    assert vague(text) == ()


def test_a_number_explains_its_own_sentence_alone() -> None:
    """The first sentence has a number, the second has none."""
    assert [each.word for each in vague("8 of 10 are good. Replies are good. Good!")] == ["good", "Good"]


@pytest.mark.parametrize("text", ["Is it fast?", "good", "a good\tsmart\n x", "no words of the kind"])
def test_pieces_put_together_are_the_text(text: str) -> None:
    """Nothing is lost when a text is shown in pieces."""
    assert "".join(piece for piece, _ in pieces(text)) == text


def test_every_word_of_the_lexicon_is_found() -> None:
    """Each pattern finds its first spelling."""
    firsts = [words.split("|")[0].replace("[- ]", " ").replace("?", "") for words in LEXICON]
    assert [vague(word)[0].word for word in firsts] == firsts


def test_a_long_text_takes_no_long_time() -> None:
    """A text of 400,000 characters without an end of sentence is read once, not again and again."""
    assert len(vague("helpful a.b " * 30_000)) == 30_000
