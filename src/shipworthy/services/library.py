"""Find articles of the library: all of them, those of a category, those that speak of something, the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from rapidfuzz import fuzz, process

from shipworthy.domain.article import Article, Category
from shipworthy.domain.errors import Misused
from shipworthy.similarity.words import words
from shipworthy.store.article_file import read_articles

CATEGORIES: tuple[Category, ...] = get_args(Category)
IN_TITLE, IN_STANDFIRST, MOST_IN_TEXT = 12, 6, 5
"""What a word counts where it stands; more than so many in the text say nothing more."""
LONGEST_SEARCH = 200
ALIKE = 55
"""From which likeness on, of 100, a mistyped name is taken for another."""


@dataclass(frozen=True)
class Found:
    """An article, and the sentence in it that a search met first; empty where nothing was searched."""

    article: Article
    passage: str = ""


def find_articles(*, category: str = "", search: str = "") -> tuple[Found, ...]:
    """Return articles, in reading order, or the best match first where something is searched.

    Args:
        category: keep those of one category; all unless said.
        search: keep those in which every one of these words, or a word that begins with it, stands.

    Raises:
        Misused: there is no such category.
    """
    kept = [article for article in read_articles() if _category(category) in ("", article.head.category)]
    wanted = words(search[:LONGEST_SEARCH])
    if not wanted:
        return () if search.strip() else tuple(Found(article) for article in kept)
    scored = [(_score(article, wanted), article) for article in kept]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1].head.order))
    return tuple(Found(article, _passage(article, wanted)) for _, article in best)


def read_article(slug: str) -> Article:
    """Return one article.

    Raises:
        Misused: there is none of that name.
    """
    by_slug = {article.slug: article for article in read_articles()}
    if slug not in by_slug:
        near = process.extractOne(slug[:LONGEST_SEARCH], list(by_slug), scorer=fuzz.ratio, score_cutoff=ALIKE)
        remedy = f"did you mean {near[0]}? " if near else ""
        raise Misused(
            "there is no article of that name",
            where=slug[:LONGEST_SEARCH],
            remedy=f"{remedy}`shipworthy learn` lists all",
        )
    return by_slug[slug]


def next_article(article: Article) -> Article:
    """Return the one to read next; after the last comes the first."""
    every = read_articles()
    return every[(every.index(article) + 1) % len(every)]


def articles_for(*, rule: str = "", command: str = "") -> tuple[Article, ...]:
    """Return the articles that a rule of the sceptic, or a command, sends to.

    Args:
        rule: the id of a rule.
        command: the name of a command.
    """
    return tuple(
        article
        for article in read_articles()
        if (rule and rule in article.head.rules) or (command and command in article.head.commands)
    )


def article_by_rule(rules: Iterable[str]) -> dict[str, Article]:
    """Return the article that fits each of some rules best; none for a rule of which no article speaks.

    The best is the one that speaks of fewest other rules.

    Args:
        rules: ids of rules.
    """
    found = {rule: articles_for(rule=rule) for rule in rules}
    return {rule: min(each, key=lambda one: len(one.head.rules)) for rule, each in found.items() if each}


def article_of_step(rule: str, command: str) -> Article | None:
    """Return the article that fits a next step: of the challenge it answers, else of the command it begins.

    Args:
        rule: the challenge it answers; empty where it answers none.
        command: the command as it is typed.
    """
    fitting = article_by_rule([rule]).get(rule) if rule else None
    if fitting is not None:
        return fitting
    words_typed = command.split()
    name = words_typed[1] if words_typed[:1] == ["shipworthy"] and len(words_typed) > 1 else ""
    return next(iter(articles_for(command=name)), None)


def _category(name: str) -> str:
    wanted = name.strip().casefold()
    if not wanted:
        return ""
    for category in CATEGORIES:
        if category.casefold() == wanted:
            return category
    raise Misused(
        "there is no category of that name",
        where=name[:LONGEST_SEARCH],
        remedy=f"use one of {', '.join(CATEGORIES)}",
    )


def _score(article: Article, wanted: Iterable[str]) -> int:
    """Return how well an article answers; 0 when one of the words is nowhere in it."""
    head = article.head
    title, standfirst = words(f"{article.slug} {head.title}"), words(f"{head.standfirst} {head.note}")
    text = words(article.text)
    total = 0
    for word in wanted:
        here = IN_TITLE * _begins(title, word) + IN_STANDFIRST * _begins(standfirst, word)
        here += min(_begins(text, word), MOST_IN_TEXT)
        if not here:
            return 0
        total += here
    return total


def _begins(text: list[str], word: str) -> int:
    return sum(each.startswith(word) for each in text)


def _passage(article: Article, wanted: list[str]) -> str:
    """Return the sentence with most of the words, the first of several."""
    bare = re.sub(r"[*`]", "", article.text)
    lines = (line for line in bare.splitlines() if line and not line.startswith(("#", "|")))
    sentences = [s for line in lines for s in re.split(r"(?<=[.?!])\s+", line.lstrip("- "))]
    counted = [(sum(_begins(words(s), word) > 0 for word in wanted), s) for s in sentences]
    most = max((n for n, _ in counted), default=0)
    return next((s for n, s in counted if n == most), "") if most else ""
