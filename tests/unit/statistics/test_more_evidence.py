"""What more measuring is worth, against its price."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.more_evidence import NextGroup, more_evidence, nodes
from shipworthy.statistics.net_mean import NetMean, Seen


def belief(*pairs):
    """Return what the next group may bring, from (value, weight) pairs."""
    values, weights = zip(*pairs, strict=True)
    return NextGroup(np.array(values, dtype=float), np.array(weights, dtype=float))


beliefs = st.lists(
    st.tuples(st.floats(-5, 5).map(lambda x: round(x, 2)), st.floats(0.3, 30)), min_size=1, max_size=9
).map(lambda pairs: belief(*pairs))


@settings(max_examples=30, deadline=None)
@given(week=beliefs, n=st.integers(0, 40))
def test_more_groups_are_never_worth_less_and_none_are_worth_nothing(week, n):
    """Value begins at 0 and rises with the groups, but for what replacing values by nodes costs."""
    found = [
        more_evidence(week, groups=g, price=0.0, horizon=1.0, delay=0.0).value for g in (0, n, 2 * n + 1)
    ]
    slack = 0.02 * found[2] + 1e-9
    assert found[0] == pytest.approx(0, abs=1e-9)
    assert found[1] <= found[2] + slack


@settings(max_examples=10, deadline=None)
@given(passed=st.integers(0, 30), failed=st.integers(1, 30), bar=st.floats(0.1, 0.9))
def test_no_measuring_is_worth_more_than_knowing_all(passed, failed, bar):
    """Each value lies below that of knowing the rate, and comes near it with many groups."""
    seen = Seen.of_parts([np.array([[1.0, 1.0]] * passed + [[0.0, 1.0]] * failed)], [1.0])
    weights = np.array([1.0, -bar])
    week = NextGroup.after(seen, ["coin", "as seen"], weights)
    perfect = NetMean.after(seen, ["coin", "as seen"], weights).expected_gain() - max(week.mean, 0.0)
    assert more_evidence(week, groups=20, price=0, horizon=1, delay=0).value <= perfect + 2e-3
    many = more_evidence(week, groups=20_000, price=0, horizon=1, delay=0).value
    assert many == pytest.approx(perfect, abs=2e-3)


def test_a_settled_question_is_not_worth_measuring():
    """1,000 groups say that it pays: sixty more cannot turn that, and any price is too high."""
    found = more_evidence(belief((1, 900), (-1, 100)), groups=60, price=1.0)
    assert found.value == pytest.approx(0, abs=1e-9)
    assert found.changes == pytest.approx(0, abs=1e-9)
    assert found.enough


def test_an_open_question_is_worth_measuring():
    """Ten groups against ten, a lot at stake for half a year: forty more groups are worth far more than 20."""
    found = more_evidence(belief((100, 10.5), (-100, 9.5)), groups=40, price=20.0, delay=0.0)
    assert found.value > 100
    assert 0.2 < found.changes < 0.6
    assert not found.enough


def test_waiting_costs_what_shipping_now_would_bring():
    """Where shipping is expected to bring 10 a week, a week of measuring costs 10 more than its bill; else not."""
    good, bad = belief((20, 15), (0, 15)), belief((-20, 15), (0, 15))
    assert more_evidence(good, groups=5, price=7.0, delay=1.0).price == pytest.approx(17.0)
    assert more_evidence(bad, groups=5, price=7.0, delay=1.0).price == pytest.approx(7.0)


def test_value_grows_with_the_time_the_decision_stands():
    """Twice the weeks after measuring are worth twice as much."""
    week = belief((1, 5), (-1, 5))
    short, long = (more_evidence(week, groups=10, price=0, horizon=h, delay=1).value for h in (11, 21))
    assert long == pytest.approx(2 * short)


@settings(max_examples=30, deadline=None)
@given(week=beliefs, most=st.integers(1, 6))
def test_nodes_keep_their_moments(week, most):
    """As many nodes as asked keep twice as many moments, less one; few values stay as they are."""
    at, weights = nodes(week.values, week.weights, most)
    assert len(at) <= most
    for power in range(2 * most):
        true = float(week.weights @ week.values**power)
        scale = float(week.weights @ np.abs(week.values) ** power)
        assert float(weights @ at**power) == pytest.approx(true, abs=1e-7 * scale + 1e-12)


def test_what_cannot_be_measured_is_refused():
    """Negative groups, too many, a decision that stands no time, waiting longer than it stands."""
    week = belief((1, 1), (-1, 1))
    for more in ({"groups": -1}, {"groups": 10**6}, {"horizon": 0.0}, {"delay": 30.0}, {"price": -1.0}):
        with pytest.raises(ValueError, match="must be"):
            more_evidence(week, **{"groups": 3, "price": 1.0, **more})
    with pytest.raises(ValueError, match="most must be at least 1"):
        nodes(np.ones(2), np.ones(2), 0)
