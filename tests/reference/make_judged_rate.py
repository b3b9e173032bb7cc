"""Make `judged_rate.json`: reference values by programs that share no code with the project.

Run `python tests/reference/make_judged_rate.py` from the repository root. The exact p-value of judge and labels is
found by brute force: every outcome of a small design is listed, its chance taken from scipy.stats, and the
worst case searched on a grid of points. Bounds from sought labels come from scipy.stats' beta law, values
of groups from fractions.
"""

from __future__ import annotations

import json
import math
import platform
from fractions import Fraction
from pathlib import Path

import numpy as np
import scipy
from scipy.stats import beta, binom, hypergeom

SPENT, BIN, Z = 1e-5, 0.4, 1.6448536269514722
GRID_Q, GRID_A = 121, 81


def labels_given(passed: int, seen: dict) -> tuple[int, int]:
    """Return how many labels lie on either verdict if the judge had passed so many."""
    total = seen["of_passed"] + seen["of_failed"]
    shift = seen["of_passed"] - round(seen["passed"] * total / seen["judged"])
    ones = min(max(round(passed * total / seen["judged"]) + shift, 0), total)
    return ones, total - ones


def cells(seen: dict) -> list[list[int]]:
    """Gather all counts of judge passes into runs that share a bin and their labels."""
    n, runs, last = seen["judged"], [], None
    for passed in range(n + 1):
        key = (
            math.floor(2 * math.sqrt(n) * math.asin(math.sqrt(passed / n)) / BIN),
            labels_given(passed, seen),
        )
        if key == last:
            runs[-1].append(passed)
        else:
            runs.append([passed])
        last = key
    return runs


def stand(share: float, ones: int, x1: int, zeros: int, x0: int, n: int) -> float:
    """Return estimate less 1.645 standard errors, written out once more."""
    a = (x1 + 0.5) / (ones + 1) if ones else 0.0
    b = (x0 + 0.5) / (zeros + 1) if zeros else 0.0
    q = (share * n + 0.5) / (n + 1)
    parts = (
        q**2 * a * (1 - a) / (ones + 2),
        (1 - q) ** 2 * b * (1 - b) / (zeros + 2),
        (a - b) ** 2 * q * (1 - q) / (n + 2),
    )
    return q * a + (1 - q) * b - Z * math.sqrt(sum(parts))


def brute_force(seen: dict) -> float:
    """Return the largest chance of an outcome at least as good, for labels drawn at random."""
    n, total = seen["judged"], seen["of_passed"] + seen["of_failed"]
    runs = cells(seen)
    mine = next(run for run in runs if seen["passed"] in run)
    middle = lambda run: ((run[0] + run[-1]) // 2) / n  # noqa: E731 - one line, used twice
    level = stand(middle(mine), seen["of_passed"], seen["upheld"], seen["of_failed"], seen["rescued"], n)
    low = beta.ppf(SPENT / 2, seen["passed"], n - seen["passed"] + 1) if seen["passed"] else 0.0
    high = beta.ppf(1 - SPENT / 2, seen["passed"] + 1, n - seen["passed"]) if seen["passed"] < n else 1.0
    weights, good = [], []
    for run in runs:
        ones, zeros = labels_given(run[0], seen)
        weights += [(x, hypergeom.pmf(ones, n, x, total), len(good)) for x in run]
        better = [
            (x1, x0)
            for x1 in range(ones + 1)
            for x0 in range(zeros + 1)
            if stand(middle(run), ones, x1, zeros, x0, n) >= level - 1e-12
        ]
        good.append((ones, zeros, better))
    worst = 0.0
    for q in np.linspace(max(low, 1e-9), min(high, 1 - 1e-9), GRID_Q):
        a_low, a_high = max(0.0, (seen["bar"] - (1 - q)) / q), min(1.0, seen["bar"] / q)
        a = np.linspace(a_low, a_high, GRID_A)
        b = np.clip((seen["bar"] - q * a) / (1 - q), 0, 1)
        chance = [
            sum((binom.pmf(x1, ones, a) * binom.pmf(x0, zeros, b) for x1, x0 in better), np.zeros(GRID_A))
            for ones, zeros, better in good
        ]
        mass = np.array([binom.pmf(x, n, q) * w for x, w, _ in weights])
        mixed = sum(
            (m * chance[cell] for m, (_, _, cell) in zip(mass, weights, strict=True)), np.zeros(GRID_A)
        )
        worst = max(worst, float((mixed / mass.sum()).max()))
    return worst


def judged() -> list[dict]:
    """Exact p-values for small designs."""
    names = "judged", "passed", "of_passed", "of_failed", "upheld", "rescued", "bar"
    rows = [
        (20, 16, 8, 2, 8, 1, 0.7),
        (20, 16, 7, 3, 7, 0, 0.6),
        (30, 26, 9, 1, 9, 1, 0.75),
        (40, 20, 6, 6, 5, 1, 0.4),
        (12, 9, 9, 3, 9, 1, 0.6),
    ]
    made = [dict(zip(names, row, strict=True)) for row in rows]
    return [row | {"worst": brute_force(row)} for row in made]


def sought() -> list[dict]:
    """Bounds from labels that were sought, each of three at a third of the error."""
    made = []
    for judged_, passed, good, upheld, bad, missed, alpha in [
        (1000, 880, 100, 97, 50, 5, 0.05),
        (300, 250, 40, 40, 12, 1, 0.01),
    ]:
        third = alpha / 3
        q = beta.ppf(third, passed, judged_ - passed + 1)
        tpr = beta.ppf(1 - third, upheld + 1, good - upheld) if upheld < good else 1.0
        fpr = beta.ppf(1 - third, missed + 1, bad - missed)
        counts = {
            "judged": judged_,
            "judge_passed": passed,
            "people_passed": good,
            "upheld": upheld,
            "people_failed": bad,
            "missed": missed,
        }
        made.append({"counts": counts, "alpha": alpha, "lower": float((q - fpr) / (tpr - fpr))})
    return made


def groups() -> list[dict]:
    """Values of single groups by fractions: cases as planned, passed, labelled_passed, upheld, labelled_failed, rescued."""
    made = []
    for cases in (
        [(3, 2, 1, 1, 1, 0), (3, 3, 1, 0, 0, 0)],
        [(4, 1, 1, 1, 2, 1)],
        [(2, 2, 2, 1, 0, 0), (5, 3, 1, 1, 1, 1)],
    ):
        value = Fraction(0)
        for here, labelled, good in ((lambda c: c[1], 2, 3), (lambda c: c[0] - c[1], 4, 5)):
            outputs, labels = sum(here(c) for c in cases), sum(c[labelled] for c in cases)
            if labels:
                value += sum(Fraction(c[good], c[0] * len(cases)) for c in cases) * Fraction(outputs, labels)
        made.append({"cases": [list(c) for c in cases], "by_verdict": str(value)})
    return made


if __name__ == "__main__":
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
    made = {"versions": versions, "judged": judged(), "sought": sought(), "groups": groups()}
    Path(__file__).with_name("judged_rate.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")
