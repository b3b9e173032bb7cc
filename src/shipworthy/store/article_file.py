"""Read the library that comes with the program: one Markdown file an article, with front matter."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from shipworthy.domain.article import Article, ArticleHead

_HEAD = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<text>.*)", re.DOTALL)


@cache
def read_articles() -> tuple[Article, ...]:
    """Return every article, in the order in which the library is read from the start."""
    folder = files("shipworthy") / "content" / "library"
    found = [
        parse_article(entry.name.removesuffix(".md"), entry.read_text("utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".md")
    ]
    return tuple(sorted(found, key=lambda article: article.head.order))


def parse_article(slug: str, content: str) -> Article:
    """Return one article.

    Args:
        slug: its name in addresses and commands.
        content: front matter between lines of `---`, and below it the text.

    Raises:
        ValueError: it has no front matter, or a field is missing, unknown or not as described.
    """
    parts = _HEAD.fullmatch(content)
    if parts is None:
        raise ValueError(f"{slug}: an article begins with front matter between lines of ---")
    head = ArticleHead.model_validate(YAML(typ="safe").load(parts["head"]))
    return Article(slug=slug, head=head, text=parts["text"].strip() + "\n")
