"""A cell: what counts as wrong, what is asked of the verdict, and what its figures mean."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.stats import binom

from shipworthy.decision.error_budget import Look
from shipworthy.decision.evaluate import evaluate
from shipworthy.domain.evidence import Evidence
from shipworthy.domain.launch import PlannedLooks
from shipworthy.proving.answers import answer
from shipworthy.proving.campaign import shown
from shipworthy.proving.design import Ask, Design, Stratum, good_parts, is_wrong
from shipworthy.proving.drawing import Reader, batches
from shipworthy.proving.exact import can_be_enumerated, counted, enumerated
from shipworthy.proving.grid import cells
from shipworthy.proving.grid_many import partition, shares_of
from shipworthy.proving.grid_single import single
from shipworthy.proving.laws import Passes
from shipworthy.proving.results import Cell, Chance
from shipworthy.proving.rivals import fallback_sums, holm_sums
from shipworthy.proving.simulate import simulated
from shipworthy.statistics.multiplicity import holm


def rng_of(purpose: str) -> np.random.Generator:
    """A generator for each purpose."""
    return np.random.default_rng([7, len(purpose)])


def sliced(*rates: float) -> Design:
    """Slices with a bar of 0.8."""
    strata = partition([(Passes(rate),) for rate in rates], [50] * len(rates))
    return Design("sliced", "test", (Ask(0.8),), strata, strata, shares=shares_of([50] * len(rates)))


def test_shipping_a_slice_on_its_bar_is_wrong_and_the_others_alone_are_not():
    """A truth on the bar is not above it; slices left out are no part of the claim."""
    design = sliced(0.9, 0.8, 0.9)

    assert is_wrong(design, design.wrong, ("kind=a", "kind=b"))
    assert not is_wrong(design, design.wrong, ("kind=a", "kind=c"))
    assert good_parts(design, design.wrong) == {"kind=a": 0.5, "kind=c": 0.5}


def test_traffic_weighs_where_the_holdout_has_another_mix():
    """The pooled truth goes by shares of the traffic, not by how many groups were gathered."""
    easy, hard = (
        Stratum((Passes(0.97),), 270, frozenset({"x"}), 0.5),
        Stratum((Passes(0.7),), 30, frozenset({"y"}), 0.5),
    )
    design = Design("mix", "test", (Ask(0.85),), (easy, hard), (easy, hard))

    assert is_wrong(design, (easy, hard), ("everywhere",))
    assert not is_wrong(design, tuple(replace(s, weight=None) for s in (easy, hard)), ("everywhere",))


def test_what_must_hold_across_slices_is_part_of_the_claim():
    """Each slice is good enough on average, but what lies across them is not."""
    strata = partition([(Passes(0.99), Passes(0.8))] * 2, [100, 100], "far")
    design = Design(
        "across", "test", (Ask(0.8, across=("far",)),), strata, strata, shares=shares_of([100, 100])
    )

    assert is_wrong(design, strata, ("kind=a",))


@pytest.mark.parametrize("passed", [0, 42, 45, 50])
def test_the_answer_is_what_evaluate_says(passed):
    """The campaign asks the two steps that `evaluate` takes, and gets its word."""
    design = single("rate", "test", Passes(0.8), Ask(0.8), 50, 0.9)
    evidence = Evidence(
        "new", (frozenset(),), {"claim0": counted(passed, 50)}, sealed=((frozenset({0}), 50),)
    )

    verdict = evaluate(design.plan(), evidence, Look(1, 50))
    assert bool(answer(design.plan(), evidence, Look(1, 50)).shipped) == (verdict.verdict == "ship")


def test_a_further_try_ships_nothing():
    """Evidence that explores answers "not yet", however good."""
    design = single("rate", "test", Passes(0.8), Ask(0.8), 50, 0.9)
    evidence = Evidence("new", (frozenset(),), {"claim0": counted(50, 50)}, exploratory=("a further try",))

    assert answer(design.plan(), evidence, Look(1, 50)).shipped == ()


def test_enumerated_chances_are_those_of_the_binomial_law():
    """With one look the wrong ships are the tail from the first count that ships; the power is Clopper-Pearson's."""
    cell = enumerated(single("rate", "test", Passes(0.9), Ask(0.9), 100, 0.96))
    first = next(k for k in range(101) if binom.sf(k - 1, 100, 0.9) <= 0.05)

    assert cell.wrong == Chance(pytest.approx(binom.sf(first - 1, 100, 0.9), abs=1e-9))
    assert cell.power.value == pytest.approx(binom.sf(first - 1, 100, 0.96), abs=1e-9)
    assert cell.rival is not None
    assert cell.rival.power.value == pytest.approx(cell.power.value, abs=1e-9)


