"""From which confidence on to answer: how often the rate there is under the bar after all, and what is kept."""

import numpy as np
import pytest

from shipworthy.statistics.abstention import answer_from
from shipworthy.statistics.results import NotEstimable

LEVEL = 0.05
TRIALS = 1_000
BAR = 0.9
GRID = [i / 20 for i in range(20)]

CURVES = {
    "better with confidence": lambda u: 0.995 - 0.29 * (1 - u),
    "a step": lambda u: np.where(u > 0.3, 0.97, 0.4),
    "on the bar everywhere": lambda u: np.full_like(u, 0.9 - 1e-9),
    "over-confident at the top": lambda u: np.where(u > 0.9, 0.88, np.where(u > 0.3, 0.97, 0.5)),
    "worse with confidence": lambda u: 0.8 + 0.1999 * (1 - u),
    "a lucky step before the start": lambda u: np.where(u > 0.9, 0.8, np.where(u > 0.8, 0.999, 0.9)),
}


@pytest.mark.parametrize("n", [100, 300, 1000])
@pytest.mark.parametrize("curve", CURVES)
def test_the_rate_among_answered_cases_is_rarely_under_the_bar(keeps_its_level, curve, n):
    """Twenty thresholds, confidence of many shapes, also ones that mislead: both methods keep the level."""
    fine = (np.arange(20_000) + 0.5) / 20_000
    each = CURVES[curve](fine).reshape(20, 1000).mean(axis=1)
    true = np.array([each[i:].mean() for i in range(20)])
    enough = np.flatnonzero(true >= BAR)
    rng = np.random.default_rng([31, n, len(curve)])
    cases = rng.multinomial(n, np.full(20, 0.05), TRIALS)
    passed = rng.binomial(cases, each)
    naive = []
    for row, good in zip(cases, passed, strict=True):
        answered, right = row[::-1].cumsum()[::-1], good[::-1].cumsum()[::-1]
        naive.append(next((i for i in range(20) if right[i] >= BAR * answered[i] > 0), None))
    best = 1 - GRID[enough[0]] if enough.size else 0.0
    lucky = np.mean([i is not None and true[i] < BAR for i in naive])
    print(f"\n  {curve}, {n}: best kept {best:.2f}, naive wrong {lucky:.3f}")  # noqa: T201 - shown with -s
    for method in ("fixed sequence", "Bonferroni"):
        wrong, kept = 0, 0.0
        for row, good in zip(cases, passed, strict=True):
            grid = {t: (int(m), int(k)) for t, m, k in zip(GRID, row, good, strict=True)}
            found = answer_from(grid, cases=n, bar=BAR, alpha=LEVEL, method=method)
            if not isinstance(found, NotEstimable):
                wrong += true[GRID.index(found.threshold)] < BAR
                kept += found.coverage
        print(f"  {method}: kept {kept / TRIALS:.3f}, wrong {wrong / TRIALS:.4f}")  # noqa: T201 - shown with -s
        keeps_its_level(int(wrong), TRIALS)
