"""Rates of failure modes and saturation from labels on a drawn queue."""

from __future__ import annotations

import random

import pytest

from shipworthy.decision.queue_draw import Drawable, draw_stratified, groups_in
from shipworthy.decision.reading_rates import Read, mode_rates, saturation
from shipworthy.domain.review import Output

NONE: frozenset[str] = frozenset()
LATE = frozenset({"late"})


def _read(group, modes=NONE, state="", stratum=""):
    return Read(group, stratum, state or ("fail" if modes else "pass"), modes)


def test_two_outputs_of_one_group_count_as_one():
    """Ten outputs of five groups, one mode in both outputs of one group: 1 of 5, not 2 of 10."""
    read = [_read(i // 2, LATE if i < 2 else NONE) for i in range(10)]
    [rate] = mode_rates(read, groups={"": 100})
    assert (rate.groups, rate.reviewed, rate.estimate) == (1, 5, 0.2)
    assert rate.upper == pytest.approx(0.6574, abs=1e-3)


def test_a_slice_weighs_what_it_has_and_not_what_was_drawn():
    """Every one of ten groups in a slice of 10 fails, none of ten in a slice of 90: a rate of 1 in 10."""
    read = [_read(i, LATE, stratum="b") for i in range(10)]
    read += [_read(100 + i, stratum="a") for i in range(10)]
    [rate] = mode_rates(read, groups={"a": 90, "b": 10})
    assert rate.estimate == pytest.approx(0.1)
    assert rate.lower < 0.1 < rate.upper < 0.4


def test_what_was_put_off_could_show_the_mode_or_not():
    """One failure and nine deferred of twenty: the lower end takes them as without it, the upper end as with it."""
    read = [
        _read(0, LATE),
        *(_read(i, state="defer") for i in range(1, 10)),
        *(_read(i) for i in range(10, 20)),
    ]
    [rate] = mode_rates(read, groups={"": 20})
    assert rate.lower == pytest.approx(0.0026, abs=1e-3)
    assert rate.upper > 0.69


def test_failures_without_a_name_are_told_apart():
    """A failure with a note and no mode is a row of its own, and each counts as something new."""
    read = [_read(0, LATE), _read(1, state="fail"), _read(2, state="fail"), _read(3)]
    assert [rate.mode for rate in mode_rates(read, groups={"": 4})] == ["", "late"]
    found = saturation(read)
    assert (found.modes, found.unnamed, found.since_new, found.curve) == (1, 2, 1, (1, 2, 3, 3))


def test_nothing_failed_still_has_a_bound():
    """A hundred groups without a failure: up to 3 of 100 further ones may fail."""
    found = saturation([_read(i) for i in range(100)])
    assert found.upper == pytest.approx(0.0295, abs=1e-4)
    assert found.since_new == 100


def test_bounds_from_a_stratified_queue_are_wrong_at_most_as_often_as_they_say():
    """150 draws of 40 from slices of 300 and 60 groups with rates of 5 and 50 in 100: each end fails at most 5 %."""
    draw = random.Random(5)
    failing = {g: draw.random() < (0.05 if g < 300 else 0.5) for g in range(360)}
    truth = sum(failing.values()) / 360
    found = [Drawable(Output(1, g, 1), g, "a" if g < 300 else "b") for g in range(360)]
    groups, low, high, total = groups_in(found), 0, 0, 0.0
    for seed in range(150):
        read = [
            _read(
                p.output.case_no,
                LATE if failing[p.output.case_no] else NONE,
                stratum="ab"[p.output.case_no >= 300],
            )
            for p in draw_stratified(found, 40, seed)
        ]
        rates = {rate.mode: rate for rate in mode_rates(read, groups=groups)}
        rate = rates.get("late")
        total += rate.estimate if rate else 0.0
        low += bool(rate and rate.lower > truth)
        high += bool(rate and rate.upper < truth)
    assert total / 150 == pytest.approx(truth, abs=0.015)
    assert max(low, high) <= 13  # the exact binomial bound on 5 of 100 in 150
