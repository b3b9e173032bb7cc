"""The paired gain over a baseline."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import bdtrc

from shipworthy.statistics.difference import PairedDifference
from shipworthy.statistics.results import NotEstimable

flips = st.fixed_dictionaries({1: st.integers(0, 200), -1: st.integers(0, 200), 0: st.integers(1, 2_000)})
gains = st.dictionaries(
    st.sampled_from([-1.0, -0.6, -1 / 3, 0.0, 0.2, 2 / 3, 1.0]), st.integers(1, 200), min_size=1
)


@settings(max_examples=200, deadline=None)
@given(flips=flips)
def test_no_margin_is_the_exact_sign_test_on_changed_groups(flips):
    """At a bar of 0, unchanged groups drop out and McNemar's exact test is left."""
    fixed, changed = flips[1], flips[1] + flips[-1]
    exact = float(bdtrc(fixed - 1, changed, 0.5)) if fixed else 1.0
    assert PairedDifference.from_histogram(flips).p_above(0) == pytest.approx(exact, rel=2e-9)


@settings(max_examples=100, deadline=None)
@given(gains=gains, alpha=st.floats(1e-6, 0.5), bar=st.floats(-0.99, 0.99))
def test_bound_and_p_value_never_contradict_each_other(gains, alpha, bar):
    """At every margin the p-value is at most alpha exactly when the bound reaches the margin."""
    gain = PairedDifference.from_histogram(gains)
    assert -1 <= gain.lower(alpha) <= gain.estimate + 1e-12 <= gain.upper(alpha) + 2e-12 <= 1 + 2e-12
    if abs(gain.lower(alpha) - bar) > 1e-8:
        assert (gain.p_above(bar) <= alpha) == (gain.lower(alpha) >= bar)
    if abs(gain.upper(alpha) - bar) > 1e-8:
        assert (gain.p_below(bar) <= alpha) == (gain.upper(alpha) <= bar)


@settings(max_examples=100, deadline=None)
@given(gains=gains, bar=st.floats(-0.99, 0.99))
def test_swapping_the_variants_turns_the_gain_round(gains, bar):
    """Baseline minus candidate is the same evidence with the sign turned."""
    gain = PairedDifference.from_histogram(gains)
    turned = PairedDifference.from_histogram({-v: c for v, c in gains.items()})
    assert turned.estimate == pytest.approx(-gain.estimate, abs=1e-12)
    assert turned.p_below(-bar) == pytest.approx(gain.p_above(bar), rel=1e-7, abs=1e-300)


def test_no_change_shows_that_it_is_not_worse_only_with_enough_groups():
    """A hundred unchanged cases show "not worse by 5 points"; ten do not."""
    assert PairedDifference.from_histogram({0: 100}).p_above(-0.05) <= 0.05
    assert PairedDifference.from_histogram({0: 10}).p_above(-0.05) > 0.05


def test_spread_is_that_of_the_gains():
    """The standard error is on the scale of the gain, and one group has none."""
    assert PairedDifference.from_histogram({1: 1, -1: 1}).standard_error() == pytest.approx(1.0)
    assert isinstance(PairedDifference.from_histogram({1: 1}).standard_error(), NotEstimable)


def test_gains_and_margins_out_of_range_are_refused():
    """A gain beyond 1, or a margin of -1 that everything meets, is a mistake and named."""
    with pytest.raises(ValueError, match=r"value must be in \[-1, 1\], got 1.2"):
        PairedDifference.from_histogram({1.2: 1})
    with pytest.raises(ValueError, match="bar must be strictly between -1 and 1"):
        PairedDifference.from_histogram({1: 1}).p_above(-1)
