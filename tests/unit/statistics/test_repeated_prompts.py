"""Hand-picked prompts asked again: edges, identities, and what the common rate may be."""

from __future__ import annotations

from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.repeated_prompts import RepeatedPrompts, difference_by_chance, told_apart

counts = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.floats(0.01, 0.99))
def test_passes_and_failures_are_treated_alike(count, bar):
    """k passes of n against a bar say what n - k passes say against 1 - bar, turned round."""
    k, n = count
    assert RepeatedPrompts(k, n).p_above(bar) == pytest.approx(
        RepeatedPrompts(n - k, n).p_below(1 - bar), abs=1e-12
    )


@given(counts)
def test_p_values_rise_and_fall_with_the_bar(count):
    """A higher bar is harder to be above and easier to be below."""
    prompts = RepeatedPrompts(*count)
    bars = [i / 50 for i in range(51)]
    above, below = [prompts.p_above(bar) for bar in bars], [prompts.p_below(bar) for bar in bars]
    assert above == sorted(above)
    assert below == sorted(below, reverse=True)


@pytest.mark.parametrize(("k", "n"), [(2, 3), (9, 10), (27, 30)])
def test_it_is_the_binomial_chance_where_equal_prompts_are_the_worst(k, n):
    """While the expected passes are at most k - 1, the chance of k or more of n is added up term by term."""
    for rate in (0.1, (k - 1) / n):
        by_hand = sum(comb(n, j) * rate**j * (1 - rate) ** (n - j) for j in range(k, n + 1))
        assert RepeatedPrompts(k, n).p_above(rate) == pytest.approx(by_hand, rel=1e-9)
    assert RepeatedPrompts(k, n).p_above((k - 1) / n + 1e-6) == 1.0


def test_one_pass_of_unequal_prompts_is_likelier_than_the_binomial_says():
    """Of two prompts one passes 1 time in 10 and one never: a pass comes with .10, where equal ones give .0975."""
    assert binom.sf(0, 2, 0.05) == pytest.approx(0.0975)
    assert RepeatedPrompts(1, 2).p_above(0.05) == pytest.approx(0.10)


def test_no_mixture_of_three_prompts_breaks_its_p_value():
    """All mixtures of three chances in steps of a tenth: p-values of at most .3 come at most so often."""
    steps = [i / 10 for i in range(11)]
    for chances in product(steps, repeat=3):
        law = [0.0] * 4
        for passes in product((0, 1), repeat=3):
            weight = 1.0
            for passed, chance in zip(passes, chances, strict=True):
                weight *= chance if passed else 1 - chance
            law[sum(passes)] += weight
        mean = sum(chances) / 3
        p_of = [RepeatedPrompts(k, 3).p_above(mean) for k in range(4)]
        for p in p_of:
            if p < 1:
                assert sum(w for w, q in zip(law, p_of, strict=True) if q <= p) <= p + 1e-9


def test_nothing_and_everything_say_nothing_on_their_own_side():
    """0 of 5 shows no lower bound, 5 of 5 no upper one."""
    assert RepeatedPrompts(0, 5).p_above(0.01) == 1.0
    assert RepeatedPrompts(5, 5).p_below(0.99) == 1.0


@given(counts, counts)
def test_which_of_two_stands_first_changes_the_sign_alone(first, second):
    """The chance is the same both ways round, and the sign turns."""
    a, b = RepeatedPrompts(*first), RepeatedPrompts(*second)
    assert difference_by_chance(a, b) == difference_by_chance(b, a)
    assert told_apart(a, b) == -told_apart(b, a)


def test_nine_in_ten_against_six_in_ten_takes_more_than_ten_answers():
    """61 of 100 cases: 9 of 10 could be chance, 27 of 30 could not, and 18 of 30 looks the same."""
    cases = GroupMean.from_counts(passed=61, n=100)
    said = [told_apart(RepeatedPrompts(k, n), cases) for k, n in ((9, 10), (27, 30), (18, 30), (6, 30))]
    assert said == [0, 1, 0, -1]


def test_repeats_of_the_set_count_once_a_group():
    """100 cases with three repeats that agree are 100 cases, not 300 outputs: 24 of 30 is told apart from 300, not from 100."""
    alike = GroupMean.from_histogram({1.0: 61, 0.0: 39})
    as_rows = GroupMean.from_counts(passed=183, n=300)
    demo = RepeatedPrompts(26, 30)
    assert difference_by_chance(demo, as_rows) < difference_by_chance(demo, alike)


@pytest.mark.parametrize(("passed", "asked"), [(-1, 3), (4, 3), (0, 0), (True, 3)])
def test_counts_that_cannot_be_are_refused(passed, asked):
    """No more passes than answers, and at least one answer."""
    with pytest.raises((ValueError, TypeError)):
        RepeatedPrompts(passed, asked)


def test_an_error_outside_0_to_1_is_refused():
    """An error of 0 would never tell anything apart."""
    with pytest.raises(ValueError, match="error"):
        told_apart(RepeatedPrompts(1, 2), RepeatedPrompts(1, 2), error=0.0)
