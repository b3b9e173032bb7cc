"""Holm's and Hommel's procedures, and the adjusted p-values they amount to."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.statistics.multiplicity import (
    holm,
    holm_adjusted,
    hommel,
    hommel_adjusted,
    hommel_divisor,
)

lists = st.lists(st.floats(0, 1), max_size=12)
short = st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.02, 0.025, 0.05]), min_size=1, max_size=6)


def closed_simes(p_values, alpha):
    """Reject what every set that holds it rejects by Simes' test: the definition, set by set."""
    size = len(p_values)
    fate = [True] * size
    for k in range(1, size + 1):
        for members in itertools.combinations(range(size), k):
            ordered = sorted(p_values[i] for i in members)
            if not any(p <= (j + 1) * alpha / k for j, p in enumerate(ordered)):
                for i in members:
                    fate[i] = False
    return fate


@given(p_values=lists, alpha=st.floats(0.001, 0.5))
def test_it_lies_between_bonferroni_and_no_correction(p_values, alpha):
    """It rejects all that Bonferroni rejects, and nothing above alpha."""
    for p, rejected in zip(p_values, holm(p_values, alpha=alpha), strict=True):
        assert rejected or p > alpha / len(p_values)
        assert not rejected or p <= alpha


@pytest.mark.parametrize("procedure", [holm, hommel])
@given(p_values=lists, alpha=st.floats(0.001, 0.5), data=st.data())
def test_order_makes_no_difference_but_to_ties(procedure, p_values, alpha, data):
    """The same p-values in another order have the same fate."""
    mixed = data.draw(st.permutations(p_values))
    fate = dict(zip(p_values, procedure(p_values, alpha=alpha), strict=True))
    again = dict(zip(mixed, procedure(mixed, alpha=alpha), strict=True))
    assert sum(procedure(mixed, alpha=alpha)) == sum(procedure(p_values, alpha=alpha))
    assert all(fate[p] == again[p] for p in p_values if p_values.count(p) == 1)


@pytest.mark.parametrize("procedure", [holm, hommel])
@given(p_values=lists, alpha=st.floats(0.001, 0.4), more=st.floats(1, 2))
def test_more_error_rejects_no_less(procedure, p_values, alpha, more):
    """A larger error never takes a rejection back."""
    pairs = zip(procedure(p_values, alpha=alpha), procedure(p_values, alpha=alpha * more), strict=True)
    assert all(after or not before for before, after in pairs)


@given(p_values=short, alpha=st.floats(0.001, 0.5))
def test_hommel_is_the_closed_test_of_simes(p_values, alpha):
    """The short way and the definition reject the same hypotheses."""
    assert hommel(p_values, alpha=alpha) == closed_simes(p_values, alpha)


@given(p_values=lists, alpha=st.floats(0.001, 0.5))
def test_hommel_loses_nothing_to_holm_and_rejects_all_where_all_are_small(p_values, alpha):
    """What Holm rejects Hommel rejects; where all are at most alpha so are all."""
    both = zip(holm(p_values, alpha=alpha), hommel(p_values, alpha=alpha), strict=True)
    assert all(wider or not narrower for narrower, wider in both)
    if all(p <= alpha for p in p_values):
        assert all(hommel(p_values, alpha=alpha))


@given(p_values=short, alpha=st.sampled_from([0.01, 0.05, 0.1, 0.2]))
def test_an_adjusted_p_value_is_at_most_alpha_where_its_hypothesis_is_rejected(p_values, alpha):
    """Adjusted p-values and decisions are two views of one procedure, but for the last digit of a tie."""
    for procedure, adjusted in ((holm, holm_adjusted), (hommel, hommel_adjusted)):
        for p, rejected in zip(adjusted(p_values), procedure(p_values, alpha=alpha), strict=True):
            assert (p <= alpha) == rejected or p == pytest.approx(alpha, rel=1e-12)


def test_edges():
    """No hypotheses, one hypothesis at the line, and a p-value that is none."""
    assert holm([], alpha=0.05) == hommel([], alpha=0.05) == []
    assert holm([0.05], alpha=0.05) == hommel([0.05], alpha=0.05) == [True]
    assert hommel_divisor([], alpha=0.05) == 0
    assert holm_adjusted([]) == hommel_adjusted([]) == ()
    for procedure in (holm, hommel):
        with pytest.raises(ValueError, match="p-value must be in"):
            procedure([1.1], alpha=0.05)
