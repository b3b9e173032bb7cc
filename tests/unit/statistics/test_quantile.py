"""Ranks that bound a quantile."""

from hypothesis import given
from hypothesis import strategies as st
from scipy.special import bdtr

from shipworthy.statistics.quantile import upper_rank
from shipworthy.statistics.results import NotEstimable


@given(n=st.integers(1, 2_000), quantile=st.floats(0.01, 0.99), alpha=st.floats(1e-6, 0.5))
def test_it_is_the_lowest_rank_that_is_safe(n, quantile, alpha):
    """At the rank the chance of lying below the quantile is at most alpha; one rank lower it is more."""
    rank = upper_rank(n=n, quantile=quantile, alpha=alpha)
    if isinstance(rank, NotEstimable):
        assert 1 - quantile**n < 1 - alpha + 1e-12
        return
    assert bdtr(rank - 1, n, quantile) >= 1 - alpha - 1e-12
    assert rank == 1 or bdtr(rank - 2, n, quantile) < 1 - alpha + 1e-12


def test_too_few_values_have_no_bound():
    """With 58 values even the largest does not bound the 95th percentile; with 59 it does."""
    assert isinstance(upper_rank(n=58, quantile=0.95, alpha=0.05), NotEstimable)
    assert upper_rank(n=59, quantile=0.95, alpha=0.05) == 59


def test_a_large_sample_needs_only_a_little_more_than_the_quantile():
    """Of ten thousand values the 9537th bounds the 95th percentile."""
    assert upper_rank(n=10_000, quantile=0.95, alpha=0.05) == 9_537
