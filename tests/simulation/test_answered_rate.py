"""The rate among answered outputs: how often a bar that does not hold is shown, and how often one that does is."""

import numpy as np
import pytest
from scipy.stats import binom

from shipworthy.statistics.answered_rate import AnsweredRate
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable

LEVEL = 0.05
TRIALS = 1_000
BAR = 0.9


def drawn(rng, n, law):
    """Draw n groups: answered and passed outputs of each, by their kind; return them as shares."""
    kinds = rng.choice(len(law["kinds"]), n, p=[kind[0] for kind in law["kinds"]])
    of = np.array([kind[1] for kind in law["kinds"]])[kinds]
    rate = np.array([kind[2] for kind in law["kinds"]])[kinds]
    outputs = law["outputs"]
    whole = rng.random(n) < law["alike"]
    answered = np.where(whole, outputs * (rng.random(n) < of), rng.binomial(outputs, of))
    passed = np.where(whole, answered * (rng.random(n) < rate), rng.binomial(answered, rate))
    found, times = np.unique(np.stack([answered, passed]), axis=1, return_counts=True)
    return {(a / outputs, s / outputs): int(c) for (a, s), c in zip(found.T, times, strict=True)}


def truth(law):
    """Return the rate among answered outputs that a law has."""
    of = sum(share * answered for share, answered, _ in law["kinds"])
    return sum(share * answered * rate for share, answered, rate in law["kinds"]) / of


LAWS = {
    "one output": {"outputs": 1, "alike": 0.0, "kinds": [(1.0, 0.4, 0.9)]},
    "easy ones answered": {"outputs": 1, "alike": 0.0, "kinds": [(0.5, 0.9, 0.95), (0.5, 0.3, 0.75)]},
    "four repeats": {"outputs": 4, "alike": 0.3, "kinds": [(0.6, 0.8, 0.94), (0.4, 0.3, 0.74)]},
    "all or nothing": {"outputs": 3, "alike": 1.0, "kinds": [(1.0, 0.5, 0.9)]},
    "few answered": {"outputs": 5, "alike": 0.5, "kinds": [(0.9, 0.1, 0.95), (0.1, 0.5, 0.81)]},
    "rarely answered, always right": {"outputs": 8, "alike": 0.0, "kinds": [(0.95, 0.2, 1.0), (0.05, 0.95, 0.5)]},
}  # fmt: skip


@pytest.mark.parametrize("n", [20, 80, 300])
@pytest.mark.parametrize("law", LAWS)
def test_a_bar_on_the_truth_is_rarely_shown(keeps_its_level, law, n):
    """Confidence that goes with how good a group is, repeats alike inside, much or little answered: the level holds."""
    law = LAWS[law]
    bar, rng = truth(law), np.random.default_rng([41, n, law["outputs"]])
    wrong = 0
    for _ in range(TRIALS):
        found = AnsweredRate.from_histogram(drawn(rng, n, law))
        wrong += not isinstance(found, NotEstimable) and found.p_above(bar) <= LEVEL
    keeps_its_level(int(wrong), TRIALS)


@pytest.mark.parametrize(("n", "of", "rate"), [(200, 0.4, 0.97), (100, 0.8, 0.97), (600, 0.25, 0.95)])
def test_the_power_is_that_of_the_exact_test_on_the_answered(n, of, rate):
    """One output a group: launch by launch the verdict of Clopper-Pearson on the answered ones, so its power exactly."""
    rng = np.random.default_rng([43, n])
    shown = other = 0
    for _ in range(TRIALS):
        answered = rng.binomial(n, of)
        passed = rng.binomial(answered, rate)
        found = AnsweredRate.from_histogram({(1, 1): passed, (1, 0): answered - passed, (0, 0): n - answered})
        mine = found.p_above(BAR) <= LEVEL
        theirs = binom.sf(passed - 1, answered, BAR) <= LEVEL
        assert mine == theirs
        shown, other = shown + mine, other + theirs
    print(f"\n  n={n} answered={of} rate={rate}: {shown / TRIALS:.3f}, Clopper-Pearson {other / TRIALS:.3f}")  # noqa: T201 - shown with -s


@pytest.mark.parametrize(("of", "outputs"), [(0.3, 1), (0.6, 3)])
def test_a_price_buys_about_the_power_it_names(of, outputs):
    """The groups that a price names, at the rate it assumes: shown in seven to nine of ten launches."""
    rng = np.random.default_rng([47, outputs])
    law = {"outputs": outputs, "alike": 0.3, "kinds": [(1.0, of, 0.96)]}
    seen = AnsweredRate.from_histogram(drawn(rng, 300, law))
    needed = seen.groups_at_rate(rate=0.96, outcomes=outputs, bar=BAR, alpha=LEVEL, power=0.8)
    shown = sum(
        AnsweredRate.from_histogram(drawn(rng, needed, law)).p_above(BAR) <= LEVEL for _ in range(300)
    )
    print(f"\n  answered={of}, {outputs} outputs: {needed} groups show it in {shown / 300:.2f}")  # noqa: T201 - shown with -s
    assert 0.7 <= shown / 300 <= 0.92
    assert isinstance(seen.within, GroupMean)
