"""Articles are listed, searched and filtered; a mistyped name is answered with the one that was meant."""

from __future__ import annotations

import pytest

from shipworthy.cli.main import COMMANDS
from shipworthy.coach.catalogue import BY_ID
from shipworthy.domain.article import Article
from shipworthy.domain.errors import Misused
from shipworthy.services.library import articles_for, find_articles, next_article, read_article
from shipworthy.store.article_file import parse_article, read_articles

HEAD = """---
category: Look
order: 1
title: Read
standfirst: One sentence below it.
author: The Shipworthy maintainers
date: 2026-11-26
note: A sentence to keep.
try: {command: shipworthy check here, say: "Look at the counts."}
sources: [{name: "Good (1953)", where: "Biometrika 40"}]
---
"""


def found(**wanted: str) -> list[str]:
    """Return the names of what is found."""
    return [each.article.slug for each in find_articles(**wanted)]


def test_a_word_in_a_title_comes_before_a_word_in_passing() -> None:
    """Of several articles that speak of demos the one called after it is first."""
    several = found(search="demo")
    assert several[0] == "no-to-the-demo"
    assert len(several) > 2


def test_every_word_must_stand_in_it_and_its_beginning_is_enough() -> None:
    """`calib judge` finds articles with both, and none with only one."""
    assert found(search="calib judge")[0] == "who-checks-the-checker"
    assert found(search="calib judge zebra") == []


def test_a_search_shows_the_sentence_it_met() -> None:
    """The passage is a sentence of the article, without marks."""
    first = find_articles(search="kappa")[0]
    assert "kappa" in first.passage
    assert "*" not in first.passage
    assert first.passage in first.article.text.replace("*", "")


def test_capitals_and_punctuation_do_not_matter() -> None:
    """`HOLDOUT!` is `holdout`; signs alone find nothing, and blanks alone find all."""
    assert found(search="HOLDOUT!") == found(search="holdout") != []
    assert found(search="?!") == []
    assert found(search="  ") == found()


def test_a_very_long_search_is_cut_and_finds_nothing() -> None:
    """Hostile text costs nothing."""
    assert found(search="x" * 1_000_000) == []


def test_a_category_keeps_its_own_in_any_spelling() -> None:
    """`decide` is Decide; one that does not exist is answered with those that do."""
    assert found(category="decide") == ["no-to-the-demo", "ship-less"]
    with pytest.raises(Misused) as error:
        find_articles(category="Ponder")
    assert "Frame, Listen, Look" in error.value.remedy


def test_a_mistyped_name_is_answered_with_the_one_that_was_meant() -> None:
    """`how-may` is taken for `how-many`; a name like no other is taken for nothing."""
    with pytest.raises(Misused) as error:
        read_article("how-may")
    assert "how-many" in error.value.remedy
    with pytest.raises(Misused) as other:
        read_article("../../etc/passwd")
    assert "did you mean" not in other.value.remedy


def test_after_each_article_comes_another_until_all_were_read() -> None:
    """Going on from the first one comes through all, and back to it."""
    every = read_articles()
    way = [every[0]]
    while (after := next_article(way[-1])) != every[0]:
        way.append(after)
    assert way == list(every)


def test_rules_and_commands_send_to_articles() -> None:
    """A rule about leaks sends to the article on sealed exams; a command to its own; nothing sends to nothing."""
    assert [one.slug for one in articles_for(rule="SET-04")] == ["sealed-exam"]
    assert "how-many" in [one.slug for one in articles_for(command="plan")]
    assert articles_for() == ()


def test_reading_time_is_rounded_up() -> None:
    """401 words take three minutes at 200 a minute, and marks are no words."""
    article = parse_article("read", HEAD + "word " * 401 + "\n\n| --- | - |\n")
    assert (article.words, article.minutes) == (401, 3)


@pytest.mark.parametrize(
    ("change", "to", "said"),
    [
        ("category: Look", "category: Ponder", "category"),
        ("note: A sentence to keep.\n", "", "note"),
        ("order: 1", "order: 1\nsurprise: 2", "surprise"),
        ("shipworthy check here", "rm -rf here", "command"),
        ("---\n", "", "front matter"),
    ],
)
def test_a_broken_head_names_its_field(change: str, to: str, said: str) -> None:
    """A wrong category, a missing note, an unknown key, a foreign command, no head at all."""
    with pytest.raises(ValueError, match=said):
        parse_article("read", HEAD.replace(change, to, 1) + "Text.\n")


def test_an_article_is_a_value() -> None:
    """It cannot be changed after it was read."""
    article = parse_article("read", HEAD + "Text.\n")
    with pytest.raises(ValueError, match="frozen"):
        article.slug = "other"  # type: ignore[misc]
    assert isinstance(article, Article)


def test_every_article_is_one_that_a_challenge_and_a_command_send_to() -> None:
    """No article lies where neither `pressure-test` nor `next` can point at it."""
    by_rule = {one.slug for rule in BY_ID for one in articles_for(rule=rule)}
    by_command = {one.slug for command in COMMANDS for one in articles_for(command=command)}
    every = {one.slug for one in read_articles()}
    assert (every - by_rule, every - by_command) == (set(), set())


def test_every_family_of_challenges_has_something_to_read() -> None:
    """At least one rule of each family sends to an article, and of all rules four in five."""
    sends = {rule: bool(articles_for(rule=rule)) for rule in BY_ID}
    assert {rule[:3] for rule in BY_ID} == {rule[:3] for rule, does in sends.items() if does}
    assert sum(sends.values()) >= 0.8 * len(sends)
