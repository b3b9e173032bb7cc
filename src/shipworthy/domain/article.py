"""Articles of the library: what stands above the text, and what can be told of the text by counting."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Literal

from pydantic import Field

from shipworthy.domain.authored import Authored

Category = Literal["Frame", "Listen", "Look", "Define", "Measure", "Decide", "Defend", "Own"]
"""The steps of the path, in their order: an article belongs to the step at which it helps."""

WORDS_A_MINUTE = 200
"""A calm pace for text with numbers in it."""


class Source(Authored):
    """Where a fact comes from."""

    name: Annotated[str, Field(min_length=3, description="author, year and title, or what it calls itself")]
    where: Annotated[str, Field(min_length=3, description="the address, or journal and pages")]


class TryIt(Authored):
    """One command that shows what the article speaks of."""

    command: Annotated[str, Field(pattern=r"^shipworthy( \S+)+$", description="the command")]
    say: Annotated[str, Field(min_length=10, description="what to look at")]


class StatedNumber(Authored):
    """A number that the text states, and how it is computed again."""

    says: Annotated[str, Field(min_length=1, description="a passage of the text, word for word")]
    made_by: Annotated[str, Field(alias="from", min_length=1, description="an expression over our functions")]


class ArticleHead(Authored):
    """What stands above an article's text."""

    category: Category
    order: Annotated[int, Field(ge=1, description="its place when the library is read from the start")]
    title: Annotated[str, Field(min_length=3, max_length=70)]
    standfirst: Annotated[str, Field(min_length=10, max_length=160)]
    author: str
    date: dt.date
    note: Annotated[str, Field(min_length=10, max_length=160, description="the one sentence to keep")]
    try_it: Annotated[TryIt, Field(alias="try")]
    sources: Annotated[list[Source], Field(min_length=1)]
    rules: list[str] = Field([], description="rules of the sceptic that send here")
    commands: list[str] = Field([], description="commands that send here")
    numbers: list[StatedNumber] = Field([], description="numbers that the text states")


class Article(Authored):
    """An article: its name in addresses and commands, its head, and its text as Markdown."""

    slug: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=60)]
    head: ArticleHead
    text: str

    @property
    def words(self) -> int:
        r"""Return the number of words in the text.

        >>> Article.model_construct(slug="a", head=None, text="## Two words\n\n| 1 | of 2 |").words
        5
        """
        return sum(any(char.isalnum() for char in word) for word in self.text.split())

    @property
    def minutes(self) -> int:
        """Return how long reading takes, rounded up.

        >>> Article.model_construct(slug="a", head=None, text="word " * 401).minutes
        3
        """
        return max(1, math.ceil(self.words / WORDS_A_MINUTE))
