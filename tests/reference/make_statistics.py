"""Make `statistics.json`: reference values by programs that share no code with the project.

Run `python tests/reference/make_statistics.py` from the repository root. Clopper-Pearson comes from
statsmodels and scipy.stats, McNemar, Holm and standard errors from statsmodels and
sample sizes from scipy.stats; Gaffke's p-values from exact rational arithmetic (the residues of
the transform, added as fractions), and for larger samples from weights drawn at random with a stated seed.
"""

from __future__ import annotations

import itertools
import json
import math
import platform
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import scipy
import scipy.stats
import statsmodels
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

SEED = 20240229
DRAWS = 400_000


def rates() -> list[dict]:
    """Clopper-Pearson bounds by statsmodels, p-values by scipy.stats."""
    made = []
    for n, k in [(1, 0), (1, 1), (20, 18), (59, 59), (100, 95), (300, 0), (500, 470), (10_000, 9_123)]:
        for alpha, bar in [(0.05, 0.9), (0.001, 0.5), (1e-6, 0.99)]:
            lower, upper = proportion_confint(k, n, alpha=2 * alpha, method="beta")
            made.append(
                {
                    "n": n,
                    "passed": k,
                    "alpha": alpha,
                    "bar": bar,
                    "lower": float(lower) if k else 0.0,
                    "upper": float(upper) if k < n else 1.0,
                    "p_above": float(scipy.stats.binomtest(k, n, bar, alternative="greater").pvalue),
                    "p_below": float(scipy.stats.binomtest(k, n, bar, alternative="less").pvalue),
                }
            )
    return made


def _series(a: Fraction, b: Fraction, m: int, n_terms: int) -> list[Fraction]:
    """Coefficients of (a - b w)^(-m) in powers of w."""
    return [math.comb(m + k - 1, k) * b**k / a ** (m + k) for k in range(n_terms)]


def _times(left: list[Fraction], right: list[Fraction]) -> list[Fraction]:
    return [sum((left[i] * right[k - i] for i in range(k + 1)), Fraction(0)) for k in range(len(left))]


def exact_chance(histogram: dict[Fraction, int], bar: Fraction) -> Fraction:
    """P(sum (x - bar) E - bar E0 <= 0) as a fraction: minus the residues on the right, from one."""
    poles: dict[Fraction, int] = {}
    for value, count in [*histogram.items(), (Fraction(0), 1)]:
        if value != bar:
            poles[value - bar] = poles.get(value - bar, 0) + count
    above = Fraction(0)
    for d, m in poles.items():
        if d <= 0:
            continue
        product = [Fraction((-1) ** k) * d ** (k + 1) for k in range(m)]  # 1/(1/d + w)
        for other, times in poles.items():
            if other != d:
                product = _times(product, _series(1 - other / d, other, times, m))
        above -= product[m - 1] / (-d) ** m
    return 1 - above


EXACT = [
    ({"1/2": 1}, "1/4"),
    ({"1/2": 3, "1": 4}, "2/3"),
    ({"0": 1, "1/3": 2, "2/3": 5, "1": 12}, "7/10"),
    ({"0": 3, "1/3": 4, "2/3": 8, "1": 35}, "4/5"),
    ({"0": 3, "1/3": 4, "2/3": 8, "1": 35}, "19/20"),
    ({"0": 1, "1/2": 1, "1": 30}, "1/2"),
    ({"1/5": 2, "2/5": 3, "3/5": 4, "4/5": 5}, "3/5"),
    ({"9/10": 10, "19/20": 20}, "9/10"),
    ({"1/7": 6, "6/7": 6}, "1/3"),
    ({"499/1000": 5, "1": 5}, "1/2"),
    ({"0": 20, "1/2": 1}, "1/10"),
    ({"1": 40, "99/100": 1}, "99/100"),
]


def gaffke_exact() -> list[dict]:
    """Gaffke's p-values as fractions; the upward and the mirrored one."""
    made = []
    for histogram, bar in EXACT:
        values = {Fraction(v): c for v, c in histogram.items()}
        up = exact_chance(values, Fraction(bar))
        down = exact_chance({1 - v: c for v, c in values.items()}, 1 - Fraction(bar))
        made.append({"histogram": histogram, "bar": bar, "p_above": float(up), "p_below": float(down)})
    return made


