"""Whether an eval set has the mix of the traffic."""

import pytest

from shipworthy.statistics.mix_distance import mix_distance
from shipworthy.statistics.results import NotEstimable


def test_a_mix_like_the_shares_is_not_remarkable_and_another_one_is():
    """As declared: distance 0, p-value 1. A quarter of a slice that has a hundredth of the traffic: next to none."""
    shares = {"a": 0.5, "b": 0.3, "c": 0.2}
    same = mix_distance({"a": 50, "b": 30, "c": 20}, shares=shares)
    assert (same.distance, same.p_value) == (0.0, 1.0)
    many = mix_distance({"a": 5000, "b": 3000, "c": 2000}, shares=shares)
    assert (many.method, many.p_value) == ("chi-square", 1.0)
    far = mix_distance({"usual": 150, "hard": 50}, shares={"usual": 0.99, "hard": 0.01})
    assert far.distance == pytest.approx(0.24)
    assert far.p_value < 1e-9


def test_a_mix_that_cannot_be_drawn_and_one_of_nothing():
    """Cases in a slice without traffic are impossible under the shares; no cases say nothing."""
    assert mix_distance({"a": 9, "b": 1}, shares={"a": 1.0, "b": 0.0}).p_value == 0
    assert mix_distance({"a": 9}, shares={"a": 1.0, "b": 0.0}).p_value == 1
    assert mix_distance({}, shares={"a": 1.0}) == NotEstimable("there are no groups")


def test_arguments_are_checked_at_the_door():
    """Groups in a slice without a share, and counts that are none."""
    with pytest.raises(ValueError, match="'b' is missing"):
        mix_distance({"b": 1}, shares={"a": 1.0})
    with pytest.raises(TypeError, match="whole number"):
        mix_distance({"a": 1.5}, shares={"a": 1.0})
