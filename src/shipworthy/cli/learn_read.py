"""`shipworthy learn`: the library, read in the terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Literal

from shipworthy.cli.terminal import out, say
from shipworthy.exporters.article_text import SEARCHED, article_text, articles_text
from shipworthy.services.library import Found, find_articles, next_article, read_article

if TYPE_CHECKING:
    from shipworthy.domain.article import Article


def learn_read(
    article: str | None = None,
    *,
    search: str = "",
    category: str = "",
    format: Literal["text", "json"] = "text",  # noqa: A002 - the word of the other commands
) -> int:
    """Read about the practice: short articles, each with one idea, worked numbers and a command to try.

    Without a name it lists them by the step of the path at which they help. A search that finds nothing ends with exit
    code 1. Examples:

        shipworthy learn
        shipworthy learn read-a-hundred
        shipworthy learn --search holdout
        shipworthy learn --category Measure

    Args:
        article: the name of an article, as the list shows it.
        search: words that must all stand in it; the beginning of a word is enough.
        category: a step of the path: Frame, Listen, Look, Define, Measure, Decide, Defend or Own.
        format: text or json.
    """
    if article is not None:
        one = read_article(article)
        after = next_article(one)
        text = article_text(one, after, colour=sys.stdout.isatty())
        out(json.dumps(_whole(one, after)) if format == "json" else text)
        return 0
    found = find_articles(category=category, search=search)
    if format == "json":
        out(json.dumps({"articles": [_in_list(each) for each in found]}))
    elif found:
        pairs = [(each.article, each.passage) for each in found]
        out(articles_text(pairs, searched=bool(search.strip()), colour=sys.stdout.isatty()))
    else:
        say(SEARCHED)
    return 0 if found else 1


def _in_list(found: Found) -> dict[str, object]:
    one = found.article
    head = one.head.model_dump(mode="json", include={"category", "title", "standfirst"})
    return {"name": one.slug, **head, "words": one.words, "minutes": one.minutes, "passage": found.passage}


def _whole(one: Article, after: Article) -> dict[str, object]:
    head = one.head.model_dump(mode="json", by_alias=True, exclude={"numbers", "order"})
    more = {"words": one.words, "minutes": one.minutes, "text": one.text, "next": after.slug}
    return {"name": one.slug, **head, **more}
