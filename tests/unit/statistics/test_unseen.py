"""Unseen failure modes: one promise a test."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.unseen import Unseen, none_seen

groups = st.lists(st.sets(st.sampled_from("abcdefg"), max_size=3), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(groups=groups, alpha=st.floats(1e-4, 0.5))
def test_bound_lies_between_the_estimate_and_one(groups, alpha):
    """The bound is above the estimate and never above 1, and larger for a smaller error."""
    unseen = Unseen.from_groups(groups)
    assert 0 < unseen.upper(alpha) <= 1
    assert unseen.upper(alpha / 2) >= unseen.upper(alpha)
    if alpha <= 0.05:
        assert unseen.upper(alpha) >= unseen.estimate


@settings(max_examples=150, deadline=None)
@given(groups=groups)
def test_curve_rises_ever_more_slowly_to_what_was_seen(groups):
    """It starts at none, ends at the modes seen, and each group adds no more than the one before."""
    unseen = Unseen.from_groups(groups)
    curve = [unseen.expected_modes(t) for t in range(unseen.reviewed + 1)]
    steps = [b - a for a, b in pairwise(curve)]
    assert curve[0] == 0
    assert curve[-1] == len(unseen.modes)
    assert all(a >= b - 1e-9 >= -2e-9 for a, b in pairwise(steps))


@settings(max_examples=100, deadline=None)
@given(groups=st.lists(st.sampled_from(["", "a", "b", "c", "d"]), min_size=1, max_size=40))
def test_counts_and_groups_say_the_same(groups):
    """Where a group shows one mode at most both ways to build give the same object."""
    counts = {m: groups.count(m) for m in set(groups) if m}
    listed = Unseen.from_groups([{m} if m else set() for m in groups])
    assert listed == Unseen.from_counts(reviewed=len(groups), modes=counts)


def test_the_last_step_of_the_curve_is_the_estimate():
    """What the last group is expected to add, of modes that stand alone, is Good and Turing's estimate."""
    unseen = Unseen.from_counts(reviewed=50, modes={"a": 1, "b": 1, "c": 4})
    assert unseen.expected_modes(50) - unseen.expected_modes(49) == pytest.approx(unseen.estimate)


def test_nothing_seen_is_not_nothing_there():
    """After 100 groups without a failure the estimate is 0 and the bound is not; about any failure it is sharper still."""
    unseen = Unseen.from_counts(reviewed=100, modes={})
    assert unseen.estimate == 0
    assert none_seen(reviewed=100, alpha=0.05) == pytest.approx(1 - 0.05**0.01, rel=1e-8)
    assert none_seen(reviewed=100, alpha=0.05) < unseen.upper(0.05) < 0.041


def test_one_group_says_nothing():
    """One failed group leaves everything possible."""
    assert Unseen.from_groups([{"a"}]).upper(0.05) > 0.99
    assert Unseen.from_counts(reviewed=1, modes={}).upper(0.05) > 0.9


def test_modes_that_always_come_together_are_one_surprise():
    """A second name for the same failures changes neither the estimate nor the bound."""
    once = [{"a"}, {"b"}, {"b"}, {"c"}] + [set()] * 30
    twice = [{"a", "x"}, {"b", "y"}, {"b", "y"}, {"c"}] + [set()] * 30
    assert Unseen.from_groups(twice).estimate == Unseen.from_groups(once).estimate
    assert Unseen.from_groups(twice).upper(0.05) == Unseen.from_groups(once).upper(0.05)


def test_a_mode_that_owns_no_group_makes_the_bound_larger():
    """Three modes in three pairs: the third owns nothing, and is paid for by its own chance of being missed."""
    pairs = [{"a", "b"}, {"b", "c"}, {"a", "c"}] + [set()] * 40
    unseen = Unseen.from_groups(pairs)
    assert unseen.shared == (2,)
    assert unseen.upper(0.05) > Unseen.from_groups([{"a"}, {"a"}, {"b"}] + [set()] * 40).upper(0.05) - 1e-12


def test_more_reviewed_groups_bring_the_bound_down():
    """The same share of lonely modes among ten times the groups is known much better."""
    few = Unseen.from_counts(reviewed=50, modes={"a": 1})
    many = Unseen.from_counts(reviewed=500, modes={str(i): 1 for i in range(10)})
    assert few.estimate == many.estimate
    assert many.upper(0.05) < few.upper(0.05) / 2


def test_new_modes_look_only_as_far_as_what_was_reviewed():
    """One further group brings the estimate's share, more than were reviewed bring a reason."""
    unseen = Unseen.from_counts(reviewed=100, modes={"a": 1, "b": 1, "c": 2})
    assert unseen.new_modes(100) == 2 - 1
    assert unseen.new_modes(1) == pytest.approx(unseen.estimate, abs=2e-4)
    assert isinstance(unseen.new_modes(101), NotEstimable)
    assert Unseen.from_counts(reviewed=10, modes={"a": 2}).new_modes(10) == 0


def test_least_modes_by_hand():
    """Six modes of which four were seen once and one twice: 6 + 0.99 * 4 * 3 / 4."""
    unseen = Unseen.from_counts(reviewed=100, modes={"a": 1, "b": 1, "c": 1, "d": 1, "e": 2, "f": 9})
    assert unseen.least_modes() == pytest.approx(6 + 0.99 * 3)


def test_mistakes_at_the_door_are_named():
    """More failures than groups, no group and a look beyond the review are refused."""
    with pytest.raises(ValueError, match="at most reviewed"):
        Unseen.from_counts(reviewed=3, modes={"a": 2, "b": 2})
    with pytest.raises(ValueError, match="at least one group"):
        Unseen.from_groups([])
    with pytest.raises(ValueError, match="at most 3"):
        Unseen.from_counts(reviewed=3, modes={}).expected_modes(4)
