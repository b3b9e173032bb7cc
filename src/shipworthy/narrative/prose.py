"""Sentences whose numbers know where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter

from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.claim import ClaimRow, Ref


@dataclass(frozen=True)
class Number:
    """A number in a sentence, with the claim it resolves to."""

    text: str
    ref: Ref


Prose = tuple[str | Number, ...]


def flat(prose: Prose) -> str:
    """Return a sentence as text, its references dropped."""
    return "".join(part if isinstance(part, str) else part.text for part in prose)


def said(language: Language, key: str, /, **named: str | Number) -> Prose:
    """Return a sentence of the catalogue in which some values are numbers that know where they come from.

    Args:
        language: whose sentence.
        key: which sentence.
        named: its values.
    """
    parts: list[str | Number] = []
    text = ""
    for words, name, _, _ in Formatter().parse(language.messages[key]):
        value = named[name] if name is not None else ""
        if isinstance(value, Number):
            parts += [text + words, value] if text + words else [value]
            text = ""
        else:
            text += words + value
    return (*parts, text) if text else tuple(parts)


def joined(sentences: Sequence[Prose]) -> Prose:
    """Return several sentences as one paragraph."""
    parts: list[str | Number] = []
    for sentence in sentences:
        parts += [" ", *sentence] if parts else sentence
    return tuple(parts)


def seen(row: ClaimRow) -> Number:
    """Return what was seen and what it could be: "250 of 260 (96 of 100), could be as low as 93 of 100"."""
    text = f"{row.counts} ({row.estimate})" if row.estimate else row.counts
    return Number(", ".join(part for part in (text, row.bound, row.ending) if part), row.ref)
