"""A watched promise: one promise a test."""

import pytest

from shipworthy.decision.monitor import Audit, Promise, watch
from shipworthy.statistics.results import NotEstimable

KEPT = [1] * 19 + [0]
MIX = {"easy": 0.8, "hard": 0.2}


def mixed(easy, hard, *, days=1):
    """One audit a day: so many of each slice; easy ones all pass, hard ones half."""
    return [Audit([1] * easy + [1, 0] * (hard // 2), ["easy"] * easy + ["hard"] * hard)] * days


def test_a_kept_promise_is_kept():
    """Nothing speaks against 90 % where 95 of 100 pass, and nothing is dated."""
    watched = watch(Promise(0.9), [Audit(KEPT)] * 20)
    assert (watched.state, watched.passed, watched.detector.outputs) == ("kept", 380, 400)
    assert watched.since == NotEstimable("nothing was breached")


def test_a_broken_promise_is_breached_and_stays_so():
    """Fifty bad outputs breach it, and good ones after that do not mend it."""
    bad = [Audit(KEPT)] * 10 + [Audit([1, 0] * 25)]
    assert watch(Promise(0.9), bad).state == "breached"
    assert watch(Promise(0.9), [*bad, *[Audit(KEPT)] * 100]).state == "breached"


def test_a_warning_comes_first_and_passes():
    """A short crowd of failures rings; nothing is breached, and it is over when all is well again."""
    crowd = [Audit(KEPT)] * 5 + [Audit([0, 1, 0, 0, 1, 0, 0, 1, 0])]
    assert watch(Promise(0.9, error=0.001), crowd).state == "warning"
    assert watch(Promise(0.9, error=0.001), [*crowd, Audit([1] * 60)]).state == "kept"


def test_what_came_after_the_break_is_told_apart():
    """The rate since the break is that of the bad stretch and not of the good one before it."""
    watched = watch(Promise(0.9), [Audit(KEPT)] * 10 + [Audit([1, 0] * 40)])
    assert 0.4 < watched.since < 0.6


def test_a_moved_mix_warns_and_says_what_it_does():
    """Twice as many hard cases are a warning by themselves, worth ten points here."""
    watched = watch(Promise(0.5, shares=MIX), mixed(60, 40, days=10))
    assert watched.state == "warning"
    assert watched.mix.moved == (("easy", "down"), ("hard", "up"))
    assert watched.mix_effect == pytest.approx(-0.1)


def test_a_mix_as_declared_does_nothing():
    """At the declared shares nothing warns, and the effect is 0."""
    watched = watch(Promise(0.5, shares=MIX), mixed(80, 20, days=10))
    assert (watched.state, watched.mix_effect) == ("kept", pytest.approx(0, abs=1e-12))


def test_shares_are_followed_without_an_early_warning():
    """Groups with a share of passes move the evidence; the early warning says why it is silent."""
    watched = watch(Promise(0.9), [Audit([0.5] * 60)])
    assert watched.state == "breached"
    assert isinstance(watched.early, NotEstimable)


def test_nothing_audited_is_kept_for_want_of_evidence():
    """Before the first audit nothing speaks against the promise, and no effect is estimable."""
    watched = watch(Promise(0.9, shares=MIX), [])
    assert (watched.state, watched.detector.outputs) == ("kept", 0)
    assert isinstance(watched.mix_effect, NotEstimable)
    assert isinstance(watch(Promise(0.9), []).mix_effect, NotEstimable)


def test_a_slice_without_audits_leaves_the_effect_open():
    """A declared slice that was never audited has no rate, and that is said."""
    watched = watch(Promise(0.5, shares=MIX), [Audit([1] * 5, ["easy"] * 5)])
    assert watched.mix_effect == NotEstimable("no rate is known in hard, which has 20% of the traffic")


def test_days_are_only_a_way_to_hand_outputs_over():
    """The same outputs in other audits give the same state and evidence."""
    values = (KEPT * 3 + [1, 0] * 10) * 2
    once = watch(Promise(0.9), [Audit(values)])
    daily = watch(Promise(0.9), [Audit(values[i : i + 7]) for i in range(0, len(values), 7)])
    assert (once.detector, once.early, once.state) == (daily.detector, daily.early, daily.state)


def test_a_mistake_in_an_audit_is_named():
    """A value outside 0 to 1, and a value without its slice, are refused."""
    with pytest.raises(ValueError, match="value must be"):
        watch(Promise(0.9), [Audit([2])])
    with pytest.raises(ValueError, match="3 values, 1 slices"):
        watch(Promise(0.9, shares=MIX), [Audit([1, 1, 0], ["easy"])])


@pytest.mark.parametrize(("rate", "fallen"), [(0.9, 0.8), (0.99, 0.98), (0.5, 0.25), (0.3, 0.15)])
def test_the_early_warning_looks_for_twice_the_failures(rate, fallen):
    """Twice as many failures where that leaves half the passes, else half the passes."""
    assert Promise(rate).fallen == pytest.approx(fallen)


def test_a_state_that_was_kept_is_gone_on_from_as_if_all_came_at_once():
    """After each of three audits the state is written as JSON and read again: what is told in the end is the same."""
    import json  # noqa: PLC0415 - only here

    from shipworthy.decision.monitor import Followed  # noqa: PLC0415
    from shipworthy.decision.monitor_state import as_values, from_values  # noqa: PLC0415

    promise = Promise(0.9, shares=MIX)
    audits = [*mixed(50, 20), *mixed(80, 20), Audit([1, 0, 0] * 40, ["easy", "hard", "easy"] * 40)]
    followed = Followed.start(promise)
    for audit in audits:
        followed = from_values(promise, json.loads(json.dumps(as_values(followed.after(audit)))))

    assert followed.told() == watch(promise, audits)
    assert followed.told().state == "breached"


def test_a_mix_that_moved_by_a_hair_is_no_reason_to_look():
    """With a hundred thousand outputs a change of one in a hundred is shown, and is no warning."""
    watched = watch(Promise(0.5, shares=MIX), mixed(81_000, 19_000))
    assert watched.mix.changed
    assert watched.state == "kept"


def test_a_slice_that_nobody_declared_counts_and_is_in_no_slice():
    """Ten outputs of another slice are values like the others; the mix does not know them."""
    watched = watch(Promise(0.5, shares=MIX), [Audit([1] * 20, ["easy"] * 8 + ["hard"] * 2 + ["other"] * 10)])
    assert (watched.detector.outputs, sum(watched.mix.counts)) == (20, 10)
