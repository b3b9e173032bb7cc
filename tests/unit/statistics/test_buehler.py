"""The exact test of judge and labels: one promise a test."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from shipworthy.statistics.buehler import JudgedOutcome, p_rate_above, rate_lower_bound, worst_chance
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.label_design import LabelDesign

SEEN = JudgedOutcome(LabelDesign(1000, 883, 88, 12, "random"), upheld=86, rescued=3)


@settings(max_examples=15, deadline=None)
@given(alpha=st.floats(0.001, 0.3), bar=st.floats(0.5, 0.99), upheld=st.integers(70, 88))
def test_claim_holds_exactly_when_the_bound_reaches_the_bar(alpha, bar, upheld):
    """The p-value is at most alpha exactly when the bound is at least the bar."""
    seen = JudgedOutcome(SEEN.design, upheld, 3)
    if abs(seen.lower(alpha) - bar) > 2e-5:
        assert (seen.p_above(bar) <= alpha) == (seen.lower(alpha) >= bar)


def test_p_values_rise_with_the_bar():
    """A higher bar is never easier to show."""
    ps = [p_rate_above(SEEN, bar) for bar in np.linspace(0.7, 1.0, 31)]
    assert ps == sorted(ps)
    assert ps[-1] == 1.0


def test_better_outcomes_have_smaller_p_values():
    """One label more that a person passed never makes the case weaker."""
    for upheld, rescued in itertools.product((80, 84, 87), (0, 5, 11)):
        here = JudgedOutcome(SEEN.design, upheld, rescued).p_above(0.85)
        assert JudgedOutcome(SEEN.design, upheld + 1, rescued).p_above(0.85) <= here
        assert JudgedOutcome(SEEN.design, upheld, rescued + 1).p_above(0.85) <= here


def test_all_passed_is_never_certain():
    """When judge and people pass everything the bound stays where that many labels put it, under 1."""
    seen = JudgedOutcome(LabelDesign(1000, 1000, 100, 0, "random"), upheld=100, rescued=0)
    alone = GroupMean.from_counts(passed=100, n=100).lower(0.05)
    assert alone - 0.01 <= seen.lower(0.05) <= alone + 0.001
    assert 1 - seen.mirrored().lower(0.05) == pytest.approx(1.0, abs=1e-4)


def test_everything_labelled_is_what_labels_say():
    """Where every output carries a label the judge is beside the point, and the bound that of the labels."""
    seen = JudgedOutcome(LabelDesign(100, 88, 88, 12, "random"), upheld=87, rescued=3)
    assert seen.lower(0.05) == pytest.approx(GroupMean.from_counts(passed=90, n=100).lower(0.05), abs=0.003)


def test_verdicts_sharpen_the_bound():
    """A good judge on a thousand outputs lifts the bound of a hundred labels by more than a point."""
    alone = GroupMean.from_counts(passed=89, n=100).lower(0.05)
    assert SEEN.lower(0.05) > alone + 0.01


def test_more_outputs_judged_never_hurt_much():
    """The same shares among more outputs give a bound at least as high, to half a point."""
    fewer = JudgedOutcome(LabelDesign(200, 177, 88, 12, "random"), 86, 3)
    more = JudgedOutcome(LabelDesign(100_000, 88_300, 88, 12, "random"), 86, 3)
    assert fewer.lower(0.05) < SEEN.lower(0.05) + 0.005 < more.lower(0.05) + 0.01


def test_a_verdict_without_labels_counts_against_the_claim():
    """Nobody looked at what the judge did not pass: from below it counts as failed, from above as passed."""
    seen = JudgedOutcome(LabelDesign(1000, 900, 100, 0, "by_verdict"), upheld=100, rescued=0)
    assert seen.lower(0.05) < 0.9
    assert 1 - seen.mirrored().lower(0.05) > 0.99


def test_an_error_below_what_is_set_aside_shows_nothing():
    """At an error smaller than the chance set aside for the judge's pass rate the bound is 0."""
    assert rate_lower_bound(SEEN, 1e-6) == 0.0


def test_nothing_passed_shows_nothing():
    """Without a label that passed no bar is shown."""
    seen = JudgedOutcome(LabelDesign(50, 25, 5, 5, "random"), upheld=0, rescued=0)
    assert seen.lower(0.05) == 0.0
    assert seen.p_above(0.3) > 0.9


def test_the_search_finds_the_worst_case():
    """No point of a grid ten times as fine has a chance larger by more than the tolerance."""
    low, high = SEEN.design.q_range
    place, finest = np.linspace(0, 1, 61), 0.0
    for q in np.linspace(low, high, 81).tolist():
        a_low, a_high = max(0.0, (0.86 - (1 - q)) / q), min(1.0, 0.86 / q)
        a = a_low + (a_high - a_low) * place
        finest = max(finest, float(SEEN.region.chance(q, a, np.clip((0.86 - q * a) / (1 - q), 0, 1)).max()))
    assert finest <= 1.01 * worst_chance(SEEN.region, SEEN.design.q_range, 0.86)


@pytest.mark.parametrize(
    ("q", "a", "b"), [(0.8, 0.95, 0.2), pytest.param(0.5, 0.6, 0.6, marks=pytest.mark.campaign)]
)
def test_level_added_up_over_every_outcome(q, a, b):
    """For twelve outputs and five labels the chance of a p-value of at most .2, added up, is at most .2."""
    judged, labels, rate, wrong = 12, 5, q * a + (1 - q) * b, 0.0
    for passed in range(judged + 1):
        for ones in range(max(0, labels - judged + passed), min(labels, passed) + 1):
            design = LabelDesign(judged, passed, ones, labels - ones, "random")
            here = binom.pmf(passed, judged, q) * hypergeom.pmf(ones, judged, passed, labels)
            for x1, x0 in itertools.product(range(ones + 1), range(labels - ones + 1)):
                if JudgedOutcome(design, x1, x0).p_above(rate) <= 0.2:
                    wrong += here * binom.pmf(x1, ones, a) * binom.pmf(x0, labels - ones, b)
    assert wrong <= 0.2
