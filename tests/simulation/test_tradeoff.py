"""How often "dominated" is wrong, and whether ranges, chances and flattery are what they say."""

import numpy as np
import pytest

from shipworthy.decision.tradeoff import Axis, trade_off
from shipworthy.statistics.best_of import flattery
from shipworthy.statistics.money_range import MoneyRange
from shipworthy.statistics.more_evidence import NextGroup, more_evidence
from shipworthy.statistics.net_mean import Seen
from shipworthy.statistics.net_value import net_value

LEVEL = 0.05
NAMES = ("a", "b", "c", "d")


def _axes(rng, rates, n, shared):
    """Return one axis for each row of rates; a share of the cases turns out alike for all variants."""
    axes = []
    for number, row in enumerate(rates):
        common, alone = rng.random(n), rng.random((len(row), n))
        draws = np.where(rng.random(n) < shared, common, alone)
        values = {
            v: (draws[i] < rate).astype(float) for i, (v, rate) in enumerate(zip(NAMES, row, strict=False))
        }
        axes.append(Axis(f"axis{number}", "goal", values, values))
    return axes


DESIGNS = {
    # rates by axis and variant; the margin; pairs (dominated, by) whose "dominated" would be true
    "four alike, one axis": ([[0.8] * 4], 0.0, set()),
    "four alike, two axes": ([[0.8] * 4, [0.9] * 4], 0.0, set()),
    "better on one, equal on the other": ([[0.9, 0.6], [0.8, 0.8]], 0.0, set()),
    "better on one, at the margin on the other": ([[0.9, 0.6], [0.75, 0.8]], 0.05, set()),
    "equal on all within the margin": ([[0.8, 0.8], [0.9, 0.9]], 0.05, set()),
    "one truly dominated among alike": ([[0.8, 0.8, 0.8, 0.5]], 0.0, {("d", "a"), ("d", "b"), ("d", "c")}),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_a_wrong_dominated_is_rare(keeps_its_level, name):
    """Truth on the line: no more than 5 of 100 comparisons call anybody dominated who is not."""
    rates, margin, true = DESIGNS[name]
    trials, wrong = 600, 0
    rng = np.random.default_rng([31, sorted(DESIGNS).index(name)])
    for _ in range(trials):
        found = trade_off(
            _axes(rng, rates, 80, 0.5), NAMES[: len(rates[0])], baseline=None, level=LEVEL, margin=margin
        )
        said = {(p.variant, by) for p in found.placed if p.place == "dominated" for by in p.by}
        wrong += bool(said - true)
    keeps_its_level(wrong, trials, LEVEL)


def test_flattery_is_what_the_best_of_equals_gains():
    """Four equally good variants, 2,000 sets of 100 cases: the best looks better by what is said, within a tenth."""
    rng = np.random.default_rng(32)
    gained, told = [], []
    for _ in range(2000):
        (axis,) = _axes(rng, [[0.8] * 4], 100, 0.5)
        values = np.array([axis.against[v] for v in NAMES])
        gained.append(values.mean(axis=1).max() - 0.8)
        pairs = [np.std(values[i] - values[j], ddof=1) / 10 for i in range(4) for j in range(i)]
        told.append(flattery(4, float(np.sqrt(np.mean(np.square(pairs))))))
    print(f"\ngained {np.mean(gained):.4f}, told {np.mean(told):.4f}")  # noqa: T201 - shown with -s
    assert np.mean(gained) == pytest.approx(np.mean(told), rel=0.1)


def _truth(rng):
    """Draw a launch as the method believes launches to be: rates anywhere, prices in their ranges."""
    gain = rng.dirichlet([1.0, 2.0, 1.0])  # broken, same, fixed
    harm = rng.dirichlet([0.25, 20.0, 0.25])
    worth, price = rng.triangular(0.4, 0.7, 1.1), rng.uniform(2, 10)
    return gain, harm, 1000 * (worth * (gain[2] - gain[0]) - price * (harm[2] - harm[0]))


def _seen(rng, gain, harm, n):
    rows = np.column_stack([rng.choice([-1.0, 0.0, 1.0], n, p=p) for p in (gain, harm)] + [np.zeros(n)])
    return Seen.of_parts([rows], [1.0])


@pytest.mark.campaign
def test_the_range_and_the_chance_of_a_week_are_calibrated(keeps_its_level):
    """Over 120 launches drawn at random the true net value leaves the 80 % range in no more than 20 of 100."""
    rng = np.random.default_rng(33)
    outside, said, came = 0, 0.0, 0
    for _ in range(120):
        gain, harm, true = _truth(rng)
        week = net_value(
            _seen(rng, gain, harm, 60),
            priors=["coins", "coins", "as seen"],
            worth=MoneyRange(0.4, 1.1, 0.7),
            harms=[MoneyRange(2, 10)],
            per_week=1000,
        )
        outside += not week.low <= true <= week.high
        said, came = said + week.chance, came + (true > 0)
    print(f"\nchance said {said / 120:.3f}, came {came / 120:.3f}")  # noqa: T201 - shown with -s
    keeps_its_level(outside, 120, 0.20)
    assert abs(said - came) < 4 * np.sqrt(120) / 2


def test_the_value_of_a_week_of_measuring_is_what_measuring_gains():
    """Deciding after 30 more groups is better than deciding at once by what is said, over 40,000 draws of the truth."""
    rng = np.random.default_rng(34)
    worths = np.array([4.0, 20.0, 5.0])
    values = np.array([-5.0, 0.0, 4.0])
    told = more_evidence(NextGroup(values, worths), groups=30, price=0.0, horizon=1.0, delay=0.0).value
    truths = rng.dirichlet(worths, 40_000)
    more = np.array([rng.multinomial(30, truth) for truth in truths])
    after = (worths + more) @ values
    gained = np.where(after > 0, truths @ values, 0.0) - max(worths @ values / worths.sum(), 0.0)
    print(f"\ntold {told:.5f}, gained {gained.mean():.5f}")  # noqa: T201 - shown with -s
    assert abs(gained.mean() - told) < 4 * gained.std() / np.sqrt(len(gained))
