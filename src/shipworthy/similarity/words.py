"""Texts made comparable: the words of an input, without case, punctuation or layout."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from shipworthy.domain.evalset import plain_input

LONGEST = 4000
"""Near likeness is told by so many words; of a longer text the first and the last half of them."""

COMMON = 0.2
"""A word that more than this share of the cases have says nothing about one of them: it is the frame they share."""

A_DOZEN = 12
"""And more than so many have it: a few copies of one question are no frame."""

_ONE_BY_ONE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # scripts that put no blanks between words
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
"""Soft hyphens, blanks without width, marks of direction: nobody sees them, and they part no word."""
_WORD = re.compile(rf"[{_ONE_BY_ONE}]|[^\W_{_ONE_BY_ONE}]+")


def words(text: str) -> list[str]:
    r"""Return the words of a text: compatibility forms joined, case folded; punctuation, layout and what is unseen dropped.

    >>> words("How  MANY\nkittens, then?")
    ['how', 'many', 'kittens', 'then']
    >>> words("or\u200bder num\u00adber")
    ['order', 'number']
    """
    return _WORD.findall(unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold())


def text_of(value: Any) -> str:
    r"""Return what a case asks as one text.

    Of a conversation the system messages are left out: all cases of a launch share them.

    >>> text_of([{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello"}])
    'Hello'
    >>> text_of({"question": "When?", "order": {"number": 7}})
    'When?\n7'
    """
    value = plain_input(value)
    if isinstance(value, list) and any(isinstance(m, dict) and m.get("role") == "system" for m in value):
        value = [m for m in value if not (isinstance(m, dict) and m.get("role") == "system")]
    return "\n".join(_leaves(value))


def _leaves(value: Any) -> Iterable[str]:
    """Yield the texts and numbers in a JSON value, in order; the role of a message is no text."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            todo += [inner for key, inner in reversed(one.items()) if key != "role"]
        elif isinstance(one, list):
            todo += reversed(one)
        elif one is not None:
            yield str(one)


def common_words(texts: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return the words that so many of the texts share that they tell none from another."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(text))
    return frozenset(word for word, n in seen.items() if n > max(COMMON * len(texts), A_DOZEN))


def core(text: Sequence[str], common: frozenset[str]) -> list[str]:
    """Return the words that tell a text from others; all of them when none does."""
    own = [word for word in text if word not in common]
    return own or list(text)


def shortened(text: Sequence[str]) -> Sequence[str]:
    """Return the words that near likeness is told by."""
    half = LONGEST // 2
    return text if len(text) <= LONGEST else [*text[:half], *text[-half:]]
