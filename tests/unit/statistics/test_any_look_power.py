"""What looking can be expected to show: one promise a test."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from shipworthy.statistics.any_look import any_look_p, most_failures_at
from shipworthy.statistics.any_look_power import chance_to_show, power_any_look, still_possible
from shipworthy.statistics.group_mean import GroupMean

PLAN = {"bar": 0.9, "end": 200, "alpha": 0.05}


@settings(max_examples=40, deadline=None)
@given(truth=st.floats(0.5, 1.0), better=st.floats(0.0, 1.0))
def test_a_better_truth_is_shown_more_often_and_sooner(truth, better):
    """The chance rises and the mean number of groups falls with the true rate."""
    one = power_any_look(truth=truth, **PLAN)
    other = power_any_look(truth=truth + better * (1 - truth), **PLAN)
    assert one.chance <= other.chance + 1e-12
    assert one.mean_groups >= other.mean_groups - 1e-9


def test_fewer_looks_show_it_less_often():
    """A schedule shows no more than looking after every group, and a single look at the end least."""
    chances = [
        power_any_look(truth=0.95, looks=looks, **PLAN).chance
        for looks in (None, (50, 100, 150, 200), (200,))
    ]
    assert chances == sorted(chances, reverse=True)
    (most,) = most_failures_at((200,), **PLAN)
    assert chances[-1] == pytest.approx(binom.cdf(most, 200, 0.05), rel=1e-9)


def test_chances_by_look_add_up_to_the_last():
    """The chance by look never falls, and its last value is the chance."""
    found = power_any_look(truth=0.95, looks=(60, 120, 200), **PLAN)
    assert list(found.by_look) == sorted(found.by_look)
    assert found.by_look[-1] == found.chance
    assert 60 < found.mean_groups < 200


@pytest.mark.parametrize("looks", [(), (0, 10), (10, 10), (20, 10), (100, 201)])
def test_looks_out_of_order_are_refused(looks):
    """Looks ascend from 1 to the end."""
    with pytest.raises(ValueError, match=r"looks|look must"):
        power_any_look(truth=0.95, looks=looks, **PLAN)


def test_before_the_first_group_the_chance_to_show_is_the_power():
    """Conditional power at no groups is power."""
    assert chance_to_show(passed=0, n=0, truth=0.95, **PLAN) == pytest.approx(
        power_any_look(truth=0.95, **PLAN).chance, rel=1e-9
    )


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 199), share=st.floats(0.7, 1.0), truth=st.floats(0.5, 1.0))
def test_chance_to_show_is_the_mean_of_what_the_next_group_makes_of_it(n, share, truth):
    """One step of the recursion, by hand: showing it at the next group, or later."""
    passed = int(n * share)
    later = 0.0
    for passes, chance in ((passed + 1, truth), (passed, 1 - truth)):
        p = GroupMean.from_counts(passed=passes, n=n + 1).p_above(0.9)
        if any_look_p(p, n=n + 1, end=200, bar=0.9, graded=False) <= 0.05:
            later += chance
        else:
            later += chance * chance_to_show(passed=passes, n=n + 1, truth=truth, **PLAN)
    assert chance_to_show(passed=passed, n=n, truth=truth, **PLAN) == pytest.approx(later, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 200), share=st.floats(0.7, 1.0))
def test_out_of_reach_is_where_nothing_but_passes_would_not_show_it(n, share):
    """Curtailment and the chance to show it, were every group to pass, agree."""
    mean = GroupMean.from_counts(passed=int(n * share), n=n)
    reachable = still_possible(mean, graded=False, **PLAN)
    if n < 200:
        assert reachable == (chance_to_show(passed=int(n * share), n=n, truth=1.0, **PLAN) > 0.5)
    else:
        assert reachable == (any_look_p(mean.p_above(0.9), n=200, end=200, bar=0.9, graded=False) <= 0.05)


def test_nothing_is_possible_past_the_end():
    """Past the planned end the chance is 0."""
    assert chance_to_show(passed=200, n=200, truth=1.0, **PLAN) == 0
    assert not still_possible(GroupMean.from_counts(passed=201, n=201), **PLAN)


def test_graded_values_can_be_out_of_reach_too():
    """Fifty halves leave 0.9 out of reach of 60 groups, not of 600."""
    mean = GroupMean.from_histogram({0.5: 50})
    assert [still_possible(mean, bar=0.9, end=end, alpha=0.05) for end in (60, 600)] == [False, True]


def test_more_passes_than_groups_are_refused():
    """Counts that cannot be are named."""
    with pytest.raises(ValueError, match="passed must be at most n"):
        chance_to_show(passed=11, n=10, truth=0.95, **PLAN)
