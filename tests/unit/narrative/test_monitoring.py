"""A watched promise in words: one promise a test."""

import pytest

from shipworthy.decision.monitor import Audit, Promise, watch
from shipworthy.narrative.monitoring import sentences
from shipworthy.narrative.wording import banned

KEPT = [1] * 19 + [0]
CROWD = [0, 1, 0, 0, 1, 0, 0, 1, 0]


def said(promise, *audits):
    """Return what is said after these audits, each its values or its values and slices."""
    return sentences(watch(promise, [Audit(*a) if isinstance(a, tuple) else Audit(a) for a in audits]))


def test_a_kept_promise_is_not_called_kept():
    """It says that nothing speaks against it, on how many outputs, and how often a breach is said wrongly."""
    assert said(Promise(0.9), KEPT * 5) == (
        "Nothing speaks against the promise of 90 of 100: 95 of 100 audited outputs passed.",
        "A breach is said wrongly, over the whole life of the promise, with a chance of at most 5 in 100.",
    )


def test_nothing_audited_is_said():
    """No output, no watch."""
    assert said(Promise(0.9))[0] == "The promise of 90 of 100 is not watched yet: no output was audited."


def test_an_early_warning_says_how_often_it_is_wrong():
    """The warning stands beside how rarely it rings without a cause, and is no breach."""
    state, _, early = said(Promise(0.9, error=0.001), KEPT * 5 + CROWD)
    assert state.startswith("The promise of 90 of 100 may be breaking, which is not shown: ")
    assert early == (
        "Early warning: failures crowd as they do when 80 of 100 pass. "
        "It rings without a cause about once in 2,140 audited outputs."
    )


def test_a_breach_needs_no_warning_beside_it():
    """Once it is breached the early warning is not repeated."""
    assert len(said(Promise(0.9), [1, 0] * 40)) == 2


def test_a_moved_mix_names_the_slice_and_what_it_does():
    """Which slice went up, which went down, and by how much the rate moves for that alone."""
    values, names = [1] * 60 + [1, 0] * 20, ["kind=easy"] * 60 + ["kind=hard"] * 40
    promise = Promise(0.5, shares={"kind=easy": 0.8, "kind=hard": 0.2})
    assert said(promise, *[(values, names)] * 10)[-1] == (
        "The traffic is not mixed as declared: kind easy went down and kind hard went up. "
        "By itself that moves the rate by -10 of 100."
    )


def test_a_mix_effect_that_is_not_known_is_left_out():
    """Where a declared slice was never audited, the change is said and its effect is not."""
    promise = Promise(0.5, shares={"easy": 0.8, "hard": 0.2})
    assert said(promise, ([1] * 60, ["easy"] * 60))[-1] == (
        "The traffic is not mixed as declared: easy went up and hard went down."
    )


@pytest.mark.parametrize("values", [KEPT, CROWD, [0] * 30, []])
def test_no_sentence_promises_more_than_evidence_can(values):
    """None of the banned words is used."""
    assert banned(" ".join(said(Promise(0.9), values))) == []
