"""The error budget: what chance of a wrong *ship* a look at the deciding cases has.

One formula. The plan's error is divided equally among the tries it pays for (`tries: 1` unless said):
the candidate, and so many further variants that may be judged on the same cases. Within a try every
look has the whole share, since what is said at it is valid at any look (`looking`):

* `once`: the first look; later looks have nothing;
* `{end: N}`: any look up to N groups, whenever it comes; past N only a reserve, if one was kept;
* `open`: any look, for ever.

With several tries every variant is fixed by the lock, so that none can be made to fit what a look told.
By the union bound over tries the chance that any of them ships wrongly is no more than the plan's
error, whatever made us look. A variant beyond the tries paid for has no share: its verdict explores.
"""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.domain.launch import Looks, PlannedLooks


@dataclass(frozen=True)
class Look:
    """One reveal of the deciding evidence.

    Attributes:
        number: 1 for the first look at this plan and variant.
        groups: groups with outcomes at this look.
        groups_before: groups at the look before; 0 at the first.
    """

    number: int
    groups: int
    groups_before: int = 0


def level(error: float, looks: Looks, look: Look, *, tries: int = 1) -> float:
    """Return the error at which claims are tested at this look, from 0 (nothing left) to `error`.

    Args:
        error: the plan's one-sided error, in (0, 1).
        looks: the plan's policy.
        look: which look this is, and how many groups it saw.
        tries: variants that the plan pays for, at least 1.

    >>> level(0.05, "once", Look(1, 80)), level(0.05, "once", Look(2, 120, 80))
    (0.05, 0.0)
    >>> level(0.05, PlannedLooks(end=300), Look(7, 120, 80)), level(0.05, "open", Look(7, 120, 80), tries=5)
    (0.05, 0.01)
    """
    if looks == "once" and look.number > 1:
        return 0.0
    if isinstance(looks, PlannedLooks) and look.groups > looks.end and not looks.reserve:
        return 0.0
    return error / tries
