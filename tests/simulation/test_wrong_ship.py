"""How often a bar is shown when the truth lies exactly on it: never more often than the level.

Each cell draws many samples from a law whose true mean is the bar, with a stated seed.
"""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import binom, lognorm

from shipworthy.statistics.all_of_k import all_of_k
from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.scaled_mean import STEPS, favourable_points

LEVEL = 0.05
TRIALS = 2_000


def wrong_ships(samples, bar, level=LEVEL):
    """Count the samples, one row each, whose group mean is shown to reach the bar."""
    means = (GroupMean.from_histogram(dict(Counter(row.tolist()))) for row in samples)
    return sum(mean.p_above(bar) <= level for mean in means)


def beta_rates(rng, shape, mean, correlation):
    """Draw a rate per case, spread so that two repeats of a case correlate as stated."""
    spread = (1 - correlation) / correlation
    return rng.beta(mean * spread, (1 - mean) * spread, shape)


def two_kinds(rng, shape, mean, correlation):
    """Draw a rate per case from two kinds: cases that always pass, and cases that pass half the time."""
    del correlation
    return np.where(rng.random(shape) < 2 * mean - 1, 1.0, 0.5)


@pytest.mark.parametrize("n", [10, 20, 50, 100, 300])
def test_rate_has_its_exact_level_at_every_bar(n):
    """For independent cases the chance of a wrong ship, added up exactly, is at most 5 % at 200 bars."""
    passes = np.arange(n + 1)
    for bar in np.linspace(0.8, 0.995, 200):
        shown = [GroupMean.from_counts(passed=int(k), n=n).p_above(bar) <= LEVEL for k in passes]
        assert binom.pmf(passes, n, bar)[shown].sum() <= LEVEL + 1e-12


@pytest.mark.parametrize("bar", [0.8, 0.9, 0.95])
@pytest.mark.parametrize(("cases", "repeats"), [(20, 5), (50, 3), (200, 3)])
@pytest.mark.parametrize(("rates", "correlation"), [(beta_rates, 0.2), (beta_rates, 0.8), (two_kinds, 0)])
def test_repeats(keeps_its_level, bar, cases, repeats, rates, correlation):
    """Repeats of a case, however alike, do not raise the chance of a wrong ship."""
    rng = np.random.default_rng([1, cases, repeats, int(100 * bar), int(100 * correlation)])
    passed = rng.binomial(repeats, rates(rng, (TRIALS, cases), bar, correlation))
    keeps_its_level(wrong_ships(passed / repeats, bar), TRIALS)


@pytest.mark.parametrize("bar", [0.8, 0.95])
@pytest.mark.parametrize("groups", [10, 40])
def test_groups_of_unequal_size(keeps_its_level, bar, groups):
    """Groups of 1 to 30 cases that share a rate, each group counting once."""
    rng = np.random.default_rng([2, groups, int(100 * bar)])
    sizes = np.minimum(rng.geometric(0.2, (TRIALS, groups)), 30)
    passed = rng.binomial(sizes, beta_rates(rng, (TRIALS, groups), bar, 0.5))
    keeps_its_level(wrong_ships(passed / sizes, bar), TRIALS)


@pytest.mark.parametrize(("n", "k"), [(3, 3), (4, 2), (8, 4)])
@pytest.mark.parametrize("cases", [20, 100])
def test_all_of_k(keeps_its_level, n, k, cases):
    """The chance that k repeats all pass, at its true value over cases of very different rates."""
    rng = np.random.default_rng([3, n, k, cases])
    a, b = 4.0, 0.4
    truth = float(np.prod([(a + i) / (a + b + i) for i in range(k)]))  # the k-th moment of Beta(a, b)
    passed = rng.binomial(n, rng.beta(a, b, (TRIALS, cases)))
    chance = np.array([all_of_k(c, n, k) for c in range(n + 1)])[passed]
    keeps_its_level(wrong_ships(chance, truth), TRIALS)


@pytest.mark.parametrize("margin", [0.0, -0.02, -0.05])
@pytest.mark.parametrize(("cases", "changed"), [(30, 0.2), (100, 0.08), (300, 0.08)])
@pytest.mark.parametrize("repeats", [1, 3])
def test_differences(keeps_its_level, margin, cases, changed, repeats):
    """A candidate that is worse by exactly the margin is rarely shown to be within it."""
    rng = np.random.default_rng([4, cases, int(-100 * margin), repeats])
    better, worse = (changed + margin) / 2, (changed - margin) / 2
    # One case in `changed` is fixed or broken; with repeats it is so in each repeat with chance 1/2.
    fate = rng.choice([1, -1, 0], p=[better, worse, 1 - changed], size=(TRIALS, cases))
    share = rng.binomial(repeats, 0.5, fate.shape) / repeats if repeats > 1 else 1.0
    bar = margin / 2 if repeats > 1 else margin
    gains = (PairedDifference.from_histogram(dict(Counter(row.tolist()))) for row in fate * share)
    keeps_its_level(sum(gain.p_above(bar) <= LEVEL for gain in gains), TRIALS)


@pytest.mark.parametrize("cases", [20, 100])
def test_scaled_mean(keeps_its_level, cases):
    """A mean cost exactly at its bar, with a long tail that the cap cuts off."""
    law, cap = lognorm(s=1.2, scale=0.01), 0.2
    rng = np.random.default_rng([5, cases])
    edges = cap * (1 - np.arange(STEPS + 1) / STEPS)  # at least j points: a cost of at most edge j
    truth = float(law.cdf(edges[1:]).sum() / STEPS)
    costs = np.exp(rng.normal(np.log(0.01), 1.2, (TRIALS, cases)))
    points = np.vectorize(lambda cost: favourable_points(cost, cap=cap))(costs)
    keeps_its_level(wrong_ships(points / STEPS, truth), TRIALS)


def test_share_within_a_quantile(keeps_its_level):
    """A waiting time whose 95th percentile is exactly the bar, three repeats a case."""
    rng = np.random.default_rng(6)
    case = rng.normal(0, 0.8, (TRIALS, 120, 1))
    seconds = np.exp(case + rng.normal(0, 0.6, (TRIALS, 120, 3)))  # log-normal with spread 1
    within = (seconds <= np.exp(1.6448536269514722)).mean(axis=2)
    keeps_its_level(wrong_ships(within, 0.95), TRIALS)
