"""A judge of pairs, asked in both orders: how often the order decides, and whether it may judge at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scipy.special import betainc

from shipworthy.statistics import validate
from shipworthy.statistics.display_interval import Interval
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable

Winner = Literal["first", "second", "tie"]
"""Which *place* the judge preferred in one order."""
LIMIT = 0.20
"""The flip rate above which a judge may not judge pairs, unless the plan states another."""
WINNERS = ("first", "second", "tie")


@dataclass(frozen=True)
class Admission:
    """Whether a judge may judge pairs: only when its flip rate is shown to be below the limit.

    Assumptions: those of `BothOrders`. Source: house rule. Example:
        >>> Admission("not shown", admitted=False, limit=0.2, lower=0.1, upper=0.3).admitted
        False

    Attributes:
        state: "below the limit", "above the limit" or "not shown".
        admitted: true only for "below the limit".
        limit: the flip rate that is allowed.
        lower: what the flip rate is at least, at the error given; pairs without an answer count as steady.
        upper: what it is at most; pairs without an answer count as flips.
    """

    state: Literal["below the limit", "above the limit", "not shown"]
    admitted: bool
    limit: float
    lower: float
    upper: float


@dataclass(frozen=True)
class BothOrders:
    """Choices of one judge on pairs of outputs, each pair shown in both orders.

    Estimand: the share of such pairs on which the judge's winner depends on the order (a flip).

    Assumptions: pairs are independent and drawn alike from what the judge is for; the two choices on
    a pair were asked for separately, everything but the order being equal. It says nothing of
    whether a steady judge is right.

    Source: Clopper and Pearson (1934), Biometrika 26, 404-413, for the rate; the exact sign test for the
    preference; Zheng et al. (2023), arXiv:2306.05685, section 3.3, for the bias.

    Attributes:
        steady: pairs with the same winner in both orders.
        to_first: flips in which the first place gained.
        to_second: flips in which the second place gained.
        unanswered: pairs without an answer in one order or both.

    Example: of 100 pairs the judge flips on 12, eleven times towards the first place.
        >>> judge = BothOrders(steady=88, to_first=11, to_second=1, unanswered=0)
        >>> round(judge.flip_rate().upper, 3), round(judge.p_preference(), 4)
        (0.2, 0.0063)
        >>> judge.admission().state
        'below the limit'
    """

    steady: int
    to_first: int
    to_second: int
    unanswered: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no count."""
        for name in ("steady", "to_first", "to_second", "unanswered"):
            validate.count(name, getattr(self, name))
        if not self.planned:
            raise ValueError("there must be at least one pair, got none")

    @classmethod
    def from_choices(cls, histogram: Mapping[tuple[Winner | None, Winner | None], int]) -> BothOrders:
        """Build from the number of pairs with each two choices.

        Args:
            histogram: (place preferred with outputs in order A, B; place preferred in order B, A) to number
                of pairs; "first", "second", "tie", or None where no answer could be read.

        Raises:
            TypeError: a count is no whole number.
            ValueError: a choice is none of these, or there is no pair.
        """
        counts = {"steady": 0, "to_first": 0, "to_second": 0, "unanswered": 0}
        for choices, given in histogram.items():
            counts[_kind(choices)] += validate.count(f"count of {choices!r}", given)
        return cls(**counts)

    @property
    def planned(self) -> int:
        """How many pairs were shown."""
        return self.answered + self.unanswered

    @property
    def answered(self) -> int:
        """How many pairs are answered in both orders."""
        return self.steady + self.flips

    @property
    def flips(self) -> int:
        """On how many pairs the winner depends on the order."""
        return self.to_first + self.to_second

    def flip_rate(self, *, level: float = 0.95) -> Interval | NotEstimable:
        """Return the share of flips among answered pairs, with a two-sided Clopper-Pearson interval."""
        half = (1.0 - validate.between("level", level)) / 2.0
        if not self.answered:
            return NotEstimable("no pair is answered in both orders")
        made = GroupMean.from_counts(passed=self.flips, n=self.answered)
        return Interval(made.estimate, made.lower(half), made.upper(half), level, made.method)

    def first_share(self) -> float | NotEstimable:
        """Return the share of flips that went to the first place; one half shows no preference."""
        return self.to_first / self.flips if self.flips else NotEstimable("the judge never flipped")

    def p_preference(self) -> float | NotEstimable:
        """Return the two-sided p-value of "flips go to either place with the same chance" (sign test)."""
        if not self.flips:
            return NotEstimable("the judge never flipped")
        more = max(self.to_first, self.to_second)
        return min(1.0, 2.0 * float(betainc(more, self.flips - more + 1, 0.5)))

    def admission(self, *, limit: float = LIMIT, alpha: float = 0.05) -> Admission:
        """Say whether the judge may judge pairs.

        Args:
            limit: the flip rate that is allowed, in (0, 1); fixed before looking.
            alpha: the chance, in (0, 1), that a judge above the limit is admitted, and likewise that one
                below it is said to be above.

        Returns:
            The state and both one-sided bounds. Pairs without an answer count against admission and against
            refusal alike: as flips in the upper bound, as steady in the lower one.
        """
        limit = validate.between("limit", limit)
        upper = GroupMean.from_counts(passed=self.flips + self.unanswered, n=self.planned).upper(alpha)
        lower = GroupMean.from_counts(passed=self.flips, n=self.planned).lower(alpha)
        if upper <= limit:
            return Admission("below the limit", admitted=True, limit=limit, lower=lower, upper=upper)
        state: Literal["above the limit", "not shown"] = "above the limit" if lower > limit else "not shown"
        return Admission(state, admitted=False, limit=limit, lower=lower, upper=upper)


def _kind(choices: tuple[Winner | None, Winner | None]) -> str:
    """Return which count a pair belongs to."""
    wrong = [choice for choice in choices if choice not in (*WINNERS, None)]
    if wrong or len(choices) != 2:
        raise ValueError(f"choices must be two of {WINNERS} or None, got {choices!r}")
    if None in choices:
        return "unanswered"
    leaning = sum((choice == "first") - (choice == "second") for choice in choices)
    return "steady" if leaning == 0 else "to_first" if leaning > 0 else "to_second"
