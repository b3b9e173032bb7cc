"""Crossing a boundary of failures: one promise a test."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from shipworthy.statistics.boundary import Crossing, at_most, crossing, most_failures


def by_listing(boundary, groups, fail):
    """Return the chance of crossing, from all sequences of passes and failures."""
    total = 0.0
    for path in product((0, 1), repeat=int(groups[-1])):
        failures = np.cumsum(path)
        if any(failures[m - 1] <= c for m, c in zip(groups, boundary, strict=True)):
            total += fail ** sum(path) * (1 - fail) ** (len(path) - sum(path))
    return total


@settings(max_examples=60, deadline=None)
@given(
    boundary=st.lists(st.integers(-1, 6), min_size=1, max_size=8),
    fail=st.floats(0.01, 0.99),
    gap=st.integers(0, 2),
)
def test_chance_is_that_of_listing_every_sequence(boundary, fail, gap):
    """Whatever the boundary, rising or not, and whatever the gaps between looks."""
    groups = np.arange(1, len(boundary) + 1) + gap
    found = crossing(np.array(boundary), groups, fail=fail, level=0.01)
    assert found.chance == pytest.approx(by_listing(boundary, groups, fail), rel=1e-9)


@pytest.mark.parametrize("fail", [0.0, 1.0])
def test_certain_outcomes_are_no_special_case(fail):
    """Where all pass the boundary is crossed at once, where all fail never."""
    assert crossing(np.array([-1, 0]), np.array([3, 5]), fail=fail, level=0.05).chance == 1 - fail


def test_one_look_is_the_binomial():
    """A boundary at the end alone is crossed with the binomial chance, at 50 and at a million groups."""
    for n, most in ((50, 2), (1_000_000, 99_500)):
        found = crossing(np.array([most]), np.array([n]), fail=0.1, level=0.05)
        assert found.chance == pytest.approx(binom.cdf(most, n, 0.1), rel=1e-7)


def test_what_is_left_out_counts_as_crossing():
    """Leaving out more never makes the chance smaller, and what is left out shows."""
    groups = np.arange(1, 201)
    boundary = (groups * 0.05).astype(int) - 1
    fine, coarse = (crossing(boundary, groups, fail=0.1, level=level).chance for level in (1e-3, 1e9))
    assert fine < coarse < fine + 200 * 1e-3


def test_sequences_too_far_off_to_follow_count_as_crossing():
    """Sequences with too many failures to be followed are not forgotten: they add to the chance."""
    groups = np.arange(1, 401)
    boundary = np.floor(groups / 2 - 2 * np.sqrt(groups)).astype(int)
    fine, coarse = (crossing(boundary, groups, fail=0.5, level=level).chance for level in (1e-3, 1e12))
    assert fine < 0.001
    assert coarse > 0.02


def test_an_impossible_boundary_is_never_crossed():
    """Where no number of failures is few enough the chance is 0, and all groups are used."""
    found = crossing(np.full(9, -1), np.arange(1, 10), fail=0.1, level=0.05)
    assert (found.chance, found.mean_groups(), found.by((1, 9))) == (0.0, 9, (0.0, 0.0))


def test_mean_groups_count_the_end_for_who_never_crosses():
    """Half stop at 4 of 10: on average 7."""
    assert Crossing(times=(4,), chances=(0.5,), last=10).mean_groups() == 7


@settings(max_examples=100, deadline=None)
@given(n=st.integers(1, 3_000), fail=st.floats(0.001, 0.999), level=st.floats(1e-12, 0.5))
def test_most_failures_is_the_last_one_within_the_level(n, fail, level):
    """One failure more has a chance above the level, this many has not, whatever the first guess was."""
    guess = np.array([-3.0])
    (most,) = most_failures(np.array([level]), guess, np.array([n]), fail)
    chances = at_most(np.array([most, most + 1]), np.array([n, n]), fail)
    assert chances[0] <= level
    assert chances[1] > level or most == n - 1
    assert -1 <= most < n


@settings(max_examples=100, deadline=None)
@given(n=st.integers(1, 2_000), share=st.floats(0, 1), fail=st.floats(0.001, 0.999))
def test_at_most_is_the_binomial(n, share, fail):
    """The chance of at most so many failures is that of scipy.stats."""
    k = int(share * n)
    assert at_most(np.array([k]), np.array([n]), fail)[0] == pytest.approx(binom.cdf(k, n, fail), rel=1e-8)
