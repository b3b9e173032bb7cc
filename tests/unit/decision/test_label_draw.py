"""Which outputs people are asked to label."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.label_draw import Candidate, draw


def outputs(*groups: str) -> list[Candidate]:
    """Make outputs from one word for each group, as `pf`: one passed by the judge and one failed."""
    made = []
    for number, word in enumerate(groups):
        made += [
            Candidate(f"{hash_of(number, i):08x}", number, letter == "p") for i, letter in enumerate(word)
        ]
    return made


def hash_of(group: int, place: int) -> int:
    """Scatter the keys, as a hash of the output would."""
    return (group * 7919 + place * 104729 + 12345) * 2654435761 % 2**32


@given(n=st.integers(1, 40), more=st.integers(0, 20))
def test_a_larger_draw_of_single_outputs_contains_a_smaller_one(n, more):
    """So labels that were given already are not lost when there is time for more."""
    all_of_them = outputs(*("p" if i % 3 else "f" for i in range(50)))

    assert set(draw(all_of_them, n, "random")) <= set(draw(all_of_them, n + more, "random"))


def test_in_groups_one_of_each_is_drawn_before_a_second_of_any():
    """Twelve labels on ten documents: each has one, two have two."""
    chosen = draw(outputs(*["pppf"] * 10), 12, "random")

    assert sorted(Counter(each.group for each in chosen).values()) == [1] * 8 + [2] * 2


def test_by_verdict_a_group_is_labelled_with_one_of_each_or_not_at_all():
    """Seven labels on documents that need two each: three of them are taken, and the last label goes to one of those."""
    chosen = draw(outputs(*["pppf"] * 10), 7, "by_verdict")
    groups = Counter(each.group for each in chosen)

    assert len(groups) == 3
    for group in groups:
        assert {each.passed for each in chosen if each.group == group} == {True, False}


def test_single_outputs_are_drawn_in_proportion_to_the_verdicts():
    """A judge that fails one in ten: of twenty labels two are on what it failed."""
    chosen = draw(outputs(*("f" if i % 10 == 0 else "p" for i in range(200))), 20, "by_verdict")

    assert sum(not each.passed for each in chosen) == 2


def test_the_order_of_what_is_written_tells_nothing_of_the_verdicts():
    """Sorted by key, whatever was chosen first."""
    chosen = draw(outputs(*["pf"] * 20), 10, "by_verdict")

    assert chosen == sorted(chosen)
