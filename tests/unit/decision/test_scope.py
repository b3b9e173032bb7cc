"""Which slices may ship together."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.scope import Slices, choose, divide
from shipworthy.statistics.closed_test import attainable_rates
from shipworthy.statistics.multiplicity import holm

SHARES = {"a": 0.5, "b": 0.3, "c": 0.2}
APART, TOGETHER = Slices(SHARES), Slices(SHARES, share_groups=True)
PLAIN = divide(0.05, n_slices=3, has_across=False)
ACROSS = divide(0.05, n_slices=3, has_across=True)
p_values = st.floats(0, 1) | st.sampled_from([0.0, 0.01, 0.0125, 0.015, 0.02, 0.03, 0.05])


def p(*values):
    """Name the slices' p-values."""
    return dict(zip("abc", values, strict=True))


def test_all_at_the_full_level_ship_together_where_slices_share_no_group():
    """Three at .04: the whole scope, each tested at .05."""
    chosen = choose(p(0.04, 0.04, 0.04), slices=APART, levels=PLAIN)
    assert (chosen.included, chosen.whole, chosen.levels) == (("a", "b", "c"), True, (0.05, 0.05, 0.05))


def test_where_groups_span_slices_the_whole_takes_holms_chain():
    """Three at .04 are not enough; .016, .024 and .05 are."""
    assert choose(p(0.04, 0.04, 0.04), slices=TOGETHER, levels=PLAIN).included == ()
    assert choose(p(0.05, 0.016, 0.024), slices=TOGETHER, levels=PLAIN).whole


@given(values=st.tuples(p_values, p_values, p_values), together=st.booleans())
def test_holm_is_never_better(values, together):
    """Whatever slices Holm's procedure ships are shipped."""
    chosen = choose(p(*values), slices=TOGETHER if together else APART, levels=PLAIN)
    kept = [n for n, ok in zip("abc", holm(values, alpha=0.05), strict=True) if ok]
    assert set(kept) <= set(chosen.included)
    assert chosen.whole == (len(chosen.included) == 3)


def test_the_slice_with_the_most_traffic_is_lifted_first():
    """What discrete p-values leave over goes to it, wherever it stands in the plan."""
    each = attainable_rates(n=120, bar=0.9)
    names = "abcdef"
    values = dict(zip(names, [*[each[12]] * 5, each[5]], strict=True))
    fates = []
    for big in "af":
        shares = {n: 0.5 if n == big else 0.1 for n in names}
        slices = Slices(shares, attainable=dict.fromkeys(names, each))
        fates.append(
            choose(values, slices=slices, levels=divide(0.05, n_slices=6, has_across=False)).included
        )
    assert fates == [(), ("f",)]


def test_what_must_hold_across_is_tested_on_the_part_that_ships():
    """All slices hold, Spanish holds only without b: a and c ship, at Spanish's share of the error."""
    chosen = choose(
        p(0.001, 0.001, 0.001),
        slices=APART,
        levels=ACROSS,
        whole_across=0.4,
        across=lambda part: 0.4 if "b" in part else 0.0001,
    )
    assert (chosen.included, chosen.whole) == (("a", "c"), False)
    assert chosen.across == pytest.approx(0.0125 / 2 / 3 / 0.75)


def test_of_the_parts_where_all_holds_the_one_with_the_most_traffic_ships():
    """Spanish holds in every part of two: a and b ship, which carry most."""
    chosen = choose(
        p(0, 0, 0), slices=APART, levels=ACROSS, whole_across=1.0, across=lambda part: float(len(part) > 2)
    )
    assert chosen.included == ("a", "b")


def test_what_fails_across_everywhere_ships_nothing():
    """Good slices are not enough."""
    chosen = choose(p(0, 0, 0), slices=APART, levels=ACROSS, whole_across=1.0, across=lambda _: 1.0)
    assert (chosen.included, chosen.across) == ((), ACROSS.whole)


@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_the_error_for_claims_across_is_shared_by_all_parts_and_no_more(n):
    """Added up over every proper part of the scope, the levels are what was kept for them."""
    names = tuple(f"s{i}" for i in range(n))
    levels = divide(0.05, n_slices=n, has_across=True)
    total = 0.0
    for size in range(1, n):
        for part in itertools.combinations(names, size):
            values = {name: 0.0 if name in part else 1.0 for name in names}
            chosen = choose(
                values,
                slices=Slices(dict.fromkeys(names, 1 / n)),
                levels=levels,
                whole_across=1.0,
                across=lambda tried, part=part: 0.0 if tried == part else 1.0,
            )
            assert chosen.included == part
            total += chosen.across
    assert total == pytest.approx(levels.across)


def test_many_slices_are_not_tried_without_end():
    """Of twelve good slices parts are tried by traffic, at most 64 of them."""
    asked = []
    names = [f"s{i}" for i in range(12)]
    choose(
        dict.fromkeys(names, 0.0),
        slices=Slices(dict.fromkeys(names, 1 / 12)),
        levels=divide(0.05, n_slices=12, has_across=True),
        whole_across=1.0,
        across=lambda part: float(asked.append(part) or 1.0),
    )
    assert len(asked) == 64
    assert {len(part) for part in asked} == {11, 10}


def test_edges():
    """One slice, with what must hold across it; a level of nothing; a slice without a known share."""
    one = Slices({"a": 1.0})
    alone = divide(0.05, n_slices=1, has_across=True)
    assert choose({"a": 0.05}, slices=one, levels=alone, whole_across=0.05, across=lambda _: 0.05).whole
    assert (
        choose({"a": 0.05}, slices=one, levels=alone, whole_across=0.06, across=lambda _: 0.06).included == ()
    )
    nothing = choose(p(0, 0, 0), slices=APART, levels=divide(0.0, n_slices=3, has_across=False))
    assert (nothing.included, nothing.levels) == ((), (0.0, 0.0, 0.0))
    assert choose({"x": 0.0, "y": 1.0}, slices=Slices({}), levels=PLAIN).included == ("x",)
