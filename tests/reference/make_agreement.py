"""Make `agreement.json`: agreement, raters and position bias by programs that share no code with the project.

Run `python tests/reference/make_agreement.py` from the repository root. Cohen's and Fleiss' kappa come from
statsmodels; alpha, AC1 and kappa with missing labels from their definitions, added up in fractions pair by
pair; the ends of intervals from differences of those fractions; the raters' model from loops over cases
in plain Python; the sign test and Clopper-Pearson from scipy.stats and statsmodels.
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
import scipy.stats
import statsmodels
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa
from statsmodels.stats.proportion import proportion_confint

TABLES = [
    {"aa": 45, "ab": 5, "ba": 3, "bb": 7},
    {"aa": 90, "ab": 4, "ba": 4, "bb": 2},
    {"aa": 20, "ab": 5, "ac": 1, "ba": 2, "bb": 15, "bc": 4, "ca": 1, "cb": 2, "cc": 10},
    {"aa": 28, "bb": 2},
]
MISSING = [
    {"aaa": 12, "aab": 3, "ab-": 2, "a--": 4, "bbb": 5, "b-b": 2, "-ba": 1},
    {"aaaa": 30, "aaab": 4, "bb--": 2, "abcb": 1, "ccc-": 6, "--ca": 1, "----": 2},
    # The example of Krippendorff (2004), section 11.3: twelve units, four observers; alpha is 0.743.
    {
        "aa-a": 1,
        "bbcb": 1,
        "cccc": 2,
        "bbbb": 2,
        "abcd": 1,
        "dddd": 1,
        "aaba": 1,
        "-eee": 1,
        "--aa": 1,
        "-c--": 1,
    },
]
# Ten subjects, fourteen raters, five labels; kappa is 0.210. Fleiss' method on a table often shown for it.
FOURTEEN = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip
LEVEL = 0.95


def labels_of(table: dict[str, int]) -> list[str]:
    """Every label that occurs."""
    return sorted({label for pattern in table for label in pattern} - {"-"})


def compared(table: dict[str, int]) -> list[tuple[str, Fraction]]:
    """The given labels of each case that has two, with its weight."""
    cases = [(pattern.replace("-", ""), Fraction(count)) for pattern, count in table.items()]
    return [case for case in cases if len(case[0]) > 1]


def coefficients(cases: list[tuple[str, Fraction]], labels: list[str]) -> dict[str, Fraction]:
    """Alpha, AC1 and Fleiss' kappa by listing every ordered pair of ratings of every case."""
    total = sum(weight for _, weight in cases)
    seen = Fraction(0)
    share = dict.fromkeys(labels, Fraction(0))
    coincidences = {pair: Fraction(0) for pair in itertools.product(labels, labels)}
    for given, weight in cases:
        pairs = list(itertools.permutations(given, 2))
        seen += weight * Fraction(sum(a == b for a, b in pairs), len(pairs)) / total
        for a, b in pairs:
            coincidences[a, b] += weight / (len(given) - 1)
        for label in given:
            share[label] += weight / len(given) / total
    margin = {a: sum(coincidences[a, b] for b in labels) for a in labels}
    n = sum(margin.values())
    observed = sum(v for (a, b), v in coincidences.items() if a != b)
    expected = sum(margin[a] * margin[b] for a in labels for b in labels if a != b) / (n - 1)
    by_share = sum(v * v for v in share.values())
    by_evenness = sum(v * (1 - v) for v in share.values()) / (len(labels) - 1)
    return {
        "alpha": 1 - observed / expected,
        "fleiss": (seen - by_share) / (1 - by_share),
        "ac1": (seen - by_evenness) / (1 - by_evenness),
    }


def with_coins(cases: list[tuple[str, Fraction]], labels: list[str]) -> tuple[list, list]:
    """Add the coin cases: every pair of labels alike, two disagreements expected."""
    k = len(labels)
    weight = Fraction(2 * k, (k - 1) * k * k)
    return cases, [(a + b, weight) for a in labels for b in labels]


def ends(table: dict[str, int], name: str) -> list[float]:
    """The interval by the delta method, its derivatives from differences of exact fractions.

    Two raters, nothing missing, so that a coin case weighs as any other.
    """
    labels = labels_of(table)
    cases, coins = with_coins(compared(table), labels)
    both = [_ends(joined, name, labels, len_of(cases)) for joined in (cases, cases + coins)]
    return [max(min(low for low, _ in both), -1.0), min(max(high for _, high in both), 1.0)]


def len_of(cases: list[tuple[str, Fraction]]) -> float:
    """How many cases there are."""
    return float(sum(weight for _, weight in cases))


