"""A judge asked in both orders: one promise a test."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.position_bias import BothOrders
from shipworthy.statistics.results import NotEstimable

small = st.integers(0, 200)
judges = st.builds(
    lambda s, f, t, u: BothOrders(steady=s + 1, to_first=f, to_second=t, unanswered=u),
    small,
    small,
    small,
    small,
)


@pytest.mark.parametrize(
    ("choices", "kind"),
    [
        (("first", "second"), "steady"),
        (("second", "first"), "steady"),
        (("tie", "tie"), "steady"),
        (("first", "first"), "to_first"),
        (("first", "tie"), "to_first"),
        (("tie", "first"), "to_first"),
        (("second", "second"), "to_second"),
        (("tie", "second"), "to_second"),
        (("first", None), "unanswered"),
        ((None, None), "unanswered"),
    ],
)
def test_choices_are_told_apart(choices, kind):
    """The same output preferred in both orders is steady; the same place preferred is a flip towards it."""
    found = BothOrders.from_choices({choices: 3})
    assert {name: getattr(found, name) for name in ("steady", "to_first", "to_second", "unanswered")} == {
        "steady": 0, "to_first": 0, "to_second": 0, "unanswered": 0, kind: 3,
    }  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(judge=judges, limit=st.floats(0.02, 0.98))
def test_state_and_bounds_are_two_views_of_one_test(judge, limit):
    """A judge is admitted exactly when its upper bound reaches down to the limit, refused when the lower is above."""
    found = judge.admission(limit=limit)
    assert found.admitted == (found.state == "below the limit") == (found.upper <= limit)
    assert (found.state == "above the limit") == (found.lower > limit)
    assert 0 <= found.lower <= found.upper <= 1


@settings(max_examples=100, deadline=None)
@given(judge=judges, more=st.integers(1, 40))
def test_an_unanswered_pair_never_helps(judge, more):
    """Adding pairs without an answer turns no judge into an admitted one that steady pairs would not admit."""
    worse = BothOrders(
        steady=judge.steady,
        to_first=judge.to_first,
        to_second=judge.to_second,
        unanswered=judge.unanswered + more,
    )
    assert worse.admission().upper >= judge.admission().upper - 1e-12
    assert worse.admission().lower <= judge.admission().lower + 1e-12


@settings(max_examples=100, deadline=None)
@given(judge=judges)
def test_the_preference_test_has_no_side(judge):
    """Exchanging first and second leaves the p-value as it is."""
    mirror = BothOrders(steady=judge.steady, to_first=judge.to_second, to_second=judge.to_first)
    first, second = judge.p_preference(), mirror.p_preference()
    assert first == second
    assert isinstance(first, NotEstimable) or 0 < first <= 1


def test_a_judge_that_never_flipped_is_not_certain():
    """No flip on ten pairs leaves a flip rate of up to 26 %: too few pairs to admit a judge."""
    judge = BothOrders(steady=10, to_first=0, to_second=0)
    assert judge.admission().state == "not shown"
    assert judge.admission().upper == pytest.approx(1 - 0.05**0.1)
    assert judge.first_share() == judge.p_preference() == NotEstimable("the judge never flipped")
    assert BothOrders(steady=14, to_first=0, to_second=0).admission().admitted


def test_a_judge_that_never_answers_is_not_admitted():
    """Without an answer there is no flip rate, and nothing is shown."""
    judge = BothOrders(steady=0, to_first=0, to_second=0, unanswered=50)
    assert judge.flip_rate() == NotEstimable("no pair is answered in both orders")
    found = judge.admission()
    assert (found.state, found.lower, found.upper) == ("not shown", 0.0, 1.0)


def test_wrong_counts_and_choices_are_refused():
    """A negative count, no pair at all, an unknown choice and a limit of 0 are refused by name."""
    with pytest.raises(ValueError, match="to_first must be at least 0"):
        BothOrders(steady=1, to_first=-1, to_second=0)
    with pytest.raises(ValueError, match="at least one pair"):
        BothOrders.from_choices({})
    with pytest.raises(ValueError, match="choices must be two of"):
        BothOrders.from_choices({("A", "first"): 1})
    judge = BothOrders(steady=5, to_first=0, to_second=0)
    with pytest.raises(ValueError, match="limit"):
        judge.admission(limit=0)
    with pytest.raises(ValueError, match="level"):
        judge.flip_rate(level=1)


def test_pairs_of_a_group_are_no_further_evidence():
    """Twenty groups of ten steady pairs say what twenty pairs say; flips all in one group are one group."""
    alike = BothOrders.from_groups({(10, 0, 0, 0): 20})
    single = BothOrders(steady=20, to_first=0, to_second=0)
    assert alike.admission() == single.admission()
    assert alike.planned == 200
    one = BothOrders.from_groups({(10, 0, 0, 0): 19, (0, 10, 0, 0): 1})
    assert one.p_preference() == 1.0
    assert one.flip_rate().estimate == pytest.approx(0.05)


@settings(max_examples=50, deadline=None)
@given(judge=judges)
def test_groups_of_one_pair_are_pairs(judge):
    """Where every group holds one pair, nothing changes."""
    kinds = {(1, 0, 0, 0): judge.steady, (0, 1, 0, 0): judge.to_first, (0, 0, 1, 0): judge.to_second}
    grouped = BothOrders.from_groups(kinds | {(0, 0, 0, 1): judge.unanswered})
    assert grouped.admission() == judge.admission()
    assert grouped.flip_rate() == judge.flip_rate()
    assert grouped.p_preference() == judge.p_preference()


def test_a_group_without_an_answer_has_no_flip_rate():
    """A group of unanswered pairs is left out of the flip rate, and counts against admission."""
    judge = BothOrders.from_groups({(3, 0, 0, 0): 30, (0, 0, 0, 3): 5})
    assert judge.flip_rate() == BothOrders.from_groups({(3, 0, 0, 0): 30}).flip_rate()
    assert judge.admission().upper > BothOrders.from_groups({(3, 0, 0, 0): 35}).admission().upper
    even = BothOrders.from_groups({(0, 1, 1, 0): 4})
    assert even.p_preference() == NotEstimable("no group leans to a place")


def test_groups_that_do_not_add_up_are_refused():
    """An empty group, three counts, and totals that differ from the groups are refused."""
    for group in ((0, 0, 0, 0), (1, 0, 0)):
        with pytest.raises(ValueError, match="a group must hold four counts"):
            BothOrders.from_groups({group: 1})
    with pytest.raises(ValueError, match="groups must add up to"):
        BothOrders(steady=5, to_first=0, to_second=0, groups=(((1, 0, 0, 0), 4),))
