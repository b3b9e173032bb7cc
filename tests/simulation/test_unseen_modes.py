"""How often the bound on unseen modes is below the truth, beside bounds that are not exact."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from shipworthy.statistics.unseen import Unseen

LAWS = {
    "one mode of 2 %": [0.02],
    "three of 1 %": [0.01] * 3,
    "ten of 1 %": [0.01] * 10,
    "thirty of 1 %": [0.01] * 30,
    "200 of 0.2 %": [0.002] * 200,
    "1,000 like 1/rank": (0.5 / np.arange(1, 1001) / np.sum(1 / np.arange(1, 1001))).tolist(),
    "30, each 0.7 of the one before": (0.2 * 0.3 * 0.7 ** np.arange(30)).tolist(),
}


def reviews(rng, law, n, times):
    """Draw reviews of n outputs of one mode at most: the chance of what stays unseen, and the counts."""
    counts = rng.multinomial(n, [1 - sum(law), *law], size=times)[:, 1:]
    return (counts == 0) @ np.array(law), counts


@pytest.mark.parametrize("n", [50, 300])
@pytest.mark.parametrize("name", LAWS)
def test_bound_is_rarely_below_what_stays_unseen(name, n, keeps_its_level):
    """At 5 % the bound is too low in at most 5 of 100 reviews; the other two bounds are printed beside it."""
    law, wrong, uppers = LAWS[name], np.zeros(3), np.zeros(3)
    unseen, counts = reviews(np.random.default_rng(8), law, n, 500)
    for truth, row in zip(unseen, counts, strict=True):
        seen = Unseen.from_counts(reviewed=n, modes={str(i): int(c) for i, c in enumerate(row)})
        once = seen.alone
        exact_once = float(beta.ppf(0.95, once + 1, n - once)) if once < n else 1.0
        bounds = np.array([seen.upper(0.05), seen.approximate_upper(0.05), exact_once])
        wrong, uppers = wrong + (bounds < truth), uppers + bounds
    shown = [f"{w / 500:.3f} at {u / 500:.3f}" for w, u in zip(wrong, uppers, strict=True)]
    print(f"\n{name}, {n}: unseen {unseen.mean():.3f}; bound {shown[0]}, Esty {shown[1]}, CP(f1) {shown[2]}")  # noqa: T201
    keeps_its_level(int(wrong[0]), 500)


def test_bound_holds_where_one_output_shows_several_modes_together(keeps_its_level):
    """Modes that come in company, two or three to an output, keep the level."""
    rng, wrong = np.random.default_rng(9), 0
    kinds = [frozenset(map(str, rng.choice(40, size=s, replace=False))) for s in [1, 2, 3] * 20]
    for _ in range(500):
        drawn = rng.choice(61, size=100, p=[0.7, *[0.3 / 60] * 60])
        seen = Unseen.from_groups([kinds[i - 1] if i else frozenset() for i in drawn])
        known = frozenset().union(*(kinds[i - 1] for i in drawn if i))
        truth = sum(0.3 / 60 for kind in kinds if not kind <= known)
        wrong += seen.upper(0.05) < truth
    keeps_its_level(wrong, 500)


def test_esty_is_wrong_too_often_where_modes_are_few():
    """The approximate bound fails in more than 10 of 100 reviews of 50 outputs with three modes of 1 %: it may not decide."""
    unseen, counts = reviews(np.random.default_rng(10), [0.01] * 3, 50, 500)
    wrong = sum(
        Unseen.from_counts(reviewed=50, modes={str(i): int(c) for i, c in enumerate(row)}).approximate_upper(
            0.05
        )
        < truth
        for truth, row in zip(unseen, counts, strict=True)
    )
    assert wrong > 50


def test_new_modes_are_right_on_average():
    """Good and Toulmin's estimate for as many groups again is the true expectation, within four standard errors."""
    law = np.array(LAWS["200 of 0.2 %"])
    _, counts = reviews(np.random.default_rng(11), law.tolist(), 200, 400)
    for further in (50, 200):
        truth = float(np.sum((1 - law) ** 200 * (1 - (1 - law) ** further)))
        found = [
            Unseen.from_counts(reviewed=200, modes={str(i): int(c) for i, c in enumerate(row)}).new_modes(
                further
            )
            for row in counts
        ]
        print(f"\n{further} further: {np.mean(found):.2f}, truth {truth:.2f}, sd {np.std(found):.2f}")  # noqa: T201
        assert abs(np.mean(found) - truth) <= 4 * np.std(found) / 20 + 0.02 * truth


def test_chao_stays_below_the_number_of_modes_on_average():
    """The least number of modes is on average no larger than the number there is."""
    for name, law in LAWS.items():
        _, counts = reviews(np.random.default_rng(12), law, 100, 300)
        least = [
            Unseen.from_counts(reviewed=100, modes={str(i): int(c) for i, c in enumerate(row)}).least_modes()
            for row in counts
        ]
        assert np.mean(least) <= len(law) * 1.03, name
