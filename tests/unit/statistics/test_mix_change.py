"""Changes of the mix: one promise a test."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.statistics.mix_change import MixChange, _ratios, reweighted
from shipworthy.statistics.results import NotEstimable

SHARES = {"orders": 0.5, "returns": 0.3, "billing": 0.2}


def start(**more):
    """Return a test that has counted nothing."""
    return MixChange.start(declared=SHARES, **more)


def test_evidence_is_one_on_average_under_the_declared_mix():
    """Over all ways that six outputs can fall, the ratio has the mean 1."""
    shares, mean = list(SHARES.values()), 0.0
    for falls in product(range(3), repeat=6):
        seen = np.array([[float(falls.count(i)) for i in range(3)]])
        chance = math.prod(shares[i] for i in falls)
        mean += chance * float(_ratios(seen, np.array(shares))[0])
    assert mean == pytest.approx(1, abs=1e-7)
    assert mean <= 1


counts = st.fixed_dictionaries({name: st.integers(0, 40) for name in SHARES})


@settings(max_examples=60, deadline=None)
@given(looks=st.lists(counts, min_size=1, max_size=5))
def test_counts_add_up_over_looks(looks):
    """The counts are the sum, the shares add up to 1, and the highest evidence never falls."""
    mix, highest = start(), 1.0
    for look in looks:
        mix = mix.after(look)
        assert mix.highest >= highest
        highest = mix.highest
    assert sum(mix.counts) == sum(sum(look.values()) for look in looks)
    if sum(mix.counts):
        assert math.fsum(mix.share(name) for name in SHARES) == pytest.approx(1)


def test_what_moved_is_named_with_its_direction():
    """Of three slices the one that doubled went up and the one it took from went down."""
    mix = start().after({"orders": 200, "returns": 300, "billing": 500})
    assert mix.moved == (("billing", "up"), ("orders", "down"))


def test_a_mix_as_declared_stays_quiet():
    """Exactly the declared shares are no evidence, at ten outputs and at a hundred thousand."""
    for n in (10, 100_000):
        mix = start().after({name: round(n * share) for name, share in SHARES.items()})
        assert (mix.changed, mix.moved, mix.highest) == (False, (), 1.0)


def test_an_alarm_stays():
    """What was shown at one look is not taken back by later ones."""
    mix = start().after({"billing": 60}).after({"orders": 5000, "returns": 3000, "billing": 1990})
    assert mix.changed
    assert ("billing", "up") in mix.moved


def test_a_slice_is_named_as_soon_as_its_share_of_the_error_allows():
    """With three slices the first count at which billing is named is the first at which its own ratio reaches 120."""
    for billing in range(20, 200):
        seen, share = np.array([[billing, 80.0]]), np.array([0.2, 0.8])
        named = ("billing", "up") in start().after({"orders": 50, "returns": 30, "billing": billing}).moved
        assert named == (float(_ratios(seen, share)[0]) >= 2 * 3 / 0.05)


def test_huge_counts_stay_finite():
    """Ten million outputs of one slice give a number."""
    assert math.isfinite(start().after({"billing": 10_000_000}).highest)


def test_mistakes_at_the_door_are_named():
    """Shares that do not add up, an undeclared slice and a question about one are refused."""
    with pytest.raises(ValueError, match="add up to 1"):
        MixChange.start(declared={"a": 0.5, "b": 0.4})
    with pytest.raises(ValueError, match="declared slices"):
        start().after({"refunds": 3})
    with pytest.raises(ValueError, match="declared slice"):
        start().share("refunds")
    assert isinstance(start().share("orders"), NotEstimable)


def test_the_rate_of_a_mix_needs_the_rate_of_each_slice():
    """A slice without traffic needs no rate; one with traffic and none is named."""
    assert reweighted(rates={"a": 0.9}, shares={"a": 1.0, "b": 0.0}) == 0.9
    missing = reweighted(rates={"a": 0.9}, shares={"a": 0.7, "b": 0.3})
    assert missing == NotEstimable("no rate is known in b, which has 30% of the traffic")
    with pytest.raises(ValueError, match="add up to 1"):
        reweighted(rates={"a": 0.9}, shares={"a": 0.7})
