"""How often a judge-corrected rate shows a bar that the truth only just misses, and what it gains over labels alone.

Worlds are drawn with stated seeds: outputs of known quality, a judge with stated error rates, labels chosen as
stated.
"""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from scipy.stats import beta, binom

from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.judged_rate import JudgedCase, judged_rate
from shipworthy.statistics.results import NotEstimable

LEVEL = 0.05
GOOD, LENIENT, WEAK, USELESS = (0.97, 0.90), (0.95, 0.60), (0.70, 0.50), (0.90, 0.10)


def stratum_rates(rate, judge):
    """Return the judge's pass rate and the rates of good outputs among those it passed and did not pass."""
    tpr, tnr = judge
    q = rate * tpr + (1 - rate) * (1 - tnr)
    return q, rate * tpr / q, rate * (1 - tpr) / (1 - q)


def independent(judged, passed, of_passed, upheld, of_failed, rescued, chosen):
    """Correct the rate of independent outputs, one for each group, from their counts."""
    groups = {
        (JudgedCase(1, 1, 0, 0, 0, 0),): passed - of_passed,
        (JudgedCase(1, 0, 0, 0, 0, 0),): judged - passed - of_failed,
        (JudgedCase(1, 1, 1, 1, 0, 0),): upheld,
        (JudgedCase(1, 1, 1, 0, 0, 0),): of_passed - upheld,
        (JudgedCase(1, 0, 0, 0, 1, 1),): rescued,
        (JudgedCase(1, 0, 0, 0, 1, 0),): of_failed - rescued,
    }
    return judged_rate(groups, chosen=chosen)


