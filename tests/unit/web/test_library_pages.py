"""The pages of the library, asked without a browser."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from tests.asgi import get, post

from shipworthy.domain.article import Article
from shipworthy.store.article_file import read_articles


@pytest.mark.parametrize("article", read_articles(), ids=lambda article: article.slug)
def test_an_article_has_all_that_belongs_to_it(app: Starlette, article: Article) -> None:
    """Title, standfirst, author, date, reading time, note, command, sources, and the way on."""
    reply = get(app, f"/library/{article.slug}")
    assert reply.status == 200
    text = reply.text.replace("&#34;", '"').replace("&#39;", "'")
    head = article.head
    for part in (head.title, head.standfirst, head.author, head.note, head.try_it.command, head.try_it.say):
        assert part in text
    assert 'datetime="2026-11-26"' in text
    assert f"{article.minutes} min to read" in text
    assert all(source.name in text for source in head.sources)
    assert 'rel="next"' in text
    assert "style=" not in text


def test_the_list_links_to_every_article(app: Starlette) -> None:
    """Each is one link, and each link is answered."""
    text = get(app, "/library").text
    for article in read_articles():
        assert f'href="/library/{article.slug}"' in text


def test_a_search_that_finds_nothing_says_so(app: Starlette) -> None:
    """What was searched is shown as text, also when it looks like HTML."""
    reply = get(app, "/library?search=%3Cscript%3Ezebra")
    assert reply.status == 200
    assert "0 articles" in reply.text
    assert "<script>zebra" not in reply.text


def test_what_is_not_there_is_not_found(app: Starlette) -> None:
    """A name that was never given is answered with 404, a category that does not exist with 400."""
    missing = get(app, "/library/how-may")
    assert missing.status == 404
    assert "open the library" in missing.text
    assert get(app, "/library?category=Ponder").status == 400


def test_nothing_can_be_written_here(app: Starlette) -> None:
    """The library takes no form."""
    assert post(app, "/library", {"search": "x"}).status == 405