def _ends(joined: list, name: str, labels: list[str], groups: float) -> tuple[float, float]:
    """The delta method, with one degree of freedom less than there are cases."""
    value = coefficients(joined, labels)[name]
    n = sum(weight for _, weight in joined)
    step = Fraction(1, 10**9)
    variance = 0.0
    for i, (_, weight) in enumerate(joined):
        more = [(given, w + (step if j == i else 0)) for j, (given, w) in enumerate(joined)]
        less = [(given, w - (step if j == i else 0)) for j, (given, w) in enumerate(joined)]
        if name == "alpha":  # the factor n/(n - 1) of its chance part is held where it was
            more, less = (
                [(given, w * n / sum(v for _, v in each)) for given, w in each] for each in (more, less)
            )
        pull = (coefficients(more, labels)[name] - coefficients(less, labels)[name]) / (2 * step)
        variance += float(weight) * float(pull) ** 2
    reach = scipy.stats.t.ppf((1 + LEVEL) / 2, groups - 1) * math.sqrt(variance * float(n) / (float(n) - 1))
    return float(value) - reach, float(value) + reach


def two_raters() -> list[dict]:
    """Cohen's and Fleiss' kappa by statsmodels, the others by fractions, and ends of intervals."""
    made = []
    for table in TABLES:
        labels = labels_of(table)
        square = np.array([[table.get(a + b, 0) for b in labels] for a in labels])
        counts = np.array([[p.count(a) for a in labels] for p, n in table.items() for _ in range(n)])
        exact = coefficients(compared(table), labels)
        same, n = sum(c for p, c in table.items() if p[0] == p[1]), sum(table.values())
        made.append(
            {
                "table": table,
                "cohen": float(cohens_kappa(square, return_results=False)),
                "fleiss": float(fleiss_kappa(counts)),
                "alpha": float(exact["alpha"]),
                "ac1": float(exact["ac1"]),
                "raw": [float(v) for v in proportion_confint(same, n, alpha=1 - LEVEL, method="beta")],
                "ends": {name: ends(table, name) for name in exact},
            }
        )
    return made


def missing() -> list[dict]:
    """The coefficients where labels are missing."""
    made = []
    for table in MISSING:
        exact = coefficients(compared(table), labels_of(table))
        made.append({"table": table, **{name: float(value) for name, value in exact.items()}})
    return made


def raters(seen: dict[str, int], smoothing: float) -> dict:
    """Dawid and Skene's rounds as loops over cases, raters and labels."""
    labels = labels_of(seen)
    k = len(labels)
    chance = {p: {t: p.count(t) / len(p.replace("-", "")) for t in labels} for p in seen}
    for _ in range(20_000):
        total = sum(seen.values())
        share = {
            t: (sum(seen[p] * chance[p][t] for p in seen) + smoothing / k) / (total + smoothing)
            for t in labels
        }
        table: dict[tuple[int, str, str], float] = {}
        for r, t in itertools.product(range(len(next(iter(seen)))), labels):
            row = {g: sum(seen[p] * chance[p][t] for p in seen if p[r] == g) + smoothing / k for g in labels}
            table.update({(r, t, g): row[g] / sum(row.values()) for g in labels})
        for p in seen:
            joint = {
                t: share[t] * math.prod(table[r, t, g] for r, g in enumerate(p) if g != "-") for t in labels
            }
            chance[p] = {t: joint[t] / sum(joint.values()) for t in labels}
    return {
        "seen": seen,
        "shares": share,
        "right": [[table[r, t, t] for t in labels] for r in range(len(next(iter(seen))))],
        "posterior": chance,
    }


def orders() -> list[dict]:
    """The sign test by scipy.stats and the flip rate's interval by statsmodels."""
    made = []
    for steady, first, second in [(88, 11, 1), (300, 60, 59), (10, 0, 0), (50, 0, 7)]:
        flips, n = first + second, steady + first + second
        low, high = proportion_confint(flips, n, alpha=0.05, method="beta")
        p = scipy.stats.binomtest(first, flips, 0.5).pvalue if flips else None
        made.append(
            {"steady": steady, "first": first, "second": second, "p": None if p is None else float(p)}
        )
        made[-1] |= {"low": float(low) if flips else 0.0, "high": float(high)}
    return made


def main() -> None:
    """Write the reference values beside this script."""
    made = {
        "made with": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "two_raters": two_raters(),
        "missing": missing(),
        "fourteen": {"counts": FOURTEEN, "fleiss": float(fleiss_kappa(np.array(FOURTEEN)))},
        "raters": [
            raters({"aaa": 40, "bbb": 30, "aab": 12, "bba": 10, "aba": 3, "baa": 2, "abb": 2}, 1.0),
            raters(
                {"aaaaa": 50, "bbbbb": 20, "aaabb": 5, "aabbb": 6, "babab": 3, "ab-bb": 4, "cc-ca": 9}, 1.0
            ),
        ],
        "orders": orders(),
    }
    Path(__file__).with_name("agreement.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
