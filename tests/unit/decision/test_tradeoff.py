"""Candidates beside each other: dominated, behind, in front."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.decision.tradeoff import Axis, trade_off
from shipworthy.statistics.multiplicity import holm, holm_adjusted
from shipworthy.statistics.results import NotEstimable


def axis(name="right", side="goal", *, unknown=None, unit=None, **values):
    """Return an axis from the passes of each variant; `unknown` are outputs that count against and in favour."""
    against = {v: np.array(x, dtype=float) for v, x in values.items()}
    in_favour = dict(against)
    for variant, groups in (unknown or {}).items():
        against[variant] = against[variant].copy()
        against[variant][groups] = 0.0
        in_favour[variant] = against[variant].copy()
        in_favour[variant][groups] = 1.0
    return Axis(name, side, against, in_favour, unit=unit)


def split(n, *runs):
    """Return n values from (how many, value) pairs; the rest is 0."""
    values = np.zeros(n)
    at = 0
    for many, value in runs:
        values[at : at + many] = value
        at += many
    return values


def place(found):
    """Return variant to place and dominators."""
    return {p.variant: (p.place, p.by) for p in found.placed}


GOOD, POOR = split(100, (90, 1)), split(100, (60, 1))


def test_better_on_every_axis_is_shown_to_dominate():
    """90 against 60 of 100 on a goal, and half the cost: dominated, and by whom."""
    axes = [
        axis(a=GOOD, b=POOR),
        axis("cost", "cost", unit=1.0, a=split(100, (100, 0.8)), b=split(100, (100, 0.6))),
    ]
    found = trade_off(axes, ["a", "b"], baseline=None, level=0.05)
    assert place(found) == {"a": ("in front", ()), "b": ("dominated", ("a",))}
    assert found.placed[1].p_value < 1e-6


def test_worse_on_one_axis_is_in_front():
    """However much better elsewhere: a harm is not paid for by a gain."""
    axes = [axis(a=GOOD, b=POOR), axis("harmless", "harm", a=split(100, (97, 1)), b=np.ones(100))]
    found = trade_off(axes, ["a", "b"], baseline="b", level=0.05)
    assert place(found) == {"a": ("in front", ()), "b": ("in front", ())}


def test_near_ties_are_not_dominated():
    """29 cases one way and 28 the other, at a lower cost: behind is the most that is said."""
    a, b = np.zeros(500), np.zeros(500)
    a[:372], b[28:400], b[400] = 1, 1, 0
    a[400] = 1
    axes = [axis(a=a, b=b), axis("cost", "cost", unit=1.0, a=np.full(500, 0.7), b=np.full(500, 0.6))]
    found = trade_off(axes, ["a", "b"], baseline=None, level=0.05)
    assert place(found)["b"] == ("behind", ("a",))


def test_equal_on_an_axis_takes_a_margin():
    """No harm by either in 300 groups: nothing is shown without a margin, and with 2 in 100 it is."""
    wide = [np.tile(x, 3) for x in (GOOD, POOR)]
    axes = [axis(a=wide[0], b=wide[1]), axis("harmless", "harm", a=np.ones(300), b=np.ones(300))]
    without, given_one = (
        trade_off(axes, ["a", "b"], baseline=None, level=0.05, margin=m) for m in (0.0, 0.02)
    )
    assert place(without)["b"] == ("behind", ("a",))
    assert place(given_one)["b"] == ("dominated", ("a",))


def test_equal_everywhere_is_never_dominated_whatever_the_margin():
    """A margin lets an axis count as equal, never all of them: nothing is better there."""
    found = trade_off([axis(a=GOOD, b=GOOD)], ["a", "b"], baseline=None, level=0.05, margin=0.5)
    assert place(found) == {"a": ("in front", ()), "b": ("in front", ())}


def test_the_unknown_counts_against_whatever_is_said_to_be_better():
    """40 outputs of the better one are not scored: it is no longer seen to be better, nor is the other."""
    found = trade_off([axis(a=GOOD, b=POOR, unknown={"a": range(40)})], ["a", "b"], baseline="b", level=0.05)
    assert place(found)["b"][0] == "in front"
    (line,) = found.against
    assert (line.fixed, line.broken, line.state) == (30, 40, "not told apart")


def test_the_unknown_of_the_other_counts_for_it():
    """40 outputs of the worse one are not scored, and might all have passed: nothing is fixed by them."""
    found = trade_off(
        [axis(a=GOOD, b=POOR, unknown={"b": range(60, 100)})], ["a", "b"], baseline="b", level=0.05
    )
    assert (found.against[0].fixed, found.against[0].broken) == (0, 10)
    assert place(found)["b"][0] == "in front"


def test_against_the_baseline_flips_are_counted_and_the_family_is_controlled():
    """15 fixed and 5 broken are better alone (p .041 of both directions), not as one of three variants."""
    base = split(100, (50, 1))
    new = base.copy()
    new[:5], new[50:65] = 0, 1
    alone = trade_off([axis(base=base, new=new)], ["base", "new"], baseline="base", level=0.05)
    among = trade_off(
        [axis(base=base, new=new, x=base, y=base)], ["base", "new", "x", "y"], baseline="base", level=0.05
    )
    assert (alone.against[0].fixed, alone.against[0].broken, alone.against[0].unchanged) == (15, 5, 80)
    assert (alone.against[0].state, alone.against[0].p_better) == (
        "better",
        pytest.approx(2 * 0.020695, abs=1e-4),
    )
    assert among.against[0].state == "not told apart"


def test_few_groups_of_several_cases_tell_nothing_apart():
    """Nine groups of several cases: a reason instead of a word."""
    found = trade_off(
        [axis(a=np.ones(9), b=np.zeros(9))], ["a", "b"], baseline="b", level=0.05, together=True
    )
    assert "9 groups of several cases" in found.reason
    assert place(found)["b"][0] == "behind"
    assert found.against[0].state == "not told apart"


def test_flattery_is_that_of_the_scatter_of_differences():
    """Two variants of which 20 in 100 cases differ: the best looks better by sd / sqrt(2 pi n)."""
    a, b = split(100, (60, 1)), split(100, (50, 1))
    b[60:70] = 1
    found = trade_off([axis(a=a, b=b)], ["a", "b"], baseline=None, level=0.05).flattery
    spread = np.std(a - b, ddof=1) / 10
    assert found == pytest.approx(spread / np.sqrt(2 * np.pi))
    assert isinstance(trade_off([axis(a=a)], ["a"], baseline=None, level=0.05).flattery, NotEstimable)


@given(p=st.lists(st.floats(0, 1), max_size=10), alpha=st.floats(0.001, 0.5))
def test_an_adjusted_p_value_is_small_exactly_when_holm_rejects(p, alpha):
    """Both are one procedure."""
    assert [a <= alpha for a in holm_adjusted(p)] == holm(p, alpha=alpha) or any(
        abs(a - alpha) < 1e-12 for a in holm_adjusted(p)
    )


@settings(max_examples=25, deadline=None)
@given(data=st.data(), n=st.integers(2, 40))
def test_nobody_dominates_both_ways_and_more_error_takes_nothing_back(data, n):
    """If one dominates another, that one does not dominate it; a larger level keeps every "dominated"."""
    bits = st.lists(st.sampled_from([0.0, 1.0]), min_size=n, max_size=n)
    axes = [axis(name, a=data.draw(bits), b=data.draw(bits), c=data.draw(bits)) for name in ("x", "y")]
    strict, loose = (trade_off(axes, "abc", baseline=None, level=level) for level in (0.05, 0.3))
    by = {p.variant: set(p.by) for p in loose.placed if p.place == "dominated"}
    assert not any(v in by.get(other, ()) for v, others in by.items() for other in others)
    for p in strict.placed:
        if p.place == "dominated":
            assert set(p.by) <= by[p.variant]
