"""Texts made comparable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.similarity.words import LONGEST, common_words, core, shortened, text_of, words


@given(st.text())
def test_words_of_words_are_the_same_words(text):
    """Normalising twice changes nothing."""
    assert words(" ".join(words(text))) == words(text)


def test_case_punctuation_width_and_layout_do_not_tell_texts_apart():
    """Full-width letters, capitals, blanks and line breaks fall away; Chinese is cut character by character."""
    assert words("Where,   is\nMY \uff4f\uff52\uff44\uff45\uff52?!") == ["where", "is", "my", "order"]
    assert words("订单在哪里") == list("订单在哪里")


def test_system_messages_and_roles_are_no_text_of_a_case():
    """Two conversations under different system prompts ask the same."""
    asked = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Yes?"},
        {"role": "user", "content": "Why"},
    ]
    assert text_of([{"role": "system", "content": "Be kind."}, *asked]) == text_of(asked) == "Hi\nYes?\nWhy"


def test_a_frame_that_all_cases_share_is_left_out_of_what_tells_them_apart():
    """Of "is N a prime number" only N is left; with a dozen cases nothing is left out."""
    texts = [words(f"Is {n} a prime number?") for n in range(100, 120)]
    assert core(texts[3], common_words(texts)) == ["103"]
    assert core(texts[3], common_words(texts[:12])) == texts[3]


def test_of_a_long_text_both_ends_are_kept():
    """Likeness of a book is told by its beginning and its end."""
    text = [str(i) for i in range(3 * LONGEST)]
    assert len(shortened(text)) == LONGEST
    assert (shortened(text)[0], shortened(text)[-1]) == (text[0], text[-1])
