"""An output on the page: what a reader sees of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.web.render.harmless import active_in, words_in

from shipworthy.web.render.diff import compared
from shipworthy.web.render.output import render
from shipworthy.web.render.visible import named, visible


def test_spaces_and_breaks_stay() -> None:
    """Plain text keeps its spaces and line breaks, and looks like nothing else."""
    assert words_in(render("a  b\r\n\tc <b>").markup) == "a  b\n\tc <b>"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[31m", "⟦ESC⟧[31m"), ("a\0b", "a⟦NUL⟧b"), ("\u202egpj", "⟦RLO⟧gpj"), ("\ud800", "⟦U+D800⟧"), ("a\rb", "a⟦CR⟧b"),
        ("pay\u200bload", "pay⟦ZWSP⟧load"), ("\x01" * 45, "⟦SOH⟧" * 40 + "⟦and 5 more like these⟧"), ("e" + "\u0301" * 6, "e" + "\u0301" * 4 + "⟦2 more marks⟧"),
        ("👩\u200d🚀 \u2764\ufe0f नमस्ते می\u200cخورم", "👩\u200d🚀 \u2764\ufe0f नमस्ते می\u200cخورم"), ("\U000e0068\U000e0069", "⟦U+E0068⟧⟦U+E0069⟧"),
    ],
)  # fmt: skip
def test_what_hides_is_named(text: str, seen: str) -> None:
    """Controls, direction marks, surrogates and invisible letters are named; joiners of scripts and emoji stay."""
    assert named(text) == seen
    assert words_in(visible(text)) == seen


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_stays_text(text: str) -> None:
    """Whatever the text, what is shown is text alone, can be sent, and reads as the text with its hidden parts named."""
    markup = visible(text)
    assert active_in(f"<p>{markup}</p>") == []
    markup.encode()
    assert words_in(markup) == named(text)


def test_markdown_reads_as_markdown() -> None:
    """Headings stand below the page's own, pictures and targets are told in words, HTML is text."""
    markup = render(
        "# Hi\n\n[here](https://shop.example/a) ![cat](https://evil.example/cat.png) <b>x</b>"
    ).markup
    assert "<h3>Hi</h3>" in markup
    assert 'href="https://shop.example/a" target="_blank" rel="noreferrer noopener nofollow"' in markup
    assert "here (https://shop.example/a) [picture: cat https://evil.example/cat.png] <b>x</b>" in words_in(
        markup
    )


def test_a_link_that_lies_is_seen_through() -> None:
    """A link whose words name one address and that leads to another says where it leads."""
    markup = render("[https://bank.example](https://evil.example)").markup
    assert "https://bank.example (https://evil.example)" in words_in(markup)


def test_json_folds() -> None:
    """JSON is shown by name, unfolded as far as a reader follows at first."""
    markup = render('{"a": {"b": {"c": {"d": 1}}}, "n": null, "t": true, "s": ""}').markup
    assert markup.count("<details open>") == 2
    assert markup.count("<details>") == 1
    assert words_in(markup) == "a1 nameb1 namec1 named1nnullttrues“”"


def test_a_long_one_is_cut_and_shown_whole_when_asked() -> None:
    """A long text and a long table are cut with a sentence, and shown whole when asked for."""
    text = "x" * 25_000
    assert render(text).shown == "The first 20,000 of 25,000 characters."
    assert render(text, whole=True).shown == ""
    rows = "id,name\n" + "1,a\n" * 150
    assert render(rows).shown == "The first 100 of 150 rows and 2 of 2 columns."
    assert words_in(render(rows, whole=True).markup).count("1a") == 150


def test_a_difference_is_words() -> None:
    """Against what was expected, words are gone or new; spaces between two changes belong to them."""
    markup = render("the refund takes five days", "diff", against='"the refund takes 3 working days"').markup
    assert "<del>3 working</del><ins>five</ins> days" in markup
    assert "2 words gone, 1 new" in markup


def test_json_is_compared_by_its_names() -> None:
    """The order of names in JSON is no difference."""
    assert "no word differs" in render('{"b": 1, "a": 2}', "diff", against='{"a": 2, "b": 1}').markup


@given(st.text("ab \n.", max_size=40), st.text("ab \n.", max_size=40))
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    """What is the same and gone is the one text, what is the same and new is the other."""
    pieces = compared(before, after)
    assert "".join(text for how, text in pieces if how != "new") == before
    assert "".join(text for how, text in pieces if how != "gone") == after


def test_what_cannot_be_is_not_asked_for() -> None:
    """A shape that the output does not have counts as not said."""
    assert render("hello", "conversation").kind == "plain"
    assert render("hello", "diff").kind == "plain"
    assert render("hello", "<script>").kind == "plain"
