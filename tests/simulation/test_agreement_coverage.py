"""How often the intervals of agreement cover, added up exactly where that is possible."""

import itertools

import numpy as np
import pytest
from scipy.special import gammaln

from shipworthy.statistics import chance_agreement
from shipworthy.statistics.agreement import Ratings
from shipworthy.statistics.display_interval import Interval

PREVALENCE = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
ACCURACY = (0.7, 0.8, 0.9, 0.95, 0.99)
ASK = {"alpha": Ratings.krippendorff_alpha, "fleiss": Ratings.fleiss_kappa, "ac1": Ratings.gwet_ac1}


def truth(name, both, apart, neither):
    """Return the coefficient of a whole population of two raters and two labels."""
    share = both + apart / 2
    by_share = share**2 + (1 - share) ** 2
    chance = 1 - by_share if name == "ac1" else by_share
    return (both + neither - chance) / (1 - chance)


def exact_coverage(name, n):
    """Return (coverage, chance of no interval) for every prevalence and accuracy, over all tables of n cases."""
    tables = [(both, apart, n - both - apart) for both in range(n + 1) for apart in range(n + 1 - both)]
    ends = []
    for both, apart, neither in tables:
        seen = {("y", "y"): both, ("y", "n"): apart, ("n", "n"): neither}
        found = ASK[name](Ratings.from_patterns(seen, labels=("y", "n")))
        ends.append((found.lower, found.upper) if isinstance(found, Interval) else (np.nan, np.nan))
    low, high = np.array(ends).T
    counts = np.array(tables)
    ways = gammaln(n + 1) - gammaln(counts + 1).sum(axis=1)
    reached = {}
    for p, right in itertools.product(PREVALENCE, ACCURACY):
        both = p * right**2 + (1 - p) * (1 - right) ** 2
        neither = p * (1 - right) ** 2 + (1 - p) * right**2
        law = (both, 1 - both - neither, neither)
        chance = np.exp(ways + counts @ np.log(law))
        given, true = ~np.isnan(low), truth(name, *law)
        covered = chance[given & (low <= true) & (true <= high)].sum() / chance[given].sum()
        reached[p, right] = float(covered), float(chance[~given].sum())
    return reached


def show(name, n, reached):
    """Print the worst and the mean coverage where an interval comes up at least half the time."""
    usual = [covered for covered, none in reached.values() if none < 0.5]
    print(f"\n{name}, {n} cases: coverage at least {min(usual):.4f}, mean {np.mean(usual):.4f}")  # noqa: T201 - shown with -s
    return min(usual)


@pytest.mark.parametrize("name", ASK)
@pytest.mark.parametrize("n", [10, 20, 50])
def test_two_raters_are_covered_at_any_prevalence(name, n):
    """Over 30 pairs of prevalence and accuracy the 95 % interval covers in at least 94 of 100 samples."""
    reached = exact_coverage(name, n)
    assert show(name, n, reached) >= 0.94
    if (name, n) == ("alpha", 50):
        print(f"alpha, 50 cases, prevalence .95, accuracy .95: {reached[0.95, 0.95][0]:.4f}")  # noqa: T201 - shown with -s
        assert reached[0.95, 0.95][0] >= 0.95


@pytest.mark.campaign
@pytest.mark.parametrize("name", ASK)
@pytest.mark.parametrize("n", [100, 200])
def test_two_raters_are_covered_at_any_prevalence_in_larger_sets(name, n):
    """The same with 100 and 200 cases."""
    assert show(name, n, exact_coverage(name, n)) >= 0.94


def test_without_coin_cases_rare_labels_are_not_covered(monkeypatch):
    """The delta method alone covers alpha in 85 of 100 samples of 50 cases at prevalence .95: the known failure."""
    monkeypatch.setattr(chance_agreement, "with_coin_cases", lambda sums, **_: sums)
    plain = exact_coverage("alpha", 50)[0.95, 0.95][0]
    print(f"\nwithout coin cases: {plain:.4f}")  # noqa: T201 - shown with -s
    assert 0.83 < plain < 0.87


