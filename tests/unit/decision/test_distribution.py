"""How times and costs are spread: bins that add up, quantiles that are those of a sorted list."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shipworthy.decision.distribution import MOST_GROUPS, distribution
from shipworthy.statistics.quantile_bound import QuantileBound, upper_from_groups
from shipworthy.statistics.results import NotEstimable

value = st.floats(0.0, 1e6) | st.just(float("inf")) | st.just(float("nan"))


@example([5e-324])  # a hair over nothing: no width has so many digits
@example([1e-9, 3e-10])
@given(st.lists(value, min_size=1, max_size=60))
def test_every_output_is_somewhere(values: list[float]) -> None:
    """In a bin, beyond the last, never there or unknown: each output once."""
    found = distribution(np.array(values), np.arange(len(values)), (0.5,))
    assert sum(found.counts) + found.beyond + found.never + found.unknown == found.outputs == len(values)
    assert len(found.edges) in (0, len(found.counts) + 1)


def test_independent_outputs_have_the_exact_interval() -> None:
    """Waiting times of 1 to 100 seconds: the median and its ends are those of the statistic itself."""
    waits = np.arange(1.0, 101.0)
    [median] = distribution(waits, np.arange(100), (0.5,)).quantiles
    exact = QuantileBound.from_histogram(dict.fromkeys(waits.tolist(), 1), quantile=0.5)
    assert (median.value, median.lower, median.upper) == (50.0, exact.lower(0.025), exact.upper(0.025))


def test_outputs_of_one_group_are_no_independent_evidence() -> None:
    """The same 200 values in 20 groups of ten alike: the interval is much wider than that of 200 outputs."""
    values = np.repeat(np.arange(1.0, 21.0), 10)
    [alone] = distribution(values, np.arange(200), (0.5,)).quantiles
    [together] = distribution(values, np.repeat(np.arange(20), 10), (0.5,)).quantiles
    groups = [((float(i),) * 10, 1) for i in range(1, 21)]
    assert together.upper == upper_from_groups(groups, quantile=0.5, alpha=0.025)
    assert not isinstance(together.lower, NotEstimable)
    assert not isinstance(together.upper, NotEstimable)
    assert not isinstance(alone.lower, NotEstimable)
    assert not isinstance(alone.upper, NotEstimable)
    assert together.upper - together.lower > alone.upper - alone.lower
    assert together.lower < 10.5 < together.upper


def test_what_never_came_is_beyond_every_value() -> None:
    """Three of ten never came: there is no mean, and the quantile of .9 is not known."""
    values = np.array([1.0] * 7 + [np.inf] * 3)
    found = distribution(values, np.arange(10), (0.5, 0.9))
    assert found.mean is None
    assert found.never == 3
    assert found.quantiles[0].value == 1.0
    assert isinstance(found.quantiles[1].value, NotEstimable)


def test_with_too_many_groups_of_several_outputs_the_interval_is_left_out_and_says_so() -> None:
    """The quantile itself is there; its ends say why they are not."""
    group = np.repeat(np.arange(MOST_GROUPS + 1), 2)
    [median] = distribution(np.ones(group.size), group, (0.5,)).quantiles
    assert median.value == 1.0
    assert isinstance(median.upper, NotEstimable)


@pytest.mark.parametrize("values", [[], [float("nan")] * 3])
def test_nothing_known_is_no_distribution(values: list[float]) -> None:
    """No value is known: no bin, no quantile, no mean; unknown is not zero."""
    found = distribution(np.array(values, float), np.arange(len(values)), (0.5,))
    assert (found.counts, found.quantiles, found.mean, found.largest) == ((), (), None, None)


def test_a_cost_of_nothing_fills_one_bin() -> None:
    """Ten outputs that cost nothing."""
    found = distribution(np.zeros(10), np.arange(10), (0.5,))
    assert found.counts == (10,)
    assert found.quantiles[0].value == 0.0
