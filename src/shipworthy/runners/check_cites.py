"""The declared check of citations: what an output cites must be there among the sources of its case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shipworthy.domain.scorer import Cites
from shipworthy.runners.check_text import bounded
from shipworthy.runners.scoring import PASSED, About, Said, failed, field_of, shown, text_of

_NUMBERS = re.compile(r"\[(\d{1,4}(?:\s?[,;]\s?\d{1,4}){0,50})\]")
_URL = re.compile(r"https?://[^\s<>\"'\])}|\\^`]+", re.IGNORECASE)


class CitesCheck:
    """Citations that must be there in a part of the case."""

    name = "cites"
    timed = True

    def __init__(self, asked: Cites) -> None:
        self.field, self.where = field_of(asked.in_), asked.in_
        self.by, self.least = asked.by, asked.at_least
        self.pattern = re.compile(asked.pattern) if asked.pattern else None

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Say the first citation that is not there."""
        del about
        known = self._known(self.field(given, expected))
        cited = list(dict.fromkeys(self._cited(bounded(text_of(output)))))
        for one in cited:
            if one not in known:
                return failed(f"cites {shown(one)}, which is not in {self.where}")
        if len(cited) < self.least:
            return failed(f"cites {len(cited)} of the sources, and {self.least} are needed")
        return PASSED

    def _cited(self, text: str) -> Iterator[str]:
        if self.by == "number":
            for group in _NUMBERS.findall(text):
                yield from (str(int(n)) for n in re.findall(r"\d+", group))
        elif self.by == "url":
            yield from map(_address, _URL.findall(text))
        else:
            assert self.pattern is not None
            yield from (match[0] for match in self.pattern.finditer(text) if match[0])

    def _known(self, sources: Any) -> set[str]:
        if self.by == "number":
            if isinstance(sources, list):
                return {str(n) for n in range(1, len(sources) + 1)}
            if isinstance(sources, dict):
                return {str(key) for key in sources}
        return {one for text in _texts(sources) for one in self._cited(text)}


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
