"""What admits a judge, by hand and against the intervals of scipy; and when its sentinels ring."""

from __future__ import annotations

import random

import pytest
from scipy.stats import beta, binom

from shipworthy.decision.calibration import Graded, calibrate
from shipworthy.decision.sentinels import ALARM, Again, drift
from shipworthy.domain.judge import Accept
from shipworthy.narrative.calibration import sentences
from shipworthy.statistics.results import NotEstimable


def rows(caught: int, bad: int, accused: int, good: int) -> list[Graded]:
    """Return labelled outputs, each its own group: `caught` of `bad`, `accused` of `good`."""
    kinds = [(n >= caught, False) for n in range(bad)] + [(n >= accused, True) for n in range(good)]
    return [Graded(n, passed, good) for n, (passed, good) in enumerate(kinds)]


def held(caught: int, bad: int, accused: int, good: int, **limits):
    """Calibrate on so many."""
    made = rows(caught, bad, accused, good)
    passed = sum(row.passed for row in made)
    return calibrate(made, judged=len(made), passed=passed, chosen="random", limits=Accept(**limits))


def low(k: int, n: int) -> float:
    """Return the exact one-sided 95 % lower bound."""
    return float(beta.ppf(0.05, k, n - k + 1)) if k else 0.0


def high(k: int, n: int) -> float:
    """Return the exact one-sided 95 % upper bound."""
    return float(beta.ppf(0.95, k + 1, n - k)) if k < n else 1.0


@pytest.mark.parametrize(
    "counts", [(24, 30, 4, 30), (21, 26, 8, 214), (30, 30, 0, 30), (0, 5, 3, 3), (1, 1, 0, 1)]
)
def test_shares_have_the_exact_bounds_of_clopper_and_pearson(counts):
    """Caught of bad and accused of good, each output its own group."""
    caught, bad, accused, good = counts
    found = held(*counts)

    assert found.catches.estimate == pytest.approx(caught / bad)
    assert found.catches.low == pytest.approx(low(caught, bad), abs=1e-9)
    assert found.catches.high == pytest.approx(high(caught, bad), abs=1e-9)
    assert found.accuses.low == pytest.approx(low(accused, good), abs=1e-9)
    assert found.accuses.high == pytest.approx(high(accused, good), abs=1e-9)
    assert found.agreed == caught + good - accused


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ((24, 30, 4, 30), "accepted"),  # 64 of 100 at least, 28 at most: the example of the limits
        ((23, 30, 4, 30), "accepted"),  # 60.6
        ((22, 30, 4, 30), "not shown"),  # 57
        ((24, 30, 5, 30), "not shown"),  # 32
        ((10, 30, 0, 30), "refused"),  # 50 at most
        ((30, 30, 16, 30), "refused"),  # 37 at least
        ((30, 30, 9, 30), "not shown"),
        ((0, 0, 0, 50), "not shown"),  # nobody labelled a failure
        ((50, 50, 0, 0), "not shown"),
        ((0, 0, 40, 50), "refused"),  # that it accuses too many is shown without a failure
    ],
)
def test_a_judge_is_accepted_by_bounds_and_not_by_what_was_seen(counts, state):
    """At limits of 60 caught and 30 accused of 100, worked out by hand from the exact bounds."""
    assert held(*counts).state == state


def test_the_limits_of_the_file_are_what_is_held_against():
    """24 of 30 and 4 of 30 are enough for 60 and 30, not for 65 and 30, nor for 60 and 25."""
    assert held(24, 30, 4, 30).state == "accepted"
    assert held(24, 30, 4, 30, catches=0.65).state == "not shown"
    assert held(24, 30, 4, 30, accuses=0.25).state == "not shown"


def test_a_judge_that_says_the_same_of_everything_is_never_accepted():
    """Passing everything catches none, failing everything accuses all, whatever the share of failures."""
    for bad in (10, 50, 190):
        assert held(0, bad, 0, 200 - bad).state == "refused"
        assert held(bad, bad, 200 - bad, 200 - bad).state == "refused"


def test_a_judge_at_the_limit_is_accepted_in_at_most_one_of_twenty_calibrations():
    """Exactly: over all counts of a judge that catches just 60 of 100, of 30 to 200 labelled failures."""
    for n in (30, 60, 200):
        accepted = [k for k in range(n + 1) if held(k, n, 0, 60).state == "accepted"]
        assert 0 < sum(binom.pmf(k, n, 0.6) for k in accepted) <= 0.05


def test_outputs_of_one_group_count_as_one():
    """Thirty failures of one document, all caught, are one thing that was seen: nothing is shown."""
    bad = [Graded(1, False, False) for _ in range(30)]
    good = [Graded(100 + n, True, True) for n in range(60)]
    found = calibrate(bad + good, judged=90, passed=60, chosen="random", limits=Accept())

    assert found.catches.low == pytest.approx(low(1, 1))
    assert found.state == "not shown"


def test_a_draw_by_verdict_is_weighed_back_by_how_often_the_judge_says_what():
    """1,000 judged, 900 passed; 50 labels of each kind, 48 and 5 of them good: by hand from the two shares."""
    made = [Graded(n, True, n < 48) for n in range(50)] + [Graded(50 + n, False, n < 5) for n in range(50)]
    found = calibrate(made, judged=1000, passed=900, chosen="by_verdict", limits=Accept())
    bad_passed, bad_failed = 900 * 2 / 50, 100 * 45 / 50
    good_passed, good_failed = 900 * 48 / 50, 100 * 5 / 50

    assert found.catches.estimate == pytest.approx(bad_failed / (bad_failed + bad_passed))
    assert found.accuses.estimate == pytest.approx(good_failed / (good_failed + good_passed))
    assert (
        found.catches.low < found.catches.estimate < 45 / 47 < 1
    )  # taken for random it would look far better