@pytest.mark.parametrize("looks", ["open", PlannedLooks(end=60)])
def test_drawing_agrees_with_enumerating(looks):
    """The same cell drawn gives the chances that enumeration gives, within its Monte-Carlo error."""
    design = single("rate", "test", Passes(0.8), Ask(0.8), 60, 0.9, looks=looks, at=(20, 40, 60), draws=4_000)
    exact, drawn = enumerated(design), simulated(design, rng_of, thorough=False)

    assert can_be_enumerated(design)
    assert drawn.wrong.value == pytest.approx(exact.wrong.value, abs=0.012)
    assert drawn.power.value == pytest.approx(exact.power.value, abs=0.05)
    assert drawn.used == pytest.approx(exact.used, abs=0.03)


def test_sealed_groups_are_counted_up_to_the_planned_end():
    """Each set of slices has its share of the planned end, whatever is looked at beyond it."""
    strata = partition([(Passes(0.8),), (Passes(0.8),)], [100, 50])
    design = Design(
        "looks", "test", (Ask(0.8),), strata, strata, looks=PlannedLooks(end=90), at=(50, 100), shares=shares_of([100, 50])
    )  # fmt: skip
    (batch,) = batches(design, strata, rng_of("x"), 3)
    reader = Reader(batch)
    evidence = reader.evidence([c.counts(slice(0, 1), [50, 100])[0, 1] for c in batch.columns], further=False)

    assert evidence.sealed == ((frozenset({0}), 60), (frozenset({1}), 30))
    assert sum(count for _, count in evidence.tallies["claim0"].groups) == 150


def test_looks_see_the_first_groups_only():
    """What is counted at a look is what stood first in the draw."""
    design = single("looks", "test", Passes(0.5), Ask(0.4), 8, 0.6, looks="open", at=(2, 8))
    (batch,) = batches(design, design.wrong, rng_of("y"), 5)
    (column,) = batch.columns
    counts = column.counts(slice(0, 5), [2, 8])

    assert counts.sum(axis=2).tolist() == [[2, 8]] * 5
    passed = [[sum(column.law.favour(int(code)) for code in row[:n]) for n in (2, 8)] for row in column.codes]
    assert counts[:, :, column.found.index(2)].tolist() == passed


@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_rival_procedures_are_the_textbook_ones(alpha):
    """Holm agrees with `multiplicity.holm`; fallback passes its level on after a rejection and loses it after none."""
    p = np.random.default_rng(5).uniform(0, 0.1, (200, 4))
    values = np.array([0.4, 0.3, 0.2, 0.1])
    by_hand = sum(float(values[holm(row.tolist(), alpha=alpha)].sum()) for row in p)

    assert holm_sums(p, values, alpha) == pytest.approx(by_hand)
    assert fallback_sums(np.array([[0.02, 0.09, 0.04]]), np.ones(3), 0.12, [0, 1, 2]) == 2.0


def test_a_cell_keeps_fails_refuses_or_never_ships():
    """The state follows from the figures, and a wrong share above the allowed one outweighs the rest."""
    cell = Cell("c", "f", 0.05, Chance(0.06, 2_000), Chance(0.9, 1_000))

    assert cell.state == "keeps"
    assert replace(cell, wrong=Chance(0.07, 2_000)).state == "fails"
    assert replace(cell, wrong=Chance(0.0501)).state == "fails"
    assert replace(cell, coverage=Chance(0.92, 1_000)).state == "fails"
    assert replace(cell, wrong=Chance(0.0, 2_000), power=Chance(0.0, 1_000), refused=1.0).state == "refuses"
    assert replace(cell, wrong=Chance(0.0, 2_000), power=Chance(0.0, 1_000)).state == "never ships"
    assert replace(cell, wrong=Chance(1.0, 2_000), outside="why").state == "outside"


def test_the_small_grid_has_two_hundred_cells_and_is_part_of_the_full_one():
    """Every kind that is published has cells, each with a name of its own."""
    small, full = cells(), cells(full=True)

    assert len(small) >= 200
    assert set(small) < set(full)
    assert {cell.family for cell in small.values()} == {
        "one rate", "repeats", "groups", "all or any of k", "means and waiting times", "differences", "several criteria",
        "scope", "wrong mix", "variants", "looks", "judges", "all at once", "answered outputs",
    }  # fmt: skip


def test_every_drawn_cell_draws_enough():
    """What is not enumerated is drawn at least two thousand times under the truth that counts."""
    assert min(cell.draws for cell in cells().values()) >= 2_000


def test_every_cell_has_a_false_claim_at_its_worst_place():
    """Under the wrong truth shipping everything is wrong; under the better one something may ship."""
    designs = [cell for cell in cells(full=True).values() if isinstance(cell, Design)]

    for design in designs:
        everything = design.parts or ("everywhere",)
        assert is_wrong(design, design.wrong, everything), design.name
        assert (
            good_parts(design, design.better)
            if design.shares
            else not is_wrong(design, design.better, everything)
        ), design.name


def test_one_cell_twice_is_the_same():
    """A cell depends on the generators it is given, and on nothing that was drawn before."""
    cell = replace(cells()["groups of 2 bar=0.8 n=40"], draws=60, better_draws=60)

    assert partial(shown, cell, rng_of)() == partial(shown, cell, rng_of)()
