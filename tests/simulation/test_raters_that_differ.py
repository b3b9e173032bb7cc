"""What weighing raters by skill is worth, and what admitting a judge of pairs gets wrong."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import binom

from shipworthy.statistics.adjudication import Majority, Settled, settle
from shipworthy.statistics.dawid_skene import RaterModel, fit
from shipworthy.statistics.position_bias import BothOrders

MIXED, EQUAL = (0.97, 0.92, 0.88, 0.75, 0.65), (0.9, 0.9, 0.9)


def wrong_labels(right, seed, sets=40, cases=500):
    """Return the share of labels wrong by majority and by the model, and how often it claims a gain."""
    rng = np.random.default_rng(seed)
    wrong, gains = np.zeros(2), 0
    for _ in range(sets):
        true = rng.choice(2, p=(0.7, 0.3), size=cases)
        given = np.where(rng.random((cases, len(right))) < right, true[:, None], 1 - true[:, None])
        patterns = [tuple("ab"[g] for g in row) for row in given]
        model = fit(Counter(patterns), labels="ab")
        assert isinstance(model, RaterModel)
        gains += model.changed > 0
        for pattern, label in zip(patterns, true, strict=True):
            majority = settle(pattern, rule=Majority())
            assert isinstance(majority, Settled)
            wrong += (majority.label != "ab"[label], model.label_of(pattern) != "ab"[label])
    by_majority, by_model = wrong / (sets * cases)
    said = f"wrong by majority {by_majority:.4f}, by skill {by_model:.4f}; {gains} of {sets} change labels"
    print(f"\n{right}: {said}")  # noqa: T201 - shown with -s
    return by_majority, by_model, gains


def test_five_mixed_raters_err_half_as_often():
    """With five raters of unlike skill weighing them halves the majority's errors."""
    by_majority, by_model, _ = wrong_labels(MIXED, seed=7)
    assert 0.022 < by_majority < 0.030
    assert by_model < 0.6 * by_majority


def test_three_equal_raters_gain_nothing():
    """With three raters of one skill the model is no better than the majority, and mostly changes no label."""
    by_majority, by_model, gains = wrong_labels(EQUAL, seed=8)
    assert by_model == pytest.approx(by_majority, abs=0.003)
    assert gains <= 10


@pytest.mark.parametrize("limit", [0.05, 0.2, 0.5])
def test_a_judge_at_the_limit_is_seldom_admitted(limit):
    """Added up exactly for 10 to 500 pairs: a judge that flips just as often as the limit is admitted with at most 5 %."""
    worst = 0.0
    for n in (10, 14, 20, 50, 100, 200, 500):
        flips = np.arange(n + 1)
        admitted = [
            BothOrders(steady=n - int(f), to_first=int(f), to_second=0).admission(limit=limit).admitted
            for f in flips
        ]
        worst = max(worst, float(binom.pmf(flips, n, limit)[admitted].sum()))
    print(f"\nlimit {limit}: admitted with at most {worst:.4f}")  # noqa: T201 - shown with -s
    assert worst <= 0.05


def test_a_judge_without_preference_is_seldom_accused():
    """Added up exactly for 1 to 300 flips: the sign test accuses a judge without preference with at most 5 %."""
    worst = 0.0
    for n in (1, 5, 6, 10, 30, 100, 300):
        first = np.arange(n + 1)
        accused = [
            BothOrders(steady=0, to_first=int(f), to_second=n - int(f)).p_preference() <= 0.05 for f in first
        ]
        worst = max(worst, float(binom.pmf(first, n, 0.5)[accused].sum()))
    assert worst <= 0.05
