"""Which outputs brought what, as bits."""

from __future__ import annotations

import numpy as np
import pytest

from shipworthy.domain.promise import MOST_SERIES
from shipworthy.services.live_marks import Bits


@pytest.mark.parametrize(("numbers", "size"), [(1, 2), (16, 2), (17, 4), (33, 8), (64, 8)])
def test_every_number_is_told_from_every_other(numbers: int, size: int) -> None:
    """The first, the last and each between are kept apart, in as few bytes as they need."""
    marks = Bits(numbers, numbers)
    for number in range(numbers):
        marks.put(number, np.array([number]))
    assert [np.flatnonzero(marks.of(number)).tolist() for number in range(numbers)] == [
        [number] for number in range(numbers)
    ]
    assert marks.sets() == [1 << number for number in range(numbers)]
    assert marks.held.itemsize == size


def test_a_mark_is_taken_from_all_and_the_others_stay() -> None:
    """Two numbers on the same places: one goes."""
    marks = Bits(3, 2)
    marks.put(0, slice(None))
    marks.put(1, np.array([False, True, True]))
    marks.take(0)
    assert (marks.of(0).tolist(), marks.of(1).tolist()) == ([False] * 3, [False, True, True])


def test_more_numbers_than_bits_are_refused() -> None:
    """A bit too many would fall on the first one, and mark what was never brought."""
    with pytest.raises(ValueError, match="at most 64"):
        Bits(1, MOST_SERIES + 2)
