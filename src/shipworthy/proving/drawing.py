"""Launches drawn in batches: outcomes of groups as arrays, counted at every look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from shipworthy.domain.criteria import share_name
from shipworthy.domain.evidence import CaseTally, Evidence, GroupTally, Tally
from shipworthy.proving.codes import Floats, Ints, Rng
from shipworthy.proving.design import Design, Truth
from shipworthy.proving.laws import Law

BATCH = 2_000_000
"""Outcomes drawn at once; a part of what names the draws, since a batch is drawn stratum by stratum."""

TABLE = 4_000_000
"""Counts held at once."""

FURTHER = ("a further try, which no error was set aside for",)


@dataclass(frozen=True)
class Column:
    """One criterion in one stratum: the outcome of each group of each launch."""

    law: Law
    stratum: int
    ask: int
    codes: Ints

    @cached_property
    def _numbered(self) -> tuple[Ints, Ints]:
        found, ids = np.unique(self.codes, return_inverse=True)
        return found, ids.reshape(self.codes.shape)

    @property
    def found(self) -> list[int]:
        """The distinct outcomes, ascending."""
        return [int(code) for code in self._numbered[0]]

    @cached_property
    def favours(self) -> Floats:
        """The value in [0, 1] of each group."""
        return np.array([self.law.favour(code) for code in self.found])[self._numbered[1]]

    def counts(self, rows: slice, sizes: list[int]) -> Ints:
        """Return how many groups had each outcome in each launch at each look."""
        ids, n_found = self._numbered[1][rows], self._numbered[0].size
        out = np.zeros((ids.shape[0], len(sizes), n_found), np.int64)
        offsets, before = np.arange(ids.shape[0])[:, None] * n_found, 0
        for look, size in enumerate(sizes):
            fresh = np.bincount((ids[:, before:size] + offsets).ravel(), minlength=ids.shape[0] * n_found)
            out[:, look] = fresh.reshape(-1, n_found)
            before = size
        return np.cumsum(out, axis=1)


@dataclass(frozen=True)
class Batch:
    """Some launches of one cell under one truth; several variants of one launch stand in successive rows."""

    design: Design
    columns: tuple[Column, ...]
    rows: int

    @cached_property
    def tempting(self) -> np.ndarray:
        """Whether what was seen of the first criterion is above its bar, by launch and look."""
        total, groups = np.zeros((self.rows, self.design.n_looks)), np.zeros(self.design.n_looks)
        for column in (c for c in self.columns if c.ask == 0):
            sums = np.cumsum(column.favours, axis=1)
            sizes = [self.design.sizes(look)[column.stratum] for look in range(self.design.n_looks)]
            total += np.stack([sums[:, n - 1] if n else np.zeros(self.rows) for n in sizes], axis=1)
            groups += np.array(sizes)
        return np.asarray(total / groups > self.design.asks[0].bar)


def batches(design: Design, strata: Truth, rng: Rng, launches: int, variants: int = 1) -> Iterator[Batch]:
    """Draw launches; the same generator gives the same launches.

    Args:
        design: the cell.
        strata: the truth they are drawn under.
        rng: the generator, handed in.
        launches: how many.
        variants: how many variants of each.
    """
    outcomes = variants * sum(s.n for s in strata) * len(design.asks)
    most = max(min(BATCH // outcomes, launches), 1)
    for start in range(0, launches, most):
        rows = min(most, launches - start) * variants
        columns = tuple(
            Column(law, i, ask, law.draw(rng, (rows, stratum.n)))
            for i, stratum in enumerate(strata)
            for ask, law in enumerate(stratum.laws)
        )
        yield Batch(design, columns, rows)


@dataclass
class Reader:
    """Turns counts of a batch into evidence."""

    batch: Batch
    cells: tuple[frozenset[str], ...] = field(init=False)
    sealed: tuple[tuple[frozenset[int], int], ...] = field(init=False)
    _tallies: dict[tuple[int, int], GroupTally] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        strata = self.batch.design.wrong
        self.cells = tuple(dict.fromkeys(s.slices for s in strata))
        ends = dict.fromkeys(self.cells, 0)
        for stratum, n in zip(strata, self.batch.design.sealed(), strict=True):
            ends[stratum.slices] += n
        self.sealed = tuple((frozenset({i}), ends[cell]) for i, cell in enumerate(self.cells))

    def evidence(self, counts: list[Ints], *, further: bool) -> Evidence:
        """Return the evidence that counts of each column make, as the ledger would."""
        strata, groups = self.batch.design.wrong, dict.fromkeys(range(len(self.batch.design.asks)), ())
        found: dict[int, dict[GroupTally, int]] = {ask: {} for ask in groups}
        for number, (column, here) in enumerate(zip(self.batch.columns, counts, strict=True)):
            cell = self.cells.index(strata[column.stratum].slices)
            for i in np.flatnonzero(here).tolist():
                group = self._group(number, i, cell)
                found[column.ask][group] = found[column.ask].get(group, 0) + int(here[i])
        names = self.batch.design.names
        tallies = {names[ask]: Tally(tuple(sorted(each.items()))) for ask, each in found.items()}
        tallies |= {
            share_name(name): _answered(tallies[name])
            for name, ask in zip(names, self.batch.design.asks, strict=True)
            if ask.of_cases is not None
        }
        return Evidence(
            "new", self.cells, tallies, exploratory=FURTHER if further else (), sealed=self.sealed
        )

    def _group(self, number: int, i: int, cell: int) -> GroupTally:
        if (number, i) not in self._tallies:
            column = self.batch.columns[number]
            self._tallies[number, i] = column.law.tally(column.found[i], cell)
        return self._tallies[number, i]


def _answered(tally: Tally) -> Tally:
    """Return the same groups under the claim that enough is answered."""
    found: Counter[GroupTally] = Counter()
    for group, n in tally.groups:
        of = [CaseTally(case.cell, case.planned, case.planned - case.handed_over, 0, 0) for case in group]
        found[tuple(sorted(of))] += n
    return Tally(tuple(sorted(found.items())))
