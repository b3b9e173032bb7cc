"""A demo beside a set, counted by hand."""

from __future__ import annotations

import pytest

from shipworthy.decision.demo import Wording, compare_demo
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import CaseTally, Evidence, Tally


def _criterion(**more):
    return Criterion.model_validate(
        {"id": "right", "bar": {"at_least": 0.5}, "scorer": {"check": "right"}, **more}
    )


def _set(*groups):
    """Make evidence of (cases of a group as passed of planned, number of groups)."""
    tally = tuple(
        (tuple(CaseTally(cell=0, planned=n, passed=k, unscored=0, no_answer=0) for k, n in group), number)
        for group, number in groups
    )
    return Evidence("new", (frozenset(),), {"right": Tally(tally)})


DEMO = [
    Wording("a", 0, 10, 10),
    Wording("a", 1, 10, 4),
    Wording("b", 0, 10, 8, unscored=1, no_answer=1),
    Wording("b", 1, 10, 0),
]


def test_wordings_are_counted_by_kind():
    """18 of 20 as shown, 4 of 20 reworded; one of two prompts, one of two rewordings are alike; one prompt always passes."""
    found = compare_demo(_criterion(), DEMO, None)

    assert (found.shown.passed, found.shown.asked, found.shown.alike, found.shown.all_passed) == (
        18,
        20,
        1,
        1,
    )
    assert (found.shown.unscored, found.shown.no_answer) == (1, 1)
    assert (found.reworded.passed, found.reworded.asked, found.reworded.alike, found.reworded.all_passed) == (
        4,
        20,
        1,
        0,
    )
    assert (found.worst.prompt, found.worst.number) == ("b", 1)
    assert (found.representative, found.against_set, found.against_reworded) == (None, 0, 1)


def test_repeats_of_the_set_that_disagree_are_flips_and_groups_carry_the_interval():
    """30 cases with 3 repeats: 12 always pass, 6 pass once, 12 never; 42 of 90, and 6 flip."""
    found = compare_demo(_criterion(), DEMO, _set((((3, 3),), 12), (((1, 3),), 6), (((0, 3),), 12)))

    assert (found.representative.passed, found.representative.asked) == (42, 90)
    assert found.representative.of - found.representative.alike == 6
    assert found.representative.lower < 42 / 90 < found.representative.upper
    assert found.representative.upper - found.representative.lower > 0.25  # 30 cases, not 90 outputs
    assert found.against_set == 1


def test_more_criteria_share_the_error():
    """18 of 20 against 33 of 60 is told apart alone, and not as one of forty."""
    cases = _set((((1, 1),), 33), (((0, 1),), 27))
    assert compare_demo(_criterion(), DEMO, cases).against_set == 1
    assert compare_demo(_criterion(), DEMO, cases, criteria=40).against_set == 0


def test_few_groups_of_several_cases_tell_nothing():
    """Nine groups of two cases give counts, and no interval and no difference."""
    found = compare_demo(_criterion(), DEMO, _set((((0, 1), (0, 1)), 9)))

    assert (found.representative.asked, found.representative.lower, found.against_set) == (18, None, 0)


@pytest.mark.parametrize("more", [{"estimand": "all_of_k", "k": 3}, {"estimand": "difference"}])
def test_what_the_criterion_estimates_does_not_matter_here(more):
    """A demo is held against the share of outputs that passed, also where the verdict asks for all of three."""
    found = compare_demo(_criterion(**more), DEMO, _set((((3, 3),), 12), (((1, 3),), 18)))

    assert (found.representative.passed, found.representative.asked) == (54, 90)
    assert found.representative.lower < 0.6 < found.representative.upper
