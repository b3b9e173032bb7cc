"""What a few interviews can and cannot tell: binomial sums over people, never over what they said."""

from __future__ import annotations

import math

from shipworthy.statistics import validate

_HALVINGS = 80


def chance_heard(share: float, people: int) -> float:
    """Return the chance that at least one of so many people has what this share of all users has.

    Estimand: the chance that a problem comes up at all.

    Args:
        share: of all users who have the problem, from 0 to 1.
        people: interviewed, at least 0.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: people are drawn from the users as by chance and independently of each other, and whoever has the
    problem speaks of it. People who volunteer, friends, and questions that suggest their answer break it.

    Source: the binomial law; one minus the chance that nobody has it.

    Example: a problem of every second user comes up in three interviews with a chance of 88 in 100, one of every tenth
    user with 27 in 100.
        >>> round(chance_heard(0.5, 3), 3), round(chance_heard(0.1, 3), 3)
        (0.875, 0.271)
    """
    share = validate.within("share", share, low=0.0, high=1.0)
    people = validate.count("people", people)
    return -math.expm1(people * math.log1p(-share)) if share < 1.0 else float(people > 0)


def share_unheard(people: int, error: float = 0.05) -> float:
    """Return the largest share of users who may have a problem that nobody of so many people has spoken of.

    Estimand: an upper bound, at the stated error, on the share of a problem that was not heard.

    Args:
        people: interviewed, at least 0.
        error: how often the bound may be wrong.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: as for `chance_heard`.

    Source: Louis (1981), Confidence intervals for a binomial parameter after observing no successes, The American
    Statistician 35: one minus the root of the error.

    Example: what nobody of three people spoke of may still be a problem of 63 in 100 users.
        >>> round(share_unheard(3), 3)
        0.632
    """
    people = validate.count("people", people)
    error = validate.between("error", error)
    return -math.expm1(math.log(error) / people) if people else 1.0


def share_at_least(heard: int, people: int, error: float = 0.05) -> float:
    """Return the share of users who have a problem at the very least, when so many of so many people have it.

    Estimand: a lower bound, at the stated error, on the share of users who have the problem.

    Args:
        heard: people who have it, from 0 to `people`.
        people: interviewed, at least 1.
        error: how often the bound may be wrong.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: as for `chance_heard`; and the problem was named before counting, not picked because it came up often.

    Source: Clopper and Pearson (1934): the share at which the sum of the binomial chances of `heard` and more is
    the error, found by halving.

    Example: two of three people show no more than that 13 in 100 have it.
        >>> round(share_at_least(2, 3), 3), round(share_at_least(3, 3), 3)
        (0.135, 0.368)
    """
    people = validate.count("people", people, least=1)
    heard = validate.count("heard", heard)
    error = validate.between("error", error)
    if heard > people:
        raise ValueError(f"heard must be at most people, got {heard} of {people}")
    if heard == 0:
        return 0.0
    low, high = 0.0, heard / people
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if _at_least(heard, people, middle) < error:
            low = middle
        else:
            high = middle
    return low


def people_needed(share: float, chance: float) -> int:
    """Return how many people have to be asked for a problem of this share to come up with this chance.

    Estimand: a number of interviews.

    Args:
        share: of all users who have the problem, above 0 and up to 1.
        chance: with which it should come up, between 0 and 1.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is outside its range.

    Assumptions: as for `chance_heard`.

    Source: as for `chance_heard`, solved for the number of people.

    Example: for a problem of every tenth user to come up with a chance of 8 in 10.
        >>> people_needed(0.1, 0.8), people_needed(0.5, 0.8)
        (16, 3)
    """
    share = validate.within("share", share, low=0.0, high=1.0)
    chance = validate.between("chance", chance)
    if share == 0.0:
        raise ValueError("share must be above 0: what nobody has never comes up")
    if share == 1.0:
        return 1
    people = max(1, math.ceil(math.log1p(-chance) / math.log1p(-share) - 1e-9))
    return people if chance_heard(share, people) >= chance - 1e-12 else people + 1


def _at_least(heard: int, people: int, share: float) -> float:
    """Return the chance of `heard` and more."""
    terms = (
        math.comb(people, k) * share**k * (1.0 - share) ** (people - k) for k in range(heard, people + 1)
    )
    return math.fsum(terms)
