"""Raters that differ: one promise a test."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics import dawid_skene
from shipworthy.statistics.dawid_skene import RaterModel, fit
from shipworthy.statistics.results import NotEstimable

maybe = st.sampled_from(["a", "b", "c", None])
tables = st.dictionaries(st.tuples(*[maybe] * 4), st.integers(1, 30), min_size=1, max_size=10)


def expected_counts(right, share, total=100_000):
    """Return how often each pattern comes up among raters who are right with these chances."""
    seen = {}
    for pattern in itertools.product("ab", repeat=len(right)):
        by_truth = [
            weight
            * math.prod(r if label == truth else 1 - r for label, r in zip(pattern, right, strict=True))
            for truth, weight in (("a", share), ("b", 1 - share))
        ]
        seen[pattern] = round(total * sum(by_truth))
    return seen


@settings(max_examples=60, deadline=None)
@given(table=tables)
def test_chances_are_chances_or_there_is_a_reason(table):
    """Every row adds up to one and lies strictly between 0 and 1, or the model says why there is none."""
    model = fit(table, labels="abc")
    if isinstance(model, NotEstimable):
        assert model.reason
        return
    rows = [
        model.shares,
        *model.posterior.values(),
        *(row for table in model.confusion for row in table.values()),
    ]
    assert all(sum(row.values()) == pytest.approx(1) and min(row.values()) >= 0 for row in rows)
    assert all(
        0 < chance < 1 for table in model.confusion for row in table.values() for chance in row.values()
    )
    assert 0 <= model.expected_error < 1


def test_known_raters_are_found_again():
    """From the counts that five raters of known skill produce, their skill and the shares come back."""
    right = (0.95, 0.9, 0.8, 0.7, 0.6)
    model = fit(expected_counts(right, 0.7), labels="ab")
    assert isinstance(model, RaterModel)
    assert model.shares["a"] == pytest.approx(0.7, abs=0.002)
    for rater, chance in zip(model.confusion, right, strict=True):
        assert rater["a"]["a"] == pytest.approx(chance, abs=0.003)
        assert rater["b"]["b"] == pytest.approx(chance, abs=0.003)


def test_strong_raters_outvote_weak_ones():
    """Two strong raters against three weak ones: the model follows the strong, and counts what it changed."""
    model = fit(expected_counts((0.98, 0.97, 0.6, 0.6, 0.6), 0.5), labels="ab")
    assert model.label_of(("a", "a", "b", "b", "b")) == "a"
    assert model.changed > 0
    assert "labels of the majority change" in model.gain


def test_equal_raters_gain_nothing():
    """Three raters of one skill: the model is the majority, and says so."""
    model = fit(expected_counts((0.9, 0.9, 0.9), 0.5), labels="ab")
    assert model.gain == "no gain over the majority"
    assert (model.changed, model.broken_ties) == (0, 0)


def test_ties_are_broken_by_skill():
    """Where there is no majority the better rater counts for more."""
    table = {
        ("a", "a", "a", "a"): 40,
        ("b", "b", "b", "b"): 40,
        ("a", "a", "a", "b"): 20,
        ("b", "b", "b", "a"): 20,
    }
    model = fit(table | {("a", None, None, "b"): 4}, labels="ab")
    assert model.label_of(("a", None, None, "b")) == "a"
    assert model.broken_ties == 4


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({("a", "b"): 9, ("a", "a"): 5}, "two raters cannot tell whose error it was"),
        ({("a", "b", None): 9, (None, "a", "a"): 5}, "no case has three ratings"),
        ({("a", "b", "a", None): 9, ("a", None, None, "b"): 5}, "rater 4 shares no case with two others"),
        ({("a", "a", "a"): 9}, "only one label was given"),
        ({(None, None, None): 9}, "no case has three ratings"),
    ],
)
def test_what_is_not_identified_is_a_reason(table, reason):
    """Two raters, no case with three ratings, a rater apart, one label: no number."""
    found = fit(table, labels="ab")
    assert isinstance(found, NotEstimable)
    assert reason in found.reason


def test_same_counts_same_model_whatever_their_order():
    """The model depends on the counts alone."""
    table = expected_counts((0.9, 0.8, 0.7), 0.6, total=200)
    assert fit(table, labels="ab") == fit(dict(reversed(table.items())), labels="ab")


def test_an_estimate_that_does_not_settle_is_a_reason(monkeypatch):
    """Stopped too early, the model gives a reason and no half-made number."""
    monkeypatch.setattr(dawid_skene, "ROUNDS", 2)
    assert fit(expected_counts((0.9, 0.8, 0.7), 0.6), labels="ab") == NotEstimable(
        "the estimate had not settled after 2 rounds"
    )


def test_empty_patterns_do_not_dilute():
    """Cases that nobody rated leave the model as it is."""
    table = expected_counts((0.9, 0.8, 0.7), 0.6, total=300)
    assert fit(table | {(None, None, None): 500}, labels="ab") == fit(table, labels="ab")
