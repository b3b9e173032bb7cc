"""Counts packed into whole numbers come out as they went in, alone and added up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.store.packed import ROOM, Packing

LIMITS = st.lists(st.integers(0, 2**20), min_size=1, max_size=12)


@given(limits=LIMITS, draw=st.data())
def test_sums_of_packed_counts_are_the_packed_sums(limits: list[int], draw: st.DataObject) -> None:
    """Adding packed numbers adds each count, up to the most it can be, in as many numbers as it takes."""
    most = {f"n{i}": limit for i, limit in enumerate(limits)}
    packing = Packing([{name: limit} for name, limit in most.items()])
    parts = {name: draw.draw(st.integers(0, limit)) for name, limit in most.items()}
    words = [0] * packing.n_words
    for counts in (parts, {name: most[name] - part for name, part in parts.items()}):
        for name, value in counts.items():
            word, weight = packing.weight(name)
            words[word] += value * weight
    assert packing.unpacker(list(most))(tuple(words)) == limits
    assert max(words) < 2**ROOM


@given(limits=LIMITS)
def test_a_mask_keeps_the_counts_it_names_and_nothing_else(limits: list[int]) -> None:
    """What a mask leaves out reads 0, and so does a count that was never packed."""
    names = [f"n{i}" for i in range(len(limits))]
    packing = Packing([{name: limit} for name, limit in zip(names, limits, strict=True)])
    words = [0] * packing.n_words
    for name, value in zip(names, limits, strict=True):
        word, weight = packing.weight(name)
        words[word] += value * weight
    kept = tuple(word & bits for word, bits in zip(words, packing.mask(names[::2]), strict=True))
    expected = [value if i % 2 == 0 else 0 for i, value in enumerate(limits)]
    assert packing.unpacker([*names, "never"])(kept) == [*expected, 0]
