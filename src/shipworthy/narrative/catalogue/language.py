"""A language as a value: its sentences by their keys, its numbers, its plurals, and the words it must not use."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

ONE = ":one"
"""What stands behind the key of a sentence about exactly one thing, where the language needs another for it."""


@dataclass(frozen=True)
class Traps:
    """What a text in this language must not say, or not without a number.

    Attributes:
        banned: words that promise more than evidence can give.
        likely: words for a likelihood.
        percent: a percentage.
        count: a count of a total, which a percentage needs beside it.
        spoken: acronyms that need no explanation.
    """

    banned: re.Pattern[str]
    likely: re.Pattern[str]
    percent: re.Pattern[str]
    count: re.Pattern[str]
    spoken: frozenset[str]


@dataclass(frozen=True)
class Told:
    """A sentence that a lower layer wrote, and the same in this language.

    Attributes:
        english: as it is written there; `{n}`, `{n2}` stand for numbers, other names for words.
        here: the same here, with the same names.
    """

    english: str
    here: str


@dataclass(frozen=True)
class Language:
    """One language.

    Attributes:
        code: as BCP 47 has it: documents carry it.
        name: its own name for itself.
        messages: a sentence, or part of one, by its key; `{name}` is where a value goes.
        nouns: a counted noun by its English singular: one, and many.
        thousands: what stands between thousands.
        decimal: what stands before the part of one.
        day: a date, as `strftime` writes it.
        traps: what a text must not say.
        told: sentences of the lower layers; none where they are written in this language.
        rules: titles of the sceptic's rules by their ids; none where they are written in this language.
    """

    code: str
    name: str
    messages: Mapping[str, str]
    nouns: Mapping[str, tuple[str, str]]
    thousands: str
    decimal: str
    day: str
    traps: Traps
    told: Sequence[Told] = field(default=())
    rules: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, /, **named: object) -> str:
        """Return a sentence with its values in place.

        Args:
            key: which sentence.
            named: its values, as they are printed.

        Raises:
            KeyError: there is no such sentence, or one of its values is missing.
        """
        return self.messages[key].format_map(named)

    def say_for(self, number: int, key: str, /, **named: object) -> str:
        """Return a sentence about a number of things: another one for exactly one thing, where the language has it."""
        one = f"{key}{ONE}"
        return self.say(one if number == 1 and one in self.messages else key, **named)

    def counted(self, number: int, noun: str, many: str = "") -> str:
        """Return a count with its noun.

        Args:
            number: how many.
            noun: the English noun in the singular: the key to this language's.
            many: the English plural, where it is not made by an s.
        """
        one, more = self.nouns.get(noun, (noun, many or f"{noun}s"))
        return f"{self.whole(number)} {one if number == 1 else more}"

    def whole(self, number: float) -> str:
        """Return a count with its thousands apart."""
        return self.number(f"{round(number):,}")

    def number(self, text: str) -> str:
        """Return a number that Python wrote as this language writes it."""
        return text.translate({ord(","): self.thousands, ord("."): self.decimal})

    def listed(self, items: Sequence[str], *, last: str = "and") -> str:
        """Join names as a sentence does; `last` is "and" or "or"."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.say(last)} {items[-1]}"

    def date(self, text: str) -> str:
        """Return a day as this language writes it; what is no ISO day stays as it is."""
        try:
            return dt.date.fromisoformat(text).strftime(self.day)
        except ValueError:
            return text

    def title_of(self, rule: str) -> str:
        """Return the title of a rule behind its id, as `RUN-10 Looked again`, in this language."""
        known = self.rules.get(rule.split(" ", 1)[0])
        return f"{rule.split(' ', 1)[0]} {known}" if known else rule

    def tell(self, text: str) -> str:
        """Return a sentence of a lower layer in this language; one that is not known is quoted, and said to be English."""
        if not self.told or not text:
            return text
        found = self._told(text)
        return self.say("recorded in English", text=text) if found is None else found

    def room(self, limit: int) -> int:
        """Return how long a sentence of a lower layer may be: one that is said again may be longer."""
        return 2 * limit if self.told else limit

    def _told(self, text: str) -> str | None:
        for each in self.told:
            match = _pattern(each.english).fullmatch(text)
            if match:
                return each.here.format_map(
                    {name: self._part(name, part) for name, part in match.groupdict().items()}
                )
        return None

    def _part(self, name: str, part: str) -> str:
        """Return one value of such a sentence: a number in this language's figures, a sentence of its own said again."""
        if re.fullmatch(r"n\d*", name):
            return self.number(part)
        if name == "day":
            return self.date(part)
        if name == "also":
            return self.tell(part)
        return self.title_of(part) if name == "rule" else part


@cache
def _pattern(english: str) -> re.Pattern[str]:
    """Return what finds a sentence: `n`, `n2` stand for numbers, the other names for any words."""
    parts = re.split(r"\{(\w+)\}", english)
    made = [re.escape(part) if i % 2 == 0 else f"(?P<{part}>{_shape(part)})" for i, part in enumerate(parts)]
    return re.compile("".join(made), re.DOTALL)


def _shape(name: str) -> str:
    if re.fullmatch(r"n\d*", name):
        return r"[+-]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?"
    return {"day": r"\d{4}-\d\d-\d\d", "rule": r"[A-Z]{3}-\d\d [^:]+"}.get(name, ".+?")
