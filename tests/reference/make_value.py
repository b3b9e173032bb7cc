"""Make `value.json`: reference values by programs that share no code with the project.

Run `python tests/reference/make_value.py` from the repository root. Ranges, Beta posteriors and Beta-binomial chances
come from scipy.stats; the expected best of several from scipy.integrate; the value of more groups from all
outcomes listed one by one in exact fractions; means over several kinds of groups, and whole net values, from
Dirichlet weights and prices drawn at random with a stated seed.
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
import scipy.integrate
import scipy.stats

SEED = 20261124
DRAWS = 400_000


def ranges() -> list[dict]:
    """Mean and quantiles of triangular, uniform and log-uniform amounts by scipy.stats."""
    made = []
    for low, high, likely in [(0.4, 1.1, 0.7), (0.0, 10.0, 0.0), (2.0, 5.0, 5.0)]:
        law = scipy.stats.triang((likely - low) / (high - low), loc=low, scale=high - low)
        made.append(_range(law, low, high, likely))
    made.append(_range(scipy.stats.uniform(20, 40), 20, 60, None))
    made.append(_range(scipy.stats.uniform(0, 60), 0, 60, None))
    made.append(_range(scipy.stats.loguniform(20, 400), 20, 400, None))
    return made


def _range(law, low, high, likely) -> dict:
    quantiles = {str(q): float(law.ppf(q)) for q in (0.1, 0.5, 0.9)}
    return {"low": low, "high": high, "likely": likely, "mean": float(law.mean()), "quantiles": quantiles}


def best_of() -> list[dict]:
    """The expected largest of n standard normal values by numerical integration of x n f(x) F(x)^(n-1)."""
    made = []
    for n in (1, 2, 3, 5, 25, 300):

        def density(x, n=n):
            return x * n * scipy.stats.norm.pdf(x) * scipy.stats.norm.cdf(x) ** (n - 1)

        value, _ = scipy.integrate.quad(density, -12, 12, epsabs=1e-12, epsrel=1e-12, limit=400)
        made.append({"n": n, "value": value})
    return made


def rates() -> list[dict]:
    """Jeffreys' posterior of a rate by scipy.stats.beta: chance above a bar, quantiles, expected part above it."""
    made = []
    for n, k in [(60, 60), (60, 0), (100, 95), (10, 3), (1, 1)]:
        law = scipy.stats.beta(k + 0.5, n - k + 0.5)
        bar = 0.9
        gain, _ = scipy.integrate.quad(lambda x, law=law: law.sf(x), bar, 1, epsabs=1e-13)
        made.append(
            {"n": n, "passed": k, "bar": bar, "above": float(law.sf(bar)), "gain": gain,
             "quantiles": {str(q): float(law.ppf(q)) for q in (0.1, 0.5, 0.9)}}
        )  # fmt: skip
    return made


def counts() -> list[dict]:
    """Beta-binomial chances by scipy.stats."""
    return [
        {"n": n, "a": a, "b": b, "chances": scipy.stats.betabinom(n, a, b).pmf(np.arange(n + 1)).tolist()}
        for n, a, b in [(5, 0.5, 0.5), (20, 60.5, 3.5), (40, 0.7, 90.3)]
    ]


GROUPS = {
    "fixed, broken, same": [(1.0, [[1.0, 0.0]] * 24 + [[-1.0, 0.0]] * 9 + [[0.0, 0.0]] * 167)],
    "repeats": [(1.0, [[k / 3 - 1 / 3, 0.0] for k in (0, 1, 2, 3) for _ in range(5 + 4 * k)])],
    "a rare dear harm": [(1.0, [[1.0, 0.0]] * 30 + [[0.0, 0.0]] * 69 + [[0.0, 1.0]] * 1)],
    "three parts": [
        (0.55, [[1.0, 0.0]] * 20 + [[0.0, 0.0]] * 30),
        (0.30, [[1.0, 0.0]] * 3 + [[0.0, 0.0]] * 20 + [[-1.0, 0.0]] * 2),
        (0.15, [[0.0, 1.0]] * 2 + [[0.0, 0.0]] * 8),
    ],
}
WEIGHTS = [700.0, -9000.0]


def means() -> list[dict]:
    """Means under drawn Dirichlet weights; the prior group is drawn too, as two fair coins for each column."""
    made = []
    for number, (name, parts) in enumerate(GROUPS.items()):
        rng = np.random.default_rng([SEED, number])
        gain, harm = _columns(rng, parts)
        total = WEIGHTS[0] * gain + WEIGHTS[1] * harm
        made.append({"name": name, "parts": parts, "weights": WEIGHTS, **_summary(total)})
    return made


