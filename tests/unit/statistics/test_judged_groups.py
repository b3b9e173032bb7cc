"""Groups of several outputs, from verdicts and labels: one promise a test."""

import pytest

from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.judged_groups import JudgedCase, counted, group_evidence

BOTH = (JudgedCase(10, 8, 2, 1, 1, 1),)
ONE = (JudgedCase(10, 8, 2, 2, 0, 0),)
NONE = (JudgedCase(10, 8, 0, 0, 0, 0),)


def test_each_verdict_weighs_as_often_as_it_occurs():
    """Eight of ten passed by the judge, half of them right; two not passed, all of them wrongly: .8 / 2 + .2."""
    assert group_evidence(((BOTH, 3),), "by_verdict").values == pytest.approx((0.6,))


def test_a_verdict_without_a_label_counts_as_not_passed():
    """Nobody looked at the two the judge did not pass: .8, and from above 1."""
    assert group_evidence(((ONE, 3),), "by_verdict").values == pytest.approx((0.8,))
    mirrored = (tuple(c.mirrored() for c in ONE),)
    assert group_evidence(((mirrored[0], 3),), "by_verdict").values == pytest.approx((0.0,))


def test_groups_out_of_the_plan_are_left_out_and_others_count_against():
    """Groups without a label fall away beside fully labelled ones, and count as failed beside half-labelled ones."""
    assert group_evidence(((BOTH, 20), (NONE, 5)), "by_verdict").counts == (20,)
    assert group_evidence(((ONE, 20), (NONE, 5)), "by_verdict").counts == (5, 20)


def test_random_labels_in_groups_speak_for_themselves():
    """With random labels a labelled group is worth the share of its labels that pass; others fall away."""
    evidence = group_evidence(((BOTH, 4), (ONE, 2), (NONE, 5)), "random")
    assert (evidence.values, evidence.counts) == (pytest.approx((2 / 3, 1.0)), (4, 2))


def test_cases_count_alike_whatever_their_repeats():
    """A case of one output weighs as much as a case of nine: all labelled, the group is worth the mean of both."""
    group = (JudgedCase(1, 1, 1, 1, 0, 0), JudgedCase(9, 9, 9, 3, 0, 0))
    for chosen in ("random", "by_verdict"):
        assert group_evidence(((group, 2),), chosen).estimate == pytest.approx((1 + 1 / 3) / 2)


def test_full_labels_are_the_ordinary_group_mean():
    """Where every output carries a label the bound is that of the groups' own rates."""
    groups = (((JudgedCase(4, 3, 3, 3, 1, 0),), 30), ((JudgedCase(4, 4, 4, 4, 0, 0),), 30))
    known = GroupMean.from_histogram({0.75: 30, 1.0: 30})
    for chosen in ("random", "by_verdict"):
        evidence = group_evidence(groups, chosen)
        assert evidence.lower(0.05) == pytest.approx(known.lower(0.05), abs=1e-9)
        assert evidence.p_above(0.8) == pytest.approx(known.p_above(0.8), rel=1e-6)


def test_repeats_never_raise_n():
    """Ten outputs a group that all pass bound no better than one output a group."""
    many = group_evidence((((JudgedCase(10, 10, 10, 10, 0, 0),), 30),), "random")
    assert many.lower(0.05) == pytest.approx(0.05 ** (1 / 30), abs=1e-6)


def test_equal_groups_are_gathered():
    """The same group given twice counts twice; one that occurs no time is gone."""
    assert counted([(BOTH, 1), (ONE, 0), (BOTH, 2)]) == ((BOTH, 3),)


def test_spread_is_the_standard_deviation_of_values():
    """Values 2/3 and 1, as often each, have a standard deviation of about a sixth."""
    assert group_evidence(((BOTH, 50), (ONE, 50)), "random").spread == pytest.approx(1 / 6, rel=0.02)
