"""Severity chooses the row; rate and visibility move it by a step; nothing is multiplied."""

from __future__ import annotations

import itertools

import pytest

from shipworthy.decision.mode_counts import ModeCount
from shipworthy.decision.priority import LEVELS, in_order, priority
from shipworthy.domain.taxonomy import SEVERITIES, FailureMode

UPPERS = (None, 0.0, 0.0009, 0.001, 0.01, 0.011, 0.05, 0.051, 1.0)
SEEN = ("at once", "later", "never", None)


@pytest.mark.parametrize(
    ("severity", "upper", "detectable", "level"),
    [
        ("unacceptable", 0.00001, "at once", "high"),
        ("harmful", 0.0009, "at once", "medium"),
        ("harmful", 0.001, "at once", "high"),
        ("harmful", 0.0009, "later", "high"),
        ("costly", 0.011, "never", "high"),
        ("costly", 0.011, None, "high"),
        ("costly", 0.01, "never", "medium"),
        ("costly", 1.0, "later", "medium"),
        ("annoying", 0.051, "never", "medium"),
        ("annoying", 0.05, "never", "low"),
        ("cosmetic", 1.0, "never", "low"),
    ],
)
def test_every_edge_of_the_table(severity, upper, detectable, level):
    """The cells at their thresholds: a bound on the line is not over it."""
    assert priority(severity, upper, detectable).level == level


def test_a_rare_catastrophe_stands_above_a_frequent_scratch():
    """Multiplied, 5 x rare would be less than 2 x frequent: 40 against 147 in the handbook's own example."""
    scratch = FailureMode(id="scratch", severity="annoying", detectable="never")
    fire = FailureMode(id="fire", severity="unacceptable", detectable="at once")
    rows = [
        (scratch, ModeCount("scratch", rate=0.7, upper=0.8)),
        (fire, ModeCount("fire", rate=0.0, upper=0.001)),
    ]
    assert [mode.id for mode, _ in in_order(rows)] == ["fire", "scratch"]


def test_worse_is_never_seen_to_later():
    """One step more severe, more frequent or less visible never lowers the priority."""
    rank = {level: n for n, level in enumerate(reversed(LEVELS))}
    hidden = ("at once", "later", "never")
    known = UPPERS[1:]
    for upper, seen in itertools.product(UPPERS, SEEN):
        levels = [rank[priority(severity, upper, seen).level] for severity in SEVERITIES]
        assert levels == sorted(levels)
    for severity in SEVERITIES:
        for seen in SEEN:
            levels = [rank[priority(severity, upper, seen).level] for upper in known]
            assert levels == sorted(levels)
        for upper in UPPERS:
            levels = [rank[priority(severity, upper, seen).level] for seen in hidden]
            assert levels == sorted(levels)


def test_unknown_is_taken_at_its_worst():
    """No bound is as bad as 1, and nobody saying when it is noticed is as bad as never."""
    for severity, seen in itertools.product(SEVERITIES, SEEN):
        assert priority(severity, None, seen).level == priority(severity, 1.0, seen).level
    for severity, upper in itertools.product(SEVERITIES, UPPERS):
        assert priority(severity, upper, None).level == priority(severity, upper, "never").level


def test_alike_modes_keep_the_order_of_the_file():
    """Where nothing tells two modes apart, the first written stands first."""
    rows = [(FailureMode(id=name), ModeCount(name)) for name in ("b", "a")]
    assert [mode.id for mode, _ in in_order(rows)] == ["b", "a"]
