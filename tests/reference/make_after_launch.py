"""Make `after_launch.json`: the e-detector, the early warning and the mix test by other ways.

Run `python tests/reference/make_after_launch.py` from the repository root. The e-detector's evidence is
added up over every start, each followed by itself, in 50-digit decimals; run lengths of the early warning
are solved by elimination in exact fractions; the mix test's ratios come from scipy.stats.
"""

from __future__ import annotations

import json
import platform
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import scipy
from scipy.stats import dirichlet_multinomial, multinomial

getcontext().prec = 50
SEED = 20240229
RISES = ("0.3", "0.5", "0.8", "1.2", "1.8")


def left(k: int) -> Decimal:
    """The weight of all starts from k on."""
    return Decimal(1) if k == 1 else Decimal("0.9") / (1 + (1 + Decimal(k - 2) / 1000).ln())


def evidence(values: list[str], promise: str) -> Decimal:
    """Every start by itself: its weight times the product of its bets to the end."""
    p, q = Decimal(promise), 1 - Decimal(promise)
    total = left(len(values) + 1)
    for rise in RISES:
        odds = q / p * Decimal(rise).exp()
        fallen = odds / (1 + odds)
        on_pass, on_fail = (1 - fallen) / p, fallen / q
        for start in range(1, len(values) + 1):
            wealth = left(start) - left(start + 1)
            for value in values[start - 1 :]:
                x = Decimal(value)
                wealth *= x * on_pass + (1 - x) * on_fail
            total += wealth / len(RISES)
    return total


def streams() -> list[dict]:
    """Streams of passes, of failures and of shares, and their evidence."""
    rng = np.random.default_rng(SEED)
    made = []
    for promise, rate, n in [("0.9", 0.9, 60), ("0.9", 0.6, 40), ("0.99", 0.9, 50), ("0.5", 0.3, 50)]:
        values = [str(int(v)) for v in rng.random(n) < rate]
        made.append({"promise": promise, "values": values, "evidence": float(evidence(values, promise))})
    shares = ["1", "0.5", "0.25", "1", "0", "0.75", "0.5", "0.1"]
    made.append({"promise": "0.8", "values": shares, "evidence": float(evidence(shares, "0.8"))})
    return made


def run_length(up: int, down: int, height: int, rate: Fraction) -> Fraction:
    """Solve the expected time to the height by elimination in fractions."""
    rows = []
    for i in range(height):
        row = [Fraction(int(i == j)) for j in range(height)] + [Fraction(1)]
        row[max(i - down, 0)] -= rate
        if i + up < height:
            row[i + up] -= 1 - rate
        rows.append(row)
    for i in range(height):
        pivot = next(r for r in range(i, height) if rows[r][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(height):
            if r != i and rows[r][i] != 0:
                factor = rows[r][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i], strict=True)]
    return rows[0][-1]


def warnings() -> list[dict]:
    """Run lengths at and below the promise."""
    cases = [(6, 1, 20, "9/10"), (6, 1, 20, "4/5"), (3, 1, 12, "4/5"), (4, 5, 24, "1/2"), (1, 1, 5, "3/4")]
    return [
        {
            "up": u,
            "down": d,
            "height": h,
            "rate": float(Fraction(r)),
            "length": float(run_length(u, d, h, Fraction(r))),
        }
        for u, d, h, r in cases
    ]


def mixes() -> list[dict]:
    """Ratios of Dirichlet-multinomial and multinomial chances, averaged over three firmnesses."""
    made = []
    for shares, counts in [
        ([0.5, 0.3, 0.2], [52, 29, 19]),
        ([0.5, 0.3, 0.2], [30, 30, 40]),
        ([0.9, 0.1], [850, 150]),
    ]:
        p, n = np.array(shares), sum(counts)
        base = multinomial.logpmf(counts, n, p)
        ratios = [
            np.exp(dirichlet_multinomial.logpmf(counts, a * p, n) - base) for a in (10.0, 100.0, 1000.0)
        ]
        made.append({"shares": shares, "counts": counts, "ratio": float(np.mean(ratios))})
    return made


if __name__ == "__main__":
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
    print(versions)  # noqa: T201 - a script
    made = {"versions": versions, "streams": streams(), "warnings": warnings(), "mixes": mixes()}
    Path(__file__).with_name("after_launch.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")
