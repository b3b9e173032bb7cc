"""Make `planning.json`: reference values by programs that share no code with the project.

Run `python tests/reference/make_planning.py` from the repository root; it needs scipy alone. Correlations come from
the F ratio of scipy.stats.f_oneway over rows of 0 and 1; beta-binomial shares and binomial powers from scipy.stats; the
power of McNemar's test by adding up every number of changed cases; Gaffke's power by listing every
sample of 24 groups, each tested in exact rational arithmetic.
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
from scipy import stats


def correlations() -> list[dict]:
    """(F - 1)/(F - 1 + n0), F by scipy over the rows themselves."""
    made = []
    for histogram in (
        {(4, 4): 40, (3, 4): 10, (2, 4): 4, (0, 4): 6},
        {(3, 3): 20, (2, 3): 9, (1, 3): 5, (0, 3): 2},
        {(5, 5): 12, (4, 5): 3, (2, 2): 8, (0, 2): 3, (1, 3): 4, (1, 1): 2},
        {(1, 2): 10, (2, 2): 5, (0, 2): 5},
    ):
        groups = [[1] * x + [0] * (k - x) for (x, k), n in histogram.items() for _ in range(n)]
        sizes = np.array([len(g) for g in groups])
        ratio = float(stats.f_oneway(*groups).statistic)
        n0 = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (len(groups) - 1)
        made.append(
            {
                "counts": [[x, k, n] for (x, k), n in histogram.items()],
                "icc": float((ratio - 1) / (ratio - 1 + n0)),
            }
        )
    return made


def beta_binomials() -> list[dict]:
    """Shares by scipy.stats.betabinom, and binom where nothing is alike."""
    made = []
    for n, rate, icc in [(4, 0.95, 0.3), (3, 0.5, 0.6), (12, 0.9, 0.05), (5, 0.8, 0.0)]:
        k = np.arange(n + 1)
        law = (
            stats.binom(n, rate)
            if icc == 0
            else stats.betabinom(n, rate * (1 / icc - 1), (1 - rate) * (1 / icc - 1))
        )
        made.append({"outcomes": n, "rate": rate, "icc": icc, "shares": [float(v) for v in law.pmf(k)]})
    return made


def binomial_sizes() -> list[dict]:
    """Every size tried: the first from .80 to .83 (.90 to .93), else the first above."""
    made = []
    plans = [(0.8, 0.9), (0.85, 0.95), (0.9, 0.93), (0.9, 0.95), (0.9, 0.97), (0.95, 0.97), (0.95, 0.98)]
    for (bar, hoped), (seen, passed) in itertools.product([*plans, (0.99, 0.999)], [(0, 0), (50, 46)]):
        new = np.arange(1, 4000)
        needed = stats.binom.ppf(0.95, new + seen, bar) + 1 - passed
        chance = stats.binom.sf(needed - 1, new, hoped)
        for power in (0.8, 0.9):
            steady = next(i for i in range(len(new)) if np.all(chance[i : i + 15] >= power))
            near = np.flatnonzero((chance >= power) & (chance <= power + 0.03))
            found = near[0] if near.size and near[0] <= steady else np.flatnonzero(chance >= power)[0]
            asked = {"bar": bar, "hoped": hoped, "power": power, "seen": seen, "passed": passed}
            made.append({**asked, "n": int(new[found]), "chance": float(chance[found])})
    return made


def mcnemar_powers() -> list[dict]:
    """Power of the exact one-sided sign test on the cases that change, however many those are."""
    made = []
    for n, discordance, gain in [(750, 0.1, 0.03), (275, 0.1, 0.05), (525, 0.2, 0.05), (200, 0.3, 0.1)]:
        changed = np.arange(n + 1)
        needed = stats.binom.ppf(0.95, changed, 0.5) + 1
        shown = stats.binom.sf(needed - 1, changed, (discordance + gain) / 2 / discordance)
        power = float(stats.binom.pmf(changed, n, discordance) @ shown)
        made.append({"n": n, "discordance": discordance, "gain": gain, "power": power})
    return made


def _exact_p(counts: tuple[int, ...], values: list[Fraction], bar: Fraction) -> Fraction:
    """Return P(sum (x - bar) E - bar E0 <= 0) exactly: the largest poles' residues, as fractions."""
    poles = [(v - bar, c) for v, c in zip(values, counts, strict=True) if c and v != bar]
    poles.append((-bar, 1))
    merged: dict[Fraction, int] = {}
    for d, m in poles:
        merged[d] = merged.get(d, 0) + m
    above = Fraction(0)
    for d, m in merged.items():
        if d <= 0:
            continue
        product = [Fraction((-1) ** k) * d ** (k + 1) for k in range(m)]
        for other, times in merged.items():
            if other == d:
                continue
            a, b = 1 - other / d, other
            series = [math.comb(times + k - 1, k) * b**k / a ** (times + k) for k in range(m)]
            product = [sum((product[i] * series[k - i] for i in range(k + 1)), Fraction(0)) for k in range(m)]
        above -= product[m - 1] / (-d) ** m
    return 1 - above


def gaffke_powers() -> list[dict]:
    """Every sample of n groups with three values, weighted by its multinomial chance."""
    made = []
    n = 24
    for shares, bar in [(("1/20", "3/20", "16/20"), "7/10"), (("1/10", "3/10", "6/10"), "1/2")]:
        law, line = [Fraction(s) for s in shares], Fraction(bar)
        values = [Fraction(0), Fraction(1, 2), Fraction(1)]
        power = Fraction(0)
        for low in range(n + 1):
            for middle in range(n + 1 - low):
                counts = (low, middle, n - low - middle)
                if sum(v * c for v, c in zip(values, counts, strict=True)) <= n * line:
                    continue
                if _exact_p(counts, values, line) <= Fraction(1, 20):
                    ways = math.factorial(n)
                    for c in counts:
                        ways //= math.factorial(c)
                    power += ways * math.prod(p**c for p, c in zip(law, counts, strict=True))
        made.append({"n": n, "shares": list(shares), "bar": bar, "power": float(power)})
    return made


def main() -> None:
    """Write the file beside this one."""
    made = {
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        },
        "correlations": correlations(),
        "beta_binomials": beta_binomials(),
        "binomial_sizes": binomial_sizes(),
        "mcnemar_powers": mcnemar_powers(),
        "gaffke_powers": gaffke_powers(),
    }
    path = Path(__file__).with_name("planning.json")
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(made["versions"])  # noqa: T201 - a script's answer


if __name__ == "__main__":
    main()