def draw(rng, rate, judge, *, judged, labels, chosen):
    """Draw verdicts and labels of independent outputs; by verdict, a third of the labels go to failed ones."""
    q, a, b = stratum_rates(rate, judge)
    passed = int(rng.binomial(judged, q))
    if chosen == "random":
        of_passed = int(rng.hypergeometric(passed, judged - passed, labels))
        of_failed = labels - of_passed
    else:
        of_failed = min(judged - passed, labels // 3)
        of_passed = min(passed, labels - of_failed)
    counts = judged, passed, of_passed, rng.binomial(of_passed, a), of_failed, rng.binomial(of_failed, b)
    return (*map(int, counts), chosen)


def wrong_ships(rate, judge, trials, seed, **design):
    """Count the draws in which the bar is shown although the rate lies exactly on it."""
    rng = np.random.default_rng(seed)

    @cache
    def shown(*counts):
        return independent(*counts).p_above(rate) <= LEVEL

    return sum(shown(*draw(rng, rate, judge, **design)) for _ in range(trials))


@pytest.mark.parametrize(
    ("rate", "judge", "judged", "labels", "chosen"),
    [
        (0.9, GOOD, 1000, 100, "random"),
        (0.95, LENIENT, 1000, 100, "random"),
        (0.9, USELESS, 150, 50, "random"),
        (0.9, GOOD, 1000, 100, "by_verdict"),
    ],
)
def test_independent_outputs(keeps_its_level, rate, judge, judged, labels, chosen):
    """A bar that the rate just misses is shown in at most 5 of 100 draws, by any judge and either choice of labels."""
    trials = 400
    wrong = wrong_ships(
        rate, judge, trials, [11, judged, labels], judged=judged, labels=labels, chosen=chosen
    )
    keeps_its_level(wrong, trials)


@pytest.mark.grid
@pytest.mark.parametrize("rate", [0.8, 0.9, 0.95, 0.98])
@pytest.mark.parametrize("judge", [GOOD, LENIENT, WEAK, USELESS])
@pytest.mark.parametrize(("judged", "labels"), [(60, 50), (300, 20), (1000, 100), (20_000, 200)])
@pytest.mark.parametrize("chosen", ["random", "by_verdict"])
def test_independent_outputs_on_a_grid(keeps_its_level, rate, judge, judged, labels, chosen):
    """The same on 128 combinations of rate, judge, numbers of outputs and labels, and choice."""
    trials = 400
    seed = [12, judged, int(100 * rate)]
    keeps_its_level(
        wrong_ships(rate, judge, trials, seed, judged=judged, labels=labels, chosen=chosen), trials
    )


def gap_ratio(rate, judge, draws, seed, judged=1000, labels=100):
    """Return the mean distance from rate to bound over that of labels alone, whose mean is known exactly.

    What labels alone give in the same draws serves to take out most of the chance in the mean.
    """
    rng = np.random.default_rng(seed)
    k = np.arange(labels + 1)
    alone = np.concatenate([[0.0], beta.ppf(LEVEL, k[1:], labels - k[1:] + 1)])
    expected = float(binom.pmf(k, labels, rate) @ alone)

    @cache
    def lower(*counts):
        return independent(*counts).lower(LEVEL)

    seen = [draw(rng, rate, judge, judged=judged, labels=labels, chosen="random") for _ in range(draws)]
    bounds = np.array([lower(*s) for s in seen])
    same = np.array([alone[s[3] + s[5]] for s in seen])
    slope = np.cov(bounds, same)[0, 1] / same.var()
    return (rate - bounds.mean() + slope * (same.mean() - expected)) / (rate - expected)


@pytest.mark.grid
@pytest.mark.parametrize(
    ("rate", "judge", "most"),
    [
        (0.9, GOOD, 0.70),
        (0.95, GOOD, 0.70),
        (0.8, GOOD, 0.70),
        (0.9, LENIENT, 1.0),
        (0.9, WEAK, 1.0),
        (0.9, USELESS, 1.03),
        (0.95, (0.5, 0.5), 1.03),
    ],
)
def test_distance_beside_labels_alone(rate, judge, most):
    """With phi2 of at least .5 the bound lies at most .70 as far off as that of 100 labels alone; a useless judge costs nothing to speak of."""
    ratio = gap_ratio(rate, judge, 200, 13)
    print(f"\n{rate} {judge}: {ratio:.3f}")  # noqa: T201 - shown with -s
    assert ratio <= most


def documents(rng, groups, rate, correlation, judge, *, cases=4, repeats=3):
    """Draw whether each output of each document is good, and whether the judge passes it."""
    spread = (1 - correlation) / correlation if correlation else 1e9
    chance = rng.beta(rate * spread, (1 - rate) * spread, (groups, 1))
    good = rng.random((groups, cases * repeats)) < chance
    tpr, tnr = judge
    return good, np.where(good, rng.random(good.shape) < tpr, rng.random(good.shape) > tnr)


def random_labels(rng, good, verdict, labels):
    """Label a random draw of all outputs."""
    chosen = np.zeros(good.size, bool)
    chosen[rng.choice(good.size, labels, replace=False)] = True
    return chosen.reshape(good.shape)


def spread_labels(rng, good, verdict, labels):
    """Label one random output of each document in turn, in a random order, until the labels are spent."""
    chosen = np.zeros(good.shape, bool)
    while labels:
        for g in rng.permutation(len(good))[:labels]:
            chosen[g, rng.choice(np.flatnonzero(~chosen[g]))] = True
            labels -= 1
    return chosen


def planned_labels(rng, good, verdict, labels):
    """Take documents in random order; in each, label one output of each verdict; spread what is left over those taken."""
    chosen, taken, left = np.zeros(good.shape, bool), [], labels
    for g in rng.permutation(len(good)):
        strata = [np.flatnonzero(verdict[g] == v) for v in (True, False) if (verdict[g] == v).any()]
        if len(strata) > left:
            break
        for outputs in strata:
            chosen[g, rng.choice(outputs)] = True
        left -= len(strata)
        taken.append(g)
    spare = [(g, i) for g in taken for i in np.flatnonzero(~chosen[g])]
    for g, i in rng.permutation(np.array(spare).reshape(-1, 2))[:left]:
        chosen[g, i] = True
    return chosen


def corrected(good, verdict, chosen, how, repeats=3):
    """Correct the rate of documents from what the judge said of all outputs and people of the chosen ones."""
    groups = Counter()
    by_case = (x.reshape(len(good), -1, repeats) for x in (good, verdict, chosen))
    for h, v, c in zip(*by_case, strict=True):
        columns = v.sum(1), (c & v).sum(1), (c & v & h).sum(1), (c & ~v).sum(1), (c & ~v & h).sum(1)
        groups[tuple(sorted(JudgedCase(repeats, *map(int, row)) for row in zip(*columns, strict=True)))] += 1
    return judged_rate(groups, chosen=how)


PLANS = {"random": random_labels, "spread": spread_labels, "by_verdict": planned_labels}
HOW = {"random": "random", "spread": "random", "by_verdict": "by_verdict"}


def share_shown(rng, trials, bar, groups, rate, correlation, judge, how, labels=100):
    """Count the draws in which the bar is shown."""
    shown = 0
    for _ in range(trials):
        good, verdict = documents(rng, groups, rate, correlation, judge)
        seen = corrected(good, verdict, PLANS[how](rng, good, verdict, labels), HOW[how])
        shown += seen.p_above(bar) <= LEVEL
    return shown


@pytest.mark.parametrize("how", ["random", "spread", "by_verdict"])
@pytest.mark.parametrize(("correlation", "judge"), [(0.15, GOOD), (0.4, LENIENT)])
@pytest.mark.parametrize("groups", [40, 80])
def test_documents_at_the_bar(keeps_its_level, groups, correlation, judge, how):
    """Documents of four cases and three repeats with 100 labels: a rate of .899 is rarely shown to reach .90."""
    rng = np.random.default_rng([14, groups, int(100 * correlation)])
    trials = 200
    keeps_its_level(share_shown(rng, trials, 0.9, groups, 0.899, correlation, judge, how), trials)


@pytest.mark.grid
@pytest.mark.parametrize("rate", [0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("correlation", [0.0, 0.15, 0.4, 0.8])
@pytest.mark.parametrize("judge", [GOOD, LENIENT, USELESS])
@pytest.mark.parametrize(("groups", "labels"), [(20, 60), (40, 100), (80, 100), (120, 100)])
@pytest.mark.parametrize("how", ["random", "spread", "by_verdict"])
def test_documents_on_a_grid(keeps_its_level, rate, correlation, judge, groups, labels, how):
    """The same on 576 combinations, with the rate exactly on the bar."""
    rng = np.random.default_rng([15, groups, int(100 * correlation), int(100 * rate)])
    trials = 300
    keeps_its_level(share_shown(rng, trials, rate, groups, rate, correlation, judge, how, labels), trials)


@pytest.mark.grid
@pytest.mark.parametrize("correlation", [0.15, 0.4])
@pytest.mark.parametrize("judge", [GOOD, LENIENT])
@pytest.mark.parametrize("groups", [40, 60, 80, 120])
def test_power_of_documents(groups, judge, correlation):
    """What 100 labels show at .95 and .98 beside labels as if independent, and beside knowing every output."""
    trials, rng = 150, np.random.default_rng([16, groups, int(100 * correlation)])
    for rate in (0.899, 0.95, 0.98):
        rows, full, random, spread, planned = 0, 0, 0, 0, 0
        for _ in range(trials):
            good, verdict = documents(rng, groups, rate, correlation, judge)
            chosen = random_labels(rng, good, verdict, 100)
            rows += GroupMean.from_counts(passed=int(good[chosen].sum()), n=100).p_above(0.9) <= LEVEL
            full += GroupMean.from_histogram(Counter(good.mean(axis=1).tolist())).p_above(0.9) <= LEVEL
            random += corrected(good, verdict, chosen, "random").p_above(0.9) <= LEVEL
            even = spread_labels(rng, good, verdict, 100)
            spread += corrected(good, verdict, even, "random").p_above(0.9) <= LEVEL
            plan = planned_labels(rng, good, verdict, 100)
            planned += corrected(good, verdict, plan, "by_verdict").p_above(0.9) <= LEVEL
        shares = [f"{x / trials:.3f}" for x in (rows, random, spread, planned, full)]
        print(f"\n{groups} {judge} {correlation} {rate}: rows, random, spread, planned, full", *shares)  # noqa: T201 - shown with -s
        if rate == 0.98:
            assert max(planned, spread) >= 0.85 * full


def enriched(rng, rate, judge, *, judged=1000, bad=50, fine=50):
    """Draw verdicts on all outputs, and labels on so many bad and so many good ones that somebody looked for."""
    q, _, _ = stratum_rates(rate, judge)
    tpr, tnr = judge
    passed = int(rng.binomial(judged, q))
    upheld, missed = int(rng.binomial(fine, tpr)), int(rng.binomial(bad, 1 - tnr))
    return judged, passed, upheld + missed, upheld, bad + fine - upheld - missed, fine - upheld


@pytest.mark.parametrize("rate", [0.8, 0.9, 0.95])
@pytest.mark.parametrize("judge", [GOOD, (0.85, 0.75)])
def test_labels_sought_by_outcome(keeps_its_level, rate, judge):
    """Where failures were sought the rate is still covered from below, and from above."""
    rng, trials = np.random.default_rng([17, int(100 * rate)]), 1000
    seen = [independent(*enriched(rng, rate, judge), "enriched") for _ in range(trials)]
    seen = [s for s in seen if not isinstance(s, NotEstimable)]
    assert len(seen) >= 0.95 * trials
    keeps_its_level(sum(s.p_above(rate) <= LEVEL for s in seen), trials)
    keeps_its_level(sum(s.p_below(rate) <= LEVEL for s in seen), trials)


@pytest.mark.parametrize("rate", [0.8, 0.9, 0.95])
def test_enriched_labels_do_not_pass_for_random_ones(rate):
    """Put through the random-label estimator, labels that sought failures cover the truth in under half of all draws."""
    rng, covered, trials = np.random.default_rng([18, int(100 * rate)]), 0, 20
    for _ in range(trials):
        counts = enriched(rng, rate, LENIENT)
        wrongly, rightly = (independent(*counts, how) for how in ("random", "enriched"))
        assert isinstance(rightly, NotEstimable) or rightly.estimate != wrongly.estimate
        covered += min(wrongly.p_above(rate), wrongly.p_below(rate)) > LEVEL
    assert covered <= 0.42 * trials
