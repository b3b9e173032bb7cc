"""Sums, coefficients and pulls: one promise a test."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics import chance_agreement as ca

two = st.tuples(st.integers(0, 2), st.integers(0, 2))
groups = st.lists(
    st.tuples(st.lists(two, min_size=1, max_size=3), st.integers(1, 20)), min_size=2, max_size=6
)
COEFFICIENTS = [ca.cohen, ca.fleiss, ca.gwet, ca.krippendorff]


def summed(made):
    """Stack the sums of some groups, with all labels in use."""
    kinds = [*made, ([(0, 0), (1, 1), (2, 2)], 1)]
    return ca.stacked([ca.sums_of(g, n_labels=3) for g, _ in kinds], [w for _, w in kinds])


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
@settings(max_examples=60, deadline=None)
@given(made=groups)
def test_a_pull_is_what_a_little_more_of_a_group_does(coefficient, made):
    """Adding a millionth of a group moves the coefficient by a millionth of the group's pull."""
    sums = summed(made)
    parts = coefficient(sums)
    for kind in range(len(sums.weights)):
        more = sums.weights.copy()
        more[kind] += 1e-6
        moved = coefficient(ca.Sums(more, *(getattr(sums, name) for name in ca.COLUMNS))).coefficient
        found = (moved - parts.coefficient) / 1e-6
        # alpha's factor for a finite number of ratings is held where it was
        slack = 0.05 if coefficient is ca.krippendorff else 1e-4
        assert parts.pull[kind] == pytest.approx(found, abs=slack)


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
@settings(max_examples=60, deadline=None)
@given(made=groups)
def test_pulls_balance(coefficient, made):
    """More of everything in proportion changes nothing, so pulls add up to nothing."""
    sums = summed(made)
    assert sums.weights @ coefficient(sums).pull == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("n_labels", [2, 3, 4, 7])
def test_coin_cases_hold_two_disagreements(n_labels):
    """Whatever the number of labels, two disagreements are expected among the coin cases."""
    seen = ca.stacked([ca.sums_of([(0, 0)], n_labels=n_labels)], [10])
    wider = ca.with_coin_cases(seen, n_labels=n_labels)
    assert wider.weights @ (wider.cases - wider.agreeing) == pytest.approx(2.0)
    assert wider.weights @ wider.cases > 12


def test_coin_cases_weigh_as_the_cases_do():
    """Coin cases have the size of a group in cases, and of a case in ratings."""
    group = [(0, 0, 0, 0), (1, 1, 1, 1), (0, 1, 1, 1)]
    wider = ca.with_coin_cases(ca.stacked([ca.sums_of(group, n_labels=2)], [9]), n_labels=2)
    assert set(wider.cases) == {3.0}
    assert set(wider.ratings.sum(axis=1)) == {12.0}


def test_unrated_cases_add_nothing():
    """A case with one rating, and one with none, leave every sum as it is."""
    assert ca.sums_of([(0, 1)], n_labels=2).table.tolist() == [[0, 1, 0, 0]]
    first = ca.sums_of([(0, 1), (0, None), (None, None)], n_labels=2)
    second = ca.sums_of([(0, 1)], n_labels=2)
    assert all(np.array_equal(getattr(first, name), getattr(second, name)) for name in ca.COLUMNS)