LAWS = {
    "3 raters, 2 labels, 30 % missing": ((0.95, 0.05), (0.95, 0.95, 0.95), 0.3),
    "2 raters, 3 labels": ((0.9, 0.06, 0.04), (0.95, 0.95), 0.0),
    "3 raters that differ, 3 labels": ((0.9, 0.06, 0.04), (0.95, 0.9, 0.85), 0.0),
    "5 raters that differ, 3 labels": ((0.6, 0.25, 0.15), (0.9, 0.8, 0.8, 0.7, 0.7), 0.0),
    "5 raters, 2 labels": ((0.97, 0.03), (0.97,) * 5, 0.0),
}
SHAPES = {
    "20 cases": (20, 1, 0.0),
    "50 cases": (50, 1, 0.0),
    "20 x 5": (20, 5, 0.0),
    "40 x 4, some hard": (40, 4, 0.15),
    "100 x 3, some hard": (100, 3, 0.1),
}
COEFFICIENTS = {
    "alpha": chance_agreement.krippendorff,
    "fleiss": chance_agreement.fleiss,
    "ac1": chance_agreement.gwet,
}


class World:
    """Raters who err independently, given the true label and whether the group is hard."""

    def __init__(self, shares, right, missing, hard):
        """Work out the chance of every pattern and the sums it stands for."""
        self.shares, self.hard, k = shares, hard, len(shares)
        values = [*range(k), None] if missing else [*range(k)]
        patterns = list(itertools.product(values, repeat=len(right)))
        guessing = [1 / k + 0.15] * len(right)
        self.laws = np.array([
            [[self.chance(p, t, skill, missing, k) for p in patterns] for t in range(k)] for skill in (right, guessing)
        ])  # fmt: skip
        self.sums = chance_agreement.stacked(
            [chance_agreement.sums_of([p], n_labels=k) for p in patterns], [1.0] * len(patterns)
        )
        mixed = np.tensordot((1 - hard, hard), self.laws, 1)
        everywhere = self.with_weights(np.array(shares) @ mixed * 1e9)
        self.truth = {name: f(everywhere).coefficient for name, f in COEFFICIENTS.items()}

    @staticmethod
    def chance(pattern, true, skill, missing, k):
        """Return the chance of a pattern given the true label."""
        made = 1.0
        for label, r in zip(pattern, skill, strict=True):
            made *= missing if label is None else (1 - missing) * (r if label == true else (1 - r) / (k - 1))
        return made

    def with_weights(self, weights):
        """Return the sums of all patterns with these weights."""
        return chance_agreement.Sums(
            weights, *(getattr(self.sums, name) for name in chance_agreement.COLUMNS)
        )

    def draw(self, rng, groups, size):
        """Draw groups of cases that share their true label in nine of ten groups, and their difficulty."""
        k = len(self.shares)
        true = rng.choice(k, p=self.shares, size=(groups, size))
        alike = rng.random(groups) < 0.9
        true[alike] = true[alike][:, :1]
        hard = (rng.random(groups) < self.hard).astype(int)[:, None] * np.ones((1, size), int)
        edges = self.laws[hard, true].cumsum(axis=2)
        drawn = (rng.random((groups, size, 1)) * edges[:, :, -1:] > edges).sum(axis=2)
        columns = [getattr(self.sums, name)[drawn].sum(axis=1) for name in chance_agreement.COLUMNS]
        kept = columns[0] > 0
        return chance_agreement.Sums(np.ones(kept.sum()), *(column[kept] for column in columns))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("law", LAWS)
def test_more_raters_labels_and_groups_are_covered(law, shape, keeps_its_level):
    """With missing labels, several raters, three labels and groups a 95 % interval misses in at most 5 of 100."""
    rng = np.random.default_rng(20260117)
    groups, size, hard = SHAPES[shape]
    world = World(*LAWS[law], hard)
    tries = 400
    missed, made = dict.fromkeys(COEFFICIENTS, 0), dict.fromkeys(COEFFICIENTS, 0)
    for _ in range(tries):
        sums = world.draw(rng, groups, size)
        one_label = (sums.ratings.sum(axis=0) > 0).sum() < 2
        for name, coefficient in COEFFICIENTS.items():
            if one_label and name != "ac1":
                continue
            low, high = chance_agreement.interval(sums, coefficient, n_labels=len(world.shares), level=0.95)
            made[name] += 1
            missed[name] += not low <= world.truth[name] <= high
    for name in COEFFICIENTS:
        print(f"\n{name}, truth {world.truth[name]:.2f}", end="")  # noqa: T201 - shown with -s
        keeps_its_level(missed[name], made[name], level=0.05)
