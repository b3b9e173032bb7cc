"""Declared checks of an output's text: contains, regex, equals, length."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from shipworthy.domain.scorer import Contains, Equals, Length, Regex
from shipworthy.runners.scoring import PASSED, About, Said, Unscored, failed, field_of, shown, text_of
from shipworthy.runners.time_limit import MOST_CHARACTERS


def eased(ignore: Sequence[str]) -> Callable[[str], str]:
    """Return what takes out of a text what makes no difference: case, runs of blanks."""
    if not ignore:
        return lambda text: text
    case, space = "case" in ignore, "space" in ignore

    def ease(text: str) -> str:
        text = " ".join(text.split()) if space else text
        return text.casefold() if case else text

    return ease


class ContainsCheck:
    """Texts that must, or must not, stand in the output."""

    name = "contains"
    timed = False

    def __init__(self, asked: Contains) -> None:
        self.ease = eased(asked.ignore) if asked.ignore else None
        self.every, self.some, self.none = (
            [(text, self.ease(text) if self.ease else text) for text in texts or ()]
            for texts in (asked.all, asked.any, asked.none)
        )

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Look for the texts."""
        del given, expected, about
        text = output if isinstance(output, str) else text_of(output)
        if self.ease is not None:
            text = self.ease(text)
        for said, wanted in self.every:
            if wanted not in text:
                return failed(f"does not contain {shown(said)}")
        for said, wanted in self.none:
            if wanted in text:
                return failed(f"contains {shown(said)}")
        if self.some and not any(wanted in text for _, wanted in self.some):
            return failed(f"contains none of {_listed([shown(said) for said, _ in self.some])}")
        return PASSED


class RegexCheck:
    """Regular expressions that must, or must not, match."""

    name = "regex"
    timed = True

    def __init__(self, asked: Regex) -> None:
        self.every, self.some, self.none = (
            [
                (pattern, matcher(pattern, whole=asked.whole, ignore=asked.ignore))
                for pattern in patterns or ()
            ]
            for patterns in (asked.all, asked.any, asked.none)
        )
        self.verb = "is not as a whole" if asked.whole else "does not match"

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Try the patterns."""
        del given, expected, about
        text = bounded(text_of(output))
        for pattern, match in self.every:
            if match(text) is None:
                return failed(f"{self.verb} `{pattern}`")
        for pattern, match in self.none:
            if (found := match(text)) is not None:
                return failed(f"matches `{pattern}`: {shown(found[0])}")
        if self.some and not any(match(text) for _, match in self.some):
            return failed(f"matches none of {_listed([f'`{pattern}`' for pattern, _ in self.some])}")
        return PASSED


def matcher(
    pattern: str, *, whole: bool = False, ignore: Sequence[str] = ()
) -> Callable[[str], re.Match[str] | None]:
    """Return what tries a pattern on a text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said once, when the folder is read
        compiled = re.compile(pattern, re.IGNORECASE if "case" in ignore else 0)
    return compiled.fullmatch if whole else compiled.search


def bounded(text: str) -> str:
    """Return a text that patterns may be tried on.

    Raises:
        Unscored: it is too long for that.
    """
    if len(text) > MOST_CHARACTERS:
        raise Unscored(f"{len(text):,} characters, and patterns are tried on {MOST_CHARACTERS:,} at most")
    return text


class EqualsCheck:
    """A value that the output must be."""

    name = "equals"
    timed = False

    def __init__(self, asked: Equals) -> None:
        self.field = field_of(asked.to) if asked.to else None
        self.value = asked.value
        self.ease = eased(asked.ignore)

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Compare the output with the value."""
        del about
        wanted = self.field(given, expected) if self.field else self.value
        if same(output, wanted, self.ease):
            return PASSED
        return failed(f"is {shown(output)}, not {shown(wanted)}")


def same(output: Any, wanted: Any, ease: Callable[[str], str]) -> bool:
    """Whether two JSON values are equal; where one of them is text, the other is taken as its JSON text."""
    if isinstance(output, str) or isinstance(wanted, str):
        return ease(text_of(output)) == ease(text_of(wanted))
    if isinstance(output, bool) or isinstance(wanted, bool):
        return output is wanted
    if isinstance(output, list) and isinstance(wanted, list):
        return len(output) == len(wanted) and all(
            same(one, other, ease) for one, other in zip(output, wanted, strict=True)
        )
    if isinstance(output, dict) and isinstance(wanted, dict):
        return output.keys() == wanted.keys() and all(same(output[key], wanted[key], ease) for key in wanted)
    return bool(output == wanted)


class LengthCheck:
    """How long the output is."""

    name = "length"
    timed = False

    def __init__(self, asked: Length) -> None:
        self.low, self.high, self.unit = asked.at_least, asked.at_most, asked.unit

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Count words, which are parted by blanks, or characters."""
        del given, expected, about
        text = text_of(output)
        n = len(text.split()) if self.unit == "words" else len(text)
        unit = self.unit if n != 1 else self.unit[:-1]
        if self.low is not None and n < self.low:
            return failed(f"has {n:,} {unit}, and {self.low:,} are needed")
        if self.high is not None and n > self.high:
            return failed(f"has {n:,} {unit}, and at most {self.high:,} are allowed")
        return PASSED


def _listed(texts: list[str]) -> str:
    more = f" and {len(texts) - 5} more" if len(texts) > 5 else ""
    return ", ".join(texts[:5]) + more
