"""The best of many variants on the tuning cases, judged on sealed ones that no variant has seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shipworthy.decision.error_budget import Look
from shipworthy.domain.evidence import Evidence
from shipworthy.proving.answers import answer
from shipworthy.proving.codes import Floats, Rng
from shipworthy.proving.design import Ask, Design, Stratum
from shipworthy.proving.exact import counted
from shipworthy.proving.laws import Passes
from shipworthy.proving.results import Cell, Chance, Rival
from shipworthy.proving.rivals import clopper_pearson

PLENTY = 10
"""How many times the usual draws: a launch here is two counts."""


@dataclass(frozen=True)
class Tuned:
    """One cell: many variants, none of them better than the bar.

    Attributes:
        name: names the cell for ever, and seeds its draws.
        family: what it belongs to on the page.
        bar: where the best variants stand under the wrong truth.
        tried: how many variants were tried on the tuning cases.
        n: cases to tune on, and as many sealed ones.
        spread: how far below the best the worst variant is.
        gain: how far above the bar the best is under the better truth.
        error: the plan's.
        draws: launches drawn, before `PLENTY`.
    """

    name: str
    family: str
    bar: float
    tried: int
    n: int
    spread: float
    gain: float
    error: float = 0.05
    draws: int = 2_000

    def shown(self, rng_of: Callable[[str], Rng], *, thorough: bool) -> Cell:
        """Return what the cell shows."""
        launches = self.draws * PLENTY * (5 if thorough else 1)
        wrong, tuned = self._shipped(rng_of("wrong"), 0.0, launches)
        better, _ = self._shipped(rng_of("better"), self.gain, launches)
        sealed, _ = self._picked(rng_of("better"), self.gain, launches)
        rival = clopper_pearson(sealed, np.array(self.n), self.bar) <= self.error
        return Cell(
            self.name,
            self.family,
            self.error,
            Chance(float(wrong.mean()), launches),
            Chance(float(better.mean()), launches),
            Rival("Clopper-Pearson", Chance(float(rival.mean()), launches)),
            tuned=Chance(
                float((clopper_pearson(tuned, np.array(self.n), self.bar) <= self.error).mean()), launches
            ),
        )

    def _picked(self, rng: Rng, gain: float, launches: int) -> tuple[np.ndarray, np.ndarray]:
        """Return for each launch what the winner of the tuning cases passed of the sealed ones, and of those."""
        rates: Floats = self.bar + gain - self.spread * np.linspace(0.0, 1.0, self.tried)
        tuning = rng.binomial(self.n, rates, (launches, self.tried))
        winner = tuning.argmax(axis=1)
        return rng.binomial(self.n, rates[winner]), tuning.max(axis=1)

    def _shipped(self, rng: Rng, gain: float, launches: int) -> tuple[np.ndarray, np.ndarray]:
        sealed, tuning = self._picked(rng, gain, launches)
        strata = (Stratum((Passes(self.bar),), self.n),)
        plan = Design(self.name, self.family, (Ask(self.bar),), strata, strata, error=self.error).plan()
        ships = np.zeros(self.n + 1, bool)
        for passed in np.unique(sealed).tolist():
            evidence = Evidence(
                "new", (frozenset(),), {"claim0": counted(passed, self.n)}, sealed=((frozenset({0}), self.n),)
            )
            ships[passed] = bool(answer(plan, evidence, Look(1, self.n)).shipped)
        return ships[sealed], tuning
