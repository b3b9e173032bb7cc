"""Make `display_interval.json`: Jeffreys' interval by statsmodels.

Run `python tests/reference/make_display_interval.py` from the repository root. For groups the effective
number of cases is worked out in fractions, and the ends are quantiles of a beta law by scipy.stats.
"""

from __future__ import annotations

import json
import platform
from fractions import Fraction
from pathlib import Path

import scipy
import scipy.stats
import statsmodels
from statsmodels.stats.proportion import proportion_confint

GROUPS = [
    {"1": 35, "2/3": 8, "1/3": 4, "0": 3},
    {"1": 18, "4/5": 2},
    {"1/2": 12},
    {"9/10": 10, "19/20": 20},
    {"0": 30, "1/5": 1},
]


def rates() -> list[dict]:
    """Jeffreys' interval for counts strictly between nothing and everything; its one end elsewhere."""
    made = []
    for n, k in [(10, 9), (20, 18), (100, 95), (100, 99), (500, 470), (30, 30), (30, 0)]:
        for level in (0.9, 0.95):
            low, high = proportion_confint(k, n, alpha=1 - level, method="jeffreys")
            made.append({"n": n, "passed": k, "level": level, "low": float(low), "high": float(high)})
    return made


def groups() -> list[dict]:
    """The same with the number of cases that has the spread of the groups and two more."""
    made = []
    for histogram in GROUPS:
        values = [Fraction(v) for v, count in histogram.items() for _ in range(count)]
        wider = [*values, Fraction(0), Fraction(1)]
        centre = sum(wider) / len(wider)
        spread = sum((v - centre) ** 2 for v in wider) / len(wider)
        n = max(len(values) * centre * (1 - centre) / spread, Fraction(len(values)))
        passed = sum(values) / len(values) * n
        law = scipy.stats.beta(float(passed) + 0.5, float(n - passed) + 0.5)
        low, high = law.ppf([0.025, 0.975])
        made.append({"histogram": histogram, "cases": float(n), "low": float(low), "high": float(high)})
    return made


def main() -> None:
    """Write the reference values beside this script."""
    made = {
        "made with": {
            "python": platform.python_version(),
            "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "rates": rates(),
        "groups": groups(),
    }
    Path(__file__).with_name("display_interval.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
