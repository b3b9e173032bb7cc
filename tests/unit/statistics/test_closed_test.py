"""The closed test that spends what discrete p-values leave over."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.stats import binom

from shipworthy.statistics.closed_test import attainable_rates, closed_test
from shipworthy.statistics.multiplicity import holm, hommel

levels = st.sampled_from([0.01, 0.025, 0.05, 0.1, 0.2])


@st.composite
def rates(draw):
    """Draw slices of pass-or-fail groups: every p-value each can have, and the one it has."""
    made = []
    for _ in range(draw(st.integers(1, 6))):
        each = attainable_rates(n=draw(st.integers(1, 150)), bar=draw(st.sampled_from([0.5, 0.8, 0.9, 0.95])))
        made.append((each, draw(st.sampled_from([*each, 1.0]))))
    return made


@given(slices=rates(), alpha=levels, independent=st.booleans())
@settings(max_examples=300)
def test_no_rejection_of_holm_or_hommel_is_lost(slices, alpha, independent):
    """Lifting only adds: Holm's rejections stand always, Hommel's where p-values are independent."""
    each, p = zip(*slices, strict=True)
    fate = closed_test(p, alpha=alpha, independent=independent, attainable=each).rejected
    base = hommel(p, alpha=alpha) if independent else holm(p, alpha=alpha)
    assert all(now or not before for now, before in zip(fate, base, strict=True))


@given(p=st.lists(st.floats(0, 1), max_size=8), alpha=levels)
def test_with_p_values_that_may_be_anything_it_is_hommel_or_holm(p, alpha):
    """Nothing is left over by continuous p-values, so nothing is lifted."""
    assert list(closed_test(p, alpha=alpha, independent=True).rejected) == hommel(p, alpha=alpha)
    assert list(closed_test(p, alpha=alpha, independent=False).rejected) == holm(p, alpha=alpha)


@given(slices=rates(), alpha=levels, independent=st.booleans())
@settings(max_examples=300)
def test_the_level_reported_is_one_that_the_p_value_reached_or_missed(slices, alpha, independent):
    """Where rejected the p-value is at most its level, where not it is above; no level exceeds alpha."""
    each, p = zip(*slices, strict=True)
    found = closed_test(p, alpha=alpha, independent=independent, attainable=each)
    for value, rejected, level in zip(p, found.rejected, found.levels, strict=True):
        assert (value <= level) == rejected
        assert level <= alpha


def table(sizes, bars, alpha, *, independent):
    """Return for every outcome of slices of few groups which hypotheses fall, and each slice's chances at its bar."""
    each = [attainable_rates(n=n, bar=bar) for n, bar in zip(sizes, bars, strict=True)]
    fate = {}
    for failed in itertools.product(*(range(n + 1) for n in sizes)):
        p = [(*values, 1.0)[f] for values, f in zip(each, failed, strict=True)]
        fate[failed] = closed_test(p, alpha=alpha, independent=independent, attainable=each).rejected
    return fate


@pytest.mark.parametrize(
    ("sizes", "bars"), [((14, 9), (0.8, 0.8)), ((10, 10, 10), (0.7, 0.7, 0.7)), ((12, 6, 9), (0.8, 0.5, 0.7))]
)
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_added_up_over_all_outcomes_a_true_hypothesis_falls_no_more_often_than_alpha(sizes, bars, alpha):
    """Independent slices, whichever are on their bars and the others anywhere: exact, with no draw."""
    fate = table(sizes, bars, alpha, independent=True)
    for true in itertools.product([True, False], repeat=len(sizes)):
        for better in (0.9, 0.97, 1.0):
            rates = [bar if t else better for bar, t in zip(bars, true, strict=True)]
            chances = [binom.pmf(np.arange(n + 1), n, 1 - r) for n, r in zip(sizes, rates, strict=True)]
            wrong = sum(
                np.prod([c[f] for c, f in zip(chances, failed, strict=True)])
                for failed, fell in fate.items()
                if any(t and f for t, f in zip(true, fell, strict=True))
            )
            assert wrong <= alpha + 1e-12


@pytest.mark.parametrize(("sizes", "bars"), [((14, 12), (0.8, 0.8)), ((6, 5, 6), (0.6, 0.5, 0.5))])
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_the_worst_dependence_there_can_be_does_not_break_it(sizes, bars, alpha):
    """Slices that share groups: of all joint laws with these rates, the worst (a linear program) keeps alpha."""
    fate = table(sizes, bars, alpha, independent=False)
    outcomes = list(fate)
    rows, right = [], []
    for i, (n, bar) in enumerate(zip(sizes, bars, strict=True)):
        for f in range(n + 1):
            rows.append([float(o[i] == f) for o in outcomes])
            right.append(binom.pmf(f, n, 1 - bar))
    found = linprog([-float(any(fate[o])) for o in outcomes], A_eq=rows, b_eq=right)
    assert -found.fun <= alpha + 1e-9


def test_hommel_would_break_under_such_dependence():
    """The same program finds a law under which Hommel's procedure exceeds its level: hence the flag."""
    each = (*attainable_rates(n=40, bar=0.5), 1.0)
    alpha = 2 * each[15]
    outcomes = list(itertools.product(range(41), repeat=2))
    wrong = [-float(any(hommel([each[f], each[g]], alpha=alpha))) for f, g in outcomes]
    rows = [[float(o[i] == f) for o in outcomes] for i in (0, 1) for f in range(41)]
    found = linprog(wrong, A_eq=rows, b_eq=[binom.pmf(f, 40, 0.5) for _ in (0, 1) for f in range(41)])
    assert -found.fun > 1.2 * alpha


def test_what_matters_most_is_lifted_first():
    """Of two slices alike only the first in order is given what is left over."""
    each = attainable_rates(n=120, bar=0.9)
    bad = [each[12]] * 4
    fate = [
        closed_test(p, alpha=0.05, independent=True, attainable=[each] * 6).rejected
        for p in ([each[5], each[12], *bad], [*bad, each[12], each[5]])
    ]
    assert fate == [(True, *[False] * 5), (False,) * 6]


def test_edges():
    """No hypotheses; lists that do not fit; a p-value that is none of those listed; too many to lift."""
    assert closed_test([], alpha=0.05, independent=True).rejected == ()
    with pytest.raises(ValueError, match="one list for each of 2"):
        closed_test([0.1, 0.2], alpha=0.05, independent=True, attainable=[None])
    with pytest.raises(ValueError, match="none of the attainable"):
        closed_test([0.3], alpha=0.05, independent=True, attainable=[(0.1, 0.5)])
    each = attainable_rates(n=120, bar=0.9)
    many = closed_test([each[5], *[each[12]] * 15], alpha=0.05, independent=True, attainable=[each] * 16)
    assert not any(many.rejected)
