"""Laws say how groups turn out, and what the truth then is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.proving.codes import Codec
from shipworthy.proving.judged import Judged
from shipworthy.proving.laws import Law, Pairs, Passes, Spend, moment, scattered

LAWS: dict[str, Law] = {
    "single": Passes(0.9),
    "repeats": Passes(0.85, repeats=3, alike=0.5),
    "stars": Passes(0.8, repeats=2, alike=0.8, shape="stars"),
    "duds": Passes(0.8, sizes=(4,), alike=0.3, shape="duds"),
    "unequal": Passes(0.8, sizes=(1, 2, 4, 8), alike=0.2, uneven=0.05),
    "two levels": Passes(0.8, sizes=(3,), repeats=2, alike=0.2, within=0.5),
    "all of 3": Passes(0.9, repeats=5, alike=0.4, of_k="all", k=3),
    "any of 2": Passes(0.6, repeats=4, alike=0.4, shape="duds", of_k="any", k=2),
    "cost": Spend(0.8, 0.4),
    "pairs": Pairs(0.05, 0.2),
    "flaky pairs": Pairs(-0.05, 0.1, 0.3, 3),
}


@pytest.mark.parametrize("name", LAWS)
def test_the_mean_of_many_draws_is_the_truth(name):
    """What groups contribute averages to the truth that the law names, on the scale of the group mean."""
    law = LAWS[name]
    codes, counts = np.unique(law.draw(np.random.default_rng(1), (200, 400)), return_counts=True)
    values = np.array([law.favour(int(code)) for code in codes])

    mean = float(values @ counts) / counts.sum()
    truth = (law.truth + 1) / 2 if isinstance(law, Pairs) else law.truth
    assert mean == pytest.approx(truth, abs=0.006)


@pytest.mark.parametrize("shape", ["beta", "stars", "duds"])
def test_two_outputs_of_a_group_correlate_as_said(shape):
    """The variance of group rates is the correlation times rate times its complement."""
    rates = scattered(np.random.default_rng(2), np.full(400_000, 0.8), 0.3, shape)

    assert rates.mean() == pytest.approx(0.8, abs=0.003)
    assert rates.var() == pytest.approx(0.3 * 0.8 * 0.2, rel=0.02)
    assert moment(0.8, 0.3, shape, 2) == pytest.approx((rates**2).mean(), abs=0.004)


@pytest.mark.parametrize("name", ["all of 3", "any of 2", "cost", "pairs", "unequal"])
def test_a_law_moves_to_the_truth_that_is_asked_for(name):
    """`at` puts the truth on the bar or a hair under, never above."""
    moved = LAWS[name].at(0.7)

    assert moved.truth == pytest.approx(0.7, abs=1e-9)
    assert moved.truth <= 0.7


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6))
def test_a_number_stands_for_one_group_and_back(cases):
    """Counts of cases, packed and unpacked, are the same counts in some order."""
    codec = Codec(3, ("passed", "against_passed"))
    columns = [np.array([column], dtype=np.int64) for column in zip(*cases, strict=True)]
    (code,) = codec.group(codec.case(*columns))

    found = sorted((case["passed"], case["against_passed"]) for case in codec.counts(int(code)))
    assert found == sorted(cases)


def test_a_group_too_large_to_be_numbered_is_refused():
    """Sixty-four cases of eight repeats have more outcomes than there are numbers."""
    with pytest.raises(ValueError, match="too many outcomes"):
        Codec(8, ("passed",)).group(np.ones((1, 64), np.int64))


@pytest.mark.parametrize("way", ["random", "by_verdict", "enriched"])
@pytest.mark.parametrize("size", [1, 2])
def test_so_many_outputs_are_labelled_as_was_said(way, size):
    """Every launch has its labels; half lie on each side where they were chosen by side."""
    law = Judged(0.8, 0.9, 0.8, labels=60, way=way, size=size)
    codes = law.draw(np.random.default_rng(3), (50, 400))
    for row in codes:
        cases = [case for code in row for case in law.tally(int(code), 0)]
        on_passed, on_failed = (
            sum(getattr(c, f"labelled_{side}") for c in cases) for side in ("passed", "failed")
        )
        people = sum(c.upheld + c.rescued for c in cases)
        assert on_passed + on_failed == 60
        assert all(c.upheld <= c.labelled_passed <= c.passed for c in cases)
        assert way != "by_verdict" or on_passed == 30
        assert way != "enriched" or people == 30


def test_shared_verdicts_leave_the_law_of_an_outcome_as_it_is():
    """Launches that share what the judge said pass, uphold and rescue as often as launches drawn apart."""
    together = Judged(0.9, 0.95, 0.6, labels=50)
    apart = Judged(0.9, 0.95, 0.6, labels=50, alike=1e-12)
    sums = []
    for law in (together, apart):
        codes, counts = np.unique(law.draw(np.random.default_rng(4), (4_000, 200)), return_counts=True)
        cases = [law.tally(int(code), 0)[0] for code in codes]
        sums.append(
            [
                sum(n * getattr(c, f) for c, n in zip(cases, counts, strict=True)) / 4_000
                for f in ("passed", "upheld", "rescued")
            ]
        )

    assert sums[0] == pytest.approx(sums[1], rel=0.03)


def test_evidence_of_a_law_is_what_the_ledger_would_hold():
    """Planned, passed, points and the baseline's passes stand in their fields."""
    (spent,) = Spend(0.5, 0.1).tally(32, 2)
    pairs = Pairs(0.1, 0.2, repeats=2)
    (pair,) = pairs.tally(int(pairs.draw(np.random.default_rng(5), (1, 1))[0, 0]), 1)

    assert (spent.cell, spent.planned, spent.points) == (2, 1, 2048)
    assert (pair.cell, pair.planned, pair.against_planned) == (1, 2, 2)