def test_a_draw_by_verdict_that_is_called_random_admits_nobody():
    """1,000 judged, 900 passed, but half of the labels on what it failed: no bound, and the line says what to do."""
    made = [Graded(n, True, n < 48) for n in range(50)] + [Graded(50 + n, False, n < 5) for n in range(50)]
    found = calibrate(made, judged=1000, passed=900, chosen="random", limits=Accept())
    said = sentences(found, "policy")

    assert found.state == "not shown"
    assert "too lopsided" in said[1]
    assert "--chosen" in said[1]
    assert not any(line.startswith("what is missing") for line in said)


def test_a_draw_by_verdict_within_documents_admits_nobody():
    """Fifty failures of one document are one thing seen, and the bounds by verdict know no documents."""
    made = [Graded(n, True, True) for n in range(50)] + [Graded(99, False, False) for _ in range(50)]
    found = calibrate(made, judged=1000, passed=900, chosen="by_verdict", limits=Accept())

    assert found.state == "not shown"
    assert "label at random" in sentences(found, "policy")[1]


def test_slices_and_thirds_of_length_add_up():
    """Six outputs, two slices that overlap, three lengths."""
    made = [
        Graded(1, True, True, ("a",), 10), Graded(2, False, False, ("a", "b"), 10),
        Graded(3, True, False, ("b",), 20), Graded(4, True, True, (), 20),
        Graded(5, False, True, (), 30), Graded(6, False, False, ("b",), 30),
    ]  # fmt: skip
    found = calibrate(made, judged=6, passed=3, chosen="random", limits=Accept())

    assert [(p.name, p.bad, p.caught, p.good, p.accused) for p in found.slices] == [
        ("a", 1, 1, 1, 0),
        ("b", 3, 2, 0, 0),
    ]
    assert [(p.name, p.bad, p.good) for p in found.lengths] == [
        ("short", 1, 1),
        ("middling", 1, 1),
        ("long", 1, 1),
    ]
    assert sum(p.bad + p.good for p in found.lengths) == found.labels == 6


def test_a_calibration_says_counts_and_what_is_missing():
    """Five failures are too few: the last line asks for more of them and not for good outputs."""
    said = sentences(held(5, 5, 0, 60), "policy")

    assert said[0] == "policy: not shown: it may not decide yet"
    assert said[1].startswith("of 100 real failures it catches 100 (could be as few as 54; 5 of 5 labelled)")
    assert said[-1] == "what is missing: more labelled failures (there are 5)"
    assert any("a judge that passes everything would agree on 60 of 65" in line for line in said)


def test_without_a_labelled_failure_nothing_is_claimed_about_failures():
    """Sixty good outputs, no failure: not known, with the reason."""
    found = held(0, 0, 1, 60)

    assert isinstance(found.catches, NotEstimable)
    assert any(line.startswith("real failures it catches: not known") for line in sentences(found, "policy"))


def changed(worse: int, better: int, same: int = 60):
    """Return sentinels of which so many changed, each its own group."""
    kinds = [(True, False)] * worse + [(False, True)] * better + [(True, True)] * same
    return drift([Again(n, then, now) for n, (then, now) in enumerate(kinds)])


@pytest.mark.parametrize("n", [1, 6, 7, 8, 12, 25])
def test_sentinels_ring_falsely_in_at_most_one_run_of_a_hundred(n):
    """Exactly: of n outputs that changed, each as likely for the worse as for the better, over every split."""
    false = sum(binom.pmf(k, n, 0.5) for k in range(n + 1) if changed(k, n - k).alarm)

    assert false <= ALARM


@pytest.mark.parametrize("unsteady", [0.02, 0.1, 0.3])
def test_a_judge_that_is_unsteady_but_the_same_seldom_rings(unsteady):
    """100 sentinels judged twice with the same chance of a slip each time, 1,000 seeded runs: the exact bound."""
    chance = random.Random(11)
    judged = lambda: chance.random() >= unsteady  # noqa: E731
    alarms = sum(drift([Again(n, judged(), judged()) for n in range(100)]).alarm for _ in range(1000))

    assert low(alarms, 1000) <= ALARM


@pytest.mark.parametrize(
    ("worse", "better", "alarm"),
    [(6, 0, False), (7, 0, True), (8, 0, True), (12, 2, True), (9, 4, False), (0, 30, False)],
)
def test_a_drop_rings_and_a_gain_does_not(worse, better, alarm):
    """The sign test by hand: 7 of 7 is 1 in 128, 6 of 6 is 1 in 64; 12 of 14 is 0.0065."""
    found = changed(worse, better)

    assert found.alarm is alarm
    assert found.p == pytest.approx(binom.sf(worse - 1, worse + better, 0.5), abs=1e-9)
    assert found.words == (
        f"of {worse + better + 60} sentinel outputs it agreed with people on {worse + 60} at first and on {better + 60} "
        f"now ({worse} for the worse, {better} for the better)"
    )


def test_sentinels_of_one_group_are_one():
    """Thirty outputs of one document that all turned are one change: no alarm; no sentinels, no drift."""
    assert not drift([Again(1, True, False)] * 30 + [Again(2 + n, True, True) for n in range(30)]).alarm
    assert drift([]) is None
    assert not changed(0, 0).alarm
