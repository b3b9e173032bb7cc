"""Texts that are alike: two cases, or a case and a passage of a prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Measure = Literal["verbatim", "shared runs", "edited"]


@dataclass(frozen=True, order=True)
class Pair:
    """Two texts by their position, and how alike they are, from 0 to 1.

    Attributes:
        first: position of one.
        second: position of the other.
        likeness: 1 for the same words in the same order.
        exact: whether they are that.
        numbers: whether they differ in numbers alone: one frame, filled in twice.
    """

    first: int
    second: int
    likeness: float
    exact: bool
    numbers: bool = False


@dataclass(frozen=True)
class Leak:
    """One case that stands in what a model is shown.

    Attributes:
        case: position of the case.
        name: of the file it stands in.
        line: where, from 1.
        measure: how it was found.
        likeness: from 0 to 1; for shared runs their share.
    """

    case: int
    name: str
    line: int
    measure: Measure
    likeness: float
