"""How groups turn out where the truth is known: rates, costs and times, gains over a baseline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol, Self

import numpy as np

from shipworthy.domain.evidence import GroupTally
from shipworthy.proving.codes import Codec, Floats, Ints, Rng
from shipworthy.statistics.scaled_mean import STEPS

Shape = Literal["beta", "stars", "duds"]
"""How rates scatter over groups: smoothly; or two kinds of group, one that never fails, one that always does."""


class Law(Protocol):
    """How the groups of one stratum turn out under one criterion."""

    @property
    def truth(self) -> float:
        """The estimand, on the scale of the group mean (`decision.claims.bar_on_scale`)."""

    def at(self, truth: float) -> Self:
        """Return the same law with its truth moved there, or a hair under."""

    def draw(self, rng: Rng, shape: tuple[int, int]) -> Ints:
        """Return the outcome of each group as a number; rows are launches."""

    def tally(self, code: int, cell: int) -> GroupTally:
        """Return the outcome that a number stands for, as evidence holds it."""

    def favour(self, code: int) -> float:
        """Return the value in [0, 1] that one group contributes to the mean."""


@dataclass(frozen=True)
class Passes:
    """Cases that pass or fail, perhaps several times, perhaps several in a group.

    Attributes:
        rate: chance that one output passes, over all groups.
        repeats: goes at each case.
        sizes: cases in a group; each size is equally likely.
        alike: correlation between outputs of one group, from 0 to below 1.
        shape: how group rates scatter.
        within: correlation between repeats of one case that its group does not explain.
        uneven: how much better than the mean the smallest groups are, and worse the largest.
        of_k: for all_of_k and any_of_k, which; single cases only.
        k: so many repeats.
    """

    rate: float
    repeats: int = 1
    sizes: tuple[int, ...] = (1,)
    alike: float = 0.0
    shape: Shape = "beta"
    within: float = 0.0
    uneven: float = 0.0
    of_k: Literal["all", "any"] | None = None
    k: int = 1

    @property
    def truth(self) -> float:
        """The chance that one output passes, or that all or any of k do."""
        if self.of_k is None:
            return self.rate
        if self.of_k == "all":
            return moment(self.rate, self.alike, self.shape, self.k)
        mirrored: Shape = {"beta": "beta", "stars": "duds", "duds": "stars"}[self.shape]  # type: ignore[assignment]
        return 1.0 - moment(1.0 - self.rate, self.alike, mirrored, self.k)

    def at(self, truth: float) -> Passes:
        """Move the rate until the truth is there or a hair under."""
        if self.of_k is None:
            return replace(self, rate=truth)
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if replace(self, rate=middle).truth <= truth else (low, middle)
        return replace(self, rate=low)

    def draw(self, rng: Rng, shape: tuple[int, int]) -> Ints:
        """Draw sizes, rates of groups, rates of cases, and passes, in this order."""
        sizes, widest = np.array(self.sizes), max(self.sizes)
        which = rng.integers(sizes.size, size=shape) if sizes.size > 1 else np.zeros(shape, np.int64)
        middle = (sizes.size - 1) / 2
        offsets: Floats = np.zeros(1)
        if middle:
            offsets = self.uneven * (middle - np.arange(sizes.size, dtype=np.float64)) / middle
        rates = scattered(rng, self.rate + offsets[which], self.alike, self.shape)
        cases = np.repeat(rates[..., None], widest, axis=-1)
        passed = rng.binomial(self.repeats, scattered(rng, cases, self.within, "beta"))
        present = np.arange(widest) < sizes[which][..., None]
        return self._codec.group(np.where(present, self._codec.case(passed), 0))

    def tally(self, code: int, cell: int) -> GroupTally:
        """Return the outcome that a number stands for."""
        return self._codec.tally(code, cell, self.repeats)

    def favour(self, code: int) -> float:
        """Return the mean over the cases of the share that passed, or of the share of choices of k."""
        values = [self._value(found["passed"]) for found in self._codec.counts(code)]
        return sum(values) / len(values)

    def _value(self, passed: int) -> float:
        if self.of_k is None:
            return passed / self.repeats
        good = passed if self.of_k == "all" else self.repeats - passed
        share = 1.0
        for i in range(self.k):
            share *= max(good - i, 0) / (self.repeats - i)
        return share if self.of_k == "all" else 1.0 - share

    @property
    def _codec(self) -> Codec:
        return Codec(self.repeats, ("passed",))


@dataclass(frozen=True)
class Spend:
    """Costs of single cases on a scale up to a cap, as favourable points in 64 steps.

    Attributes:
        rate: the mean favourable part: 1 is free, 0 is the cap.
        alike: how far costs scatter; near 1 an output costs nothing or the cap.
        shape: smooth, or with a kind of case that is always free, or always costs the cap.
    """

    rate: float
    alike: float
    shape: Shape = "beta"
    levels: int = 64

    @property
    def truth(self) -> float:
        """The mean favourable part."""
        return self.rate

    def at(self, truth: float) -> Spend:
        """Move the mean."""
        return replace(self, rate=truth)

    def draw(self, rng: Rng, shape: tuple[int, int]) -> Ints:
        """Draw favourable steps."""
        return rng.binomial(
            self.levels, scattered(rng, np.full(shape, self.rate), self.alike, self.shape)
        ).astype(np.int64)

    def tally(self, code: int, cell: int) -> GroupTally:
        """Return the outcome that a number stands for."""
        codec = Codec(STEPS, ("points",))
        return codec.tally(code * (STEPS // self.levels) + 1, cell, 1)

    def favour(self, code: int) -> float:
        """Return the favourable part."""
        return code / self.levels


@dataclass(frozen=True)
class Pairs:
    """Candidate and baseline on the same cases.

    Attributes:
        gain: chance of *fixed* less chance of *broken*.
        discord: chance of either, at least the size of the gain.
        flaky: share of cases where both go either way at each repeat.
        repeats: goes at each case, for both.
    """

    gain: float
    discord: float
    flaky: float = 0.0
    repeats: int = 1

    @property
    def truth(self) -> float:
        """The mean gain."""
        return self.gain

    def at(self, truth: float) -> Pairs:
        """Move the gain, and the discord where it must follow."""
        return replace(self, gain=truth, discord=max(self.discord, abs(truth)))

    def draw(self, rng: Rng, shape: tuple[int, int]) -> Ints:
        """Draw the kind of each case, then what is left to chance."""
        fixed, broken = (self.discord + self.gain) / 2, (self.discord - self.gain) / 2
        u, r = rng.random(shape), self.repeats
        flaky = (u >= fixed + broken) & (u < fixed + broken + self.flaky)
        good = u >= fixed + broken
        new = np.where(flaky, rng.binomial(r, 0.5, shape), r * ((u < fixed) | good))
        old = np.where(flaky, rng.binomial(r, 0.5, shape), r * (((u >= fixed) & (u < fixed + broken)) | good))
        return self._codec.group(self._codec.case(new, old)[..., None])

    def tally(self, code: int, cell: int) -> GroupTally:
        """Return the outcome that a number stands for."""
        found = self._codec.tally(code, cell, self.repeats)
        return tuple(case._replace(against_planned=self.repeats) for case in found)

    def favour(self, code: int) -> float:
        """Return (gain + 1)/2."""
        (found,) = self._codec.counts(code)
        return (1.0 + (found["passed"] - found["against_passed"]) / self.repeats) / 2

    @property
    def _codec(self) -> Codec:
        return Codec(self.repeats, ("passed", "against_passed"))


def moment(rate: float, alike: float, shape: Shape, k: int) -> float:
    """Return the k-th moment of a group's rate.

    >>> moment(0.9, 0.0, "beta", 2), round(moment(0.9, 0.5, "stars", 2), 4)
    (0.81, 0.855)
    """
    if alike <= 0 or not 0 < rate < 1:
        return float(rate**k)
    if shape == "beta":
        spread, value = (1 - alike) / alike, 1.0
        for i in range(k):
            value *= (rate * spread + i) / (spread + i)
        return value
    if shape == "duds":
        good = rate + alike * (1 - rate)
        return rate / good * good**k
    off = alike * rate + 1 - rate
    weight = (1 - rate) / off
    return weight * (1 - off) ** k + 1 - weight


def scattered(rng: Rng, rates: Floats, alike: float, shape: Shape) -> Floats:
    """Scatter rates round their means so that two outputs of one group correlate by `alike`."""
    if alike <= 0:
        return rates
    if shape == "beta":
        spread = (1 - alike) / alike
        inside = (rates > 0) & (rates < 1)
        safe = np.where(inside, rates, 0.5)
        return np.where(inside, rng.beta(safe * spread, (1 - safe) * spread), rates)
    u = rng.random(rates.shape)
    if shape == "duds":
        good = rates + alike * (1 - rates)
        return np.where(u * good < rates, good, 0.0)
    off = alike * rates + 1 - rates
    return np.where(u * off < 1 - rates, 1 - off, 1.0)
