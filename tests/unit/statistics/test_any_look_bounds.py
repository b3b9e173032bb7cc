"""Bounds that hold at every look: one promise a test."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.any_look import any_look_p, most_failures_at, nominal_level
from shipworthy.statistics.any_look_bounds import lower_at_any_look, upper_at_any_look
from shipworthy.statistics.any_look_power import still_possible
from shipworthy.statistics.boundary import crossing
from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.group_mean import GroupMean

PLAN = {"end": 200, "alpha": 0.05}
halves = st.dictionaries(st.sampled_from([0.0, 0.5, 1.0]), st.integers(1, 60), min_size=1)


@settings(max_examples=100, deadline=None)
@given(histogram=halves, bar=st.sampled_from([0.3, 0.5, 0.8, 0.9]))
def test_a_claim_holds_exactly_when_its_bound_reaches_the_bar(histogram, bar):
    """The state of a claim and its bound are two views of one test, in both directions."""
    mean = GroupMean.from_histogram(histogram)
    graded = mean.method != "Clopper-Pearson"
    n = mean.n_groups
    above = any_look_p(mean.p_above(bar), n=n, end=200, bar=bar, graded=graded)
    below = any_look_p(mean.p_below(bar), n=n, end=200, bar=1 - bar, graded=graded)
    lower = lower_at_any_look(mean, bar=bar, graded=graded, **PLAN)
    upper = upper_at_any_look(mean, bar=bar, graded=graded, **PLAN)
    assert (lower >= bar) == (above <= 0.05) or abs(lower - bar) < 1e-9
    assert (upper <= bar + 1e-15) == (below <= 0.05) or abs(upper - bar) < 1e-9
    assert 0 <= lower <= mean.estimate <= upper <= 1


@pytest.mark.parametrize("end", [30, 100, 300])
@pytest.mark.parametrize("bar", [0.5, 0.8, 0.9, 0.95, 0.99])
def test_a_bound_is_ever_above_the_truth_with_a_chance_of_at_most_alpha(end, bar):
    """For 0/1 groups of any true rate, near the bar and far from it, computed exactly."""
    groups = np.arange(1, end + 1)
    deciding = np.array(most_failures_at(tuple(groups.tolist()), bar=bar, end=end, alpha=0.05))
    levels = np.array([nominal_level(0.05, n=n, end=end, bar=bar) for n in groups.tolist()])
    for truth in (
        *(bar - np.array([0.0, 0.003, 0.01, 0.03, 0.1, 0.25])),
        0.1,
        0.25,
        0.6,
        0.75,
        0.93,
        0.985,
        0.997,
    ):
        drawn = most_drawn(levels, groups, truth)
        # above the bar only the drawn bound can be wrong, below it the bar itself too
        wrong = np.maximum(drawn, deciding) if truth <= bar else drawn
        assert crossing(wrong, groups, fail=1 - truth, level=0.05).chance <= 0.05


def most_drawn(levels, groups, truth):
    """Return the most failures with which the drawn bound lies above the truth."""
    most = np.full(len(groups), -1)
    at = -1
    for i, n in enumerate(groups.tolist()):
        while at + 1 < n and levels[i] > 0 and _p(n - at - 1, n, truth) <= levels[i]:
            at += 1
        most[i] = at
    return most


def _p(passed, n, bar):
    return GroupMean.from_counts(passed=passed, n=n).p_above(bar)


def test_past_the_end_a_bound_says_nothing():
    """There the bounds are 0 and 1."""
    mean = GroupMean.from_counts(passed=201, n=201)
    assert lower_at_any_look(mean, bar=0.9, **PLAN) == 0
    assert upper_at_any_look(mean, bar=0.9, **PLAN) == 1


def test_a_bound_at_any_look_is_wider_than_at_one():
    """Looking more than once costs something at each look."""
    mean = GroupMean.from_histogram({1.0: 150, 0.5: 50})
    assert lower_at_any_look(mean, bar=0.8, **PLAN) < mean.lower(0.05)
    assert upper_at_any_look(mean, bar=0.8, **PLAN) > mean.upper(0.05)


def test_values_a_last_digit_apart_are_all_counted_from_above():
    """Thirty groups at 0.1 and thirty a last digit above it: turned over the two are one value, and none of the groups is lost."""
    twins = GroupMean.from_histogram({0.1: 30, math.nextafter(0.1, 1.0): 30, 0.9: 10})
    plain = GroupMean.from_histogram({0.1: 60, 0.9: 10})
    bounds = [upper_at_any_look(mean, bar=0.5, end=100, alpha=0.05) for mean in (twins, plain)]

    assert bounds[0] == pytest.approx(bounds[1], abs=1e-9)


def test_gains_a_last_digit_apart_are_all_counted_for_what_can_still_be_shown():
    """Forty groups that lost a third, as two numbers a last digit apart: with sixty to come a bar of 0.76 is out of reach."""
    loss = -1.0 / 3.0
    unit = PairedDifference.from_histogram({loss: 20, math.nextafter(loss, 0.0): 20}).unit

    assert unit.values[0] == unit.values[1]
    assert not still_possible(unit, bar=0.76, end=100, alpha=0.05)
