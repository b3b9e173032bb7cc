"""Spans that arrive in any order gathered into traces, in bounded memory; what comes twice counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from shipworthy.importers.otlp_span import Span

AGAIN = "a span that was sent again: counted once"
LATE = "a span that came after its trace was read"
OPEN = "a span of a trace that may not be whole yet: read the file again later"
MOST_SPANS = 50_000
MOST_TEXT = 64 * 1024 * 1024
"""Characters of all texts that are held at once."""
IDLE = 600 * 10**9
"""Nanoseconds after which a trace without its root is taken for whole."""
SETTLED = 30 * 10**9
"""Nanoseconds after which a trace with its root is taken for whole."""
MOST_REMEMBERED = 500_000
"""Spans and traces that are remembered at least; exporters send again within minutes."""


class Remembered:
    """Remembers keys, at least so many of the latest ones."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._now: set[int] = set()
        self._before: set[int] = set()

    def add(self, key: str) -> bool:
        """Remember a key, and return whether it was there already."""
        number = hash(key)
        if number in self._now or number in self._before:
            return True
        self._now.add(number)
        if len(self._now) >= self._most:
            self._before, self._now = self._now, set()
        return False

    def __contains__(self, key: str) -> bool:
        number = hash(key)
        return number in self._now or number in self._before


@dataclass
class Held:
    """A trace while its spans come in."""

    spans: list[Span] = field(default_factory=list)
    last: int = 0
    """When the latest of them arrived."""
    text: int = 0
    rooted: bool = False


class Gathering:
    """Gathers spans into traces.

    Args:
        dropped: counts spans that are left out.
    """

    def __init__(self, dropped: Counter[str]) -> None:
        self.dropped = dropped
        self._held: dict[str, Held] = {}
        self._spans = Remembered()
        self._done = Remembered()
        self._text = self._count = 0
        self._swept = 0

    def add(self, span: Span, arrived: int) -> Iterator[Held]:
        """Take in a span, and yield what need not wait any longer."""
        if self._spans.add(span.key):
            self.dropped[AGAIN] += 1
            return
        if span.trace in self._done:
            self.dropped[LATE] += 1
            return
        held = self._held.setdefault(span.trace, Held())
        text = _size(span)
        held.spans.append(span)
        held.last, held.text, held.rooted = arrived, held.text + text, held.rooted or not span.parent
        self._text, self._count = self._text + text, self._count + 1
        if arrived > self._swept + SETTLED:
            self._swept = arrived
            yield from self._settled(arrived)
        while self._count > MOST_SPANS or self._text > MOST_TEXT:
            yield self._take(next(iter(self._held)))

    def rest(self, *, still_open: bool) -> Iterator[Held]:
        """Yield what is left at the end of the file.

        Args:
            still_open: more may come into the file, so a young trace without its root waits for another reading.
        """
        newest = max((held.last for held in self._held.values()), default=0)
        for trace in list(self._held):
            held = self._held[trace]
            if still_open and not held.rooted and held.last + IDLE > newest:
                self.dropped[OPEN] += len(held.spans)
                continue
            yield self._take(trace)

    def _settled(self, now: int) -> Iterator[Held]:
        for trace, held in list(self._held.items()):
            if held.last + (SETTLED if held.rooted else IDLE) < now:
                yield self._take(trace)

    def _take(self, trace: str) -> Held:
        held = self._held.pop(trace)
        self._count -= len(held.spans)
        self._text -= held.text
        self._done.add(trace)
        return held


def _size(span: Span) -> int:
    return sum(len(value) if isinstance(value, (str, list)) else 8 for value in span.attributes.values())
