"""Cells that need no draws: one rate, one output a case. Every count is asked once, chances are added up."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, gammaln

from shipworthy.decision.error_budget import Look
from shipworthy.domain.evidence import CaseTally, Evidence, Tally
from shipworthy.proving.answers import answer, lower_bound
from shipworthy.proving.codes import Floats
from shipworthy.proving.design import Design, Truth
from shipworthy.proving.laws import Passes
from shipworthy.proving.results import Cell, Chance, Rival

NEGLIGIBLE = 1e-13
"""Counts less likely than this under both truths are not asked about; they are counted as wrong ships."""


def can_be_enumerated(design: Design) -> bool:
    """Whether a count of passes is all the evidence there is, and looks are fixed beforehand."""
    if len(design.asks) > 1 or len(design.wrong) > 1 or design.tempted or design.tries > 1:
        return False
    law = design.wrong[0].laws[0]
    return isinstance(law, Passes) and law == Passes(law.rate)


def enumerated(design: Design) -> Cell:
    """Return what a cell shows, exactly."""
    plan, cell = design.plan(), frozenset(design.wrong[0].slices)
    rate_wrong, rate_better = _rate(design.wrong), _rate(design.better)
    wrong_mass, better_mass = np.array([1.0]), np.array([1.0])
    wrong = better = used = cover = 0.0
    end, before = design.sizes(design.n_looks - 1)[0], 0
    sealed = ((frozenset({0}), design.sealed()[0]),)
    for look in range(design.n_looks):
        n = design.sizes(look)[0]
        wrong_mass = np.convolve(wrong_mass, binomial(n - before, rate_wrong))
        better_mass = np.convolve(better_mass, binomial(n - before, rate_better))
        at = Look(look + 1, n, before)
        for passed in range(n + 1):
            here, there = float(wrong_mass[passed]), float(better_mass[passed])
            if here < NEGLIGIBLE and there < NEGLIGIBLE:
                wrong, wrong_mass[passed], better_mass[passed] = wrong + here, 0.0, 0.0
                continue
            evidence = Evidence("new", (cell,), {design.names[0]: counted(passed, n)}, sealed=sealed)
            if design.n_looks == 1:
                bound = lower_bound(plan, evidence, at)
                cover += there * (bound is not None and bound <= rate_better)
            if answer(plan, evidence, at).shipped:
                wrong, better, used = wrong + here, better + there, used + there * n / end
                wrong_mass[passed] = better_mass[passed] = 0.0
        before = n
    return Cell(
        design.name,
        design.family,
        design.promise,
        Chance(wrong),
        Chance(better),
        Rival(f"Clopper-Pearson{', one look' if design.at else ''}", Chance(one_look(design, end))),
        Chance(cover) if design.n_looks == 1 else None,
        used + float(better_mass.sum()) if design.n_looks > 1 else None,
    )


def one_look(design: Design, n: int) -> float:
    """Return the power of the exact binomial test at one look over all groups."""
    passed, bar = np.arange(n + 1), design.asks[0].bar
    p = np.where(passed == 0, 1.0, betainc(np.maximum(passed, 1), n - passed + 1, bar))
    return float(binomial(n, _rate(design.better))[p <= design.error].sum())


def binomial(n: int, rate: float) -> Floats:
    """Return the chance of each count of passes.

    >>> binomial(2, 0.5).round(12).tolist()
    [0.25, 0.5, 0.25]
    """
    k = np.arange(n + 1)
    if rate in (0.0, 1.0):
        return np.asarray(k == (n if rate else 0), dtype=np.float64)
    return np.asarray(
        np.exp(
            gammaln(n + 1)
            - gammaln(k + 1)
            - gammaln(n - k + 1)
            + k * np.log(rate)
            + (n - k) * np.log1p(-rate)
        )
    )


def counted(passed: int, n: int) -> Tally:
    """Return the evidence of so many passes among n single cases."""
    counts = ((CaseTally(0, 1, 0, 0, 0), n - passed), (CaseTally(0, 1, 1, 0, 0), passed))
    return Tally(tuple(((case,), count) for case, count in counts if count))


def _rate(strata: Truth) -> float:
    return strata[0].laws[0].truth
