"""What one variant is worth more than the baseline."""

import numpy as np
import pytest

from shipworthy.decision.worth import Measuring, Outcomes, Traffic, Worth, worth
from shipworthy.domain.launch import Harm, Launch, Value
from shipworthy.statistics.results import NotEstimable


def did(good, harmed=0, n=100, **more):
    """Return outcomes: so many good answers and harmful ones among n groups."""
    right, bad = np.zeros(n), np.zeros(n)
    right[:good], bad[n - harmed :] = 1.0, 1.0
    return Outcomes(right, right, {"harmless": bad}, {"harmless": bad}, **more)


def launch(**more):
    """Return a brief: an answer is worth 1, an event costs 10, a thousand answers a week."""
    harm = more.pop("harm", [Harm(event="harm is done", low=10, high=10, criterion="harmless")])
    return Launch(value=Value(low=1, likely=1, high=1, per_week=1000), harm=harm, **more)


def test_the_sum_by_hand():
    """20 more good answers of 100 and 1 more event: 1000 x (20/101 - 10 x 1/101)."""
    found = worth("new", did(80, 1), did(60), launch=launch())
    assert isinstance(found, Worth)
    assert found.week.expected == pytest.approx(1000 * (20 - 10) / 101)
    assert found.break_even == pytest.approx(0.6 + 10 / 101)
    assert found.rate == 0.8


def test_without_a_value_nothing_is_computed():
    """A brief that says nothing of worth or traffic gets a reason, never a zero."""
    for brief in (Launch(), Launch(value=Value(low=1, likely=1, high=1))):
        assert isinstance(worth("new", did(80), did(60), launch=brief), NotEstimable)


def test_a_harm_that_no_criterion_measures_is_named_and_not_counted():
    """It costs nothing in the sum, and the reader is told so."""
    brief = launch(harm=[Harm(event="harm is done", low=10, high=10)])
    found = worth("new", did(80, 50), did(60), launch=brief)
    assert found.unpriced == ("harm is done",)
    assert found.week.expected == pytest.approx(1000 * 20 / 101)


def test_without_a_baseline_shipping_is_held_against_nothing():
    """Jeffreys' rate: 80 good of 100 are 80.5 of 101, and no event still counts as half of one."""
    found = worth("new", did(80), None, launch=launch())
    assert found.week.expected == pytest.approx(1000 * (80.5 - 10 * 0.5) / 101)


def test_unknown_costs_are_said():
    """A cost that nobody recorded is no zero; a free baseline is one that is assumed."""
    cost = np.full(100, 0.1)
    none, free, some = (
        worth("new", did(80, **a), did(60, **b), launch=launch())
        for a, b in [({}, {}), ({"cost": cost}, {}), ({"cost": cost, "unknown_costs": 3}, {"cost": cost})]
    )
    assert "no cost was recorded" in none.notes[0]
    assert "counts as free" in free.notes[0]
    assert some.notes == ("3 outputs have no recorded cost: each counts as the dearest that has one",)
    assert none.week.expected - free.week.expected == pytest.approx(100)
    assert some.week.expected == pytest.approx(none.week.expected)  # both cost the same


def test_the_traffic_is_mixed_by_its_shares():
    """Good on a part with a tenth of the traffic, whatever its share of the cases."""
    part = np.array([0] * 80 + [1] * 20)
    found = worth("new", did(80), did(0), launch=launch(), traffic=Traffic(part, (0.1, 0.9)))
    assert found.rate == pytest.approx(0.1)
    gone = worth("new", did(80), did(0), launch=launch(), traffic=Traffic(part * 0, (0.1, 0.9)))
    assert "no group here" in gone.notes[-1]


def test_one_more_week_is_weighed_against_its_price():
    """A week for 100: a settled question is not worth it, an open one is."""
    week = Measuring(60, 100.0, 26.0)
    settled = worth("new", did(80), did(20), launch=launch(), measuring=week)
    open_ = worth("new", did(55, 1), did(48, 0), launch=launch(), measuring=week)
    assert settled.more.enough
    assert not open_.more.enough
    assert open_.more.value <= open_.week.perfect_rates * 25 * 1.05
