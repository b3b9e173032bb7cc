"""The text of an interview: who speaks where, and nothing in it that cannot be seen."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

_LABEL = re.compile(
    r"^(?P<time>\[\d{1,3}:\d\d(?::\d\d)?\] )?(?P<who>[^\W_][^:\n\[\]<>]{0,39}):(?=[ \t]|$)", re.MULTILINE
)
_NEW_LINES = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\u00ad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff]")
"""Joiners and marks of direction are letters of several scripts and stay; overrides of direction and the rest go."""
MOST_WORDS = 4
"""A label with more words than this is a sentence with a colon in it."""


@dataclass(frozen=True)
class Cleaned:
    """A text without what cannot be seen, and how many characters that was."""

    text: str
    left_out: int = 0


@dataclass(frozen=True)
class Turn:
    """What one person said without being interrupted.

    Attributes:
        who: the label; empty above the first one.
        start: where the words begin, behind the label.
        end: where they end.
    """

    who: str
    start: int
    end: int


def cleaned(text: str) -> Cleaned:
    r"""Return the text as it is kept: lines ended alike, no controls, no overrides of direction, no half characters.

    >>> cleaned("one\r\ntwo\u202e\x1b[31m")
    Cleaned(text='one\ntwo[31m', left_out=2)
    """
    lines = _NEW_LINES.sub("\n", text).replace("\t", "    ")
    plain = lines.replace("\n", "").isprintable()  # nearly always, and quick
    kept = lines if plain else "".join(c for c in lines if c.isprintable() or not is_unseen(c))
    tidy = "\n".join(line.rstrip() for line in kept.split("\n"))
    return Cleaned(re.sub(r"\n{3,}", "\n\n", tidy).strip("\n"), len(lines) - len(kept))


def is_unseen(char: str) -> bool:
    """Whether a character cannot be seen, or turns what stands beside it."""
    if char == "\n":
        return False
    return bool(_UNSEEN.match(char)) or unicodedata.category(char) in ("Cc", "Cs", "Cn", "Zl", "Zp")


def first_unseen(text: str) -> int | None:
    """Return where a text first holds what cannot be seen."""
    if text.replace("\n", "").isprintable():
        return None
    return next((at for at, char in enumerate(text) if not char.isprintable() and is_unseen(char)), None)


def sha_of(text: str) -> str:
    """Return the mark by which a frozen text is known."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def speakers(text: str) -> dict[str, int]:
    r"""Return who speaks and how often: labels of few words, each seen twice or beside a time.

    >>> speakers("Ann: Hello.\nBob: Hi.\nAnn: Note: this.\nBob: Yes.\nRemember: no.")
    {'Ann': 2, 'Bob': 2}
    """
    seen: Counter[str] = Counter()
    timed: set[str] = set()
    for found in _LABEL.finditer(text):
        who = found["who"].strip()
        if len(who.split()) <= MOST_WORDS and not who.isdigit():
            seen[who] += 1
            if found["time"]:
                timed.add(who)
    return {who: n for who, n in seen.items() if n > 1 or who in timed}


def turns(text: str) -> list[Turn]:
    """Return the text by who speaks, in order; one turn of nobody where no speakers are told apart."""
    known = speakers(text)
    labels = [m for m in _LABEL.finditer(text) if m["who"].strip() in known]
    if not labels:
        return [Turn("", 0, len(text))]
    found = [Turn("", 0, labels[0].start())] if labels[0].start() else []
    for label, after in zip(labels, [*labels[1:], None], strict=True):
        end = after.start() if after else len(text)
        start = label.end() + (1 if text[label.end() : label.end() + 1] == " " else 0)
        found.append(Turn(label["who"].strip(), min(start, end), end))
    return found


def speaker_at(text: str, start: int) -> str:
    """Return who says what begins at a place."""
    return next((turn.who for turn in turns(text) if turn.start <= start < turn.end), "")
