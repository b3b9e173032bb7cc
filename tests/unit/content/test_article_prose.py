"""The articles: every stated number is computed again, the prose is plain, and no two say the same thing."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from rapidfuzz import fuzz
from tests.unit.content.library_numbers import computed

from shipworthy.coach.catalogue import BY_ID
from shipworthy.domain.article import Article
from shipworthy.narrative.wording import banned
from shipworthy.services.library import CATEGORIES
from shipworthy.similarity.twins import twins
from shipworthy.similarity.words import words
from shipworthy.store.article_file import read_articles

ARTICLES = read_articles()
SLUGS = [article.slug for article in ARTICLES]
every_article = pytest.mark.parametrize("article", ARTICLES, ids=SLUGS)

LONG, LONGEST = 30, 42
"""Sentences of more words are long; none has more than the second."""
KNOWN = frozenset({"AI", "ICD", "EFSA", "OWASP", "STPA", "JAMA", "PDF", "HTML", "ON", "I"})
"""Capitals that need no explanation here: what everybody knows, and names of sources."""
PHRASES = re.compile(
    r"\b(delve|leverag\w+|holistic|seamless\w*|paradigm|game[- ]chang\w+|in today's|it is important to note|"
    r"needless to say|best practice\w*|stakeholder\w*|utili[sz]e\w*|synerg\w+|empower\w*|unlock\w*|journey)\b",
    re.IGNORECASE,
)


def prose(article: Article) -> list[str]:
    """Return the paragraphs of an article, without headings, tables and marks."""
    lines = [line for line in article.text.splitlines() if line and not line.startswith(("#", "|", "```"))]
    return [re.sub(r"`[^`]*`", "CODE", line).replace("*", "") for line in lines]


def sentences(article: Article) -> list[str]:
    """Return the sentences of an article's paragraphs."""
    return [s for line in prose(article) for s in re.split(r"(?<=[.?!:])[\")]?\s+", line) if words(s)]


def as_written(article: Article) -> str:
    """Return the text as one line, without marks."""
    return " ".join(article.text.replace("*", "").split())


@every_article
def test_every_stated_number_is_what_our_own_functions_give(article: Article) -> None:
    """A number in an article's list stands in its text, and computing it again gives the same words."""
    text, found = as_written(article), []
    for number in article.head.numbers:
        if number.made_by.startswith("decides("):
            continue  # said by the sample's verdict: the journey asks it
        value = computed(number.made_by)
        if not re.search(rf"(?<![\d.,]){re.escape(value)}(?!\d)", number.says) or number.says not in text:
            found.append((number.says, value))
    assert found == []


@every_article
def test_an_article_teaches_with_numbers(article: Article) -> None:
    """Every article has numbers that are computed again, at least three, and between 600 and 1,100 words."""
    assert len(article.head.numbers) >= 3
    assert 600 <= article.words <= 1100


@every_article
def test_sentences_are_short(article: Article) -> None:
    """On average at most 16 words, few of them long, none endless."""
    lengths = [len(s.split()) for s in sentences(article)]
    assert sum(lengths) / len(lengths) <= 16
    assert sum(length > LONG for length in lengths) <= 0.08 * len(lengths)
    assert [s for s in sentences(article) if len(s.split()) > LONGEST] == []


@every_article
def test_words_promise_no_more_than_evidence_can_and_no_phrase_is_empty(article: Article) -> None:
    """The words that memos do not use are not used here, nor phrases that say nothing."""
    text = " ".join([*prose(article), article.head.title, article.head.standfirst, article.head.note])
    assert (banned(text), PHRASES.findall(text)) == ([], [])


@every_article
def test_capitals_are_explained(article: Article) -> None:
    """No abbreviation stands in the text that a reader outside the trade would not know."""
    text = re.sub(r"\bCODE\b|\bE\. S\.|\bI\. J\.", "", " ".join(prose(article)))
    assert set(re.findall(r"\b[A-Z]{2,}\b", text)) <= KNOWN


def test_no_two_articles_say_the_same_thing() -> None:
    """No sentence of eight words or more stands, nearly alike, in two articles."""
    owned = [(a.slug, s) for a in ARTICLES for s in sentences(a) if len(words(s)) >= 8]
    pairs = twins([words(s) for _, s in owned], near=0.8)
    assert [(owned[p.first], owned[p.second]) for p in pairs if owned[p.first][0] != owned[p.second][0]] == []


def test_no_paragraph_of_one_article_retells_one_of_another() -> None:
    """Paragraphs of two articles share at most half of their words, in any order."""
    owned = [(a.slug, p) for a in ARTICLES for p in prose(a) if len(words(p)) >= 25]
    alike = [
        (a[0], b[0], a[1], b[1])
        for a, b in combinations(owned, 2)
        if a[0] != b[0] and fuzz.token_sort_ratio(a[1], b[1], score_cutoff=65)
    ]
    assert alike == []


def test_titles_notes_and_names_are_each_their_own() -> None:
    """Slug, order, title, standfirst, note and command differ from article to article."""
    heads = [article.head for article in ARTICLES]
    for values in (
        SLUGS,
        [h.order for h in heads],
        [h.title for h in heads],
        [h.standfirst for h in heads],
        [h.note for h in heads],
    ):
        assert len(set(values)) == len(ARTICLES)
    assert [h.order for h in heads] == list(range(1, len(heads) + 1))


def test_the_library_has_an_article_for_each_step() -> None:
    """At least 16 articles, in the order of the path, and every step has one."""
    categories = [article.head.category for article in ARTICLES]
    assert len(ARTICLES) >= 16
    assert set(categories) == set(CATEGORIES)
    assert categories == sorted(categories, key=CATEGORIES.index)


@every_article
def test_no_person_is_made_up_to_sign(article: Article) -> None:
    """The author line is the maintainers', the same everywhere."""
    assert article.head.author == "The Shipworthy maintainers"


@every_article
def test_the_note_is_not_in_the_text(article: Article) -> None:
    """The pulled-out note adds a sentence, and does not say one twice."""
    assert article.head.note.rstrip(".") not in as_written(article)


@every_article
def test_rules_are_rules_of_the_sceptic(article: Article) -> None:
    """Each rule that sends here exists, and stands once."""
    rules = article.head.rules
    assert [rule for rule in rules if rule not in BY_ID] == []
    assert len(set(rules)) == len(rules)
