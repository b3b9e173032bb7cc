"""The error budget: what chance of a wrong *ship* a look may still use.

One formula. The plan's error is spent over the looks at its deciding cases, and the candidate named
in the plan is the one variant it pays for:

* `once`: the first look has the whole error, later looks have none;
* `{end: N}`: a look at n of N groups has error·((n/N)³ - (m/N)³), where m is the number of groups at
  the look before; past N nothing is left;
* `open`: look k has error/(k(k+1)), which adds up to the error over any number of looks.

The levels of all looks add up to no more than the plan's error, so by the union bound the chance
that any of them ships wrongly is no more than the plan's error, whatever made us look. (Exact
sequential boundaries need fewer cases and can replace the second line without changing the plan.)
A variant other than the plan's candidate has no share: its verdict explores.
"""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.domain.launch import Looks, PlannedLooks


@dataclass(frozen=True)
class Look:
    """One reveal of the deciding evidence.

    Attributes:
        number: 1 for the first look at this plan.
        groups: groups with outcomes at this look.
        groups_before: groups at the look before; 0 at the first.
    """

    number: int
    groups: int
    groups_before: int = 0


def level(error: float, looks: Looks, look: Look) -> float:
    """Return the error that this look may use, from 0 (nothing left) to `error`.

    Args:
        error: the plan's one-sided error, in (0, 1).
        looks: the plan's policy.
        look: which look this is, and how many groups it and the one before it saw.

    >>> level(0.05, "once", Look(1, 80)), level(0.05, "once", Look(2, 120, 80))
    (0.05, 0.0)
    >>> round(level(0.05, "open", Look(2, 120, 80)), 6)
    0.008333
    """
    if isinstance(looks, PlannedLooks):
        share = min(look.groups / looks.end, 1.0) ** 3 - min(look.groups_before / looks.end, 1.0) ** 3
        return error * max(share, 0.0)
    if looks == "once":
        return error if look.number == 1 else 0.0
    return error / (look.number * (look.number + 1))
