"""Several claims, slices and looks at once: one error for all of them."""

import numpy as np
import pytest
from scipy.special import betainc

from shipworthy.decision.error_budget import Look, level
from shipworthy.decision.scope import choose, divide
from shipworthy.domain.launch import PlannedLooks
from shipworthy.statistics.multiplicity import holm

LEVEL = 0.05
TRIALS = 20_000


def p_values(passed, n, bar):
    """Clopper-Pearson's p-values of many samples at once."""
    return np.where(passed == 0, 1.0, betainc(np.maximum(passed, 1), n - passed + 1, bar))


def test_all_claims_must_hold(keeps_its_level):
    """Six must-haves of which one sits on its bar: shipping without a correction keeps the level."""
    rng = np.random.default_rng(11)
    passed = rng.binomial(300, [0.9, 0.99, 0.99, 0.99, 0.99, 0.99], (TRIALS, 6))
    keeps_its_level(int((p_values(passed, 300, 0.9).max(axis=1) <= LEVEL).sum()), TRIALS)


@pytest.mark.parametrize("good", [0, 3, 5])
def test_no_slice_is_shipped_wrongly(keeps_its_level, good):
    """Six slices, some truly good, the others on the bar: Holm rarely ships even one of these."""
    rng = np.random.default_rng([12, good])
    p = p_values(rng.binomial(120, [0.97] * good + [0.9] * (6 - good), (TRIALS, 6)), 120, 0.9)
    wrong = sum(any(holm(row.tolist(), alpha=LEVEL)[good:]) for row in p)
    keeps_its_level(wrong, TRIALS)


@pytest.mark.parametrize("good", [0, 2, 3])
def test_whole_scope_or_part_of_it_share_one_error(keeps_its_level, good):
    """Four slices: shipping all at the full level or some by Holm ships a bad one rarely."""
    rng = np.random.default_rng([13, good])
    p = p_values(rng.binomial(120, [0.98] * good + [0.9] * (4 - good), (TRIALS, 4)), 120, 0.9)
    levels = divide(LEVEL, n_slices=4, has_across=False)
    bad = set("abcd"[good:])
    wrong = 0
    for row in p:
        chosen = choose(
            dict(zip("abcd", row.tolist(), strict=True)),
            whole_across=0.0,
            across=lambda _: 0.0,
            levels=levels,
        )
        wrong += bool(bad & set(chosen.included))
    keeps_its_level(wrong, TRIALS)


@pytest.mark.parametrize("looks", [PlannedLooks(end=300), "open", "once"])
def test_looking_again_and_again(keeps_its_level, looks):
    """Six looks at a rate that sits on its bar: some look ships no more often than the level."""
    rng = np.random.default_rng(14)
    passed = np.cumsum(rng.binomial(50, 0.9, (TRIALS, 6)), axis=1)
    shipped = np.zeros(TRIALS, dtype=bool)
    for i in range(6):
        n = 50 * (i + 1)
        shipped |= p_values(passed[:, i], n, 0.9) <= level(LEVEL, looks, Look(i + 1, n, n - 50))
    keeps_its_level(int(shipped.sum()), TRIALS)
