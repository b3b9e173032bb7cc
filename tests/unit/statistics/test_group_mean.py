"""The mean over groups: one promise a test."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable

counts = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
thirds = st.dictionaries(st.sampled_from([0.0, 1 / 3, 2 / 3, 1.0]), st.integers(1, 300), min_size=1)
alphas = st.floats(1e-6, 0.5)


@settings(max_examples=200, deadline=None)
@given(histogram=thirds, alpha=alphas, bar=st.floats(0.001, 0.999))
def test_claim_holds_exactly_when_the_bound_reaches_the_bar(histogram, alpha, bar):
    """The p-value is at most alpha exactly when the bound is at least the bar, in both directions."""
    mean = GroupMean.from_histogram(histogram)
    if abs(mean.lower(alpha) - bar) > 1e-9:
        assert (mean.p_above(bar) <= alpha) == (mean.lower(alpha) >= bar)
    if abs(mean.upper(alpha) - bar) > 1e-9:
        assert (mean.p_below(bar) <= alpha) == (mean.upper(alpha) <= bar)


@settings(max_examples=200, deadline=None)
@given(passed_of=counts, alpha=alphas)
def test_bounds_enclose_the_estimate_and_stay_in_range(passed_of, alpha):
    """0 <= lower <= estimate <= upper <= 1, and neither bound ever meets the estimate inside (0, 1)."""
    passed, n = passed_of
    mean = GroupMean.from_counts(passed=passed, n=n)
    assert 0 <= mean.lower(alpha) <= mean.estimate <= mean.upper(alpha) <= 1
    assert mean.upper(alpha) - mean.lower(alpha) > 0


@settings(max_examples=100, deadline=None)
@given(histogram=thirds, alpha=alphas, less=st.floats(0.01, 0.99))
def test_a_smaller_error_gives_a_wider_interval(histogram, alpha, less):
    """Asking for less error moves both bounds outwards."""
    mean = GroupMean.from_histogram(histogram)
    assert mean.lower(alpha * less) <= mean.lower(alpha)
    assert mean.upper(alpha * less) >= mean.upper(alpha)


@settings(max_examples=100, deadline=None)
@given(histogram=thirds, alpha=alphas)
def test_direction_is_a_mirror(histogram, alpha):
    """Counting failures in place of passes swaps the bounds."""
    mean = GroupMean.from_histogram(histogram)
    mirrored = GroupMean.from_histogram({1 - v: c for v, c in histogram.items()})
    assert mean.lower(alpha) == pytest.approx(1 - mirrored.upper(alpha), abs=1e-9)


def test_all_passed_is_never_certain():
    """Thirty passes of thirty could still be a rate of 0.905, and the interval has a width."""
    mean = GroupMean.from_counts(passed=30, n=30)
    assert mean.upper(0.05) == 1
    assert mean.lower(0.05) == pytest.approx(0.05 ** (1 / 30), rel=1e-12)


def test_nothing_passed_shows_nothing():
    """Without a pass the lower bound is 0 and no bar is shown."""
    mean = GroupMean.from_counts(passed=0, n=10)
    assert mean.lower(0.05) == 0
    assert mean.p_above(0.001) == 1


def test_one_group_has_no_standard_error_but_has_bounds():
    """One group gives a reason in place of a spread of zero."""
    mean = GroupMean.from_histogram({0.7: 1})
    assert isinstance(mean.standard_error(), NotEstimable)
    assert mean.lower(0.05) == pytest.approx(0.035, abs=1e-9)


def test_method_names_what_ran():
    """The result says which method made its bounds."""
    assert GroupMean.from_histogram({0: 1, 1: 3}).method == "Clopper-Pearson"
    assert GroupMean.from_histogram({0: 1, 0.5: 3}).method == "Gaffke"


def test_both_methods_agree_where_both_apply():
    """A value a hair under 1 switches the method, not the answer."""
    exact = GroupMean.from_histogram({0.0: 5, 1.0: 95})
    nearly = GroupMean.from_histogram({0.0: 5, 1.0 - 1e-15: 95})
    assert nearly.method == "Gaffke"
    assert nearly.lower(0.05) == pytest.approx(exact.lower(0.05), abs=1e-9)
    assert nearly.p_above(0.9) == pytest.approx(exact.p_above(0.9), rel=1e-8)


def test_repeats_do_not_count_as_groups():
    """Twenty cases of five repeats are bounded as twenty, not as a hundred."""
    cases = GroupMean.from_histogram({1.0: 18, 0.0: 2})
    rows = GroupMean.from_counts(passed=90, n=100)
    assert cases.estimate == rows.estimate
    assert cases.lower(0.05) < rows.lower(0.05) - 0.1


def test_equal_histograms_are_equal_results():
    """Order, empty values and the type of a number make no difference."""
    assert GroupMean.from_histogram({1: 3, 0: 2, 0.5: 0}) == GroupMean.from_histogram({0.0: 2, 1.0: 3})


@pytest.mark.parametrize(
    ("histogram", "error", "message"),
    [
        ({}, ValueError, "at least one group"),
        ({0.5: 0}, ValueError, "at least one group"),
        ({1.5: 1}, ValueError, r"value must be in \[0, 1\], got 1.5"),
        ({-0.1: 1}, ValueError, r"value must be in \[0, 1\]"),
        ({math.nan: 1}, ValueError, "value must be finite"),
        ({0.5: -1}, ValueError, "count of 0.5 must be at least 0"),
        ({0.5: 1.0}, TypeError, "count of 0.5 must be a whole number"),
        ({"a": 1}, TypeError, "value must be a number"),
    ],
)
def test_bad_histograms_are_refused_by_name(histogram, error, message):
    """Each mistake is named with what was given."""
    with pytest.raises(error, match=message):
        GroupMean.from_histogram(histogram)


def test_levels_and_bars_out_of_range_are_refused():
    """An error of 0 or 1, a bar outside [0, 1], more passes than cases: refused, not clipped."""
    mean = GroupMean.from_counts(passed=3, n=5)
    for wrong in (0, 1, -0.1, math.nan):
        with pytest.raises(ValueError, match="alpha"):
            mean.lower(wrong)
    with pytest.raises(ValueError, match="bar"):
        mean.p_above(1.01)
    with pytest.raises(ValueError, match="passed must be at most n = 5, got 6"):
        GroupMean.from_counts(passed=6, n=5)


@pytest.mark.parametrize("histogram", [{0: 1, 1: 3}, {0.3: 2, 0.9: 3}, {1: 4}, {0: 4}])
def test_answers_are_plain_numbers(histogram):
    """Every answer is a Python float, fit for JSON and for printing, whatever computed it."""
    mean = GroupMean.from_histogram(histogram)
    answers = [mean.estimate, mean.standard_error(), mean.lower(0.05), mean.upper(0.05)]
    answers += [mean.p_above(0.5), mean.p_below(0.5)]
    assert [type(a) for a in answers] == [float] * 6
