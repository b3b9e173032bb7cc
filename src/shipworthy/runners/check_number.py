"""The declared check of a number in an output."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException
from typing import Any

from shipworthy.domain.scorer import Numeric
from shipworthy.runners.scoring import PASSED, About, Said, Unscored, failed, field_of, shown, text_of

NUMBER = re.compile(
    r"(?<![\w.])(?:[-+\u2212\u2013][$€£¥]?)?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,4}(?!\d))?"
)
"""1,234.5, -3e-2 and -$5; not the 2 of x2, nor the 3 of 1.2.3; the - of 5-3 is no sign. Tried once at each place."""
_PLAIN = str.maketrans({"\u2212": "-", "\u2013": "-", **dict.fromkeys(",$€£¥", "")})
_TIED_BEFORE, _TIED_AFTER = re.compile(r"\d[\d.]*,$"), re.compile(r",\d{1,20}")
LONGEST = 400
"""Characters of a number; longer ones are no answer to anything."""


class NumericCheck:
    """A number that must be found in the output, near enough to the right one."""

    name = "numeric"
    timed = False

    def __init__(self, asked: Numeric) -> None:
        self.field = field_of(asked.to) if asked.to else None
        self.value = _exact(asked.value) if asked.value is not None else None
        self.after, self.find = asked.after, asked.find
        self.within, self.relative = Decimal(repr(asked.within)), Decimal(repr(asked.relative))

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Find the number and hold it against the right one."""
        del about
        wanted = self._wanted(given, expected)
        if isinstance(output, int | float) and not isinstance(output, bool):
            found: Decimal | str = _exact(output)
        else:
            found = self._found(text_of(output), strict=True)
        if isinstance(found, str):
            return failed(found)
        try:
            off = abs(found - wanted)
            near = off <= (self.relative * abs(wanted) if self.relative else self.within)
        except DecimalException:
            return failed("a number too large to compare")
        return PASSED if near else failed(f"the number is {_plain(found)}, not {_plain(wanted)}")

    def _wanted(self, given: Any, expected: Any) -> Decimal:
        if self.value is not None:
            return self.value
        assert self.field is not None
        value = self.field(given, expected)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _exact(value)
        found = self._found(value, strict=False) if isinstance(value, str) else "it is no text"
        if isinstance(found, str):
            raise Unscored(f"what is expected is no number: {shown(value)}")
        return found

    def _found(self, text: str, *, strict: bool) -> Decimal | str:
        """Return the number that is meant, or why there is none."""
        start = 0
        if self.after is not None:
            place = text.rfind(self.after)
            if place < 0 and strict:
                return f"does not contain {shown(self.after)}, behind which the number is looked for"
            start = place + len(self.after) if place >= 0 else 0
        chosen = None
        for n, match in enumerate(NUMBER.finditer(text, start), start=1):
            chosen = match
            if self.find == "first":
                break
            if n == 2 and self.find == "only":
                return "has more than one number"
        if chosen is None:
            return "has no number" if self.after is None else f"has no number behind {shown(self.after)}"
        if (unclear := _unclear(text, chosen)) is not None:
            return f"has {shown(unclear)}, which may be one number or several"
        said = chosen[0].translate(_PLAIN)
        return Decimal(said) if len(said) <= LONGEST else f"has a number of {len(said):,} characters"


def _unclear(text: str, found: re.Match[str]) -> str | None:
    """Return a number with what a comma ties to it, where that is no group of thousands: `18,5` is 18.5, or 18 and 5."""
    start, end = found.span()
    before, after = _TIED_BEFORE.search(text, max(0, start - 20), start), _TIED_AFTER.match(text, end)
    if before is None and after is None:
        return None
    return text[before.start() if before else start : after.end() if after else end]


def _exact(value: float) -> Decimal:
    """Return a number as it is written, not as the nearest binary fraction."""
    return Decimal(value) if isinstance(value, int) else Decimal(repr(value))


def _plain(number: Decimal) -> str:
    text = f"{number.normalize():f}" if -20 < number.adjusted() < 20 else f"{number:.6g}"
    return text if len(text) <= 60 else f"{text[:59]}…"
