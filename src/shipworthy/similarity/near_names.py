"""Names that two people may have given to one failure mode: "wrong date" beside "wrong-dates"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from shipworthy.similarity.words import words

NEAR = 85.0
"""Names are nearly the same from so much likeness on: of 100 letters, so many that need not be changed."""


@dataclass(frozen=True)
class Near:
    """Two names that are nearly the same.

    Attributes:
        first: the id that stands first.
        second: the id that stands later.
        likeness: from `NEAR` to 100.
    """

    first: str
    second: str
    likeness: float


def near_names(names: Mapping[str, str]) -> list[Near]:
    """Return pairs of failure modes whose ids or names are nearly the same, the most alike first.

    Words are compared without case, order, punctuation or endings such as a plural.

    Args:
        names: id to what people call it, in the order of the file.

    Example:
        >>> near_names({"wrong-date": "Wrong date", "dates-wrong": "", "wrong-team": "Wrong team"})
        [Near(first='wrong-date', second='dates-wrong', likeness=100.0)]
    """
    forms = {name: sorted({_bare(name), _bare(title or name)}) for name, title in names.items()}
    found = list(_pairs(forms))
    return sorted(found, key=lambda pair: (-pair.likeness, pair.first, pair.second))


def _pairs(forms: Mapping[str, list[str]]) -> Iterator[Near]:
    ids = list(forms)
    for n, first in enumerate(ids):
        for second in ids[n + 1 :]:
            alike = max(ratio(a, b) for a in forms[first] for b in forms[second])
            if alike >= NEAR:
                yield Near(first, second, round(alike, 1))


def _bare(name: str) -> str:
    """Return the words of a name in order of the alphabet, without the endings that grammar gives them."""
    return " ".join(sorted(_stem(word) for word in words(name.replace("_", " "))))


def _stem(word: str) -> str:
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word.removesuffix("es")
    if word.endswith("ies") and len(word) > 4:
        return word.removesuffix("ies") + "y"
    return word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word
