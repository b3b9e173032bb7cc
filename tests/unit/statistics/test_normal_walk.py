"""A walk of normal steps at a falling boundary: one promise a test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from shipworthy.statistics.normal_walk import chance_of_reaching

scores = st.floats(0.1, 30.0)


@given(score=st.floats(0.5, 8.0))
def test_many_steps_at_a_level_boundary_follow_the_reflection_principle(score):
    """A line at a constant height is ever reached with twice the chance of ending above it."""
    found = chance_of_reaching(score, steps=10**14, weight=0.5)
    assert found == pytest.approx(2 * norm.sf(score), rel=1e-5)


@given(score=scores, steps=st.integers(1, 10**6), weight=st.floats(0.5, 2.0))
def test_the_chance_is_at_most_twice_that_of_the_end(score, steps, weight):
    """Neither few steps nor small chances take it out of its range."""
    found = chance_of_reaching(score, steps=steps, weight=weight)
    assert 0.0 <= found <= 2 * norm.sf(score) * (1 + 1e-9)


@given(score=st.floats(0.2, 8.0), steps=st.integers(50, 10_000))
def test_a_higher_score_is_rarer_and_more_steps_make_it_likelier(score, steps):
    """The chance falls with the score and rises with the number of looks."""
    at = chance_of_reaching(score, steps=steps, weight=0.6)
    assert chance_of_reaching(score + 0.01, steps=steps, weight=0.6) < at
    assert chance_of_reaching(score, steps=4 * steps, weight=0.6) > at


@pytest.mark.parametrize("score", [1.0, 2.0, 3.0])
def test_early_looks_held_down_more_cost_less(score):
    """The more weight the end has, the less is lost by looking before."""
    chances = [chance_of_reaching(score, steps=200, weight=w) for w in (0.5, 0.6, 1.0)]
    assert chances == sorted(chances, reverse=True)
