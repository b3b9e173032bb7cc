"""Make `scope.json`: reference values for several claims, a mix and thresholds, by programs that share no code.

Run `python tests/reference/make_scope.py` from the repository root. Adjusted p-values come from statsmodels; the
closed test set by set from its definition with scipy.stats and exact fractions; p-values of a weighed rate from
exact rational arithmetic; counted shares from scipy.optimize and scipy.stats; the distance of a mix from
scipy.stats by listing every outcome; thresholds from scipy.stats, one after the other.
"""

from __future__ import annotations

import itertools
import json
import math
import platform
from fractions import Fraction
from pathlib import Path

import numpy as np
import scipy
import scipy.optimize
import scipy.stats
import statsmodels
from statsmodels.stats.multitest import multipletests

SEED = 20240301


def adjusted() -> list[dict]:
    """Adjusted p-values by statsmodels."""
    rng = np.random.default_rng(SEED)
    made = []
    for size in (1, 2, 3, 5, 8, 12):
        for power in (1, 3):
            p = [float(v) for v in np.round(rng.random(size) ** power, 5)]
            made.append(
                {"p": p}
                | {
                    m: [float(v) for v in multipletests(p, 0.05, method=m)[1]]
                    for m in ("bonferroni", "holm", "hommel")
                }
            )
    return made


def _values(n: int, bar: Fraction) -> list[Fraction]:
    """P(at least n - f of n pass) for f = 0, 1, ..., as fractions."""
    chance = [math.comb(n, f) * bar ** (n - f) * (1 - bar) ** f for f in range(n + 1)]
    return list(itertools.accumulate(chance))


def _set_falls(
    members: list[int], values: list[list[Fraction]], failed: list[int], alpha: Fraction, *, free: bool
) -> bool:
    """Test one set: Bonferroni's or Simes' test, then the thresholds lifted in order, three rounds."""
    size = len(members)
    p = {i: values[i][failed[i]] for i in members}
    if free and any(v <= (j + 1) * alpha / size for j, v in enumerate(sorted(p.values()))):
        return True
    at = {i: sum(v <= alpha / size for v in values[i]) - 1 for i in members}

    def chance(steps: dict[int, int]) -> Fraction:
        each = [values[i][k] if k >= 0 else Fraction(0) for i, k in steps.items()]
        if not free:
            return sum(each, Fraction(0))
        total = 1 - math.prod((1 - c for c in each), start=Fraction(1))
        for j in range(2, size + 1):
            mean = sum(
                (max((v for v in values[i] if v <= j * alpha / size), default=Fraction(0)) for i in members),
                Fraction(0),
            )
            total += mean**j / math.factorial(j)
        return total

    for _ in range(3):
        for i in members:
            further = at | {i: min(at[i] + 1, len(values[i]) - 1)}
            if chance(further) <= alpha:
                at = further
    return any(p[i] <= alpha / size or failed[i] <= at[i] for i in members)


def closed() -> list[dict]:
    """Decide each hypothesis by listing the sets that hold it, in exact fractions."""
    made = []
    plans = [
        ([120] * 6, "9/10", [5, 12, 12, 12, 12, 14]),
        ([120] * 6, "9/10", [5, 5, 5, 12, 12, 14]),
        ([120] * 6, "9/10", [12, 12, 12, 12, 14, 5]),
        ([80, 100, 120, 150], "9/10", [3, 4, 12, 15]),
        ([80, 100, 120, 150], "9/10", [2, 6, 6, 15]),
        ([60, 40, 90], "4/5", [5, 3, 11]),
        ([200, 30, 30, 100, 50], "19/20", [4, 0, 1, 1, 0]),
        ([120] * 4, "9/10", [6, 6, 6, 6]),
    ]
    for sizes, bar, failed in plans:
        values = [_values(n, Fraction(bar)) for n in sizes]
        for free in (True, False):
            fate = [True] * len(sizes)
            for size in range(1, len(sizes) + 1):
                for members in itertools.combinations(range(len(sizes)), size):
                    if not _set_falls(list(members), values, failed, Fraction(1, 20), free=free):
                        for i in members:
                            fate[i] = False
            made.append({"sizes": sizes, "bar": bar, "failed": failed, "independent": free, "rejected": fate})
    return made


def _series(a: Fraction, b: Fraction, m: int, terms: int) -> list[Fraction]:
    return [math.comb(m + k - 1, k) * b**k / a ** (m + k) for k in range(terms)]


def _chance_not_positive(steps: dict[Fraction, int]) -> Fraction:
    """P(sum of step times exponential <= 0): one, minus what the positive steps' partial fractions add up to."""
    above = Fraction(0)
    for d, m in steps.items():
        if d <= 0:
            continue
        product = [Fraction((-1) ** k) * d ** (k + 1) for k in range(m)]
        for other, times in steps.items():
            if other != d:
                series = _series(1 - other / d, other, times, m)
                product = [
                    sum((product[i] * series[k - i] for i in range(k + 1)), Fraction(0)) for k in range(m)
                ]
        above -= product[m - 1] / (-d) ** m
    return 1 - above


