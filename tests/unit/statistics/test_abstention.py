"""From which confidence on a feature answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.statistics.abstention import GRID, answer_from, least_answered, steps_of
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable


@st.composite
def grids(draw):
    """Draw cases and passes at each of a few thresholds."""
    counts = draw(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120)), min_size=1, max_size=8))
    return {i / 10: (max(pair), min(pair)) for i, pair in enumerate(counts)}


@given(grid=grids(), below=st.integers(1, 50), method=st.sampled_from(["fixed sequence", "Bonferroni"]))
def test_what_is_chosen_is_shown_at_its_level_and_counts_add_up(grid, below, method):
    """The chosen threshold's p-value is at most what its method allows; answered and refused make all cases."""
    cases = sum(n for n, _ in grid.values()) + below
    made = answer_from(grid, cases=cases, bar=0.8, alpha=0.05, method=method)
    if isinstance(made, NotEstimable):
        return
    assert made.chosen.p_value <= (0.05 if method == "fixed sequence" else 0.05 / len(grid))
    assert made.chosen.answered + made.refused == cases
    assert made.chosen.answered == sum(n for t, (n, _) in grid.items() if t >= made.threshold)
    assert made.coverage_lower(0.05) < made.coverage


def test_a_fixed_sequence_stops_at_the_first_threshold_that_is_not_shown():
    """What lies below a failure is not looked at, however good."""
    grid = {0.3: (400, 400), 0.6: (50, 0), 0.9: (100, 100)}
    made = answer_from(grid, cases=550, bar=0.8, alpha=0.05)
    assert isinstance(made, NotEstimable)
    assert [
        s.shown for s in answer_from(grid, cases=550, bar=0.8, alpha=0.05, method="Bonferroni").steps
    ] == [
        True,
        False,
        True,
    ]


def test_a_fixed_sequence_starts_where_enough_cases_answer():
    """A lone failure among ten very confident cases does not end it before it began."""
    made = answer_from({0.8: (90, 89), 0.95: (10, 9)}, cases=120, bar=0.9, alpha=0.05)
    assert (made.threshold, [s.shown for s in made.steps]) == (0.8, [False, True])


def test_refusals_say_why():
    """Too few confident cases, a start that fails, and no threshold at all are told apart."""
    few = answer_from({0.5: (59, 59)}, cases=100, bar=0.9, alpha=0.05)
    bad = answer_from({0.5: (100, 90)}, cases=100, bar=0.9, alpha=0.05)
    none = answer_from({0.5: (100, 90)}, cases=100, bar=0.9, alpha=0.05, method="Bonferroni")
    assert [r.reason for r in (few, bad, none)] == [
        "no threshold is reached by 60 cases",
        "the first threshold that 60 cases reach, 0.5, is not shown to reach the bar",
        "no threshold is shown to reach the bar",
    ]


def test_a_threshold_that_no_case_reaches_shows_nothing():
    """Its p-value is 1."""
    made = answer_from({0.5: (100, 100), 0.99: (0, 0)}, cases=100, bar=0.9, alpha=0.05)
    assert [s.p_value for s in made.steps] == [1.0, GroupMean.from_counts(passed=100, n=100).p_above(0.9)]


def test_counts_that_do_not_add_up_are_refused():
    """More passes than cases, more cases than there are, and an empty grid."""
    for grid, cases, why in [
        ({0.5: (3, 4)}, 9, "at most the 3"),
        ({0.5: (9, 4)}, 8, "at least the 9"),
        ({}, 8, "none"),
    ]:
        with pytest.raises(ValueError, match=why):
            answer_from(grid, cases=cases, bar=0.9, alpha=0.05)


@given(grid=grids(), below=st.integers(1, 50))
def test_steps_are_the_thresholds_from_the_highest_down(grid, below):
    """Each step holds what lies above it too, and choosing marks steps without moving a count."""
    cases = sum(n for n, _ in grid.values()) + below
    steps = steps_of(grid, cases=cases, bar=0.8)
    assert [s.threshold for s in steps] == sorted(grid, reverse=True)
    assert [s.answered for s in steps] == sorted(s.answered for s in steps)
    made = answer_from(grid, cases=cases, bar=0.8, alpha=0.05)
    if not isinstance(made, NotEstimable):
        assert [(s.threshold, s.answered, s.passed, s.p_value) for s in made.steps] == [
            (s.threshold, s.answered, s.passed, s.p_value) for s in steps
        ]
        assert made.steps[0].answered >= least_answered(cases) or not made.steps[0].shown


def test_the_grid_is_fixed_and_covers_a_confidence_from_0_to_1():
    """23 thresholds, ascending, the lowest of which every confidence reaches."""
    assert (len(GRID), GRID[0], GRID[-1]) == (23, 0.0, 0.99)
    assert list(GRID) == sorted(set(GRID))
