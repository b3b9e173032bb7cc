"""Outputs that a judge scored, of which people labelled some."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from shipworthy.domain.evidence import GroupTally
from shipworthy.proving.codes import Codec, Ints, Rng
from shipworthy.proving.laws import scattered

Way = Literal["random", "by_verdict", "by_group", "enriched"]

TOGETHER = 40
"""Launches in a row that share what the judge said and which outputs were labelled, but not what people say.

An exact answer about a judge is slow, and the same counts come up again only where verdicts do. The chance of a
wrong ship stays what it is; the verdicts are spread evenly over their law, so that sharing costs little precision.
"""


@dataclass(frozen=True)
class Judged:
    """Cases whose outputs a judge scores.

    Attributes:
        rate: chance that a person would pass an output.
        hit: chance that the judge passes what a person passes.
        reject: chance that the judge fails what a person fails.
        labels: outputs that people labelled.
        way: labelled at random; half among what the judge passed and half among what it failed; of each verdict
            in each group one, as `label --draw` asks for; or half among what people passed and half among what
            they failed.
        size: cases in a group.
        repeats: goes at each case.
        alike: correlation between outputs of one group.
        within: correlation between repeats of one case that its group does not explain.
    """

    rate: float
    hit: float
    reject: float
    labels: int
    way: Way = "random"
    size: int = 1
    repeats: int = 1
    alike: float = 0.0
    within: float = 0.0

    @property
    def truth(self) -> float:
        """The chance that a person would pass an output."""
        return self.rate

    def at(self, truth: float) -> Judged:
        """Move the rate."""
        return replace(self, rate=truth)

    def draw(self, rng: Rng, shape: tuple[int, int]) -> Ints:
        """Draw what people would say, what the judge says, and which outputs are labelled."""
        if self.way != "enriched" and self.size * self.repeats == 1 and self.alike == 0:
            return self._draw_together(rng, shape)
        full = (*shape, self.size, self.repeats)
        rates = scattered(rng, np.full(shape, self.rate), self.alike, "beta")
        cases = scattered(rng, np.repeat(rates[..., None], self.size, axis=-1), self.within, "beta")
        good = rng.random(full) < cases[..., None]
        said = rng.random(full) < np.where(good, self.hit, 1 - self.reject)
        chosen = self._chosen(rng, good, said)
        counts = [said, chosen & said, chosen & said & good, chosen & ~said, chosen & ~said & good]
        codec = self._codec
        return codec.group(codec.case(*(each.sum(axis=-1) for each in counts)))

    def _draw_together(self, rng: Rng, shape: tuple[int, int]) -> Ints:
        """Draw what the judge says of independent cases and which are labelled, then what people say to them."""
        rows, n = shape
        says = self.rate * self.hit + (1 - self.rate) * (1 - self.reject)
        blocks = -(-rows // TOGETHER)
        passed = np.sort(rng.binomial(n, says, 32 * blocks))[16::32]
        if self.way == "random":
            ones = rng.hypergeometric(passed, n - passed, self.labels)
        else:
            ones = np.minimum(self.labels - np.minimum(self.labels // 2, n - passed), passed)
        others = np.minimum(self.labels - ones, n - passed)
        block, place = np.arange(rows)[:, None] // TOGETHER, np.arange(n)
        said = place < passed[block]
        chosen = np.where(said, place < ones[block], place - passed[block] < others[block])
        upheld, rescued = self.rate * self.hit / says, self.rate * (1 - self.hit) / (1 - says)
        good = rng.random(shape) < np.where(said, upheld, rescued)
        counts = [said, chosen & said, chosen & said & good, chosen & ~said, chosen & ~said & good]
        return self._codec.case(*(each.astype(np.int64) for each in counts))

    def _chosen(self, rng: Rng, good: np.ndarray, said: np.ndarray) -> np.ndarray:
        rows = good.shape[0]
        if self.way == "by_group":
            return _of_each_verdict(rng, said.reshape(*said.shape[:2], -1), self.labels).reshape(said.shape)
        flat_good, flat_said = good.reshape(rows, -1), said.reshape(rows, -1)
        order = np.argsort(rng.random(flat_good.shape), axis=1)
        if self.way == "random":
            taken = np.zeros(flat_good.shape, bool)
            taken[:, : self.labels] = True
        else:
            first = np.take_along_axis(flat_said if self.way == "by_verdict" else flat_good, order, axis=1)
            taken = _halves(first, self.labels)
        chosen = np.zeros(flat_good.shape, bool)
        np.put_along_axis(chosen, order, taken, axis=1)
        return chosen.reshape(good.shape)

    def tally(self, code: int, cell: int) -> GroupTally:
        """Return the outcome that a number stands for."""
        return self._codec.tally(code, cell, self.repeats)

    def favour(self, code: int) -> float:
        """Return the mean of the judge's word over the group; rivals use the labels instead."""
        cases = self._codec.counts(code)
        return sum(found["passed"] for found in cases) / self.repeats / len(cases)

    def labelled(self, code: int) -> tuple[int, int]:
        """Return how many outputs of a group people labelled, and how many of those they passed."""
        cases = self._codec.counts(code)
        n = sum(found["labelled_passed"] + found["labelled_failed"] for found in cases)
        return n, sum(found["upheld"] + found["rescued"] for found in cases)

    @property
    def _codec(self) -> Codec:
        fields = ("passed", "labelled_passed", "upheld", "labelled_failed", "rescued")
        return Codec(self.repeats, fields)


def _halves(first: np.ndarray, labels: int) -> np.ndarray:
    """Take half of the labels among the ones and half among the others, the rest where some are left."""
    ones = first.sum(axis=1)
    others = first.shape[1] - ones
    few = np.minimum(labels // 2, others)
    many = np.minimum(labels - few, ones)
    few = np.minimum(labels - many, others)
    rank_one, rank_other = np.cumsum(first, axis=1), np.cumsum(~first, axis=1)
    return np.asarray(np.where(first, rank_one <= many[:, None], rank_other <= few[:, None]))


def _of_each_verdict(rng: Rng, said: np.ndarray, labels: int) -> np.ndarray:
    """Take groups in random order while labels last, of each verdict in a group one; spread the rest over those taken."""
    rows, n = said.shape[:2]
    key = rng.random(said.shape)
    first = np.zeros(said.shape, bool)
    for verdict in (said, ~said):
        best = np.where(verdict, key, 2.0).argmin(axis=2)
        there = verdict.any(axis=2)
        np.put_along_axis(
            first,
            best[..., None],
            (np.take_along_axis(first, best[..., None], 2)[..., 0] | there)[..., None],
            2,
        )
    order = np.argsort(rng.random((rows, n)), axis=1)
    used = np.cumsum(np.take_along_axis(first.sum(axis=2), order, axis=1), axis=1)
    taken = np.zeros((rows, n), bool)
    np.put_along_axis(taken, order, used <= labels, axis=1)
    chosen = first & taken[..., None]
    left = labels - chosen.sum(axis=(1, 2))
    open_to = np.where(taken[..., None] & ~chosen, rng.random(said.shape), 2.0).reshape(rows, -1)
    rank = open_to.argsort(axis=1).argsort(axis=1)
    more = (rank < left[:, None]) & (open_to < 2.0)
    return np.asarray(chosen | more.reshape(said.shape))
