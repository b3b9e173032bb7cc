"""Which case goes into which part."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.parts import FILLED, Unit, apportion, assign, independent, joined
from shipworthy.domain.evalset import Case

SHARES = st.tuples(*[st.floats(0, 1 / 3)] * 3).map(lambda s: dict(zip(FILLED, s, strict=True)))
UNITS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from([None, None, None, "holdout", "tune"]),
        st.sampled_from([frozenset(), frozenset(), frozenset({"holdout"})]),
    ),
    max_size=60,
).map(lambda rows: [Unit(f"u{i}", *row) for i, row in enumerate(rows)])


@given(UNITS, SHARES, st.integers(0, 9), st.randoms())
def test_a_split_is_repeatable_and_blind_to_the_order_of_lines(units, shares, seed, order):
    """The same units in another order get the same parts."""
    shuffled = list(units)
    order.shuffle(shuffled)
    assert assign(units, shares, seed=seed) == assign(shuffled, shares, seed=seed)


@given(UNITS, SHARES)
def test_every_free_unit_gets_one_part_and_no_unit_where_it_is_barred(units, shares):
    """What stays is not in the answer; what is barred from the holdout is not put there."""
    made = assign(units, shares, seed=1)
    assert set(made) == {unit.name for unit in units if unit.part is None}
    assert all(made[unit.name] not in unit.barred for unit in units if unit.part is None)


@given(UNITS, SHARES, st.integers(0, 9), st.integers(10, 19))
def test_a_second_time_nothing_moves(units, shares, seed, other):
    """What was assigned counts towards the share, whatever the seed of the second time."""
    made = assign(units, shares, seed=seed)
    then = [Unit(u.name, u.stratum, made.get(u.name, u.part), u.barred) for u in units]
    then = [Unit(u.name, u.stratum, None if u.part == "explore" else u.part, u.barred) for u in then]
    again = assign(then, shares, seed=other)
    assert set(again.values()) <= {"explore"}


@given(st.lists(st.integers(0, 50), max_size=12), SHARES)
def test_whole_numbers_stay_within_two_of_the_share_in_every_stratum_and_one_in_all(sizes, shares):
    """Rounding in one slice is made good in the next."""
    given_shares = [shares[part] for part in FILLED]
    quotas = apportion(sizes, given_shares)
    for size, quota in zip(sizes, quotas, strict=True):
        assert 0 <= sum(quota) <= size
        assert all(abs(got - share * size) < 2 for got, share in zip(quota, given_shares, strict=True))
    for i, share in enumerate(given_shares):
        assert abs(sum(quota[i] for quota in quotas) - share * sum(sizes)) <= 1


def test_another_seed_is_another_split_of_the_same_sizes():
    """Forty units: the same counts in every part, other names in them."""
    units = [Unit(f"u{i}", "a") for i in range(40)]
    one, other = (assign(units, {"holdout": 0.5, "tune": 0.25}, seed=seed) for seed in (1, 2))
    assert one != other
    assert Counter(one.values()) == Counter(other.values()) == {"holdout": 20, "tune": 10, "explore": 10}


@given(st.lists(st.lists(st.integers(0, 8), max_size=3), max_size=20))
def test_what_has_a_key_in_common_is_joined_and_nothing_else(keys):
    """Two positions are joined exactly when a chain of shared keys leads from one to the other."""
    found = joined(keys)
    for i in range(len(keys)):
        reached, grew = {i}, True
        while grew:
            more = {j for j in range(len(keys)) if any(set(keys[j]) & set(keys[k]) for k in reached)}
            grew = not more <= reached
            reached |= more
        assert {j for j in range(len(keys)) if found[j] == found[i]} == reached


def test_groups_are_counted_as_the_ledger_counts_them():
    """A group of two is one; equal inputs are one; a named group of one is a case of its own."""
    cases = [
        Case(id="a", input="x", group="g"),
        Case(id="b", input="y", group="g"),
        Case(id="c", input="y", group="alone"),
        Case(id="d", input=" y "),
        Case(id="e"),
        Case(id="f"),
    ]
    names = independent(cases)
    assert len(set(names)) == 4
    assert names[0] == names[1]
    assert names[2] == names[3]
