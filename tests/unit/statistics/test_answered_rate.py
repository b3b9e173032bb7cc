"""The rate among answered outputs, against other programs, where it must be another rate, and at its edges."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from shipworthy.statistics import gaffke
from shipworthy.statistics.answered_rate import AnsweredRate
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.production_mix import MixedRate
from shipworthy.statistics.results import NotEstimable

alphas = st.sampled_from([0.001, 0.01, 0.05, 0.2])
bars = st.sampled_from([0.2, 0.5, 0.8, 0.95])
pairs = st.sampled_from(
    [(0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (1.0, 0.0), (1.0, 0.25), (1.0, 0.75), (1.0, 1.0)]
)
histograms = st.dictionaries(pairs, st.integers(1, 30), min_size=1, max_size=6).filter(
    lambda found: any(answered > 0 for answered, _ in found)
)


def one(passed, failed, over):
    """Return the rate of cases of one output each: answered and passed, answered and failed, handed over."""
    return AnsweredRate.from_histogram({(1, 1): passed, (1, 0): failed, (0, 0): over})


@pytest.mark.parametrize(
    ("passed", "failed", "over"), [(178, 15, 466), (20, 0, 3), (1, 9, 0), (0, 5, 90), (97, 3, 1)]
)
def test_with_one_output_a_group_it_is_the_binomial_test_of_scipy_on_the_answered(passed, failed, over):
    """`scipy.stats.binomtest` on the answered alone: p-value at 0.8 and the exact lower bound; handed over or not."""
    rate = one(passed, failed, over)
    found = binomtest(passed, passed + failed, 0.8, alternative="greater")
    assert rate.p_above(0.8) == pytest.approx(found.pvalue, rel=1e-9)
    assert rate.lower(0.05) == pytest.approx(found.proportion_ci(0.95).low, abs=1e-9)
    assert (rate.method, rate.n_groups, rate.n_answered) == (
        "Clopper-Pearson",
        passed + failed + over,
        passed + failed,
    )


@given(passed=st.integers(0, 60), failed=st.integers(0, 60), over=st.integers(1, 200), bar=bars)
def test_what_is_handed_over_counts_as_good_as_the_bar(passed, failed, over, bar):
    """Gaffke's own test on 1, 0 and the bar itself gives the exact p-value of the answered alone, within its tolerance."""
    if not passed + failed:
        return
    values = {0.0: failed, bar: over, 1.0: passed}
    mean = GroupMean.from_histogram(values)
    assert gaffke.p_mean_above(*mean.arrays, bar) == pytest.approx(
        one(passed, failed, over).p_above(bar), rel=1e-8
    )


def exact(terms):
    """Return the chance, as a fraction, that a sum of distinct multiples of independent exponentials is at most 0."""
    above = Fraction(0)
    for i, here in enumerate(terms):
        if here > 0:
            share = Fraction(1)
            for other in (*terms[:i], *terms[i + 1 :]):
                share *= here / (here - other)
            above += share
    return 1 - above


def test_graded_groups_are_those_of_exact_fractions():
    """Six groups of four outputs, partly answered: partial fractions, without a floating-point number, give the p-value."""
    groups = [(4, 4), (4, 3), (2, 2), (1, 1), (3, 1), (2, 0), (0, 0)]
    bar = Fraction(7, 10)
    terms = [Fraction(good, 4) - bar * Fraction(of, 4) for of, good in groups if of]
    wanted = exact([*terms, -bar])
    rate = AnsweredRate.from_histogram({(of / 4, good / 4): 1 for of, good in groups})
    assert rate.p_above(0.7) == pytest.approx(float(wanted), rel=1e-8)
    assert rate.estimate == pytest.approx(11 / 16)


@settings(max_examples=60, deadline=None)
@given(
    histogram=st.dictionaries(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.integers(1, 40), min_size=1), alpha=alphas, bar=bars
)  # fmt: skip
def test_with_everything_answered_it_is_the_ordinary_claim_to_the_last_digit(histogram, alpha, bar):
    """All answered: estimate, bounds, p-values, standard error and method of `GroupMean`, equal and not only near."""
    rate = AnsweredRate.from_histogram({(1.0, value): n for value, n in histogram.items()})
    plain = GroupMean.from_histogram(histogram)
    assert rate.estimate == pytest.approx(plain.estimate, abs=1e-15)
    assert (rate.p_above(bar), rate.method) == (plain.p_above(bar), plain.method)
    assert rate.p_below(bar) == pytest.approx(plain.p_below(bar), rel=1e-12)
    assert rate.lower(alpha) == pytest.approx(plain.lower(alpha), abs=2e-12)
    assert rate.upper(alpha) == pytest.approx(plain.upper(alpha), abs=2e-12)
    assert rate.standard_error() == pytest.approx(plain.standard_error())


@settings(max_examples=60, deadline=None)
@given(histogram=histograms, alpha=alphas)
def test_bound_and_p_value_are_two_views_of_one_test(histogram, alpha):
    """At the lower bound the bar is shown, a little above it is not; the estimate lies between the bounds."""
    rate = AnsweredRate.from_histogram(histogram)
    low, high = rate.lower(alpha), rate.upper(alpha)
    assert low <= rate.estimate + 1e-9
    assert rate.estimate - 1e-9 <= high
    if low > 0:
        assert rate.p_above(low) <= alpha * (1 + 1e-9)
        assert rate.p_above(low + 1e-7) > alpha
    if high < 1:
        assert rate.p_below(high) <= alpha * (1 + 1e-6)


