"""How groups turn out where surer outputs alone are answered: easy groups more often than hard ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shipworthy.domain.evidence import GroupTally
from shipworthy.proving.codes import Codec, Ints, Rng
from shipworthy.proving.laws import scattered

EASY = 0.6
"""The share of groups that are easy."""


@dataclass(frozen=True)
class Answers:
    """Single cases, each asked once or several times; some outputs are answered, and some of those pass.

    Attributes:
        rate: what passes of what is answered, over all groups.
        easy: chance that an output of an easy group is answered.
        hard: the same of a hard group.
        gap: how much worse answered outputs of hard groups are.
        repeats: goes at each case.
        alike: correlation between answered outputs of one group.
    """

    rate: float
    easy: float
    hard: float
    gap: float = 0.0
    repeats: int = 1
    alike: float = 0.0

    @property
    def truth(self) -> float:
        """What passes of what is answered."""
        return self.rate

    @property
    def answered(self) -> float:
        """The share of outputs that is answered."""
        return EASY * self.easy + (1 - EASY) * self.hard

    def at(self, truth: float) -> Answers:
        """Move the rate."""
        return replace(self, rate=truth)

    def draw(self, rng: Rng, shape: tuple[int, int]) -> Ints:
        """Draw the kind of each group, how many of its outputs are answered, and how many of those pass."""
        hard = rng.random(shape) >= EASY
        answered = rng.binomial(self.repeats, np.where(hard, self.hard, self.easy))
        of_easy = self.rate + self.gap * (1 - EASY) * self.hard / self.answered
        rates = scattered(rng, np.where(hard, of_easy - self.gap, of_easy), self.alike, "beta")
        passed = rng.binomial(answered, rates)
        return self._codec.group(self._codec.case(passed, self.repeats - answered)[..., None])

    def tally(self, code: int, cell: int) -> GroupTally:
        """Return the outcome that a number stands for."""
        return self._codec.tally(code, cell, self.repeats)

    def favour(self, code: int) -> float:
        """Return the share of outputs that is answered and passes."""
        return self.shares(code)[1]

    def shares(self, code: int) -> tuple[float, float]:
        """Return the share of the outputs of a group that is answered, and the share that is answered and passes."""
        (found,) = self._codec.counts(code)
        return 1.0 - found["handed_over"] / self.repeats, found["passed"] / self.repeats

    @property
    def _codec(self) -> Codec:
        return Codec(self.repeats, ("passed", "handed_over"))