def _columns(rng, parts) -> list[np.ndarray]:
    """Draw the mean of both columns: gamma weights on the groups, one more unit on each column's own prior."""
    size = 1 / sum(share**2 / len(rows) for share, rows in parts)
    whole, sums = np.zeros(DRAWS), [np.zeros(DRAWS), np.zeros(DRAWS)]
    for share, rows in parts:
        distinct, often = np.unique(np.array(rows), axis=0, return_counts=True)
        for count, row in zip(often, distinct, strict=True):
            weight = rng.gamma(size * share * count / len(rows), size=DRAWS)
            whole += weight
            sums = [old + weight * value for old, value in zip(sums, row, strict=True)]
    prior = rng.gamma(1.0, size=DRAWS)
    for i in (0, 1):
        coins = rng.dirichlet([0.25, 0.5, 0.25], size=DRAWS)
        sums[i] = (sums[i] + prior * (coins[:, 2] - coins[:, 0])) / (whole + prior)
    return sums


def _summary(total: np.ndarray) -> dict:
    found = np.quantile(total, [0.1, 0.9])
    return {
        "mean": float(total.mean()), "standard_error": float(total.std() / math.sqrt(DRAWS)), "sd": float(total.std()),
        "low": float(found[0]), "high": float(found[1]), "chance": float((total > 0).mean()),
        "gain": float(np.maximum(total, 0).mean()),
    }  # fmt: skip


def weeks() -> list[dict]:
    """Whole net values: prices by scipy.stats, rates by Dirichlet weights, all drawn."""
    made = []
    for number, name in enumerate(("fixed, broken, same", "a rare dear harm", "three parts")):
        rng = np.random.default_rng([SEED, 100 + number])
        worth = scipy.stats.triang(0.3 / 0.7, loc=0.4, scale=0.7).rvs(DRAWS, random_state=rng)
        harm = scipy.stats.loguniform(5, 100).rvs(DRAWS, random_state=rng)
        gain, harmed = _columns(rng, GROUPS[name])
        made.append({"name": name, "parts": GROUPS[name], **_summary(1800 * (worth * gain - harm * harmed))})
    return made


def evidence() -> list[dict]:
    """The value of n more groups, every outcome of them listed, in exact fractions.

    Groups have two, three or eight possible values; the belief is Dirichlet with whole weights.
    """
    made = []
    two = [((Fraction(6), Fraction(5)), (Fraction(-1), Fraction(1)))]
    two.append(((Fraction(3), Fraction(41)), (Fraction(-20), Fraction(1))))
    three = [((Fraction(4), Fraction(20), Fraction(5)), (Fraction(-1), Fraction(0), Fraction(1)))]
    three.append(((Fraction(2), Fraction(30), Fraction(9)), (Fraction(-6), Fraction(0), Fraction(1))))
    three.append((tuple(map(Fraction, (1, 2, 3, 4, 5, 4, 3, 2))), tuple(map(Fraction, range(-4, 4)))))
    for worths, values in two + three:
        made += [_evidence(worths, values, n) for n in ((1, 4, 12) if len(values) < 8 else (1, 3, 7))]
    return made


def _evidence(worths, values, n) -> dict:
    found = {"worths": [int(w) for w in worths], "values": [int(v) for v in values], "n": n}
    return {**found, "value": float(_preposterior(worths, values, n))}


def _preposterior(worths, values, n) -> Fraction:
    whole = sum(worths)
    now = max(sum(w * v for w, v in zip(worths, values, strict=True)) / whole, Fraction(0))
    later = Fraction(0)
    for counts in itertools.product(range(n + 1), repeat=len(worths)):
        if sum(counts) != n:
            continue
        chance = Fraction(math.factorial(n))
        for w, c in zip(worths, counts, strict=True):
            chance *= math.prod((w + i for i in range(c)), start=Fraction(1)) / math.factorial(c)
        chance /= math.prod((whole + i for i in range(n)), start=Fraction(1))
        mean = sum((w + c) * v for w, c, v in zip(worths, counts, values, strict=True)) / (whole + n)
        later += chance * max(mean, Fraction(0))
    return later - now


def main() -> None:
    """Write the file beside this script."""
    made = {
        "made_by": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
        "seed": SEED,
        "draws": DRAWS,
        "ranges": ranges(),
        "best_of": best_of(),
        "rates": rates(),
        "counts": counts(),
        "means": means(),
        "weeks": weeks(),
        "evidence": evidence(),
    }
    path = Path(__file__).with_name("value.json")
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
