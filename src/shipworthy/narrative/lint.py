"""What in words that people wrote says more than anybody measured: each place, what is wrong, and what to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.wording import banned_at

Kind = Literal["absolute", "percentage", "likelihood", "acronym", "long"]
LONGEST = 30
"""Words of a sentence that one breath still carries."""

REMEDIES: dict[Kind, str] = {
    "absolute": "say what was shown, and what it could still be",
    "percentage": "write the count: 58 of 60",
    "likelihood": "write how many of 100, then the word if you need it",
    "acronym": "write it out where it stands first",
    "long": "make two sentences of it",
}
"""What to write instead, for each kind."""

_MONTH = re.compile(r"\b(?:in|by|from|until|since|early|late|of)\s+$", re.IGNORECASE)
_NUMBER = re.compile(r"\d")
_ACRONYM = re.compile(r"\b(?:[A-Z]{2,6}|[A-Z]{2,6}s)\b")
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?\n]?")
_WORD = re.compile(r"[\w'\u2019-]+")


@dataclass(frozen=True)
class Sin:
    """One thing in a text.

    Attributes:
        where: the text, as `launch.yaml goal`.
        kind: what is wrong with it.
        words: as they stand there.
    """

    where: str
    kind: Kind
    words: str

    @property
    def remedy(self) -> str:
        """What to write instead."""
        return REMEDIES[self.kind]


def lint(texts: Iterable[tuple[str, str]], language: Language = ENGLISH) -> tuple[Sin, ...]:
    """Return what is wrong with some texts, in their order; an acronym that one of them writes out is known in all.

    Args:
        texts: where each stands, and what it says.
        language: in which they are written.

    >>> [each.words for each in lint([("goal", "It is probably safe. NPS rises by 9 %.")])]
    ['safe', 'probably', '9 %', 'NPS']
    """
    kept = [(where, text) for where, text in texts if text.strip()]
    known = {name for _, text in kept for name in _written_out(text, language)}
    found: list[Sin] = []
    for where, text in kept:
        for kind, words in _sins(text, known, language):
            found.append(Sin(where, kind, words))
        known |= set(_acronyms(text, language))
    return tuple(found)


def _sins(text: str, known: set[str], language: Language) -> Iterator[tuple[Kind, str]]:
    traps = language.traps
    for start, end in banned_at(text, language):
        yield "absolute", text[start:end]
    for sentence in sentences(text):
        if not _NUMBER.search(sentence):
            yield from (
                ("likelihood", hit[0])
                for hit in traps.likely.finditer(sentence)
                if not _is_month(hit, sentence)
            )
        if not traps.count.search(sentence):
            yield from (("percentage", hit[0]) for hit in traps.percent.finditer(sentence))
    yield from (("acronym", name) for name in _acronyms(text, language) if name not in known)
    for sentence in sentences(text):
        words = _WORD.findall(sentence)
        if len(words) > LONGEST:
            yield "long", f"{' '.join(words[:6])} … ({len(words)} words)"


def _is_month(hit: re.Match[str], sentence: str) -> bool:
    return hit[0] == "May" and (hit.start() == 0 or bool(_MONTH.search(sentence[: hit.start()])))


def _acronyms(text: str, language: Language) -> list[str]:
    """Return the acronyms of a text, each once; a text in capitals has none."""
    if text.upper() == text and len(_WORD.findall(text)) > 1:
        return []
    names = (hit[0].removesuffix("s") for hit in _ACRONYM.finditer(text))
    return [name for name in dict.fromkeys(names) if name not in language.traps.spoken]


def _written_out(text: str, language: Language) -> Iterator[str]:
    """Yield acronyms beside which the words stand: `net promoter score (NPS)`, or `NPS (net promoter score)`."""
    for name in _acronyms(text, language):
        if re.search(rf"\w+ \w+ \({name}s?\)|\b{name}s? \([^)]+ [^)]+\)", text):
            yield name


def sentences(text: str) -> list[str]:
    """Return the sentences of a text.

    >>> sentences("It costs 1.5 each. Is it worth it?")
    ['It costs 1.5 each.', 'Is it worth it?']
    """
    return [found[0].strip() for found in _SENTENCE.finditer(" ".join(text.split())) if found[0].strip()]