MIXED = [
    ([("2/3", {"1": 9, "0": 1}), ("1/3", {"1": 3, "0": 1})], "3/5"),
    ([("9/10", {"1": 20, "0": 1}), ("1/10", {"1": 2})], "4/5"),
    ([("1/2", {"1": 12}), ("3/10", {"1": 5, "1/2": 2}), ("1/5", {"0": 1, "1": 3})], "7/10"),
    ([("19/20", {"1": 30, "0": 2}), ("1/20", {"0": 3, "1": 7})], "9/10"),
    ([("3/5", {"1/3": 4, "2/3": 6, "1": 8}), ("2/5", {"1": 6, "0": 2})], "1/2"),
    ([("1/4", {"1": 4}), ("1/4", {"1": 8}), ("1/4", {"1": 2}), ("1/4", {"1": 6, "0": 1})], "2/3"),
]


def mixed() -> list[dict]:
    """P-values of a weighed rate as fractions, upward and mirrored."""
    made = []
    for slices, bar in MIXED:
        row = {"slices": slices, "bar": bar}
        for name, turned in (("p_above", False), ("p_below", True)):
            t = 1 - Fraction(bar) if turned else Fraction(bar)
            each = [Fraction(w) / sum(h.values()) for w, h in slices]
            steps = {-t * max(each): 1}
            for weight, (_, histogram) in zip(each, slices, strict=True):
                for value, count in histogram.items():
                    x = 1 - Fraction(value) if turned else Fraction(value)
                    if x != t:
                        steps[(x - t) * weight] = steps.get((x - t) * weight, 0) + count
            row[name] = float(_chance_not_positive(steps))
        made.append(row)
    return made


def counted() -> list[dict]:
    """Lower bounds with counted shares: a single slice by Clopper-Pearson, then Chernoff's bound solved by root finding."""
    made = []
    for passed, n, requests, alpha in [(95, 100, 400, 0.05), (60, 60, 5000, 0.05), (150, 200, 50, 0.01)]:
        known = scipy.stats.beta.ppf(0.8 * alpha, passed, n - passed + 1)

        def gap(bar: float, known: float = known, requests: int = requests, alpha: float = alpha) -> float:
            return scipy.stats.entropy([known, 1 - known], [bar, 1 - bar]) - math.log(5 / alpha) / requests

        lower = scipy.optimize.brentq(gap, 1e-9, known, xtol=1e-14)
        made.append({"passed": passed, "n": n, "counted": requests, "alpha": alpha, "lower": float(lower)})
    return made


def distances() -> list[dict]:
    """The exact multinomial test by listing outcomes, and chi-square."""
    made = []
    for counts, shares in [
        ([7, 3], [0.5, 0.5]),
        ([12, 5, 3], [0.5, 0.3, 0.2]),
        ([20, 1, 4, 2], [0.4, 0.3, 0.2, 0.1]),
    ]:
        n = sum(counts)
        law = scipy.stats.multinomial(n, shares)
        own = law.pmf(counts)
        outcomes = (o for o in itertools.product(range(n + 1), repeat=len(counts)) if sum(o) == n)
        p = math.fsum(c for o in outcomes if (c := law.pmf(o)) <= own * (1 + 1e-9))
        made.append({"counts": counts, "shares": shares, "p": float(p), "method": "exact multinomial"})
    for counts, shares in [
        ([700, 280, 220], [0.6, 0.22, 0.18]),
        ([90, 80, 70, 60, 50], [0.3, 0.2, 0.2, 0.2, 0.1]),
    ]:
        p = scipy.stats.chisquare(counts, np.array(shares) * sum(counts)).pvalue
        made.append({"counts": counts, "shares": shares, "p": float(p), "method": "chi-square"})
    return made


def thresholds() -> list[dict]:
    """The lowest threshold shown, walking down with binomial tests of scipy.stats."""
    rng = np.random.default_rng(SEED)
    made = []
    for n, top in [(100, 0.99), (300, 0.99), (1000, 0.98), (1000, 0.93)]:
        confidence = rng.random(n)
        good = rng.random(n) < top - 0.3 * (1 - confidence) ** 2
        grid = [i / 20 for i in range(20)]
        bins = [
            [
                int(((confidence >= t) & (confidence < t + 0.05)).sum()),
                int(good[(confidence >= t) & (confidence < t + 0.05)].sum()),
            ]
            for t in grid
        ]
        p = {
            t: float(
                scipy.stats.binomtest(
                    sum(k for _, k in bins[i:]), sum(m for m, _ in bins[i:]), 0.9, "greater"
                ).pvalue
            )
            for i, t in enumerate(grid)
            if sum(m for m, _ in bins[i:])
        }
        enough = [t for i, t in enumerate(grid) if sum(m for m, _ in bins[i:]) >= max(60, n / 4)]
        walked = list(itertools.takewhile(lambda t, p=p: p[t] <= 0.05, reversed(enough)))
        bonferroni = [t for t in grid if p.get(t, 1.0) <= 0.05 / 20]
        made.append(
            {
                "cases": n,
                "grid": grid,
                "bins": bins,
                "fixed sequence": walked[-1] if walked else None,
                "Bonferroni": bonferroni[0] if bonferroni else None,
            }
        )
    return made


def main() -> None:
    """Write the reference values beside this script."""
    made = {
        "made with": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__,
            "seed": SEED,
        },
        "adjusted": adjusted(),
        "closed": closed(),
        "mixed": mixed(),
        "counted": counted(),
        "distances": distances(),
        "thresholds": thresholds(),
    }
    Path(__file__).with_name("scope.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
