"""How often looking ends in a wrong claim, and how often in a right one: after every group, at the bar and above it.

Looking after every group is the worst schedule there is: any other looks at a part of what it sees.
"""

from functools import cache

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import betabinom, binom

from shipworthy.statistics.any_look import any_look_p, most_failures_at, nominal_level
from shipworthy.statistics.any_look_power import power_any_look
from shipworthy.statistics.boundary import crossing
from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.e_process import e_p_above, with_reserve
from shipworthy.statistics.group_mean import GroupMean

LEVEL = 0.05


def show(line):
    """Print one line of a table, seen with -s."""
    print(f"\n{line}", end="")  # noqa: T201 - shown with -s


def nearly_gaffke(counts, values, bar):
    """Gaffke's p-values of many samples at once, to about 4 % (saddle point), to find the few that matter."""
    steps = np.append(values - bar, -bar)
    counts = np.concatenate([counts, np.ones((*counts.shape[:-1], 1))], -1)
    low, high = np.full(counts.shape[:-1], -1 / bar), np.zeros(counts.shape[:-1])
    for _ in range(40):
        at = (low + high) / 2
        rising = (counts * steps / (1 - at[..., None] * steps)).sum(-1) > 0
        low, high = np.where(rising, low, at), np.where(rising, at, high)
    at = (low + high) / 2
    inverse = 1 - at[..., None] * steps
    r = -np.sqrt(np.maximum(2 * (counts * np.log(inverse)).sum(-1), 1e-12))
    u = at * np.sqrt((counts * (steps / inverse) ** 2).sum(-1))
    p = ndtr(r) + np.exp(-r * r / 2) / np.sqrt(2 * np.pi) * (1 / r - 1 / np.where(u < 0, u, -1.0))
    return np.where((counts @ steps > 0) & (r < -0.7), np.clip(p, 0, 1), 1.0)


