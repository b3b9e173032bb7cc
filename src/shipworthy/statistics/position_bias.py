"""A judge of pairs, asked in both orders: how often the order decides, and whether it may judge at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
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
Counts = tuple[int, int, int, int]
"""Of one group: pairs that are steady, that flipped to the first place, to the second, and unanswered ones."""
_Share = Callable[[Counts], tuple[int, int]]


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

    Assumptions: groups (pairs, where none are given) are independent and drawn alike from what the judge
    is for; the two choices on a pair were asked for separately, everything but the order being equal. It says nothing of
    whether a steady judge is right.

    Source: Clopper and Pearson (1934), Biometrika 26, 404-413, for the rate; the exact sign test for the
    preference; Zheng et al. (2023), arXiv:2306.05685, section 3.3, for the bias.

    Attributes:
        steady: pairs with the same winner in both orders.
        to_first: flips in which the first place gained.
        to_second: flips in which the second place gained.
        unanswered: pairs without an answer in one order or both.
        groups: counts of a group to number of groups like it; empty where every pair is its own.

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
    groups: tuple[tuple[Counts, int], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no count."""
        for name in ("steady", "to_first", "to_second", "unanswered"):
            validate.count(name, getattr(self, name))
        if not self.planned:
            raise ValueError("there must be at least one pair, got none")
        if self.groups and _totals(self.groups) != self._counts:
            raise ValueError(f"groups must add up to {self._counts}, got {_totals(self.groups)}")

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
        found: Counter[str] = Counter()
        for choices, given in histogram.items():
            found[_kind(choices)] += validate.count(f"count of {choices!r}", given)
        return cls(found["steady"], found["to_first"], found["to_second"], found["unanswered"])

    @classmethod
    def from_groups(cls, histogram: Mapping[Counts, int]) -> BothOrders:
        """Build from the number of groups with each counts; pairs of a group stand or fall together.

        Args:
            histogram: (steady, flips to first, flips to second, unanswered) of a group to number of groups.

        Raises:
            TypeError: a count is no whole number.
            ValueError: a count is negative, or a group holds no pair.
        """
        for group, count in histogram.items():
            validate.count(f"count of {group!r}", count)
            if len(group) != 4 or sum(validate.count("pairs", each) for each in group) == 0:
                raise ValueError(f"a group must hold four counts and at least one pair, got {group!r}")
        kinds = tuple(sorted((group, count) for group, count in histogram.items() if count))
        return cls(*_totals(kinds), groups=kinds)

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
        """Return the share of flips among answered pairs, each group counting once, with `GroupMean`'s bounds."""
        half = (1.0 - validate.between("level", level)) / 2.0
        if not self.answered:
            return NotEstimable("no pair is answered in both orders")
        made = self._mean(lambda c: (c[1] + c[2], c[0] + c[1] + c[2]))
        return Interval(made.estimate, made.lower(half), made.upper(half), level, made.method)

    def first_share(self) -> float | NotEstimable:
        """Return the share of flips that went to the first place; one half shows no preference."""
        return self.to_first / self.flips if self.flips else NotEstimable("the judge never flipped")

    def p_preference(self) -> float | NotEstimable:
        """Return the two-sided p-value of "neither place is preferred", by the sign test over groups."""
        leaning = Counter({+1: 0, -1: 0})
        for (_, first, second, _), count in self._kinds:
            leaning[(first > second) - (first < second)] += count
        n, more = leaning[1] + leaning[-1], max(leaning[1], leaning[-1])
        if not n:
            return NotEstimable("the judge never flipped" if not self.flips else "no group leans to a place")
        return min(1.0, 2.0 * float(betainc(more, n - more + 1, 0.5)))

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
        upper = self._mean(lambda c: (c[1] + c[2] + c[3], sum(c))).upper(alpha)
        lower = self._mean(lambda c: (c[1] + c[2], sum(c))).lower(alpha)
        if upper <= limit:
            return Admission("below the limit", admitted=True, limit=limit, lower=lower, upper=upper)
        state: Literal["above the limit", "not shown"] = "above the limit" if lower > limit else "not shown"
        return Admission(state, admitted=False, limit=limit, lower=lower, upper=upper)

    @property
    def _counts(self) -> Counts:
        return self.steady, self.to_first, self.to_second, self.unanswered

    @property
    def _kinds(self) -> tuple[tuple[Counts, int], ...]:
        """The groups, or every pair as one."""
        return self.groups or tuple(
            (kind, count) for kind, count in zip(_SINGLE, self._counts, strict=True) if count
        )

    def _mean(self, share: _Share) -> GroupMean:
        """Return the mean over groups of a share; groups in which nothing can be shared are left out."""
        histogram: Counter[float] = Counter()
        for counts, groups in self._kinds:
            part, whole = share(counts)
            if whole:
                histogram[part / whole] += groups
        return GroupMean.from_histogram(histogram)


_SINGLE: tuple[Counts, ...] = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))


def _totals(groups: tuple[tuple[Counts, int], ...]) -> Counts:
    """Add up the pairs of all groups."""
    steady, first, second, unanswered = (sum(c[i] * n for c, n in groups) for i in range(4))
    return steady, first, second, unanswered


def _kind(choices: tuple[Winner | None, Winner | None]) -> str:
    """Return which count a pair belongs to."""
    wrong = [choice for choice in choices if choice not in (*WINNERS, None)]
    if wrong or len(choices) != 2:
        raise ValueError(f"choices must be two of {WINNERS} or None, got {choices!r}")
    if None in choices:
        return "unanswered"
    leaning = sum((choice == "first") - (choice == "second") for choice in choices)
    return "steady" if leaning == 0 else "to_first" if leaning > 0 else "to_second"
