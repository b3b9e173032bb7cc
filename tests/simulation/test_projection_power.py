"""The price of a gain buys the power it names, within what a simulation can tell."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from shipworthy.statistics import gaffke
from shipworthy.statistics.projection import groups_like_these

REPETITIONS = 1500


@pytest.mark.parametrize(
    ("shares", "bar"), [((0.05, 0.80, 0.15), 0.5), ((0.05, 0.80, 0.15), 0.525), ((0.2, 0.3, 0.5), 0.55)]
)
def test_new_groups_in_the_number_named_show_the_gain_about_eight_times_in_ten(shares, bar) -> None:
    """A true power from .77 to .85 would be refused less than once in 10,000 runs of this test."""
    draw = np.random.default_rng(20)
    values = np.array([0.0, 0.5, 1.0])
    n = groups_like_these(values, 1000 * np.array(shares), bar=bar, alpha=0.05, power=0.8)

    shown = 0
    for counts in draw.multinomial(n, shares, size=REPETITIONS):
        kept = counts > 0
        shown += gaffke.p_mean_above(values[kept], counts[kept].astype(float), bar) <= 0.05

    assert binom.ppf(1e-4, REPETITIONS, 0.77) <= shown <= binom.ppf(1 - 1e-4, REPETITIONS, 0.85)
