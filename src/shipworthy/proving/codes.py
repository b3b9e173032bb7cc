"""Outcomes of groups as whole numbers, so that thousands of launches are drawn and counted as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shipworthy.domain.evidence import CaseTally, GroupTally

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Rng = np.random.Generator


@dataclass(frozen=True)
class Codec:
    """Packs counts of one case, and cases of one group, into one number each.

    Attributes:
        repeats: the largest count of a field.
        fields: the fields of `CaseTally` that vary.
    """

    repeats: int
    fields: tuple[str, ...]

    @property
    def base(self) -> int:
        """How many numbers a case may have; 0 stands for a case that is not there."""
        return int((self.repeats + 1) ** len(self.fields)) + 1

    def case(self, *counts: Ints) -> Ints:
        """Return the number of each case from its counts, in the order of `fields`."""
        number = np.zeros_like(counts[0])
        for each in counts:
            number = number * (self.repeats + 1) + each
        return number + 1

    def group(self, cases: Ints) -> Ints:
        """Return the number of each group from those of its cases along the last axis, in any order."""
        ordered = np.sort(cases, axis=-1)
        if self.base ** ordered.shape[-1] >= 2**63:
            raise ValueError("a group of so many cases and repeats has too many outcomes to be numbered")
        number = np.zeros(ordered.shape[:-1], np.int64)
        for i in range(ordered.shape[-1]):
            number = number * self.base + ordered[..., i]
        return number

    def counts(self, code: int) -> list[dict[str, int]]:
        """Return the counts of every case of a group, back from its number."""
        cases = []
        while code:
            code, case = divmod(code, self.base)
            if not case:
                continue
            case, found = case - 1, {}
            for name in reversed(self.fields):
                case, found[name] = divmod(case, self.repeats + 1)
            cases.append(found)
        return cases

    def tally(self, code: int, cell: int, planned: int) -> GroupTally:
        """Return the group as evidence holds it."""
        blank = CaseTally(cell, planned, 0, 0, 0)
        return tuple(sorted(blank._replace(**found) for found in self.counts(code)))
