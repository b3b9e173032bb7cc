"""A criterion about answered outputs: from counts to the rate among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from shipworthy.domain.evidence import CaseTally, GroupTally
from shipworthy.statistics.answered_rate import AnsweredRate, Shares
from shipworthy.statistics.results import NotEstimable

ONE_LOOK = "a rate among answered outputs can be looked at once: write `looks: once`"
"""Why there is no number under any other policy on looks; `check` says it with the line."""

Picked = list[tuple[GroupTally, int]]


def answered(picked: Picked, *, least_groups: int) -> AnsweredRate | NotEstimable:
    """Return what passes of what is answered.

    An output that brought no answer counts as answered and not passed, whatever its confidence; one that is
    answered and was not scored likewise. Both are on the safe side here, and neither counts as answered where
    the share answered is asked about.

    Args:
        picked: distinct group outcomes of one slice with their number.
        least_groups: how many groups of several cases must have something answered.
    """
    return _told(AnsweredRate.from_histogram(_histogram(picked)), picked, least_groups)


def answered_by_slice(
    everywhere: Picked, picked: Mapping[str, Picked], *, shares: Mapping[str, float], least_groups: int
) -> AnsweredRate | NotEstimable:
    """Return the same over all traffic, each slice weighed by its share of it."""
    made = AnsweredRate.from_slices({name: _histogram(each) for name, each in picked.items()}, shares=shares)
    return _told(made, everywhere, least_groups)


def _told(
    found: AnsweredRate | NotEstimable, picked: Picked, least_groups: int
) -> AnsweredRate | NotEstimable:
    several = any(len(group) > 1 for group, _ in picked)
    if isinstance(found, AnsweredRate) and several and found.n_answered < least_groups:
        return NotEstimable(
            f"{found.n_answered} groups of several cases with an answer cannot tell; it takes {least_groups}"
        )
    return found


def _histogram(picked: Picked) -> dict[Shares, int]:
    found: Counter[Shares] = Counter()
    for group, count in picked:
        of = sum(_share(case, case.planned - case.handed_over) for case in group) / len(group)
        good = sum(_share(case, case.passed) for case in group) / len(group)
        found[of, min(good, of)] += count
    return dict(found)


def _share(case: CaseTally, outputs: int) -> float:
    return outputs / case.planned
