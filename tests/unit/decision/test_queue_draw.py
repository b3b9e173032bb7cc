"""Draws of queues: seeded, group by group, and each output with the chance that it really had."""

from __future__ import annotations

from collections import Counter

import pytest

from shipworthy.decision.queue_draw import Drawable, arranged, draw, draw_stratified, groups_in
from shipworthy.domain.review import Output

SIZES = (1, 1, 1, 2, 2, 3, 5)
"""Outputs of each group."""


def _found(sizes=SIZES, stratum=lambda _: ""):
    found, case = [], 0
    for group, size in enumerate(sizes):
        for _ in range(size):
            case += 1
            found.append(Drawable(Output(1, case, 1), group, stratum(group)))
    return found


@pytest.mark.parametrize("n", [1, 5, 7, 9, 12, 14, 15])
def test_the_stored_chance_is_how_often_an_output_is_drawn(n):
    """4,000 seeds: each of fifteen outputs in groups of 1 to 5 comes as often as its probability says."""
    found = _found()
    times: Counter[Output] = Counter()
    said: dict[Output, float] = {}
    for seed in range(4000):
        for place in draw(found, n, seed):
            times[place.output] += 1
            said[place.output] = place.probability
    assert sum(said.values()) == pytest.approx(n)
    for output, probability in said.items():
        assert times[output] / 4000 == pytest.approx(probability, abs=0.04)


def test_each_group_gives_one_before_any_gives_two():
    """Seven groups: the first seven outputs are of seven groups."""
    group = {each.output: each.group for each in _found()}
    drawn = draw(_found(), 15, seed=3)
    assert len({group[place.output] for place in drawn[:7]}) == 7
    assert len({place.output for place in drawn}) == 15


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_ledger():
    """The outputs given backwards: the same queue; another seed: another."""
    found = _found()
    assert draw(found, 6, 1) == draw(found[::-1], 6, 1)
    assert draw(found, 6, 1) != draw(found, 6, 2)


def test_a_stratified_draw_takes_alike_from_each_slice():
    """Ninety outputs of one topic and ten of another: ten and ten, mixed, with the chances of each."""
    found = _found((1,) * 100, stratum=lambda group: "a" if group < 90 else "b")
    drawn = draw_stratified(found, 20, seed=1)
    chance = Counter(round(place.probability, 4) for place in drawn)
    assert chance == {round(10 / 90, 4): 10, 1.0: 10}
    rare = {each.output for each in found if each.stratum == "b"}
    assert 4 <= sum(place.output in rare for place in drawn[:10]) <= 6
    assert groups_in(found) == {"a": 90, "b": 10}


def test_some_are_read_by_several_and_some_come_back_later():
    """Of 40: ten are for three people, four come back to the same person at least ten outputs later."""
    places = arranged(draw(_found((1,) * 40), 40, 1), seed=1, overlap=0.25, readers=3, again=0.1)
    assert Counter((place.readers, place.again) for place in places) == {
        (3, False): 10,
        (1, False): 30,
        (1, True): 4,
    }
    first = {place.output: i for i, place in enumerate(places) if not place.again}
    assert all(i - first[place.output] >= 10 or i >= 40 for i, place in enumerate(places) if place.again)
