"""Articles in a terminal and as HTML: the same words, nothing foreign runs, nothing is wider than it may be."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from shipworthy.domain.article import Article
from shipworthy.exporters.article_html import article_html
from shipworthy.exporters.article_text import article_text, articles_text
from shipworthy.services.library import next_article
from shipworthy.similarity.words import words
from shipworthy.store.article_file import read_articles

every_article = pytest.mark.parametrize("article", read_articles(), ids=lambda article: article.slug)


def bare(text: str) -> str:
    """Return text without the colours of a terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@every_article
def test_a_terminal_of_80_columns_shows_all_of_it(article: Article) -> None:
    """Every word of the text is there, no line is wider than 80, and in a pipe there is no colour."""
    shown = article_text(article, next_article(article))
    assert "\x1b" not in shown
    assert max(cell_len(line) for line in shown.splitlines()) <= 80
    assert set(words(article.text)) <= set(words(shown))


def test_colour_changes_no_word() -> None:
    """What a terminal shows in colour is what a pipe gets, once the colours are taken out."""
    article = read_articles()[7]
    shown = article_text(article, article, colour=True)
    assert "\x1b[1m" in shown
    assert words(bare(shown)) == words(article_text(article, article))


def test_the_list_names_each_with_its_time() -> None:
    """Every article stands there with its command; a search says so when there is none."""
    pairs = [(article, "") for article in read_articles()]
    shown = articles_text(pairs, searched=False)
    assert all(f"shipworthy learn {article.slug}" in shown for article, _ in pairs)
    assert max(map(cell_len, shown.splitlines())) <= 80
    assert articles_text([], searched=True) == "no article has all of these words\n"


def test_html_in_an_article_is_text() -> None:
    """A tag is shown and not run, and a link that is a script is no link."""
    shown = article_html("<script>alert(1)</script> <b>x</b>\n\n[x](javascript:alert(1))\n")
    assert "<script" not in shown
    assert "<b>" not in shown
    assert "href" not in shown


def test_numbers_in_tables_are_aligned_without_styles() -> None:
    """The page's policy refuses style attributes, so a class says it; the table can be reached by keyboard."""
    shown = article_html("| a | b |\n|---|---:|\n| x | 1 |\n")
    assert "style=" not in shown
    assert '<td class="numeric">1</td>' in shown
    assert 'tabindex="0"' in shown
