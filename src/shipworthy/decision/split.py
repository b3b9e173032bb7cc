"""An eval set as it was split, as a value that can be shown."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.decision.marks import Mark
from shipworthy.domain.evalset import Part

PARTS: tuple[Part, ...] = ("explore", "tune", "calibrate", "holdout")
EVERYWHERE = "everywhere"


@dataclass(frozen=True)
class Held:
    """Cases of one part in one slice."""

    part: Part
    slice: str
    cases: int
    groups: int


@dataclass(frozen=True)
class Split:
    """An eval set as it was split, or would be.

    Attributes:
        held: what each part holds in each slice, and everywhere.
        moved: cases that have another part now.
        marks: what the holdout must show at this size.
        unknown: why that cannot be said; empty when it can.
        spent: groups that cannot confirm anything, as an outcome is recorded of them or a model is shown them.
        sealed: cases that a lock sealed and that stay where they are.
        together: cases that stay with a twin in another group.
        astride: cases that a twin in another part could not be moved to.
        short: groups that the holdout lacks of its share, as too few are fresh.
        largest: cases in the largest unit that is not divided.
        shown: cases that stand in what a model is shown; their groups can only explore.
    """

    held: tuple[Held, ...]
    moved: int
    marks: tuple[Mark, ...]
    unknown: str
    spent: int
    sealed: int
    together: int
    astride: int
    short: int
    largest: int
    shown: int
