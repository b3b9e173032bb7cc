"""Make `repeated_prompts.json`: p-values by scipy's binomial test, combined by scipy, over a fine grid of common rates.

Run `python tests/reference/make_repeated_prompts.py` from the repository root. Mixtures of unequal prompts are
searched by a general optimiser: the largest chance of so many passes at a given mean, whatever the prompts' own
chances are.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import minimize
from scipy.stats import binomtest, combine_pvalues

PAIRS = [
    ((27, 30), (61, 100)),
    ((9, 10), (61, 100)),
    ((46, 50), (61, 100)),
    ((6, 30), (61, 100)),
    ((20, 20), (180, 200)),
]
MIXTURES = [(4, 3, 0.4), (4, 2, 0.2), (5, 1, 0.02), (6, 6, 0.7), (6, 4, 0.45)]


def two_rates() -> list[dict]:
    """Twice the smaller direction; in each the largest combined p-value over 20,001 common rates."""
    made = []
    for (k, n), (x, m) in PAIRS:
        ways = []
        for above, below in ((0, 1), (1, 0)):
            worst = 0.0
            for rate in np.linspace(1e-9, 1 - 1e-9, 20_001):
                of = [(k, n), (x, m)]
                p = [
                    binomtest(*of[above], rate, alternative="greater").pvalue,
                    binomtest(*of[below], rate, alternative="less").pvalue,
                ]
                if 0 in p:
                    continue
                worst = max(worst, float(combine_pvalues(p, method="fisher").pvalue))
            ways.append(worst)
        made.append({"first": [k, n], "second": [x, m], "p": min(1.0, 2 * min(ways))})
    return made


def largest(n: int, passes: int, mean: float) -> float:
    """The largest chance of so many passes of n prompts whose chances have a given mean."""

    def chance(chances: np.ndarray) -> float:
        law = np.array([1.0])
        for each in chances:
            law = np.convolve(law, [1 - each, each])
        return float(law[passes:].sum())

    rng, best = np.random.default_rng(11), 0.0
    for _ in range(40):
        start = rng.dirichlet(np.ones(n)) * n * mean
        found = minimize(
            lambda c: -chance(c), np.clip(start, 0, 1), method="SLSQP", bounds=[(0, 1)] * n,
            constraints={"type": "eq", "fun": lambda c: c.mean() - mean},
        )  # fmt: skip
        if found.success:
            best = max(best, -found.fun)
    return best


def main() -> None:
    """Write the reference values beside this script."""
    made = {
        "made with": {"python": platform.python_version(), "scipy": scipy.__version__},
        "two rates": two_rates(),
        "mixtures": [
            {"n": n, "passes": k, "mean": mean, "largest": largest(n, k, mean)} for n, k, mean in MIXTURES
        ],
    }
    Path(__file__).with_name("repeated_prompts.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
