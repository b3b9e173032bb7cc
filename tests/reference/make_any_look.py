"""Make `any_look.json`: reference values for looking more than once, by programs that share no code with the project.

Run `python tests/reference/make_any_look.py` from the repository root. Any-look p-values come from listing every
sequence of passes and failures, with its chance as a fraction; the walk of normal steps from its
density, carried from step to step on a fine grid; powers from the plain two-term recursion over all
numbers of failures; e-values from products of fractions; published constants are quoted.
"""

from __future__ import annotations

import json
import platform
from fractions import Fraction
from itertools import product
from math import comb
from pathlib import Path

import numpy as np
import scipy
from scipy.stats import binom, norm

TIES = 1e-8


def weight_of(end: int, bar: float) -> float:
    """The power of n/N, by the failures expected at the bar."""
    return min(1.5 + 7.5 / (end * (1 - bar)), 4.0)


def p_value(passed: int, n: int, bar: Fraction) -> Fraction:
    """P(at least so many passes) as a fraction."""
    return sum((comb(n, k) * bar**k * (1 - bar) ** (n - k) for k in range(passed, n + 1)), Fraction(0))


def score(passed: int, n: int, end: int, bar: Fraction) -> float:
    """The score of one look."""
    return float(norm.isf(float(p_value(passed, n, bar)))) * (n / end) ** weight_of(end, float(bar))


def any_look(end: int, bar: Fraction) -> list[dict]:
    """Every look with a p-value below one half: the chance that a sequence has one as good."""
    scores = {(n, k): score(k, n, end, bar) for n in range(1, end + 1) for k in range(n + 1)}
    best: dict[float, Fraction] = {}
    for path in product((0, 1), repeat=end):
        passes = np.cumsum(path)
        top = max(scores[n, int(k)] for n, k in enumerate(passes, start=1))
        weight = bar ** sum(path) * (1 - bar) ** (end - sum(path))
        best[top] = best.get(top, Fraction(0)) + weight
    return [
        {"n": n, "passed": k, "any_look_p": float(sum(w for s, w in best.items() if s >= own - TIES))}
        for (n, k), own in scores.items()
        if p_value(k, n, bar) < Fraction(1, 2)
    ]


def walk(at: float, steps: int, weight: float) -> float:
    """The chance that a walk of normal steps reaches a boundary, by carrying its density on a grid."""
    grid = np.linspace(-8 * np.sqrt(steps), 8 * np.sqrt(steps), 6001)
    width = grid[1] - grid[0]
    kernel_at = np.arange(-int(9 / width), int(9 / width) + 1) * width
    kernel = norm.pdf(kernel_at) * width
    m = np.arange(1, steps + 1)
    line = at * (steps / m) ** weight * np.sqrt(m)
    density, crossed = norm.pdf(grid), 0.0
    for i in range(steps):
        if i:
            density = np.convolve(density, kernel, "same")
        # the cell that the boundary cuts is kept for the share of it below the boundary
        below = np.clip((line[i] - (grid - width / 2)) / width, 0.0, 1.0)
        crossed += float(((1 - below) * density).sum() * width)
        density = density * below
    return crossed


def power(bar: float, truth: float, end: int) -> dict:
    """Power of one look, and of the any-look test found by halving its critical score, by plain recursion."""
    failures = np.arange(end + 1)
    n = np.arange(1, end + 1)[:, None]
    p = binom.cdf(failures[None, :], n, 1 - bar)
    scores = np.where(failures[None, :] <= n, norm.isf(p) * (n / end) ** weight_of(end, bar), -np.inf)

    def crossed(at: float, rate: float) -> tuple[float, float]:
        alive, found, used = np.zeros(end + 1), 0.0, 0.0
        alive[0] = 1.0
        for i in range(end):
            used += alive.sum()
            alive = alive * rate + np.append(0.0, alive[:-1]) * (1 - rate)
            good = scores[i] >= at
            found += alive[good].sum()
            alive[good] = 0.0
        return found, used

    low, high = 1.0, 4.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        low, high = (middle, high) if crossed(middle, bar)[0] > 0.05 else (low, middle)
    any_look_power, used = crossed(high, truth)
    needed = int(binom.isf(0.05, end, bar)) + 1
    return {
        "bar": bar,
        "truth": truth,
        "end": end,
        "one_look": float(binom.sf(needed - 1, end, truth)),
        "any_look": any_look_power,
        "mean_groups": used,
    }


def fortunes() -> list[dict]:
    """e-values of a single stake as fractions: products over groups."""
    made = []
    for values, bar in (((1, 1, 1, 0), Fraction(4, 5)), ((1, Fraction(1, 2), 1, 1, 1, 0, 1), Fraction(1, 2))):
        for stake in (Fraction(1, 10), Fraction(1, 2)):
            product_ = Fraction(1)
            for x in values:
                product_ *= 1 + stake / bar * (x - bar)
            made.append(
                {
                    "values": [float(x) for x in values],
                    "bar": float(bar),
                    "stake": float(stake),
                    "fortune": float(product_),
                }
            )
    return made


def main() -> None:
    """Write the file beside this one."""
    made = {
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        },
        "any_look": [
            {"end": end, "bar": str(bar), "looks": any_look(end, bar)}
            for end in (1, 2, 3, 5, 8, 12)
            for bar in (Fraction(1, 5), Fraction(1, 2), Fraction(4, 5), Fraction(9, 10))
        ],
        "walk": [
            {"score": at, "steps": steps, "weight": weight, "chance": walk(at, steps, weight)}
            for at in (1.5, 2.0, 2.5, 3.0)
            for steps in (5, 20, 100, 400)
            for weight in (0.5, 0.6, 1.5, 2.5, 4.0)
        ],
        # Jennison and Turnbull (2000), tables 2.1 and 2.3: two-sided 0.05, K equal steps, normal scores.
        "published": [
            {"kind": kind, "looks": looks, "constant": constant}
            for kind, rows in (
                ("O'Brien-Fleming", ((2, 1.977), (5, 2.040), (10, 2.087))),
                ("Pocock", ((2, 2.178), (5, 2.413), (10, 2.555))),
            )
            for looks, constant in rows
        ],
        "power": [
            power(*row)
            for row in (
                (0.80, 0.85, 500),
                (0.90, 0.95, 200),
                (0.90, 0.95, 300),
                (0.90, 0.95, 500),
                (0.95, 0.98, 300),
                (0.95, 0.985, 500),
            )
        ],
        "fortunes": fortunes(),
    }
    Path(__file__).with_name("any_look.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
