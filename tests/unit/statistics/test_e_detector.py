"""The e-detector: one promise a test."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.e_detector import DROPS, EDetector, stake_on, waiting

promises = st.floats(0.05, 0.99)
streams = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=60)


@pytest.mark.parametrize("promise", [0.5, 0.9, 0.99])
def test_evidence_is_one_on_average_while_the_promise_is_kept(promise):
    """Over all streams of ten outputs at the promised rate the evidence has the mean 1: no more, and hardly less."""
    mean = math.fsum(
        promise ** sum(stream)
        * (1 - promise) ** (10 - sum(stream))
        * EDetector.start(promise=promise).after(stream).evidence
        for stream in product((0, 1), repeat=10)
    )
    assert mean == pytest.approx(1, abs=2e-9)
    assert mean <= 1


@pytest.mark.parametrize("rate", [0.91, 0.97])
def test_a_rate_above_the_promise_gives_less_evidence(rate):
    """Where more is kept than was promised, the evidence is below 1 on average."""
    mean = math.fsum(
        rate ** sum(s) * (1 - rate) ** (8 - sum(s)) * EDetector.start(promise=0.9).after(s).evidence
        for s in product((0, 1), repeat=8)
    )
    assert mean < 1


@settings(max_examples=100, deadline=None)
@given(promise=promises, first=streams, second=streams)
def test_stopping_and_going_on_changes_nothing(promise, first, second):
    """Outputs followed in two goes leave the same detector as in one."""
    start = EDetector.start(promise=promise)
    assert start.after(first).after(second) == start.after(first + second)


@settings(max_examples=100, deadline=None)
@given(promise=promises, before=streams, batch=streams, data=st.data())
def test_order_inside_a_batch_does_not_matter(promise, before, batch, data):
    """A batch in any order gives the same evidence."""
    detector = EDetector.start(promise=promise).after(before)
    mixed = data.draw(st.permutations(batch))
    assert detector.after_batch(batch).evidence == pytest.approx(
        detector.after_batch(mixed).evidence, rel=1e-12
    )


@settings(max_examples=100, deadline=None)
@given(promise=promises, before=streams, batch=streams)
def test_a_batch_of_one_is_an_output(promise, before, batch):
    """Following outputs one by one is following batches of one."""
    one_by_one = detector = EDetector.start(promise=promise).after(before)
    for value in batch:
        one_by_one = one_by_one.after_batch([value])
    assert detector.after(batch) == one_by_one


@settings(max_examples=100, deadline=None)
@given(promise=promises, before=streams, values=st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_a_worse_output_never_lowers_the_evidence(promise, before, values):
    """Each output that turns into a failure leaves the evidence as it is or raises it."""
    detector = EDetector.start(promise=promise).after(before)
    assert detector.after([0.0] * len(values)).evidence >= detector.after(values).evidence * (1 - 1e-12)


def test_an_alarm_stays_and_keeps_its_moment():
    """Good outputs after an alarm do not take it back, and the highest evidence stays."""
    broken = EDetector.start(promise=0.9).after([0] * 30)
    healed = broken.after([1] * 2000)
    assert healed.alarm_at == broken.alarm_at is not None
    assert healed.highest == broken.highest
    assert healed.evidence < 1 < healed.highest


def test_an_alarm_is_raised_where_the_evidence_first_reaches_its_line():
    """One output earlier the evidence was below 20, at the alarm it is not."""
    values = [1] * 50 + [0, 1] * 40
    alarm_at = EDetector.start(promise=0.9).after(values).alarm_at
    assert EDetector.start(promise=0.9).after(values[: alarm_at - 1]).evidence < 20
    assert EDetector.start(promise=0.9).after(values[:alarm_at]).evidence >= 20


def test_the_beginning_is_near_where_it_was():
    """After 300 good outputs the bad stretch is dated to within a few outputs of its start."""
    detector = EDetector.start(promise=0.9).after(([1] * 19 + [0]) * 15 + [1, 0] * 40)
    assert 295 <= detector.began <= 310


def test_all_passed_never_alarms_and_all_failed_soon_does():
    """Ten thousand passes leave no evidence; a promise of 99 % falls in 4 failures, one of 50 % in more."""
    assert EDetector.start(promise=0.99).after([1] * 10_000).highest == 1
    assert EDetector.start(promise=0.99).after([0] * 50).alarm_at == 4
    assert 4 < EDetector.start(promise=0.5).after([0] * 50).alarm_at < 20


def test_evidence_stays_finite():
    """A hundred thousand failures give a large number, not infinity."""
    assert math.isfinite(EDetector.start(promise=0.9).after([0] * 10_000).evidence)


def test_p_value_is_one_over_the_highest_evidence():
    """It is 1 at the start, never rises, and is at most alpha exactly at an alarm."""
    detector, last = EDetector.start(promise=0.8), 1.0
    for value in [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]:
        detector = detector.after([value])
        assert detector.p_value <= last
        last = detector.p_value
        assert (detector.p_value <= 0.05) == (detector.alarm_at is not None)


def test_nothing_followed_is_nothing_known():
    """No output, no evidence."""
    start = EDetector.start(promise=0.9)
    assert start.after([]) == start.after_batch([]) == start
    assert start.evidence == pytest.approx(1)


@pytest.mark.parametrize("values", [[1.2], [-0.1], [math.nan]])
def test_values_outside_the_range_are_refused(values):
    """A value must be a share."""
    with pytest.raises(ValueError, match="value must be"):
        EDetector.start(promise=0.9).after(values)


@pytest.mark.parametrize("promise", [0, 1, -1])
def test_a_promise_of_everything_or_nothing_is_refused(promise):
    """Of "always" one failure is the refutation, and "never" cannot be broken: neither is watched."""
    with pytest.raises(ValueError, match="promise must be"):
        EDetector.start(promise=promise)


def test_stakes_never_make_a_bet_negative():
    """At a pass the bet is what is left of the rate, at a failure the rise of the failures."""
    for promise in (0.01, 0.5, 0.9, 0.999):
        for drop in DROPS:
            stake = stake_on(drop, promise=promise)
            assert 1 + stake * (promise - 1) > 0
            assert 1 + stake * promise > 1


def test_weights_of_starts_are_used_up_slowly():
    """The weight left falls for ever and never reaches 0."""
    left = [waiting(k) for k in (1, 2, 10, 1000, 10**6, 10**12)]
    assert left == sorted(left, reverse=True)
    assert left[-1] > 0.04
