"""How often a few interviews hear of a problem, and how often the bounds on its share are wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from shipworthy.statistics.heard import chance_heard, share_at_least, share_unheard

STUDIES = 20_000


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_three_interviews_hear_as_often_as_said(share: float) -> None:
    """In 20,000 studies of three people the share that heard of it is the chance, within four standard errors."""
    people = np.random.default_rng(1).random((STUDIES, 3)) < share
    heard = float(people.any(axis=1).mean())
    print(f"\nshare {share}: heard in {heard:.4f} of studies, said {chance_heard(share, 3):.4f}")  # noqa: T201 - shown with -s
    assert abs(heard - chance_heard(share, 3)) < 4 * np.sqrt(0.25 / STUDIES)


@pytest.mark.parametrize("people", [3, 5, 12])
@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.8])
def test_the_lower_bound_is_rarely_above_the_share(
    share: float, people: int, keeps_its_level: Callable[[int, int], None]
) -> None:
    """At 5 % the share is claimed too high in at most 5 of 100 studies, whatever it is."""
    heard = np.random.default_rng(2).binomial(people, share, STUDIES)
    bounds = [share_at_least(k, people) for k in range(people + 1)]
    keeps_its_level(int(np.sum(np.take(bounds, heard) > share)), STUDIES)


@pytest.mark.parametrize("people", [3, 5, 12])
def test_what_nobody_spoke_of_is_rarely_more_common_than_said(
    people: int, keeps_its_level: Callable[[int, int], None]
) -> None:
    """A problem just above the bound goes unheard in at most 5 of 100 studies."""
    share = share_unheard(people) + 1e-6
    heard = np.random.default_rng(3).binomial(people, share, STUDIES)
    keeps_its_level(int(np.sum(heard == 0)), STUDIES)


def test_people_who_resemble_each_other_hear_less() -> None:
    """Three people of one team are nearly one: the chance of 88 in 100 falls to about 65 where two of three cases are copies."""
    rng = np.random.default_rng(4)
    own = rng.random((STUDIES, 3)) < 0.5
    copied = rng.random((STUDIES, 3)) < 2 / 3
    alike = np.where(copied, own[:, :1], own)
    heard = float(alike.any(axis=1).mean())
    print(f"\nthree of one team: heard in {heard:.4f} of studies")  # noqa: T201 - shown with -s
    assert heard < chance_heard(0.5, 3) - 0.1
