"""The gate of a change: what it stops, what it lets pass, and how often it is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from shipworthy.decision.change_gate import false_alarms, gate
from shipworthy.decision.tradeoff import Axis


def axis(name: str, before: list[float], after: list[float]) -> Axis:
    """Return an axis of two variants without anything unknown."""
    values = {"old": np.array(before, float), "new": np.array(after, float)}
    return Axis(name, "goal", values, values)


def flips(same: int, fixed: int, broken: int) -> Axis:
    """Return an axis of so many groups that stayed right, were fixed, were broken."""
    return axis("right", [1] * same + [0] * fixed + [1] * broken, [1] * same + [1] * fixed + [0] * broken)


def test_a_shown_regression_is_stopped_as_mcnemar_says():
    """12 broken and 2 fixed of 100: the exact one-sided sign test says .0065, and the gate stops it."""
    found = gate([flips(86, 2, 12)], changed="new", accepted="old")
    line = found.lines[0]
    assert line.p_worse == pytest.approx(binomtest(12, 14, alternative="greater").pvalue, abs=1e-9)
    assert (found.outcome, line.state, line.fixed, line.broken) == ("regressed", "regressed", 2, 12)
    assert line.at_least < line.change < line.at_most < 0


def test_no_change_and_a_gain_pass():
    """The same outputs, or better ones, are never stopped, and never called worse."""
    assert gate([flips(100, 0, 0)], changed="new", accepted="old").outcome == "pass"
    assert gate([flips(80, 20, 0)], changed="new", accepted="old").outcome == "pass"
    assert gate([flips(1, 0, 0)], changed="new", accepted="old").outcome == "pass"


def test_one_broken_line_of_several_is_enough_but_pays_for_the_others():
    """Five broken and none fixed stop alone (.031); among three lines they do not (.094)."""
    assert gate([flips(50, 0, 5)], changed="new", accepted="old").outcome == "regressed"
    others = [flips(55, 0, 0), flips(55, 0, 0)]
    assert gate([flips(50, 0, 5), *others], changed="new", accepted="old").outcome == "pass"
    assert gate([flips(50, 0, 9), *others], changed="new", accepted="old").outcome == "regressed"


def test_not_worse_has_to_be_shown():
    """20 groups without a flip do not show that 5 of 100 were not lost; 100 do; a margin of 0 shows nothing."""
    policy = {"changed": "new", "accepted": "old", "policy": "not worse", "margin": 0.05}
    assert gate([flips(20, 0, 0)], **policy).outcome == "not shown"
    assert gate([flips(100, 0, 0)], **policy).outcome == "pass"
    assert gate([flips(100, 0, 0), flips(99, 0, 30)], **policy).outcome == "regressed"
    with pytest.raises(ValueError, match="margin must be above 0"):
        gate([flips(100, 0, 0)], changed="new", accepted="old", policy="not worse")


def test_what_is_unknown_counts_against_a_statement_either_way():
    """A missing outcome of the changed variant does not stop it by itself: it may have passed, it may have failed."""
    against = {"old": np.ones(30), "new": np.zeros(30)}
    favour = {"old": np.ones(30), "new": np.ones(30)}
    found = gate([Axis("right", "goal", against, favour)], changed="new", accepted="old")
    assert found.outcome == "pass"
    assert found.lines[0].state == "open"


def test_a_change_that_changes_nothing_is_stopped_at_most_at_the_level():
    """400 simulated changes on 60 groups and two lines that stand together: stopped at most 5 times in 100."""
    rng = np.random.default_rng(7)
    stopped = 0
    for _ in range(400):
        hard = rng.random(60)
        lines = []
        for n in range(2):
            before, after = (rng.random(60) < 0.5 + 0.5 * hard for _ in range(2))
            values = {"old": before.astype(float), "new": after.astype(float)}
            lines.append(Axis(str(n), "goal", values, values))
        trial = false_alarms(lines, changed="new", accepted="old", level=0.05, times=1, seed=0)
        stopped += trial.stopped
    # A gate at exactly .05 is above this with a chance of one in ten thousand.
    assert stopped <= binom.isf(1e-4, 400, 0.05)


def test_trials_on_the_own_data_are_repeatable_and_below_the_level():
    """Swapping groups of 40 changed and 60 unchanged ones, 300 times: the same count twice, and below the level."""
    data = [flips(60, 5, 35)]
    terms = {"changed": "new", "accepted": "old", "level": 0.05, "times": 300, "seed": 3}
    first = false_alarms(data, **terms)
    assert first == false_alarms(data, **terms)
    assert first.stopped <= binom.isf(1e-4, 300, 0.05)
    assert gate(data, changed="new", accepted="old").outcome == "regressed"
