"""Verdicts, labels and regions of outcomes: one promise a test."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom

from shipworthy.statistics.label_design import LabelDesign

DESIGN = LabelDesign(300, 270, 54, 6, "random")


def test_better_labels_stand_higher():
    """The order rises with every label that passes, on either verdict."""
    levels = np.array([[DESIGN.level(x1, x0) for x0 in range(7)] for x1 in range(55)])
    assert (np.diff(levels, axis=0) > 0).all()
    assert (np.diff(levels, axis=1) > 0).all()


def test_a_region_holds_what_it_was_asked_for():
    """The outcome seen belongs to its own region, and one label worse does not."""
    bins = DESIGN._bins
    for upheld, rescued in itertools.product((40, 50, 54), (0, 2, 6)):
        region = DESIGN.region(DESIGN.level(upheld, rescued))
        assert region.fewest[bins.seen, rescued] == upheld


def test_the_chance_of_everything_is_one():
    """All outcomes together have chance 1 at any rates."""
    chances = DESIGN.region(-10.0).chance(0.9, np.array([0.0, 0.5, 1.0]), np.array([1.0, 0.2, 0.0]))
    assert chances == pytest.approx([1.0, 1.0, 1.0], abs=1e-9)


def test_the_chance_of_nothing_is_nothing_but_what_is_left_out():
    """An empty region has no chance beyond that of verdict counts too rare to follow."""
    assert DESIGN.region(2.0).chance(0.9, np.array([0.95]), np.array([0.5]))[0] < 1e-5


def test_bins_hold_every_count_once():
    """Counts of judge passes run on without a gap, and what was seen lies in its bin."""
    for design in (
        DESIGN,
        LabelDesign(100_000, 88_000, 80, 20, "by_verdict"),
        LabelDesign(20, 20, 9, 0, "random"),
    ):
        bins = design._bins
        assert (np.diff(bins.counts) == 1).all()
        ends = np.append(bins.first[1:], bins.counts.size)
        assert bins.counts[bins.first[bins.seen]] <= design.passed <= bins.counts[ends[bins.seen] - 1]
        assert (bins.of_passed[bins.seen], bins.of_failed[bins.seen]) == (design.of_passed, design.of_failed)


def test_labels_by_verdict_stay_as_asked_for():
    """A number asked for stays, within what there is; all of the outputs of a verdict stay all of them."""
    some = LabelDesign(300, 270, 40, 20, "by_verdict")
    assert some._labels(np.array([250, 290]))[1].tolist() == [20, 10]
    every = LabelDesign(300, 270, 40, 30, "by_verdict")
    assert [x.tolist() for x in every._labels(np.array([250, 290]))] == [[20, 60], [50, 10]]
    other = LabelDesign(300, 30, 30, 40, "by_verdict")
    assert [x.tolist() for x in other._labels(np.array([20, 50]))] == [[20, 50], [50, 20]]


def test_the_judge_pass_rate_lies_in_its_range():
    """At either end of the range the count seen has a chance of half of what is set aside."""
    low, high = DESIGN.q_range
    assert binom.sf(269, 300, low) == pytest.approx(5e-6, rel=1e-6)
    assert binom.cdf(270, 300, high) == pytest.approx(5e-6, rel=1e-6)
    assert LabelDesign(10, 0, 0, 5, "random").q_range[0] == 0.0
    assert LabelDesign(10, 10, 5, 0, "random").q_range[1] == 1.0
