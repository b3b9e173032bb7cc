"""Several variants or tries, one error."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from shipworthy.statistics.family import adjusted, error_of_a_try, judge

lists = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@given(p=lists, more=st.integers(0, 20))
def test_methods_stand_in_order(p, more):
    """No adjusted p-value is under its own; Hommel's are at most Holm's, and these at most Bonferroni's."""
    planned = len(p) + more
    made = [adjusted(p, method=m, planned=planned) for m in ("Hommel", "Holm", "Bonferroni")]
    for own, hommel, holm, bonferroni in zip(p, *made, strict=True):
        assert own <= hommel + 1e-15
        assert hommel <= holm + 1e-12
        assert holm <= bonferroni + 1e-12
        assert bonferroni <= 1


@given(p=lists)
def test_tries_planned_and_not_made_are_paid_for(p):
    """A plan for more tries never makes a p-value smaller."""
    for method in ("Hommel", "Holm", "Bonferroni"):
        few, many = adjusted(p, method=method), adjusted(p, method=method, planned=len(p) + 3)
        assert all(a <= b + 1e-12 for a, b in zip(few, many, strict=True))


def test_one_by_one_each_pays_alpha_over_the_number_planned():
    """Five tries planned: .012 is shown neither way, .009 is; all at once the second is tested at alpha over four."""
    p = {"a": 0.009, "b": 0.012}
    assert [j.shown for j in judge(p, alpha=0.05, planned=5, one_by_one=True)] == [True, False]
    assert [j.shown for j in judge(p, alpha=0.05, planned=5)] == [True, True]


def test_a_tree_of_answers_is_added_up_exactly():
    """Two variants, the second picked by the first one's passes, the luckiest there could be: the level is kept.

    A tenth case decides: for every number of passes of the first there is another second variant, alike
    in law. Whichever is shown, the chance is at most the sum over all variants that could have been tried.
    """
    n, bar, alpha = 20, 0.8, 0.2
    each = error_of_a_try(alpha=alpha, tries=2, answers=n + 1)
    wrong = 0.0
    for passed in range(n + 1):
        shown = binom.sf(passed - 1, n, bar) <= each
        least = next((k for k in range(n + 1) if binom.sf(k - 1, n, bar) <= each), n + 1)
        second = 1.0 if shown else min((n + 1) * binom.sf(least - 1, n, bar), 1.0)
        wrong += binom.pmf(passed, n, bar) * second
    assert wrong <= alpha


def test_with_one_answer_there_is_one_course_to_follow():
    """Told only "not shown", K tries share the error equally; told more, they share it with what might have been."""
    assert [error_of_a_try(alpha=0.06, tries=k) for k in (1, 2, 3)] == pytest.approx([0.06, 0.03, 0.02])
    courses = [c for k in range(3) for c in itertools.product(range(4), repeat=k)]
    assert error_of_a_try(alpha=0.06, tries=3, answers=4) == pytest.approx(0.06 / len(courses))


def test_edges():
    """Nothing to judge; more tried than planned; a p-value that is none."""
    assert judge({}, alpha=0.05) == ()
    with pytest.raises(ValueError, match="planned must be at least 2"):
        adjusted([0.1, 0.2], method="Holm", planned=1)
    with pytest.raises(ValueError, match="p-value must be in"):
        adjusted([-0.1], method="Bonferroni")