def gaffke_drawn() -> list[dict]:
    """The 5 % quantile of randomly weighted means, and its standard error, by drawing the weights."""
    rng = np.random.default_rng(SEED)
    made = []
    for n, a, b in [(40, 9.0, 1.0), (150, 2.0, 2.0), (300, 0.5, 0.1)]:
        values = np.round(rng.beta(a, b, n), 3)
        x = np.append(values, 0.0)
        means = np.concatenate(
            [(e @ x) / e.sum(1) for e in (rng.standard_exponential((DRAWS // 20, n + 1)) for _ in range(20))]
        )
        means.sort()
        half_width = 4 * math.sqrt(0.05 * 0.95 * DRAWS)
        low, high = (means[int(0.05 * DRAWS + side * half_width)] for side in (-1, 1))
        made.append({"values": [float(v) for v in values], "low": float(low), "high": float(high)})
    return made


def differences() -> list[dict]:
    """Exact McNemar by statsmodels (two-sided, so halved) where more were fixed than broken."""
    return [
        {
            "fixed": f,
            "broken": b,
            "unchanged": u,
            "p_above": float(mcnemar([[0, f], [b, u]], exact=True).pvalue) / 2,
        }
        for f, b, u in [(15, 5, 80), (3, 0, 0), (9, 2, 500), (60, 30, 10), (5, 1, 1)]
    ]


def holm() -> list[dict]:
    """Holm's procedure by statsmodels."""
    rng = np.random.default_rng(SEED)
    made = []
    for size in (1, 2, 5, 12):
        p = [float(v) for v in np.round(rng.random(size) ** 3, 6)]
        rejected = [bool(v) for v in multipletests(p, 0.05, method="holm")[0]]
        made.append({"p": p, "rejected": rejected})
    return made


def spreads() -> list[dict]:
    """Standard errors of weighted means by statsmodels."""
    made = []
    for histogram in ({"0.0": 5, "1.0": 95}, {"0.25": 3, "0.5": 2, "1.0": 9}, {"0.5": 2}):
        described = DescrStatsW([float(v) for v in histogram], weights=list(histogram.values()))
        made.append(
            {"histogram": histogram, "mean": float(described.mean), "error": float(described.std_mean)}
        )
    return made


def sizes() -> list[dict]:
    """The first of 15 sizes in a row with the power, found by trying every size with scipy.stats."""
    plans = [(0.8, 0.9), (0.85, 0.95), (0.9, 0.95), (0.9, 0.97), (0.9, 0.93)]
    plans += [(0.95, 0.98), (0.95, 0.97), (0.98, 0.99), (0.99, 0.999)]
    n = np.arange(1, 1600)
    made = []
    for bar, hoped in plans:
        # the fewest passes k with P(X >= k) <= 0.05 is one more than the 95 % quantile
        chance = scipy.stats.binom.sf(scipy.stats.binom.ppf(0.95, n, bar), n, hoped)
        for power in (0.8, 0.9):
            found = next(i for i in range(len(n)) if np.all(chance[i : i + 15] >= power))
            made.append({"bar": bar, "hoped": hoped, "power": power, "n": int(n[found])})
    return made


def chances() -> list[dict]:
    """All-of-k by listing every choice of k repeats."""
    made = []
    for planned, passed, k in [(4, 3, 2), (5, 5, 3), (5, 2, 3), (8, 6, 4), (1, 1, 1), (10, 7, 5)]:
        repeats = [i < passed for i in range(planned)]
        chosen = list(itertools.combinations(repeats, k))
        chance = Fraction(sum(map(all, chosen)), len(chosen))
        made.append({"planned": planned, "passed": passed, "k": k, "chance": float(chance)})
    return made


def points() -> list[dict]:
    """Favourable points by decimal arithmetic."""
    made = []
    for value, cap in [
        ("2.5", "10"),
        ("0", "3"),
        ("0.1", "0.8"),
        ("7.999", "8"),
        ("12", "8"),
        ("0.3", "0.9"),
    ]:
        left = max(1 - Decimal(value) / Decimal(cap), Decimal(0)) * 4096
        made.append({"value": value, "cap": cap, "points": int(left.to_integral_value(rounding=ROUND_FLOOR))})
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
        "rates": rates(),
        "gaffke_exact": gaffke_exact(),
        "gaffke_drawn": gaffke_drawn(),
        "differences": differences(),
        "holm": holm(),
        "spreads": spreads(),
        "sizes": sizes(),
        "chances": chances(),
        "points": points(),
    }
    Path(__file__).with_name("statistics.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
