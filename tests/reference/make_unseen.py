"""Make `unseen.json`: the bound on unseen modes and the saturation curve by listing every subset.

Run `python tests/reference/make_unseen.py` from the repository root. For ten groups all 1,024 ways to set
groups aside are listed; the bound is the root that scipy.optimize finds.
"""

from __future__ import annotations

import json
import math
import platform
from itertools import combinations
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import brentq
from scipy.stats import norm

SHARES = (0.85, 0.45)
REVIEWS = [
    [[], [], [], [], [], [], [], [], [], []],
    [["a"], [], [], [], [], [], [], [], [], []],
    [["a"], ["a"], ["b"], [], [], [], [], [], [], []],
    [["a"], ["a"], ["a"], ["b"], ["b"], ["c"], ["d"], [], [], []],
    [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], [], [], [], []],
    [["a", "b"], ["a", "b"], ["c"], [], [], [], [], [], [], []],
    [["a", "b"], ["b", "c"], ["a", "c"], ["d"], ["d", "a"], [], [], [], [], []],
]


def log_evidence(groups: list[list[str]], u: float) -> float:
    """Average 1 / (1 - u)^m over all sets of groups whose removal loses no mode."""
    n, total = len(groups), 0.0
    everything = {mode for group in groups for mode in group}
    for m in range(n + 1):
        for aside in combinations(range(n), m):
            left = {mode for i, group in enumerate(groups) if i not in aside for mode in group}
            if left == everything:
                total += sum(s**m * (1 - s) ** (n - m) for s in SHARES) / len(SHARES) / (1 - u) ** m
    return math.log(total)


def modes_of(groups: list[list[str]], size: int) -> float:
    """Average the number of modes over every choice of so many groups."""
    found = [len({m for g in chosen for m in g}) for chosen in combinations(groups, size)]
    return sum(found) / len(found)


def reviews() -> list[dict]:
    """Bounds, curves and Esty's bound."""
    made = []
    for groups in REVIEWS:
        names = {m for g in groups for m in g}
        counts = {m: sum(m in g for g in groups) for m in names}
        once = sum(any(counts[m] == 1 for m in g) for g in groups)
        twice, n = sum(c == 2 for c in counts.values()), len(groups)
        made.append(
            {
                "groups": groups,
                "upper": {
                    str(a): brentq(
                        lambda u, a=a, g=groups: log_evidence(g, u) + math.log(a), 0, 1 - 1e-9, xtol=1e-13
                    )
                    for a in (0.05, 0.2)
                },
                "alone": once,
                "esty": min(
                    once / n + norm.ppf(0.95) * math.sqrt(once * (1 - once / n) + 2 * twice) / n, 1.0
                ),
                "curve": [modes_of(groups, size) for size in range(n + 1)],
            }
        )
    return made


if __name__ == "__main__":
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
    print(versions)  # noqa: T201 - a script
    made = {"versions": versions, "reviews": reviews()}
    Path(__file__).with_name("unseen.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")
