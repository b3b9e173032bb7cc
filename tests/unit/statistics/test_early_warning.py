"""The early warning: one promise a test."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.early_warning import EarlyWarning, whole_steps
from shipworthy.statistics.results import NotEstimable


def test_it_rings_no_more_often_than_it_was_set_to():
    """The height is the smallest whose false rings are far enough apart."""
    warning = EarlyWarning.start(promise=0.9, fallen=0.8, once_in=500)
    lower = EarlyWarning(0.9, 0.8, warning.up, warning.down, warning.height - 1)
    assert lower.outputs_between_rings(0.9) < 500 <= warning.outputs_between_rings(0.9)


@settings(max_examples=50, deadline=None)
@given(promise=st.floats(0.3, 0.97), share=st.floats(0.5, 0.99))
def test_steps_fall_while_the_promise_is_kept_and_rise_when_it_is_not(promise, share):
    """On average points go down at the promised rate and up at the fallen one."""
    fallen = promise * share
    up, down = whole_steps(promise=promise, fallen=fallen)
    assert (1 - promise) * up < promise * down
    assert (1 - fallen) * up > fallen * down


def test_it_is_quicker_the_further_the_rate_fell():
    """Rings come sooner at 60 % than at 80 %, and sooner there than at the promise."""
    warning = EarlyWarning.start(promise=0.9, fallen=0.8, once_in=1000)
    lengths = [warning.outputs_between_rings(rate) for rate in (0.0, 0.6, 0.8, 0.9, 0.95)]
    assert lengths == sorted(lengths)
    assert lengths[0] == pytest.approx(-(-warning.height // warning.up), rel=2e-6)


def test_chance_of_a_ring_agrees_with_the_average_time_to_it():
    """Adding up the chances of no ring yet gives the average time."""
    warning = EarlyWarning(0.9, 0.8, 3, 1, 8)
    quiet = sum(1 - warning.chance_of_ring(within=n, rate=0.7) for n in range(400))
    assert quiet == pytest.approx(warning.outputs_between_rings(0.7), rel=1e-5)


def test_chance_of_a_ring_where_no_other_answer_is_possible():
    """Without outputs it does not ring; with failures only it rings when the points are there."""
    warning = EarlyWarning(0.9, 0.8, 3, 1, 8)
    assert warning.chance_of_ring(within=0, rate=0.5) == 0
    assert warning.chance_of_ring(within=2, rate=0.0) == 0
    assert warning.chance_of_ring(within=3, rate=0.0) == 1


def test_it_rings_once_until_it_is_quiet_again():
    """A ring lasts until the points are gone, and the next one is counted anew."""
    warning = EarlyWarning(0.9, 0.8, 3, 1, 8)
    rung = warning.after([0, 0, 0, 0, 1, 0])
    assert (rung.ringing, rung.rings) == (True, 1)
    assert rung.after([1] * 7).ringing
    quiet = rung.after([1] * 8)
    assert (quiet.ringing, quiet.points) == (False, 0)
    assert quiet.after([0, 0, 0]).rings == 2


def test_stopping_and_going_on_changes_nothing():
    """Outputs in two goes leave the same warning as in one."""
    warning, stream = EarlyWarning.start(promise=0.8, fallen=0.6, once_in=200), [0, 1, 0, 0, 1, 1, 0, 1] * 5
    assert warning.after(stream[:13]).after(stream[13:]) == warning.after(stream)


def test_hardly_any_failures_are_no_ground_for_a_warning():
    """For a promise of 99.99 % there is a reason in place of a warning, and where it never rings, in place of a number."""
    assert isinstance(EarlyWarning.start(promise=0.9999, fallen=0.9998, once_in=1e6), NotEstimable)
    warning = EarlyWarning.start(promise=0.9, fallen=0.8, once_in=1000)
    assert isinstance(warning.outputs_between_rings(1.0), NotEstimable)
    assert isinstance(warning.outputs_between_rings(0.9999), NotEstimable)


def test_a_rate_that_did_not_fall_and_shares_are_refused():
    """The fallen rate is below the promise, and outcomes are passes or not."""
    with pytest.raises(ValueError, match="fallen must be"):
        EarlyWarning.start(promise=0.9, fallen=0.9, once_in=100)
    with pytest.raises(ValueError, match="0 or 1"):
        EarlyWarning.start(promise=0.9, fallen=0.8, once_in=100).after([0.5])
