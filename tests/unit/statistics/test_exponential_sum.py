"""Chances of weighted sums of exponentials."""

import math

import numpy as np
import pytest
from scipy.special import betainc

from shipworthy.statistics.exponential_sum import Steps, log_chance_not_positive


@pytest.mark.parametrize(
    ("n", "k", "bar"),
    [
        (500, 499, 0.999),
        (254, 235, 0.92785444),
        (3_938_703, 3_889_770, 0.9876664643263616),
        (7_477_704, 7_477_685, 0.9999986791885008),
    ],
)
def test_small_steps_against_large_ones_keep_their_digits(n, k, bar):
    """Many values a hair above a bar that a few lie far below: still right to 4e-10 of the chance."""
    steps = Steps(np.array([1 - bar, -bar]), np.array([float(k), n - k + 1.0]))
    exact = float(betainc(k, n - k + 1, bar))
    assert math.exp(log_chance_not_positive(steps)) == pytest.approx(exact, rel=4e-10)


def test_two_exponentials_have_a_closed_form():
    """P(a E1 <= b E2) = b/(a + b), also where a and b differ by twelve orders of magnitude."""
    for a, b in [(1, 1), (1e-6, 1e6), (1e6, 1e-6), (0.3, 0.7)]:
        found = math.exp(log_chance_not_positive(Steps(np.array([a, -b]), np.ones(2))))
        assert found == pytest.approx(b / (a + b), rel=1e-10)


def test_far_tails_keep_their_relative_error():
    """A chance of 1e-300 is as exact as one of a half: P(sum of 1000 exponentials <= 999 others) by the beta law."""
    for a, b in [(1_000, 1_000), (1_000, 400), (1_000, 100)]:
        found = log_chance_not_positive(Steps(np.array([1.0, -1.0]), np.array([float(a), float(b)])))
        assert math.exp(found) == pytest.approx(float(betainc(a, b, 0.5)), rel=1e-10)


def test_sums_of_one_sign_are_certain():
    """Without positive weights the sum is never positive, without negative ones always; zeros do not count."""
    assert log_chance_not_positive(Steps(np.array([-1.0, 0.0]), np.ones(2))) == 0
    assert log_chance_not_positive(Steps(np.array([1.0, 0.0]), np.ones(2))) == -math.inf
    assert log_chance_not_positive(Steps(np.array([0.0]), np.ones(1))) == 0


@pytest.mark.parametrize("groups", [10, 1000, 100_000])
def test_a_chance_too_small_to_matter_is_given_by_a_bound_from_above(groups: int) -> None:
    """Chernoff's bound is never below the chance, and only stands in where the chance is below what matters."""
    steps = Steps(np.array([0.2, 0.1, -0.1]), np.array([groups / 2, groups / 2, 1.0]))
    exact = log_chance_not_positive(steps)
    assert log_chance_not_positive(steps, least=exact - 1e-6) == exact
    bound = log_chance_not_positive(steps, least=0.0)
    assert exact < bound < exact + 10 + abs(exact) / 1000
