"""How alike the outcomes of a group are, and what that makes of repeats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.statistics.design_effect import (
    Correlation,
    correlation,
    design_effect,
    worth_of_another_repeat,
)
from shipworthy.statistics.results import NotEstimable


def test_groups_that_pass_or_fail_as_a_whole_agree_entirely():
    """No group is mixed: one repeat tells as much as four."""
    assert correlation({(4, 4): 40, (0, 4): 10}).estimate == 1.0


def test_groups_that_are_all_mixed_alike_take_turns():
    """Every group passes two of four: the correlation is as far below nought as it can be."""
    assert correlation({(2, 4): 30}).estimate == pytest.approx(-1 / 3)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({}, "there are none"),
        ({(1, 2): 1}, "there is one"),
        ({(1, 1): 9, (0, 1): 3}, "one outcome"),
        ({(3, 3): 9}, "the same"),
        ({(0, 3): 9}, "the same"),
    ],
)
def test_what_cannot_be_told_has_a_reason_and_no_number(counts, reason):
    """No group, one group, single outcomes, or outcomes that are all the same."""
    found = correlation(counts)
    assert isinstance(found, NotEstimable)
    assert reason in found.reason


def test_more_passed_than_planned_is_refused():
    """Five of four is a mistake of the caller."""
    with pytest.raises(ValueError, match="at most planned = 4"):
        correlation({(5, 4): 2})


@given(
    counts=st.dictionaries(
        st.tuples(st.integers(0, 4), st.just(4)), st.integers(1, 40), min_size=2, max_size=5
    )
)
def test_the_correlation_lies_between_its_ends_and_does_not_mind_which_outcome_is_good(counts):
    """From -1/3 to 1 for four outcomes, and the same when passes and failures trade places."""
    found = correlation(counts)
    turned = correlation({(4 - x, k): n for (x, k), n in counts.items()})
    if isinstance(found, Correlation):
        assert -1 / 3 - 1e-9 <= found.estimate <= 1.0
        assert turned.estimate == pytest.approx(found.estimate, abs=1e-9)


def test_an_interval_holds_the_estimate_and_is_refused_where_little_was_seen():
    """Two mixed groups are no ground for an interval; nineteen are."""
    few = correlation({(4, 4): 50, (3, 4): 2})
    many = correlation({(4, 4): 40, (3, 4): 15, (2, 4): 4, (0, 4): 6})
    assert isinstance(few.interval(0.05), NotEstimable)
    low, high = many.interval(0.05)
    assert low < many.estimate < high
    assert many.interval(0.5)[0] > low


def test_repeats_that_agree_are_worth_little():
    """Independent repeats are worth a case each; repeats that always agree nothing; and each further one less."""
    assert design_effect(size=4, icc=0.0) == 1.0
    assert design_effect(size=4, icc=1.0) == 4.0
    assert worth_of_another_repeat(repeats=1, icc=0.0) == pytest.approx(1.0)
    assert worth_of_another_repeat(repeats=3, icc=1.0) == 0.0
    worths = [worth_of_another_repeat(repeats=k, icc=0.3) for k in range(1, 8)]
    assert worths == sorted(worths, reverse=True)
