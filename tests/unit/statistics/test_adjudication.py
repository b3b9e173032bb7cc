"""One label from several: one promise a test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.statistics.adjudication import (
    Adjudicator,
    Majority,
    Settled,
    Unanimous,
    Unsettled,
    settle,
    settle_all,
)

rules = st.sampled_from(
    [Majority(), Majority(least=3), Unanimous(), Adjudicator(rater=0), Adjudicator(rater=2)]
)
patterns = st.tuples(*[st.sampled_from(["a", "b", "c", None])] * 4)


@pytest.mark.parametrize(
    ("pattern", "rule", "found"),
    [
        (("a", "a", "b"), Majority(), Settled("a", by="majority")),
        (("a", "a", None), Majority(), Settled("a", by="unanimous")),
        (("a", "b", "c"), Majority(), Unsettled("no majority: 1 a, 1 b, 1 c")),
        (("a", "a", "b", "c"), Majority(), Unsettled("no majority: 2 a, 1 b, 1 c")),
        (("a", None, None), Majority(), Unsettled("1 of the 2 ratings needed")),
        (("a", None, None), Majority(least=1), Settled("a", by="unanimous")),
        ((None, None), Majority(), Unsettled("0 of the 2 ratings needed")),
        (("a", "a", "b"), Unanimous(), Unsettled("raters disagree: 2 a, 1 b")),
        (("a", "a", "a"), Unanimous(least=3), Settled("a", by="unanimous")),
        (("b", "a", "a"), Adjudicator(rater=0), Settled("a", by="unanimous")),
        (("b", "a", "c"), Adjudicator(rater=0), Settled("b", by="adjudicator")),
        (
            (None, "a", "c"),
            Adjudicator(rater=0),
            Unsettled("raters disagree and the adjudicator gave no label: 1 a, 1 c"),
        ),
        (("b", "a", None), Adjudicator(rater=0), Unsettled("1 of the 2 ratings needed")),
    ],
)
def test_rules_settle_what_they_say(pattern, rule, found):
    """Each rule by example: more than half, all alike, or the named rater where the others differ."""
    assert settle(pattern, rule=rule) == found


@given(pattern=patterns, rule=rules)
def test_a_label_was_given_by_somebody(pattern, rule):
    """No rule invents a label."""
    found = settle(pattern, rule=rule)
    assert isinstance(found, Unsettled) or found.label in pattern


@given(pattern=patterns, order=st.permutations(range(4)))
def test_the_order_of_equal_raters_does_not_matter(pattern, order):
    """Majority and unanimity do not depend on who said it."""
    moved = tuple(pattern[i] for i in order)
    for rule in (Majority(), Unanimous()):
        assert settle(pattern, rule=rule) == settle(moved, rule=rule)


@given(histogram=st.dictionaries(patterns, st.integers(0, 50)), rule=rules)
def test_no_case_is_lost(histogram, rule):
    """Labels and reasons add up to the cases that were given, and so do the ways of settling."""
    found = settle_all(histogram, rule=rule)
    assert found.n_cases == sum(histogram.values())
    assert sum(found.by.values()) == sum(found.labels.values())
    assert 0 not in {*found.labels.values(), *found.unscored.values()}


@pytest.mark.parametrize(
    ("rule", "error", "message"),
    [
        (Majority(least=0), ValueError, "least must be at least 1"),
        (Unanimous(least=1.5), TypeError, "least must be a whole number"),
        (Adjudicator(rater=2), ValueError, "adjudicator must be one of 2 raters"),
        (Adjudicator(rater=-1), ValueError, "adjudicator must be at least 0"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(rule, error, message):
    """A rule names raters that exist and asks for one rating at least."""
    with pytest.raises(error, match=message):
        settle(("a", "b"), rule=rule)
