"""How good a judge is and what it is worth: one promise a test."""

import pytest

from shipworthy.statistics.judge_worth import Counts, Share, judge_quality
from shipworthy.statistics.results import NotEstimable

USEFUL = Counts(outputs=1000, passed=900, of_passed=90, upheld=89, of_failed=10, rescued=2)


def test_quality_is_that_of_the_traffic_and_not_of_the_labels():
    """Oversampling what the judge failed leaves its error rates where they were."""
    more = Counts(outputs=1000, passed=900, of_passed=90, upheld=89, of_failed=100, rescued=20)
    for name in ("tpr", "tnr"):
        here, there = (getattr(judge_quality(c, chosen="by_verdict"), name) for c in (USEFUL, more))
        assert here.estimate == pytest.approx(there.estimate)
        assert there.high - there.low < here.high - here.low


def test_a_perfect_record_still_has_an_interval():
    """Ten of ten could be 74 of 100, and none of ten 26."""
    assert Share.from_counts(10, 10).low == pytest.approx(0.05**0.1)
    assert Share.from_counts(0, 10).high == pytest.approx(1 - 0.05**0.1)


def test_a_useless_judge_does_not_pay():
    """Labels that pass as often on either verdict give a gain of about 1, and the advice not to bother."""
    quality = judge_quality(Counts(1000, 500, 50, 45, 50, 45), chosen="random")
    assert quality.gain == pytest.approx(1.0, abs=0.01)
    assert not quality.pays
    assert quality.worth == pytest.approx(0.0, abs=0.001)


def test_worth_is_what_one_more_verdict_saves():
    """Labels plus verdicts at their worth make the gain, and no more than the multiplier."""
    quality = judge_quality(USEFUL, chosen="random")
    assert 100 + 900 * quality.worth == pytest.approx(100 * quality.gain)
    assert 1 < quality.gain < quality.multiplier
    assert quality.pays


def test_what_labels_cannot_say_is_said_so():
    """No label on a verdict, or no failure among the labels, is a reason in place of a number."""
    only = judge_quality(Counts(1000, 900, 90, 89, 0, 0), chosen="random")
    assert isinstance(only.tpr, NotEstimable)
    assert not only.pays
    assert "judge passed" in judge_quality(Counts(1000, 900, 0, 0, 9, 1), chosen="random").tpr.reason
    assert "people failed no" in judge_quality(Counts(100, 90, 9, 9, 1, 1), chosen="random").tnr.reason
    assert "people passed no" in judge_quality(Counts(100, 90, 9, 0, 1, 0), chosen="random").tpr.reason
    assert "people failed no" in judge_quality(Counts(100, 90, 9, 9, 1, 1), chosen="enriched").tpr.reason
    assert "people passed no" in judge_quality(Counts(100, 90, 9, 0, 1, 0), chosen="enriched").tpr.reason


def test_everything_labelled_leaves_nothing_to_be_worth():
    """Where no output is left without a label, a verdict is worth nothing that could be told."""
    assert isinstance(judge_quality(Counts(100, 90, 90, 89, 10, 2), chosen="random").worth, NotEstimable)


def test_sought_labels_give_error_rates_by_what_people_said():
    """Where failures were sought, TPR and TNR are shares of what people passed and failed."""
    quality = judge_quality(Counts(1000, 880, 52, 47, 48, 3), chosen="enriched")
    assert quality.tpr.estimate == pytest.approx(47 / 50)
    assert quality.tnr.estimate == pytest.approx(45 / 50)
    assert 0 < quality.phi2 < 1
