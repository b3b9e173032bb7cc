"""Which of many outputs brought what: a bit for each series, so that memory stays small however many are promised."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from shipworthy.domain.promise import MOST_SERIES

EVERYTHING = slice(None)
PIECE = 1_000_000


class Bits:
    """For each of n outputs and each number, whether it is marked; eight bytes an output at most.

    >>> marks = Bits(3, 2)
    >>> marks.put(1, np.array([0, 2]))
    >>> marks.of(1).tolist(), marks.of(0).tolist()
    ([True, False, True], [False, False, False])
    """

    def __init__(self, n: int, numbers: int) -> None:
        if numbers > MOST_SERIES + 1:
            raise ValueError(f"at most {MOST_SERIES + 1} numbers can be told apart, got {numbers}")
        bits = next(each for each in (16, 32, 64) if numbers <= each)
        self.held: npt.NDArray[Any] = np.zeros(n, dtype=f"u{bits // 8}")

    def put(self, number: int, where: npt.NDArray[Any] | slice) -> None:
        """Mark places with a number: an array of different places, or of truth values."""
        self.held[where] |= self._bit(number)

    def take(self, number: int) -> None:
        """Let nothing be marked with a number."""
        self.held &= ~self._bit(number)

    def of(self, number: int) -> npt.NDArray[np.bool_]:
        """Return whether each place is marked with a number."""
        found = np.empty(len(self.held), dtype=np.bool_)
        for begin in range(0, len(found), PIECE):
            part = slice(begin, begin + PIECE)
            np.not_equal(self.held[part] & self._bit(number), 0, out=found[part])
        return found

    def sets(self) -> list[int]:
        """Return every set of numbers that some place is marked with, as bits."""
        return sorted(
            {
                each
                for begin in range(0, len(self.held), PIECE)
                for each in np.unique(self.held[begin : begin + PIECE]).tolist()
            }
        )

    def _bit(self, number: int) -> Any:
        return self.held.dtype.type(1 << number)
