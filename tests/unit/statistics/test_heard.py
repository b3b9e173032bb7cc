"""What a few interviews can tell: identities, edges, refusals."""

from __future__ import annotations

import pytest

from shipworthy.statistics.heard import chance_heard, people_needed, share_at_least, share_unheard


def test_three_interviews_hear_of_half_and_miss_a_tenth() -> None:
    """One of every two: 1 - 1/8; one of every ten: 1 - 0.729."""
    assert chance_heard(0.5, 3) == pytest.approx(0.875)
    assert chance_heard(0.1, 3) == pytest.approx(0.271)


@pytest.mark.parametrize(
    ("share", "people", "chance"), [(0.0, 9, 0.0), (1.0, 1, 1.0), (1.0, 0, 0.0), (0.4, 0, 0.0)]
)
def test_edges(share: float, people: int, chance: float) -> None:
    """What nobody has never comes up, what all have always does, and nobody asked hears nothing."""
    assert chance_heard(share, people) == chance


@pytest.mark.parametrize("people", [1, 2, 3, 7, 20])
def test_what_is_unheard_is_the_share_that_comes_up_with_the_rest_of_the_chance(people: int) -> None:
    """The bound turned round: a problem of that share would have been heard in 95 of 100 such studies."""
    assert chance_heard(share_unheard(people), people) == pytest.approx(0.95)


def test_nobody_asked_bounds_nothing() -> None:
    """Without interviews a problem may be everybody's."""
    assert share_unheard(0) == 1.0


@pytest.mark.parametrize("people", [1, 3, 12])
def test_all_of_all_is_the_root_of_the_error(people: int) -> None:
    """When everybody has it, the bound is the share at which that would happen in 5 of 100 studies."""
    assert share_at_least(people, people) == pytest.approx(0.05 ** (1 / people))


@pytest.mark.parametrize("heard", [0, 1, 2, 5])
def test_more_people_who_have_it_show_more(heard: int) -> None:
    """The bound rises with each person who has it, and falls with each asked who has not."""
    assert share_at_least(heard, 6) < share_at_least(heard + 1, 6)
    assert share_at_least(heard + 1, 6) > share_at_least(heard + 1, 7)


def test_nobody_who_has_it_shows_nothing() -> None:
    """None of five: the share may be zero."""
    assert share_at_least(0, 5) == 0.0


@pytest.mark.parametrize("share", [0.5, 0.3, 0.1, 0.05, 0.01])
@pytest.mark.parametrize("chance", [0.5, 0.8, 0.95])
def test_people_needed_are_enough_and_no_more(share: float, chance: float) -> None:
    """So many hear of it with the chance wished for; one fewer do not."""
    people = people_needed(share, chance)
    assert chance_heard(share, people) >= chance > chance_heard(share, people - 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: chance_heard(1.2, 3),
        lambda: chance_heard(0.5, -1),
        lambda: share_at_least(4, 3),
        lambda: share_at_least(1, 0),
        lambda: share_unheard(3, 0.0),
        lambda: people_needed(0.0, 0.8),
        lambda: people_needed(0.5, 1.0),
    ],
)
def test_what_makes_no_sense_is_refused(call: object) -> None:
    """Shares beyond 1, fewer than nobody, more who have it than were asked."""
    assert callable(call)
    with pytest.raises(ValueError, match="must be"):
        call()
