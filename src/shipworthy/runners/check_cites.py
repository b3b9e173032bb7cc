"""The declared check of citations: what an output cites must be there among the sources of its case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from shipworthy.domain.scorer import ALIKE, Cites
from shipworthy.runners.check_quotes import Quotes
from shipworthy.runners.check_text import bounded
from shipworthy.runners.scoring import PASSED, About, Said, failed, field_of, shown, text_of

_NUMBERS = re.compile(r"\[(\d{1,9}(?:\s?[,;\u2013-]\s?\d{1,9}){0,50})\]")
_SPAN = re.compile(r"(\d+)\s?[\u2013-]\s?(\d+)|(\d+)")
MOST_IN_A_SPAN = 100
"""Of a longer span its two ends are looked up."""
_URL = re.compile(r"https?://[^\s<>\"'\])}|\\^`]+", re.IGNORECASE)


class CitesCheck:
    """Citations that must be there in a part of the case; and quoted passages that must stand in what is cited."""

    name = "cites"
    timed = True

    def __init__(self, asked: Cites) -> None:
        self.field, self.where = field_of(asked.in_), asked.in_
        self.by, self.least = asked.by, asked.at_least
        self.pattern = re.compile(asked.pattern) if asked.pattern else None
        self.quotes = Quotes(_least(asked)) if asked.quotes else None

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Say the first citation that is not there, or the first passage that its source does not have."""
        del about
        sources = self.field(given, expected)
        known = self._known(sources)
        text = bounded(text_of(output))
        places = list(self._places(text))
        cited = list(dict.fromkeys(name for _, _, names in places for name in names))
        for one in cited:
            if one not in known:
                return failed(f"cites {shown(one)}, which is not in {self.where}")
        if len(cited) < self.least:
            return failed(f"cites {len(cited)} of the sources, and {self.least} are needed")
        if self.quotes is not None:
            wrong = self.quotes.wrong(
                text, places, lambda name: [bounded(" ".join(self._source(sources, name)))]
            )
            if wrong:
                return failed(wrong)
        return PASSED

    def _places(self, text: str) -> Iterator[tuple[int, int, list[str]]]:
        """Yield where citations stand, from and to, and what each names."""
        if self.by == "number":
            for group in _NUMBERS.finditer(text):
                yield *group.span(), [str(n) for part in _SPAN.finditer(group[1]) for n in _numbers(part)]
        elif self.by == "url":
            for match in _URL.finditer(text):
                yield *match.span(), [_address(match[0])]
        else:
            assert self.pattern is not None
            for match in self.pattern.finditer(text):
                if match[0]:
                    yield *match.span(), [match[0]]

    def _cited(self, text: str) -> Iterator[str]:
        return (name for _, _, names in self._places(text) for name in names)

    def _known(self, sources: Any) -> set[str]:
        if self.by == "number":
            if isinstance(sources, list):
                return {str(n) for n in range(1, len(sources) + 1)}
            if isinstance(sources, dict):
                return {str(key) for key in sources}
        return {one for text in _texts(sources) for one in self._cited(text)}

    def _source(self, sources: Any, name: str) -> Iterable[str]:
        """Return the texts of one source: the part of a list or of keys that has its number, address or id."""
        if isinstance(sources, dict):
            if name in sources:
                return _texts(sources[name])
            parts: list[Any] = list(sources.values())
            if not any(isinstance(part, dict | list) for part in parts):
                parts = [sources]  # one source, told by its keys
        else:
            parts = sources if isinstance(sources, list) else [sources]
        if self.by == "number" and isinstance(sources, list):
            return _texts(parts[int(name) - 1])
        mine = [part for part in parts if any(name in self._cited(text) for text in _texts(part))]
        return (text for part in mine for text in _texts(part))


def _numbers(part: re.Match[str]) -> Iterable[int]:
    """Return the numbers that `7` or `2-5` names."""
    if part[3] is not None:
        return (int(part[3]),)
    first, last = int(part[1]), int(part[2])
    return range(first, last + 1) if 0 <= last - first < MOST_IN_A_SPAN else (first, last)


def _least(asked: Cites) -> float | None:
    if asked.quotes == "exact":
        return None
    return ALIKE if asked.alike is None else asked.alike


def _address(url: str) -> str:
    """Return an address without the marks of the sentence that it ends, and without a last slash."""
    return url.rstrip(".,;:!?*_").rstrip("/")


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value, keys among them."""
    left = [value]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            left += [*node.keys(), *node.values()]
        elif isinstance(node, list):
            left += node
        elif isinstance(node, str | int | float):
            yield str(node)
