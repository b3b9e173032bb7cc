"""Agreement between raters: one promise a test."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.agreement import Ratings
from shipworthy.statistics.display_interval import Interval
from shipworthy.statistics.results import NotEstimable

LABELS = ("bad", "good", "unsure")
maybe = st.sampled_from([*LABELS, None])
tables = st.dictionaries(st.tuples(maybe, maybe, maybe), st.integers(0, 30), min_size=1, max_size=8).filter(
    lambda table: sum(table.values())
)


def every(ratings, level=0.95):
    """Return each coefficient by name."""
    return {
        "raw": ratings.raw_agreement(level=level),
        "cohen": ratings.cohen_kappa(level=level),
        "fleiss": ratings.fleiss_kappa(level=level),
        "alpha": ratings.krippendorff_alpha(level=level),
        "ac1": ratings.gwet_ac1(level=level),
    }


@settings(max_examples=50, deadline=None)
@given(table=tables)
def test_every_answer_is_ordered_and_finite_or_a_reason(table):
    """No table of ratings gives a number that is not finite, or an estimate outside its interval."""
    ratings = Ratings.from_patterns(table, labels=LABELS)
    for found in (*every(ratings).values(), *ratings.prevalence().values()):
        if isinstance(found, NotEstimable):
            assert found.reason
        else:
            assert -1 <= found.lower <= found.estimate <= found.upper <= 1
            assert {type(v) for v in (found.estimate, found.lower, found.upper)} == {float}


@settings(max_examples=25, deadline=None)
@given(table=tables, order=st.permutations(range(3)), names=st.permutations(LABELS))
def test_names_and_order_do_not_matter(table, order, names):
    """Changing raters about, or calling labels by each other's names, changes no coefficient."""
    renamed = dict(zip(LABELS, names, strict=True)) | {None: None}
    moved: dict = {}
    for pattern, count in table.items():
        key = tuple(renamed[pattern[i]] for i in order)
        moved[key] = moved.get(key, 0) + count
    before, after = (every(Ratings.from_patterns(t, labels=LABELS)) for t in (table, moved))
    for name, found in before.items():
        if isinstance(found, Interval):
            assert after[name].estimate == pytest.approx(found.estimate, abs=1e-12)
            assert after[name].lower == pytest.approx(found.lower, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(table=tables)
def test_a_higher_level_is_never_narrower(table):
    """What covers in 99 of 100 samples contains what covers in 90."""
    ratings = Ratings.from_patterns(table, labels=LABELS)
    for wide, narrow in zip(every(ratings, 0.99).values(), every(ratings, 0.9).values(), strict=True):
        if isinstance(narrow, Interval):
            assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper


def test_perfect_agreement_is_not_certain():
    """Thirty cases without a disagreement give 1 with an interval that has a width."""
    found = every(Ratings.from_patterns({("good", "good"): 27, ("bad", "bad"): 3}, labels=("good", "bad")))
    assert {v.estimate for v in found.values()} == {1.0}
    assert all(v.lower < 0.95 and v.upper == 1.0 for v in found.values())


def test_a_narrow_interval_still_holds_its_estimate():
    """At a level of one half coin cases would move the interval away from complete agreement."""
    found = every(Ratings.from_patterns({("y", "y"): 500, ("n", "n"): 500}, labels="yn"), level=0.5)
    assert {v.upper for v in found.values()} == {1.0}


def test_one_label_leaves_nothing_beyond_chance():
    """Where only one label was given kappa and alpha are 0/0 and say so; raw agreement and AC1 stand."""
    found = every(Ratings.from_patterns({("good", "good"): 40}, labels=("good", "bad")))
    for name in ("cohen", "fleiss", "alpha"):
        assert found[name] == NotEstimable(
            "only one label was given, so agreement by chance would be complete too"
        )
    assert (found["raw"].estimate, found["ac1"].estimate) == (1.0, 1.0)
    assert found["ac1"].lower < 0.97


def test_rare_labels_lower_kappa_and_not_agreement():
    """Raters right in 95 of 100 agree on .905 whatever is rare; alpha falls to .45, AC1 rises to .89."""
    seen = []
    for rare in (0.5, 0.1, 0.05):
        both = round(10_000 * ((1 - rare) * 0.95**2 + rare * 0.05**2))
        neither = round(10_000 * (rare * 0.95**2 + (1 - rare) * 0.05**2))
        apart = (10_000 - both - neither) // 2
        table = {
            ("y", "y"): both,
            ("n", "n"): neither,
            ("y", "n"): apart,
            ("n", "y"): 10_000 - both - neither - apart,
        }
        found = every(Ratings.from_patterns(table, labels=("y", "n")))
        seen.append(tuple(round(found[name].estimate, 2) for name in ("raw", "alpha", "ac1")))
    assert [row[1] for row in seen] == [0.81, 0.61, 0.45]
    assert {row[0] for row in seen} <= {0.90, 0.91}
    assert (seen[0][2], seen[2][2]) == (0.81, 0.89)


def test_cases_of_a_group_are_no_further_evidence():
    """Twenty groups of five cases alike say what twenty cases say, not what a hundred say."""
    twenty = Ratings.from_patterns({("y", "y"): 12, ("n", "n"): 5, ("y", "n"): 3}, labels="yn")
    grouped = Ratings.from_groups(
        {(("y", "y"),) * 5: 12, (("n", "n"),) * 5: 5, (("y", "n"),) * 5: 3}, labels="yn"
    )
    rows = Ratings.from_patterns({("y", "y"): 60, ("n", "n"): 25, ("y", "n"): 15}, labels="yn")
    assert (grouped.n_groups, grouped.n_cases) == (20, 100)
    for name in ("raw", "cohen", "fleiss", "ac1"):
        small, same, large = (every(r)[name] for r in (twenty, grouped, rows))
        assert same.lower == pytest.approx(small.lower, abs=1e-9)
        assert large.lower > same.lower + 0.05


def test_a_case_with_one_rating_counts_for_nothing():
    """Cases that only one rater saw change no coefficient, and are not among those compared."""
    seen = {("y", "y", None): 8, ("n", "n", "n"): 6, ("y", None, "n"): 3}
    alone = seen | {("y", None, None): 50, (None, None, None): 9}
    first, second = (Ratings.from_patterns(t, labels="yn") for t in (seen, alone))
    assert every(first) == every(second)
    assert (second.n_cases, second.n_compared, second.n_groups) == (76, 17, 17)


def test_prevalence_adds_up():
    """The shares of the labels add up to one, and a label nobody used has an upper end above 0."""
    shares = Ratings.from_patterns({("y", "y"): 30, ("y", "n"): 10}, labels=("y", "n", "x")).prevalence()
    assert math.fsum(v.estimate for v in shares.values()) == pytest.approx(1)
    assert shares["y"].estimate == pytest.approx(0.875)
    assert shares["x"].estimate == 0 < shares["x"].upper


def test_nothing_compared_is_a_reason():
    """Without a case that two rated there is no agreement, and with one group no interval."""
    alone = Ratings.from_patterns({("y", None): 5}, labels="yn")
    assert {type(v) for v in every(alone).values()} == {NotEstimable}
    one = Ratings.from_groups({(("y", "y"), ("n", "y")): 1}, labels="yn")
    assert one.fleiss_kappa() == NotEstimable("an interval needs two groups, there is one")
    three = Ratings.from_patterns({("y", "y", "n"): 5}, labels="yn")
    assert three.cohen_kappa() == NotEstimable("Cohen's kappa is of two raters, there are 3")


def test_equal_tables_are_equal_values():
    """The order of cases in a group and of groups in a table, and empty counts, make no difference."""
    y, n = ("y", "y"), ("y", None)
    first = Ratings.from_groups({(y, n): 2, (n, y): 1, (y,): 0}, labels="yn")
    assert first == Ratings.from_groups({(n, y): 3}, labels="yn")


@pytest.mark.parametrize(
    ("histogram", "labels", "error", "message"),
    [
        ({}, "yn", ValueError, "at least one group"),
        ({("y", "y"): 0}, "yn", ValueError, "at least one group"),
        ({("y", "y"): -1}, "yn", ValueError, "must be at least 0"),
        ({("y", "y"): 1.0}, "yn", TypeError, "whole number"),
        ({("y",): 2}, "yn", ValueError, "two or more raters"),
        ({("y", "y"): 2, ("y", "y", "n"): 1}, "yn", ValueError, r"got \[2, 3\]"),
        ({("y", "x"): 2}, "yn", ValueError, "labels must be of"),
        ({("y", "y"): 2}, "y", ValueError, "two or more different"),
        ({("y", "y"): 2}, "yny", ValueError, "two or more different"),
    ],
)
def test_bad_tables_are_refused_by_name(histogram, labels, error, message):
    """Each mistake is named with what was given."""
    with pytest.raises(error, match=message):
        Ratings.from_patterns(histogram, labels=labels)


def test_levels_and_empty_groups_are_refused():
    """A level of 1 and a group without cases are refused."""
    ratings = Ratings.from_patterns({("y", "y"): 3, ("n", "y"): 3}, labels="yn")
    for ask in (ratings.raw_agreement, ratings.gwet_ac1):
        with pytest.raises(ValueError, match="level"):
            ask(level=1)
    with pytest.raises(ValueError, match="at least one case"):
        Ratings.from_groups({(): 1}, labels="yn")
