"""Words taken out of a document: wherever they stand, however they are spelt together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

Tree = TypeVar("Tree")
MASK = "[redacted]"


def redactor(words: Sequence[str]) -> Callable[[str], str]:
    """Return what takes words out of a text: in any case, inside longer words, with blanks, `_`, `-` or nothing between.

    >>> redactor(["Lantern Row"])("lantern_row and LANTERN  ROW's")
    "[redacted] and [redacted]'s"
    >>> redactor([])("nothing")
    'nothing'
    """
    patterns = [pattern for word in sorted(words, key=len, reverse=True) if (pattern := _pattern(word))]
    if not patterns:
        return lambda text: text
    found = re.compile("|".join(patterns), re.IGNORECASE)
    return lambda text: found.sub(MASK, unicodedata.normalize("NFC", text))


def _pattern(word: str) -> str:
    parts = [part for part in re.split(r"[\s_\-]+", unicodedata.normalize("NFC", word)) if part]
    return r"[\s_\-]*".join(re.escape(part) for part in parts)


def redacted(tree: Tree, mask: Callable[[str], str]) -> Tree:
    """Return a document with every text of it masked.

    Args:
        tree: a text, a tuple, a dataclass, or anything else, which is left as it is.
        mask: as `redactor` makes it.
    """
    return _masked(tree, mask)  # type: ignore[no-any-return]


def _masked(value: Any, mask: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, tuple):
        return tuple(_masked(each, mask) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _masked(getattr(value, f.name), mask) for f in fields(value)})
    return value
