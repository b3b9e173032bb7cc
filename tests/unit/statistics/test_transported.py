"""A rate from labels that were chosen by outcome: one promise a test."""

import pytest

from shipworthy.statistics.transported import Transported

SEEN = Transported(judged=1000, judge_passed=880, people_passed=100, upheld=97, people_failed=50, missed=5)


@pytest.mark.parametrize("alpha", [0.001, 0.05, 0.3])
def test_claim_holds_exactly_when_the_bound_reaches_the_bar(alpha):
    """The p-value is at most alpha just under the bound and not just over it, from both sides."""
    for seen in (SEEN, SEEN.mirrored()):
        bound = seen.lower(alpha)
        if bound > 0:
            assert seen.p_above(bound - 1e-6) <= alpha
        assert seen.p_above(bound + 1e-6) > alpha


def test_p_values_rise_with_the_bar():
    """A higher bar is never easier to show, and a bar of 1 is never shown."""
    ps = [SEEN.p_above(k / 20) for k in range(10, 21)]
    assert ps == sorted(ps)
    assert ps[-1] == 1.0


def test_bounds_enclose_the_estimate():
    """The estimate lies between both bounds, which lie in [0, 1]."""
    assert 0 <= SEEN.lower(0.05) < SEEN.estimate < 1 - SEEN.mirrored().lower(0.05) <= 1


def test_few_failures_or_a_judge_without_skill_are_refused():
    """Nine failures, no passes, or a judge that passes bad outputs as good ones: no number, and why."""
    assert SEEN.refusal() is None
    assert "it takes 10" in Transported(1000, 880, 100, 97, 9, 1).refusal().reason
    assert "people passed no" in Transported(1000, 880, 0, 0, 50, 5).refusal().reason
    assert "not shown to tell" in Transported(1000, 880, 100, 90, 50, 40).refusal().reason


def test_more_labels_narrow_the_bound():
    """Ten times the labels and verdicts lift the lower bound."""
    assert Transported(10_000, 8_800, 1_000, 970, 500, 50).lower(0.05) > SEEN.lower(0.05) + 0.02


def test_swapping_twice_is_no_change():
    """Passes for failures and back again."""
    assert SEEN.mirrored().mirrored() == SEEN


def test_a_judge_that_passes_too_little_shows_nothing():
    """Where the judge may pass no more than its share of bad outputs, the bound is 0."""
    assert Transported(1000, 120, 100, 97, 50, 8).lower(0.05) == 0.0
    assert SEEN.spread > 0
