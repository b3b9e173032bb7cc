"""Cells that are drawn: many launches, each taken through its looks, each answered by the verdict itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from shipworthy.decision.error_budget import Look
from shipworthy.decision.plan import Plan
from shipworthy.proving.answers import Answer, answer
from shipworthy.proving.codes import Ints, Rng
from shipworthy.proving.design import Design, Truth, good_parts, is_wrong
from shipworthy.proving.drawing import TABLE, Batch, Reader, batches
from shipworthy.proving.results import Cell, Chance, Rival
from shipworthy.proving.rivals import rival_name, rival_powers

THOROUGH = 5
"""How many times the draws the full grid takes."""


@dataclass
class Seen:
    """What launches under one truth came to, added up."""

    launches: int = 0
    wrong: int = 0
    gained: float = 0.0
    used: float = 0.0
    refused: int = 0
    asked: int = 0


@dataclass
class Judge:
    """Takes launches of one cell through their looks."""

    design: Design
    strata: Truth
    plan: Plan = field(init=False)
    _good: dict[str, float] = field(init=False)
    _wrong: dict[tuple[str, ...], bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.plan = self.design.plan()
        self._good = good_parts(self.design, self.strata)

    def judge(self, batch: Batch, seen: Seen, variants: int = 1) -> None:
        """Judge every launch of a batch, and add up what it came to."""
        reader, looks = Reader(batch), range(self.design.n_looks)
        sizes = [[self.design.sizes(look)[c.stratum] for look in looks] for c in batch.columns]
        width = max(len(c.found) for c in batch.columns) * len(looks)
        step = max(TABLE // width // variants, 1) * variants
        for start in range(0, batch.rows, step):
            rows = slice(start, min(start + step, batch.rows))
            tables = [c.counts(rows, s) for c, s in zip(batch.columns, sizes, strict=True)]
            ask = Asker(self.plan, reader, tables)
            for first in range(0, rows.stop - rows.start, variants):
                several = [self._launch(ask, batch, start, first + v, v) for v in range(variants)]
                seen.launches += 1
                seen.wrong += any(wrong for wrong, _, _ in several)
                seen.gained += several[0][1]
                seen.used += several[0][2]
            seen.refused += ask.refused
            seen.asked += ask.asked

    def _launch(
        self, ask: Asker, batch: Batch, start: int, row: int, variant: int
    ) -> tuple[bool, float, float]:
        """Take one launch through its looks.

        Returns:
            Whether any look shipped something false; the most good traffic that a look shipped; and the share
            of the groups that were in when it did.
        """
        design, most, used, before, number = self.design, 0.0, 1.0, 0, 0
        end = sum(design.sizes(design.n_looks - 1))
        for look in range(design.n_looks):
            if design.tempted and not batch.tempting[start + row, look]:
                continue
            number, groups = number + 1, sum(design.sizes(look))
            further = variant > 0 and not design.paid
            shipped = ask(row, look, Look(number, groups, before), further=further).shipped
            before = groups
            if self._gained(shipped) > most:
                most, used = self._gained(shipped), groups / end
            if shipped and self._is_wrong(shipped):
                return True, most, used
        return False, most, used

    def _gained(self, shipped: tuple[str, ...]) -> float:
        """Return how much of the truly good traffic is shipped."""
        if not self.design.shares:
            return float(bool(shipped))
        return sum(self._good.get(part, 0.0) for part in shipped)

    def _is_wrong(self, shipped: tuple[str, ...]) -> bool:
        if shipped not in self._wrong:
            self._wrong[shipped] = is_wrong(self.design, self.strata, shipped)
        return self._wrong[shipped]


@dataclass
class Asker:
    """Asks the verdict, and never twice for the same evidence at the same look."""

    plan: Plan
    reader: Reader
    tables: list[Ints]
    refused: int = 0
    asked: int = 0
    _known: dict[tuple[object, ...], Answer] = field(default_factory=dict)

    def __call__(self, row: int, look: int, at: Look, *, further: bool) -> Answer:
        """Return the answer to one launch at one look."""
        counts = [table[row, look] for table in self.tables]
        key = (*(each.tobytes() for each in counts), at, further)
        if key not in self._known:
            self._known[key] = answer(self.plan, self.reader.evidence(counts, further=further), at)
        found = self._known[key]
        self.asked += 1
        self.refused += found.refused
        return found


def simulated(design: Design, rng_of: Callable[[str], Rng], *, thorough: bool) -> Cell:
    """Return what a cell shows over its draws.

    Args:
        design: the cell.
        rng_of: gives a generator of its own for each of the truths.
        thorough: draw `THOROUGH` times as many.
    """
    times = THOROUGH if thorough else 1
    launches, launches_better = design.draws * times, design.better_draws * times
    wrong, judge = Seen(), Judge(design, design.wrong)
    for batch in batches(design, design.wrong, rng_of("wrong"), launches, design.tries):
        judge.judge(batch, wrong, design.tries)
    better, judge = Seen(), Judge(design, design.better)
    coverer = _coverer(design) if thorough or not design.slow else None
    covered, rivals, rng = Seen(), np.zeros(2), rng_of("rival")
    for batch in batches(design, design.better, rng_of("better"), launches_better):
        judge.judge(batch, better)
        rivals += rival_powers(design, batch, rng)
        if coverer is not None:
            coverer.judge(replace(batch, design=coverer.design), covered)
    n = better.launches
    return Cell(
        design.name,
        design.family,
        design.promise,
        Chance(wrong.wrong / wrong.launches, wrong.launches),
        Chance(better.gained / n, n),
        _rival(design, rivals / n, n),
        Chance(1.0 - covered.gained / n, n) if coverer and better.refused < better.asked else None,
        better.used / n if design.at else None,
        wrong.refused / wrong.asked if wrong.asked else 0.0,
        outside=design.outside,
    )


def _coverer(design: Design) -> Judge | None:
    """Return a judge that asks whether the bound lies above the truth: the same test, its bar at the truth."""
    if (
        len(design.asks) > 1
        or len(design.wrong) > 1
        or design.looks != "once"
        or design.at
        or design.tries > 1
        or design.asks[0].of_cases is not None
    ):
        return None
    truth = design.better[0].laws[0].truth
    return Judge(design.asked_at(truth), design.better) if truth < 1 else None


def _rival(design: Design, powers: np.ndarray, n: int) -> Rival | None:
    names = rival_name(design)
    if not names:
        return None
    best = int(np.argmax(powers[: len(names)]))
    return Rival(names[best], Chance(float(powers[best]), n))


__all__ = ["simulated"]