def ever_shown(values, law, *, bar, end, times, seed):
    """Return how many of so many sequences show the bar at some look, and how many at the end by one look alone."""
    rng, values = np.random.default_rng(seed), np.asarray(values, float)
    level = np.array([nominal_level(LEVEL, n=n, end=end, bar=bar) for n in range(1, end + 1)])
    ever = once = 0
    for _ in range(times // 50):
        drawn = rng.choice(len(values), size=(50, end), p=law)
        counts = np.cumsum(np.eye(len(values))[drawn], axis=1)
        p = nearly_gaffke(counts, values, bar)
        once += int((p[:, -1] <= LEVEL).sum())
        for path in np.flatnonzero((p <= 1.06 * level).any(1)):
            likely = np.flatnonzero(p[path] <= 1.06 * level)
            likely = likely[np.argsort((p[path] / np.maximum(level, 1e-300))[likely])]
            ever += any(_p(values, counts[path, i], bar) <= level[i] for i in likely)
    return ever, once


def _p(values, counts, bar):
    kept = dict(zip(values.tolist(), counts.astype(int).tolist(), strict=True))
    return GroupMean.from_histogram(kept).p_above(bar)


def repeats(k, rate, resemblance):
    """Shares of k repeats that pass, and their chances."""
    spread = (1 - resemblance) / resemblance
    law = betabinom.pmf(np.arange(k + 1), k, rate * spread, (1 - rate) * spread)
    return np.arange(k + 1) / k, law / law.sum()


def unequal(rate, resemblance):
    """A group is of 1, 2 or 5 cases, equally often."""
    histogram = {}
    for size in (1, 2, 5):
        for value, chance in zip(*repeats(size, rate, resemblance), strict=True):
            histogram[float(value)] = histogram.get(float(value), 0) + chance / 3
    return np.array(list(histogram)), np.array(list(histogram.values()))


def gains(changed, gain):
    """Gains of -1, 0 and 1 on the scale from 0 to 1: so many groups change, the mean gain is given."""
    return np.array([0.0, 0.5, 1.0]), np.array([(changed - gain) / 2, 1 - changed, (changed + gain) / 2])


GRADED = {
    "two repeats": (*repeats(2, 0.5, 0.2), 0.5, 60),
    "two repeats, nearly alike": (*repeats(2, 0.5, 0.85), 0.5, 20),
    "three repeats": (*repeats(3, 0.9, 0.5), 0.9, 200),
    "five repeats": (*repeats(5, 0.5, 0.3), 0.5, 200),
    "few nine tenths": (np.array([0.0, 0.9, 1.0]), np.array([0.05, 0.05, 0.9]), 0.945, 200),
    "groups of 1, 2 and 5": (*unequal(0.9, 0.4), 0.9, 150),
    "gains, many change": (*gains(0.6, -0.1), 0.45, 100),
    "gains, some change": (*gains(0.3, 0.0), 0.5, 300),
    "gains, few change": (*gains(0.1, -0.05), 0.475, 150),
}


@pytest.mark.parametrize("name", GRADED)
def test_looking_after_every_group_keeps_the_level(name, keeps_its_level):
    """Repeats, unequal groups and gains with ties: whoever looks after every group is wrong at most as often as said."""
    values, law, bar, end = GRADED[name]
    assert values @ law == pytest.approx(bar)
    ever, once = ever_shown(values, law, bar=bar, end=end, times=2_000, seed=11)
    show(f"{name}: one look at the end {once / 2_000:.4f}")
    keeps_its_level(ever, 2_000)


@pytest.mark.grid
@pytest.mark.parametrize("margin", [0.0, -0.05, -0.1])
@pytest.mark.parametrize("changed", [0.13, 0.3, 0.7])
@pytest.mark.parametrize("end", [30, 100, 300])
def test_looking_at_gains_keeps_the_level_on_a_grid(end, changed, margin, keeps_its_level):
    """Differences at a margin, few ties to many, short plans and long."""
    values, law = gains(changed, margin)
    ever, _ = ever_shown(values, law, bar=(1 + margin) / 2, end=end, times=4_000, seed=12)
    keeps_its_level(ever, 4_000)


@pytest.mark.grid
@pytest.mark.parametrize("bar", [0.5, 0.8, 0.9, 0.95])
@pytest.mark.parametrize("k", [2, 3, 8])
@pytest.mark.parametrize("end", [20, 60, 200])
def test_looking_at_repeats_keeps_the_level_on_a_grid(end, k, bar, keeps_its_level):
    """Shares of repeats that resemble each other a little or much, at bars up to 0.95."""
    for resemblance in (0.1, 0.5):
        ever, _ = ever_shown(*repeats(k, bar, resemblance), bar=bar, end=end, times=4_000, seed=13)
        keeps_its_level(ever, 4_000)


def worst_law(end, middle, bar, level, *, told):
    """Return the largest chance of ever showing a true bar, over laws on {0, middle, 1}, added up exactly.

    With `told` the level is that of 0/1 groups as long as no group had the middle value; with None, always.
    """
    graded, plain = (
        [nominal_level(level, n=n, end=end, bar=bar, graded=g) for n in range(1, end + 1)]
        for g in (True, False)
    )
    most = min(bar / middle, (1 - bar) / (1 - middle))
    at_middle = np.append(np.geomspace(1e-3, most, 30), np.linspace(0, most, 20))
    at_one = np.maximum(bar - at_middle * middle, 0)
    at_zero = np.maximum(1 - at_middle - at_one, 0)
    alive = np.zeros((len(at_middle), end + 1, end + 1))  # zeros seen, middles seen
    alive[:, 0, 0] = 1
    wrong = np.zeros(len(at_middle))
    for n in range(1, end + 1):
        new = alive * at_one[:, None, None]
        new[:, 1:] += alive[:, :-1] * at_zero[:, None, None]
        new[:, :, 1:] += alive[:, :, :-1] * at_middle[:, None, None]
        for zeros in range(n + 1):
            for middles in range(n + 1 - zeros):
                if new[:, zeros, middles].any():
                    at = plain[n - 1] if told is None or (told and middles == 0) else graded[n - 1]
                    seen = np.array([zeros, middles, n - zeros - middles])
                    if seen @ [0, middle, 1] > bar * n and _p(np.array([0, middle, 1.0]), seen, bar) <= at:
                        wrong += new[:, zeros, middles]
                        new[:, zeros, middles] = 0
        alive = new
    return wrong.max()


@pytest.mark.parametrize("told", [False, True], ids=["graded", "told from the values so far"])
@pytest.mark.parametrize(("end", "level"), [(3, 0.2), (6, 0.05), (6, 0.2), (12, 0.05), (12, 0.2), (12, 0.01)])
def test_no_three_point_law_breaks_the_level(end, level, told):
    """Nearly 0/1 or not: no law on three points shows a true bar more often than the level, whenever one looks."""
    worst = max(
        worst_law(end, middle, bar, level, told=told)
        for middle in (0.25, 0.5, 0.75)
        for bar in (0.3, 0.5, 0.6, 0.8, 0.9)
    )
    show(f"end {end}, level {level}: worst chance {worst:.4f} = {worst / level:.2f} of the level")
    assert worst <= level


def test_graded_values_need_a_reference_of_their_own():
    """Charged as 0/1 groups are, nearly 0/1 groups show a true bar more often than the level."""
    worst = max(worst_law(6, 0.75, bar, 0.2, told=None) for bar in (0.3, 0.5))
    show(f"charged as 0/1 groups: {worst / 0.2:.2f} of the level")
    assert worst > 1.1 * 0.2


@pytest.mark.grid
@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize("level", [0.05, 0.2, 0.01])
@pytest.mark.parametrize("end", [20, 26])
def test_no_three_point_law_breaks_the_level_of_longer_plans(end, level, told):
    """The same for up to 26 groups."""
    worst = max(
        worst_law(end, m, bar, level, told=told) for m in (0.25, 0.5, 0.75) for bar in (0.3, 0.5, 0.6, 0.8)
    )
    assert worst <= level


def test_looking_when_it_looks_good_keeps_the_level(keeps_its_level):
    """Who looks only when the last ten groups went well, up to the end and past it, with a reserve, is not wrong more often."""
    rng, wrong = np.random.default_rng(21), 0
    for _ in range(1_000):
        passed = rng.random(400) < 0.9
        for n in range(10, 401):
            if passed[n - 10 : n].all() and _with_reserve(int(passed[:n].sum()), n) <= LEVEL:
                wrong += 1
                break
    keeps_its_level(wrong, 1_000)


@cache
def _with_reserve(passed, n):
    p = GroupMean.from_counts(passed=passed, n=n).p_above(0.9)
    planned = any_look_p(p, n=n, end=200, bar=0.9, graded=False)
    open_ended = e_p_above(np.array([0.0, 1.0]), np.array([n - passed, passed], float), 0.9)
    return with_reserve(planned, open_ended, reserve=0.1)


@pytest.mark.parametrize("bar", [0.8, 0.9, 0.95])
def test_looking_again_without_correction_is_the_trap(bar):
    """Whoever stops at the first p of 0.05 within 500 groups is wrong more than three times as often as said."""
    groups, at, most = np.arange(1, 501), -1, []
    for n in groups.tolist():
        while at + 1 < n and GroupMean.from_counts(passed=n - at - 1, n=n).p_above(bar) <= LEVEL:
            at += 1
        most.append(at)
    wrong = crossing(np.array(most), groups, fail=1 - bar, level=LEVEL).chance
    show(f"bar {bar}: wrong {wrong:.3f}")
    assert wrong > 3 * LEVEL


def open_boundary(bar, end, level):
    """Return the most failures at which the open-ended p-value is within a level, for each number of groups."""
    most, at = [], -1
    for n in range(1, end + 1):
        while (
            at + 1 < n and e_p_above(np.array([0.0, 1.0]), np.array([at + 1.0, n - at - 1.0]), bar) <= level
        ):
            at += 1
        most.append(at)
    return np.array(most)


DESIGNS = [
    (0.80, 0.85, 500),
    (0.90, 0.95, 200),
    (0.90, 0.95, 300),
    (0.90, 0.95, 500),
    (0.95, 0.98, 300),
    (0.95, 0.985, 500),
]


@pytest.mark.parametrize(("bar", "truth", "end"), DESIGNS)
def test_power_of_looking(bar, truth, end):
    """Looking after every group has 97 % of the power of one look, 95 % with a reserve, and uses fewer groups."""
    one = binom.sf(int(binom.isf(LEVEL, end, bar)), end, truth)
    any_look = power_any_look(bar=bar, truth=truth, end=end, alpha=LEVEL)
    groups = np.arange(1, end + 1)
    planned = np.array(most_failures_at(tuple(groups.tolist()), bar=bar, end=end, alpha=0.9 * LEVEL))
    both = np.maximum(planned, open_boundary(bar, end, 0.1 * LEVEL))
    reserve, wrong = (crossing(both, groups, fail=1 - rate, level=LEVEL).chance for rate in (truth, bar))
    open_ended = crossing(open_boundary(bar, end, LEVEL), groups, fail=1 - truth, level=LEVEL)
    size = power_any_look(bar=bar, truth=bar, end=end, alpha=LEVEL).chance
    show(
        f"| {bar:.2f}, {truth:g}, {end} | {one:.3f} | {any_look.chance:.3f} | {any_look.mean_groups:.0f} | {size:.4f} "
        f"| {reserve:.3f} | {open_ended.chance:.3f} | {open_ended.mean_groups():.0f} |"
    )
    assert size <= LEVEL
    assert wrong <= LEVEL
    assert any_look.chance >= 0.97 * one
    assert reserve >= 0.95 * one
    assert any_look.mean_groups < 0.8 * end


POWER = {
    "three repeats, 0.95 for 0.9": (*repeats(3, 0.95, 0.3), 0.9, 130),
    "gain of 0.08, a fifth change": (*gains(0.2, 0.08), 0.5, 200),
    "no gain, margin of 0.05": (*gains(0.15, 0.0), 0.475, 300),
}


@pytest.mark.parametrize("name", POWER)
def test_power_of_looking_at_graded_values(name):
    """Looking after every group has nine tenths of the power of one look at least where groups are graded."""
    values, law, bar, end = POWER[name]
    ever, once = ever_shown(values, law, bar=bar, end=end, times=2_000, seed=31)
    show(f"{name}, {end} groups: one look {once / 2_000:.3f}, any look {ever / 2_000:.3f}")
    assert ever >= 0.9 * once


@pytest.mark.campaign
def test_open_ended_looking_keeps_the_level_for_gains(keeps_its_level):
    """Gains looked at fifty times, with no end in sight: the e-process keeps its level."""
    rng, wrong = np.random.default_rng(41), 0
    values, law = gains(0.4, 0.0)
    for _ in range(400):
        counts = np.cumsum(np.eye(3)[rng.choice(3, size=1_000, p=law)], axis=0)
        wrong += any(e_p_above(values, counts[n], 0.5) <= LEVEL for n in range(20, 1_000, 20))
    keeps_its_level(wrong, 400)


def test_a_gain_of_all_changed_groups_is_no_special_case():
    """Gains of -1 and 1 alone are 0/1 groups at a bar of one half."""
    gain = PairedDifference.from_histogram({1: 60, -1: 40})
    p = GroupMean.from_counts(passed=60, n=100).p_above(0.5)
    assert gain.p_above(0) == pytest.approx(p, rel=1e-8)
