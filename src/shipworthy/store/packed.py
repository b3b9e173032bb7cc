"""Several small counts in one whole number: the database sorts and groups by few numbers instead of many.

Counts add up inside their number as they do outside it, as each has bits enough for the most it can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

ROOM = 62
"""Bits of a whole number that every database adds without overflow."""

_NOWHERE = (0, 0, 0)

Words = tuple[int, ...]
"""The packed counts of one case."""

Pattern = tuple[Words, ...]
"""The cases of one group: the packed counts of each."""


class Packing:
    """Which bits of which number hold which count.

    Attributes:
        n_words: how many numbers there are.
        bits: the most bits that any of them fills.

    Args:
        together: counts that stay in one number, by name, with the most that each can be.

    Example:
        >>> packing = Packing([{"rows": 1}, {"points": 4096}])
        >>> packing.weight("points"), packing.unpacker(("points", "rows"))((2 * 4095 + 1,))
        ((0, 2), [4095, 1])
    """

    def __init__(self, together: Iterable[dict[str, int]]) -> None:
        self._places: dict[str, tuple[int, int, int]] = {}
        word = shift = 0
        for most in together:
            bits = {name: max(value.bit_length(), 1) for name, value in most.items()}
            if shift + sum(bits.values()) > ROOM:
                word, shift = word + 1, 0
            for name, width in bits.items():
                self._places[name] = (word, shift, (1 << width) - 1)
                shift += width
        self.n_words = word + 1
        self.bits = max((width.bit_length() + at for _, at, width in self._places.values()), default=0)

    def weight(self, name: str) -> tuple[int, int]:
        """Return the number that holds a count, and what one of it adds to that number."""
        word, shift, _ = self._places[name]
        return word, 1 << shift

    def mask(self, names: Iterable[str]) -> Words:
        """Return the bits of some counts, for each number; none for those that were never packed."""
        masks = [0] * self.n_words
        for name in names:
            word, shift, full = self._places.get(name, _NOWHERE)
            masks[word] |= full << shift
        return tuple(masks)

    def unpacker(self, names: Sequence[str]) -> Callable[[Words], list[int]]:
        """Return what reads some counts; 0 for those that were never packed."""
        places = [self._places.get(name, _NOWHERE) for name in names]
        return lambda words: [words[word] >> shift & full for word, shift, full in places]
