"""What shipping is worth in a week."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.money_range import MoneyRange
from shipworthy.statistics.net_mean import Seen
from shipworthy.statistics.net_value import net_value
from shipworthy.statistics.results import NotEstimable

PRIORS = ["coins", "coins", "as seen"]


def seen(fixed=60, broken=10, same=130, harmed=0, cost=0.0):
    """Return groups: gain in good answers, in harm, in cost."""
    rows = [[1.0, 0.0, cost]] * fixed + [[-1.0, 0.0, cost]] * broken
    rows += [[0.0, 0.0, cost]] * same + [[0.0, 1.0, cost]] * harmed
    return Seen.of_parts([np.array(rows)], [1.0])


def week(found=None, worth=None, harm=None, per_week=1000.0):
    """Return the net value of a week, with a harm that costs 5 to 15."""
    return net_value(
        found or seen(), priors=PRIORS, worth=worth or MoneyRange(0.4, 1.1, 0.7),
        harms=[harm or MoneyRange(5, 15)], per_week=per_week,
    )  # fmt: skip


def test_the_expected_value_is_worth_times_gain_less_harm_less_cost():
    """By hand: 1000 x (0.7333 x 50/201 - 10 x 3/201 - 0.02), with one prior group that gains nothing."""
    found = week(seen(60, 10, 127, harmed=3, cost=0.02))
    assert found.expected == pytest.approx(1000 * ((2.2 / 3) * 50 / 201 - 10 * 3 / 201 - 0.02))


@settings(max_examples=8, deadline=None)
@given(fixed=st.integers(0, 40), broken=st.integers(0, 40), harmed=st.integers(0, 3), worth=st.floats(0.1, 5))
def test_the_parts_agree_with_each_other(fixed, broken, harmed, worth):
    """The range is in order, perfect knowledge is worth no less than knowing rates, and break-even has no net value."""
    found = week(seen(fixed, broken, 30, harmed), worth=MoneyRange(worth / 2, 2 * worth))
    assert found.low <= found.high
    assert found.perfect >= found.perfect_rates >= 0
    gain = (fixed - broken) / (fixed + broken + 31 + harmed)
    assert (found.expected > 0) == (gain > found.break_even) or abs(found.expected) < 1e-9


def test_a_more_expensive_answer_is_worth_less():
    """Every cent of cost comes off, and takes chance with it."""
    cheap, dear = week(seen(cost=0.0)), week(seen(cost=0.15))
    assert cheap.expected - dear.expected == pytest.approx(150)
    assert dear.chance < cheap.chance


def test_a_dear_harm_that_never_happened_still_widens_the_range():
    """No harm in 200 groups, at 1 or at 100,000 an event: the second may cost more than anything gained."""
    mild, dear = week(harm=MoneyRange(1, 1)), week(harm=MoneyRange(1e5, 1e5))
    assert dear.expected == pytest.approx(mild.expected)
    assert dear.chance < 0.9 < mild.chance
    assert dear.swings[0].name == "gain in harm 1"


def test_the_first_swing_is_the_input_that_moves_most():
    """A range of prices that is wider than the rates comes first; a fixed price does not appear."""
    found = week(worth=MoneyRange(0.01, 5.0))
    assert found.swings[0].name == "worth of a good answer"
    fixed = week(worth=MoneyRange(0.7, 0.7), harm=MoneyRange(10, 10))
    assert {s.name for s in fixed.swings} == {"gain in good answers", "gain in harm 1"}
    assert [s.size for s in found.swings] == sorted((s.size for s in found.swings), reverse=True)


def test_nothing_pays_where_a_good_answer_is_worth_nothing():
    """There is no break-even rate then, and the reason is given."""
    found = week(worth=MoneyRange(0.0, 0.0))
    assert isinstance(found.break_even, NotEstimable)
    assert "worth nothing" in found.break_even.reason


def test_nothing_a_week_is_worth_nothing():
    """Without traffic every figure is 0."""
    found = week(per_week=0.0)
    assert (found.expected, found.low, found.high, found.perfect) == (0.0, 0.0, 0.0, 0.0)


def test_the_same_counts_give_the_same_numbers():
    """Nothing is drawn at random."""
    one, two = week(), week()
    assert (one.low, one.high, one.chance, one.perfect) == (two.low, two.high, two.chance, two.perfect)


def test_what_does_not_fit_is_refused():
    """One prior for each column, and no negative traffic."""
    with pytest.raises(ValueError, match="priors must be 3"):
        net_value(seen(), priors=["coins"], worth=MoneyRange(1, 2), harms=[MoneyRange(1, 2)])
    with pytest.raises(ValueError, match="per_week must be in"):
        week(per_week=-1.0)
