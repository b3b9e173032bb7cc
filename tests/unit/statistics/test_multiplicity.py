"""Holm's procedure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.statistics.multiplicity import holm

lists = st.lists(st.floats(0, 1), max_size=12)


@given(p_values=lists, alpha=st.floats(0.001, 0.5))
def test_it_lies_between_bonferroni_and_no_correction(p_values, alpha):
    """It rejects all that Bonferroni rejects, and nothing above alpha."""
    for p, rejected in zip(p_values, holm(p_values, alpha=alpha), strict=True):
        assert rejected or p > alpha / len(p_values)
        assert not rejected or p <= alpha


@given(p_values=lists, alpha=st.floats(0.001, 0.5), data=st.data())
def test_order_makes_no_difference_but_to_ties(p_values, alpha, data):
    """The same p-values in another order have the same fate."""
    mixed = data.draw(st.permutations(p_values))
    fate = dict(zip(p_values, holm(p_values, alpha=alpha), strict=True))
    again = dict(zip(mixed, holm(mixed, alpha=alpha), strict=True))
    assert sum(holm(mixed, alpha=alpha)) == sum(holm(p_values, alpha=alpha))
    assert all(fate[p] == again[p] for p in p_values if p_values.count(p) == 1)


@given(p_values=lists, alpha=st.floats(0.001, 0.4), more=st.floats(1, 2))
def test_more_error_rejects_no_less(p_values, alpha, more):
    """A larger error never takes a rejection back."""
    pairs = zip(holm(p_values, alpha=alpha), holm(p_values, alpha=alpha * more), strict=True)
    assert all(after or not before for before, after in pairs)


def test_edges():
    """No hypotheses, one hypothesis at the line, and a p-value that is none."""
    assert holm([], alpha=0.05) == []
    assert holm([0.05], alpha=0.05) == [True]
    with pytest.raises(ValueError, match="p-value must be in"):
        holm([1.1], alpha=0.05)
