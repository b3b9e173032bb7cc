"""How often the interval for a correlation holds the truth; it is shown, and nothing is decided by it."""

from __future__ import annotations

import numpy as np
import pytest

from shipworthy.statistics.design_effect import correlation
from shipworthy.statistics.results import NotEstimable


@pytest.mark.parametrize(
    ("groups", "k", "rate", "icc", "least"),
    [
        (50, 4, 0.42, 0.6, 0.93),
        (30, 5, 0.70, 0.5, 0.93),
        (60, 4, 0.90, 0.3, 0.87),
        (200, 4, 0.95, 0.4, 0.89),
        (60, 8, 0.95, 0.2, 0.79),
    ],
)
def test_an_interval_at_95_holds_the_correlation_as_often_as_the_page_says(groups, k, rate, icc, least):
    """Near nominal for middling rates, less at high ones, where few groups tell; the page names the worst."""
    rng = np.random.default_rng([groups, k])
    held = given = 0
    estimates = []
    for _ in range(500):
        passed = rng.binomial(k, rng.beta(rate * (1 / icc - 1), (1 - rate) * (1 / icc - 1), groups))
        values, counts = np.unique(passed, return_counts=True)
        found = correlation({(int(v), k): int(n) for v, n in zip(values, counts, strict=True)})
        if isinstance(found, NotEstimable):
            continue
        estimates.append(found.estimate)
        ends = found.interval(0.05)
        if isinstance(ends, NotEstimable):
            continue
        given += 1
        held += ends[0] <= icc <= ends[1]
    print(f"\ncoverage {held / given:.3f} of {given}, mean estimate {np.mean(estimates):.3f} of {icc}")  # noqa: T201 - shown with -s
    assert held / given >= least
    assert abs(np.mean(estimates) - icc) < 0.03