@settings(max_examples=40, deadline=None)
@given(histogram=histograms)
def test_a_higher_bar_is_never_easier_to_show(histogram):
    """p-values rise with the bar, which is what lets the test be inverted."""
    rate = AnsweredRate.from_histogram(histogram)
    found = [rate.p_above(i / 20) for i in range(21)]
    assert all(before <= after + 1e-9 for before, after in pairwise(found))
    assert found[-1] == 1.0


@settings(max_examples=40, deadline=None)
@given(histogram=histograms, bar=bars)
def test_a_group_of_which_nothing_is_answered_moves_nothing(histogram, bar):
    """A hundred further groups that are handed over whole: the same p-value, bound and estimate."""
    rate = AnsweredRate.from_histogram(histogram)
    more = AnsweredRate.from_histogram({**histogram, (0.0, 0.0): histogram.get((0.0, 0.0), 0) + 100})
    assert (more.p_above(bar), more.p_below(bar)) == (rate.p_above(bar), rate.p_below(bar))
    assert (more.lower(0.05), more.estimate) == (rate.lower(0.05), pytest.approx(rate.estimate))
    assert more.n_groups == rate.n_groups + 100


def test_slices_with_the_mix_of_the_traffic_are_one_slice():
    """Two slices alike but for their size, weighed by their size: the bounds of all thrown together."""
    small = {(1.0, 1.0): 40, (1.0, 0.0): 5, (0.0, 0.0): 15}
    large = {pair: 2 * n for pair, n in small.items()}
    weighed = AnsweredRate.from_slices({"a": small, "b": large}, shares={"a": 1 / 3, "b": 2 / 3})
    plain = one(120, 15, 45)
    assert weighed.estimate == pytest.approx(plain.estimate)
    assert weighed.lower(0.05) == pytest.approx(plain.lower(0.05), abs=1e-9)
    assert weighed.upper(0.05) == pytest.approx(plain.upper(0.05), abs=1e-9)
    assert weighed.standard_error() == pytest.approx(plain.standard_error(), rel=0.02)


def test_with_everything_answered_slices_are_the_mixed_rate():
    """Weighed and all answered: the p-value and the bound of `MixedRate`."""
    histograms = {"a": {1.0: 90, 0.0: 10}, "b": {1.0: 30, 0.0: 20}}
    shares = {"a": 0.9, "b": 0.1}
    rate = AnsweredRate.from_slices(
        {name: {(1.0, v): n for v, n in each.items()} for name, each in histograms.items()}, shares=shares
    )
    mixed = MixedRate.from_slices(histograms, shares=shares)
    assert rate.p_above(0.8) == mixed.p_above(0.8)
    assert rate.lower(0.05) == pytest.approx(mixed.lower(0.05), abs=1e-9)


def test_a_slice_of_the_traffic_without_cases_counts_against_it():
    """A tenth of the traffic unseen: a lower bound further down, a higher one further up; a fifth: refused."""
    seen = {(1.0, 1.0): 180, (1.0, 0.0): 5, (0.0, 0.0): 100}
    whole = AnsweredRate.from_slices({"a": seen}, shares={"a": 1.0})
    part = AnsweredRate.from_slices({"a": seen}, shares={"a": 0.9, "b": 0.1})
    assert part.lower(0.05) < whole.lower(0.05) - 0.05
    assert part.upper(0.05) >= whole.upper(0.05)
    refused = AnsweredRate.from_slices({"a": seen}, shares={"a": 0.8, "b": 0.2})
    assert isinstance(refused, NotEstimable)


def test_nothing_answered_is_refused_with_its_reason():
    """No number is made up where every case is handed over."""
    assert one(0, 0, 50) == NotEstimable(
        "nothing is answered: no output has a confidence that is high enough"
    )


@pytest.mark.parametrize(
    ("histogram", "why"),
    [({}, "at least one group"), ({(0.5, 0.75): 3}, "at most the 0.5"), ({(1.5, 1.0): 3}, "answered"), ({(1, 1): -1}, "count")],
)  # fmt: skip
def test_what_cannot_be_is_refused(histogram, why):
    """No group, more passes than answers, a share above 1, a negative count."""
    with pytest.raises(ValueError, match=why):
        AnsweredRate.from_histogram(histogram)


def test_a_price_is_that_of_the_answered_over_the_share_answered():
    """193 of 659 answered: what takes n answered groups takes n x 659/193 of all."""
    rate = one(178, 15, 466)
    answered = GroupMean.from_counts(passed=178, n=193)
    terms = {"rate": 0.9, "outcomes": 1, "bar": 0.85, "alpha": 0.05, "power": 0.8}
    alone, found = answered.groups_at_rate(**terms), rate.groups_at_rate(**terms)
    assert found == -(-alone * 659 // 193)
    assert rate.groups_to_show(bar=0.99, alpha=0.05, power=0.8) == answered.groups_to_show(
        bar=0.99, alpha=0.05, power=0.8
    )
