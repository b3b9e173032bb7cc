"""Vague words: those that two people read differently, each with the question that makes it observable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LEXICON: dict[str, str] = {
    "helpful|useful|valuable": "{word} how? who would notice?",
    "good|great|excellent|decent": "{word} for whom, and what would they do differently?",
    "better|improved?|improves|improving|improvement": "compared with what, and by how much?",
    "accurate|accurately|accuracy|precise": "compared with what, and how often may it be wrong?",
    "relevant|appropriate|appropriately|suitable|adequate|reasonable|sufficient": "{word} by whose judgement? what would they point at?",
    "natural|human-like|friendly|engaging|professional": "what would a reader point at in the text?",
    "high[- ]quality|quality": "what is counted when quality is counted?",
    "robust|reliable|reliably|stable|consistent|consistently": "against what, and in how many of 100?",
    "seamless|seamlessly|smooth|smoothly|intuitive|effortless": "what does the person no longer have to do?",
    "smart|intelligent|clever": "what would it do that a rule would not?",
    "fast|quick|quickly|slow|timely|prompt|promptly|soon": "how many seconds, for how many of 100?",
    "easy|easily|simple|user-friendly": "for whom? what would they manage without help?",
    "efficient|efficiently|effective|effectively|productive": "what is saved, and who counts it?",
    "safe|safely|secure|responsible|trustworthy": "safe from which event? who would be hurt?",
    "clear|clearly|concise|readable|comprehensive|complete|thorough": "what must be in it, and what must not?",
    "significant|significantly|substantial|substantially|considerable|meaningful": "how much, in numbers?",
    "usually|often|mostly|generally|typically|rarely|sometimes": "in how many of 100?",
    "happy|satisfied|delighted|delightful": "what do they do when they are? who would see it?",
    "modern|innovative|world-class|state-of-the-art|cutting-edge|best-in-class": "what can it do that nothing else can?",
}  # fmt: skip
"""Words to the question they leave open."""

_ASKS = list(LEXICON.values())
_WORDS = re.compile(
    r"\b(?<!-)(?:" + "|".join(f"({words})" for words in LEXICON) + r")(?![\w-])", re.IGNORECASE
)  # fmt: skip
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|half|quarter|hundred|thousand)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?\n]?")


@dataclass(frozen=True)
class Pointed:
    """A vague word in a text.

    Attributes:
        start: where it begins.
        end: where the text goes on.
        word: as it stands there.
        asks: the question that it leaves open.
    """

    start: int
    end: int
    word: str
    asks: str


def vague(text: str) -> tuple[Pointed, ...]:
    """Return the vague words of a text in their order; a sentence with a number says what it means.

    >>> [each.asks for each in vague("Answers are helpful. 8 of 10 are good.")]
    ['helpful how? who would notice?']
    """
    found = [
        Pointed(start + hit.start(), start + hit.end(), hit[0], _asks(hit))
        for start, sentence in _sentences(text)
        if not _NUMBER.search(sentence)
        for hit in _WORDS.finditer(sentence)
    ]
    return tuple(found)


def _asks(hit: re.Match[str]) -> str:
    return _ASKS[(hit.lastindex or 1) - 1].format(word=hit[0].lower())


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for found in _SENTENCE.finditer(text):
        if found[0].strip():
            yield found.start(), found[0]


def pieces(text: str) -> tuple[tuple[str, str], ...]:
    """Return a text in pieces, each with the question that it leaves open, empty where it leaves none.

    >>> pieces("Is it fast?")
    (('Is it ', ''), ('fast', 'how many seconds, for how many of 100?'), ('?', ''))
    """
    out: list[tuple[str, str]] = []
    at = 0
    for each in vague(text):
        if each.start > at:
            out.append((text[at : each.start], ""))
        out.append((text[each.start : each.end], each.asks))
        at = each.end
    return (*out, (text[at:], "")) if at < len(text) else tuple(out)
