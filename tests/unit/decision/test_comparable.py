"""What may be compared: one promise a test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.comparable import Compared, Incomparable, Rescored, Scored, compare

scores = st.dictionaries(
    st.tuples(st.sampled_from("uvwxyz"), st.integers(1, 3)), st.integers(0, 1), min_size=1
)


def test_one_scorer_and_the_same_cases_are_compared():
    """The difference is of case means: repeats add no case."""
    old = Scored("a", "g", {("x", 1): 0, ("x", 2): 1, ("y", 1): 1, ("y", 2): 1})
    found = compare(old, Scored("b", "g", {("x", 1): 1, ("y", 1): 1}))
    assert isinstance(found, Compared)
    assert (found.before, found.after, found.gain.n_groups) == (0.75, 1.0, 2)
    assert found.gain.estimate == pytest.approx(0.25)


def test_groups_are_the_unit_of_a_comparison():
    """Cases of a group give one gain."""
    old = Scored("a", "g", {("x", 1): 0, ("y", 1): 0, ("z", 1): 0})
    new = Scored("b", "g", {("x", 1): 1, ("y", 1): 0, ("z", 1): 1})
    found = compare(old, new, groups={"x": "z", "y": "z"})
    assert isinstance(found, Compared)
    assert (found.gain.n_groups, found.gain.values) == (2, (0.5, 1.0))


def test_the_same_outputs_under_two_scorers_are_the_scorers_change():
    """The same variant, cases and repeats: what changed is the ruler."""
    old = Scored("a", "g1", {("x", 1): 0, ("y", 1): 1, ("z", 1): 0})
    found = compare(old, Scored("a", "g2", {("x", 1): 1, ("y", 1): 1, ("z", 1): 0}))
    assert found == Rescored(1 / 3, 2 / 3, 1, 0, 2, ("g1", "g2"))
    assert found.one_way
    assert found.reason == "the same 3 outputs were scored twice: 1 raised, 0 lowered"


def test_a_scorer_that_contradicts_itself_is_no_gain():
    """One scorer, the same outputs, other scores: the scorer is not steady, and nothing is gained."""
    old = Scored("a", "g", {("x", 1): 0, ("y", 1): 1})
    found = compare(old, Scored("a", "g", {("x", 1): 1, ("y", 1): 0}))
    assert isinstance(found, Rescored)
    assert (found.raised, found.lowered, found.one_way) == (1, 1, False)


def test_fingerprints_decide_what_the_same_outputs_are():
    """One variant run twice under two scorers is not one set of outputs; one set under two names is."""
    first = Scored("a", "g1", {("x", 1): 0}, outputs="01")
    fresh = Scored("a", "g2", {("x", 1): 1}, outputs="02")
    renamed = Scored("a, later", "g2", {("x", 1): 1}, outputs="01")
    assert isinstance(compare(first, fresh), Incomparable)
    assert isinstance(compare(first, renamed), Rescored)


def test_two_runs_of_one_variant_by_one_scorer_are_compared():
    """Fresh outputs by the same variant are another run."""
    first = Scored("a", "g", {("x", 1): 0, ("y", 1): 1}, outputs="01")
    assert isinstance(compare(first, Scored("a", "g", {("x", 1): 1, ("y", 1): 1}, outputs="02")), Compared)


def test_other_cases_are_not_compared():
    """What was not run on both sides is named and not left out in silence."""
    found = compare(Scored("a", "g", {("x", 1): 0, ("y", 1): 1}), Scored("b", "g", {("y", 1): 1}))
    assert isinstance(found, Incomparable)
    assert found.reason == "not the same cases: 1 only of a, 0 only of b"


@given(first=scores, second=scores)
def test_scorers_are_never_crossed(first, second):
    """Whatever the scores, two scorers of two variants give no difference."""
    assert isinstance(compare(Scored("a", "g1", first), Scored("b", "g2", second)), Incomparable)


@given(values=scores)
def test_a_swap_mirrors_the_gain(values):
    """Exchanging the sides changes the sign of the gain and nothing else."""
    ones = dict.fromkeys(values, 1)
    up, down = (
        compare(Scored("a", "g", values), Scored("b", "g", ones)),
        compare(Scored("b", "g", ones), Scored("a", "g", values)),
    )
    assert up.gain.estimate == pytest.approx(-down.gain.estimate)


def test_empty_series_and_scores_off_the_scale_are_refused():
    """No scores, and a score of 2, are refused by name."""
    with pytest.raises(ValueError, match="at least one"):
        Scored("a", "g", {})
    with pytest.raises(ValueError, match=r"score of \('x', 1\) must be in \[0, 1\]"):
        Scored("a", "g", {("x", 1): 2})
