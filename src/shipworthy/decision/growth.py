"""Which slice needs how many more groups, and which of them change the verdict most."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from shipworthy.decision.claims import POWER
from shipworthy.decision.planning import Outlook
from shipworthy.decision.sizing import Sized
from shipworthy.domain.launch import Prices


@dataclass(frozen=True)
class Need:
    """What one slice needs for each of its claims to be shown 80 times in 100.

    Attributes:
        slice: of the scope, or across it; None for everywhere.
        share: of the traffic; None where that is not declared.
        groups: in the holdout now.
        wanted: groups it takes; None where nobody can say.
        more_cases: cases still to write for that.
        claim: the criterion that takes the most.
        chance: that all claims hold here now, if they have nothing to do with each other; None when unknown.
        hopeless: whether a claim cannot be shown even if nothing fails.
        outputs: of the candidate, and of a baseline that is compared, on the further cases.
        money: for cases and outputs; None without prices.
        reason: why there is no number, when there is none.
    """

    slice: str | None
    share: float | None
    groups: int
    wanted: int | None
    more_cases: int
    claim: str
    chance: float | None
    hopeless: bool
    outputs: int = 0
    money: float | None = None
    reason: str = ""

    @property
    def more(self) -> int:
        """Groups still to write."""
        return max((self.wanted or 0) - self.groups, 0)

    @property
    def gain(self) -> float:
        """How much more of the traffic would ship: its share times the chance that is won."""
        return (1.0 if self.share is None else self.share) * max(POWER - (self.chance or 0.0), 0.0)


@dataclass(frozen=True)
class Asked:
    """What stands beside the sizes of a plan.

    Attributes:
        shares: slice to its share of the traffic.
        per_group: slice to the cases a group has on average.
        goes: outputs that one case takes.
        prices: what cases and outputs cost.
    """

    shares: Mapping[str | None, float]
    per_group: Mapping[str | None, float]
    goes: int
    prices: Prices | None


def needs(outlook: Outlook, asked: Asked) -> tuple[Need, ...]:
    """Return what each slice needs, what changes the verdict most first.

    First come slices that need something: those that win the most traffic for the chance they gain. Equal ones are
    ordered by what they need, the least first. Slices that have enough, and those without a number, come last.
    """
    by_slice: dict[str | None, list[Sized]] = {}
    for sized in (*outlook.sized, *outlook.also):
        by_slice.setdefault(sized.slice, []).append(sized)
    made = [_need(name, claims, asked) for name, claims in by_slice.items()]
    return tuple(sorted(made, key=lambda need: (need.more == 0, -need.gain, need.more)))


def _need(name: str | None, claims: list[Sized], asked: Asked) -> Need:
    groups = claims[0].groups
    hardest = max(claims, key=lambda s: max(s.needed or 0, s.least))
    known = [s.needed for s in claims if s.needed is not None]
    wanted = max([*known, *(s.least for s in claims)], default=None) if known else None
    chances = [s.chance for s in claims if s.chance is not None]
    more = max((wanted or 0) - groups, 0)
    cases = math.ceil(round(more * asked.per_group.get(name, 1.0), 9))
    return Need(
        slice=name,
        share=asked.shares.get(name),
        groups=groups,
        wanted=wanted,
        more_cases=cases,
        claim=hardest.criterion,
        chance=math.prod(chances) if chances else None,
        hopeless=any(s.groups < s.least for s in claims),
        outputs=cases * asked.goes,
        money=_money(cases, asked),
        reason="; ".join(dict.fromkeys(f"{s.criterion}: {s.reason}" for s in claims if s.reason)),
    )


def _money(cases: int, asked: Asked) -> float | None:
    prices = asked.prices
    if prices is None or (prices.case is None and prices.output is None):
        return None
    return cases * (prices.case or 0.0) + cases * asked.goes * (prices.output or 0.0)
