"""How often an equally good demo is said to differ from the set, by seeded draws."""

import numpy as np
import pytest

from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.repeated_prompts import RepeatedPrompts, told_apart

TRIALS = 2_000
DEMOS = {
    "alike": [0.6, 0.6, 0.6],
    "two that always pass": [1.0, 1.0, 0.0, 0.4],
    "one that never does": [0.9, 0.9, 0.0],
    "many": [0.3, 0.9] * 4,
}


@pytest.mark.parametrize("demo", DEMOS)
@pytest.mark.parametrize("cases", [40, pytest.param(200, marks=pytest.mark.campaign)])
def test_an_equally_good_demo_is_rarely_called_different(demo, cases, keeps_its_level):
    """Prompts whose mean is .6, ten times each, beside cases that pass with .6: at most 5 of 100 are told apart."""
    chances = np.array(DEMOS[demo])
    assert chances.mean() == pytest.approx(0.6)
    rng = np.random.default_rng(20261125)
    demos = rng.binomial(10, chances, size=(TRIALS, len(chances))).sum(axis=1).tolist()
    sets = rng.binomial(cases, 0.6, size=TRIALS).tolist()
    known: dict[tuple[int, int], int] = {}
    wrong = 0
    for passed, in_set in zip(demos, sets, strict=True):
        if (passed, in_set) not in known:
            mean = GroupMean.from_counts(passed=in_set, n=cases)
            known[passed, in_set] = told_apart(RepeatedPrompts(passed, 10 * len(chances)), mean)
        wrong += known[passed, in_set] != 0
    keeps_its_level(wrong, TRIALS)


def test_a_demo_at_nine_in_ten_is_told_from_a_set_at_six_in_ten():
    """Three prompts ten times each, 100 cases: the difference is seen in most of 1,000 demos."""
    rng = np.random.default_rng(7)
    seen = sum(
        told_apart(RepeatedPrompts(int(k), 30), GroupMean.from_counts(passed=int(x), n=100)) == 1
        for k, x in zip(rng.binomial(30, 0.9, 1000), rng.binomial(100, 0.6, 1000), strict=True)
    )
    print(f"\nseen {seen} of 1000")  # noqa: T201 - shown with -s
    assert seen > 700
