"""What so many groups must show."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from shipworthy.statistics.pass_marks import fewest_passes, rate_needed
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.sample_size import chance_to_show, zero_failures


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 300), bar=st.floats(0.01, 0.97), alpha=st.sampled_from([0.05, 0.01, 0.0125]))
def test_the_mark_is_the_smallest_number_that_binomial_tails_allow(n, bar, alpha):
    """Counting up from zero, the first k whose tail at the bar is at most the error; none when even n is too few."""
    first = next((k for k in range(n + 1) if binom.sf(k - 1, n, bar) <= alpha), None)
    found = fewest_passes(n=n, bar=bar, alpha=alpha)
    assert isinstance(found, NotEstimable) if first is None else found == first


@settings(max_examples=40, deadline=None)
@given(n=st.integers(60, 400), bar=st.floats(0.1, 0.94), power=st.sampled_from([0.5, 0.8, 0.9]))
def test_at_the_rate_needed_the_deciding_test_has_that_chance(n, bar, power):
    """The rate and the power of the plan are two ends of one sum."""
    rate = rate_needed(n=n, bar=bar, alpha=0.05, power=power)
    assert chance_to_show(n=n, bar=bar, hoped=rate, alpha=0.05) == pytest.approx(power, abs=1e-9)


@pytest.mark.parametrize("bar", [0.5, 0.8, 0.95, 0.99])
def test_out_of_reach_begins_where_no_failure_is_allowed(bar):
    """With the fewest groups all must pass; with one group fewer nothing shows it."""
    least = zero_failures(bar=bar, alpha=0.05)
    assert fewest_passes(n=least, bar=bar, alpha=0.05) == least
    assert isinstance(rate_needed(n=least - 1, bar=bar, alpha=0.05, power=0.8), NotEstimable)


@pytest.mark.parametrize("wrong", [{"bar": 1.0}, {"alpha": 0.0}, {"n": -1}])
def test_arguments_outside_their_range_are_errors(wrong):
    """A bar of one, an error of nothing, less than no groups."""
    with pytest.raises(ValueError, match=r"bar|n must"):
        fewest_passes(**({"n": 10, "bar": 0.5, "alpha": 0.05} | wrong))
