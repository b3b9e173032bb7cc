"""What is known of a mean after so many groups."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from shipworthy.statistics.net_mean import NetMean, Seen, points

counts = st.tuples(*[st.integers(0, 60)] * 3).filter(lambda c: sum(c) > 0)


def gains(fixed, broken, same):
    """Return groups with a gain of 1, -1 and 0."""
    return Seen.of_parts([np.array([[1.0]] * fixed + [[-1.0]] * broken + [[0.0]] * same)], [1.0])


@settings(max_examples=15, deadline=None)
@given(found=counts, a=st.floats(-1.1, 1.1), b=st.floats(-1.1, 1.1))
def test_chances_fall_as_the_amount_rises(found, a, b):
    """A larger amount is never more likely to be passed, and a mean of gains never lies outside -1 to 1."""
    mean = NetMean.after(gains(*found), ["coins"], np.array([1.0]))
    assert mean.chance_above(min(a, b)) >= mean.chance_above(max(a, b)) - 1e-12
    assert mean.chance_above(-1.0001) == pytest.approx(1.0)
    assert mean.chance_above(1.0001) == pytest.approx(0.0)


@settings(max_examples=15, deadline=None)
@given(found=counts, share=st.floats(0.02, 0.98))
def test_quantiles_invert_chances(found, share):
    """As much lies below the quantile as was asked for."""
    mean = NetMean.after(gains(*found), ["coins"], np.array([1.0]))
    at = mean.quantile(share)
    assert mean.chance_above(at - 1e-4) >= 1 - share - 1e-3
    assert mean.chance_above(at + 1e-4) <= 1 - share + 1e-3


@settings(max_examples=15, deadline=None)
@given(found=counts)
def test_the_other_way_round_is_the_mirror_image(found):
    """What is above 0 for one variant is below 0 for the other; what one may gain the other may lose."""
    seen = gains(*found)
    there, back = (NetMean.after(seen, ["coins"], np.array([w])) for w in (1.0, -1.0))
    assert there.expected == pytest.approx(-back.expected)
    assert there.chance_above(0.0) + back.chance_above(0.0) == pytest.approx(1.0, abs=0.01)
    assert there.expected_gain() - back.expected_gain() == pytest.approx(there.expected, abs=2e-3)


def test_no_failure_at_all_is_not_no_chance_of_failure():
    """Of 60 outputs none did harm: half a failure in 61 is expected, and one in 100 is possible."""
    harm = NetMean.after(Seen(np.array([[0.0]]), np.array([60.0])), ["coin"], np.array([1.0]))
    assert harm.expected == pytest.approx(0.5 / 61)
    assert harm.chance_above(0.01) == pytest.approx(beta.sf(0.01, 0.5, 60.5), abs=0.01)


def test_repeats_of_the_same_groups_add_no_certainty():
    """Groups whose three repeats agree are known as well as groups of one output, not better."""
    one = NetMean.after(gains(30, 10, 60), ["coins"], np.array([1.0]))
    spread = one.quantile(0.9) - one.quantile(0.1)
    thrice = NetMean.after(gains(90, 30, 180), ["coins"], np.array([1.0]))
    assert spread > 1.6 * (thrice.quantile(0.9) - thrice.quantile(0.1))


def test_a_part_of_the_traffic_with_few_groups_widens_the_range():
    """Half the traffic has 10 groups: the whole is known about as well as from 20 times 2 groups, not from 210."""
    few, many = np.array([[1.0]] * 5 + [[0.0]] * 5), np.array([[1.0]] * 100 + [[0.0]] * 100)
    mixed = Seen.of_parts([few, many], [0.5, 0.5])
    assert mixed.weights.sum() == pytest.approx(1 / (0.25 / 10 + 0.25 / 200))
    assert mixed.mean[0] == pytest.approx(0.5)


def test_parts_are_weighted_by_their_share():
    """A part with nine tenths of the traffic counts nine times as much, however few groups it has."""
    seen = Seen.of_parts([np.array([[1.0]] * 5), np.array([[0.0]] * 500)], [0.9, 0.1])
    assert seen.mean[0] == pytest.approx(0.9)


def test_a_cost_that_never_varies_is_known():
    """With nothing but a fixed amount there is no range."""
    mean = NetMean.after(Seen(np.array([[2.0]]), np.array([9.0])), ["as seen"], np.array([1.0]))
    assert (mean.expected, mean.quantile(0.1), mean.quantile(0.9)) == (2.0, 2.0, 2.0)
    assert (mean.chance_above(1.9), mean.chance_above(2.1), mean.expected_gain()) == (1.0, 0.0, 2.0)


def test_what_does_not_fit_is_refused():
    """No groups in a part; as many priors as columns; a share strictly between 0 and 1."""
    with pytest.raises(ValueError, match="at least one group"):
        Seen.of_parts([np.zeros((0, 1))], [1.0])
    with pytest.raises(ValueError, match="as many columns each"):
        NetMean.after(gains(1, 1, 1), ["coins", "coins"], np.array([1.0]))
    with pytest.raises(ValueError, match="share must be strictly between"):
        NetMean.after(gains(1, 1, 1), ["coins"], np.array([1.0])).quantile(1.0)
    with pytest.raises(ValueError, match="columns must be at least 0"):
        points(-1)
