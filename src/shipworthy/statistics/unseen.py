"""How much has nobody seen yet: failure modes that the next output may show for the first time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from scipy.special import ndtri

from shipworthy.statistics import validate
from shipworthy.statistics.results import NotEstimable

SETTINGS = (0.85, 0.45)
"""Shares of the groups set aside in thought: the first is sharp where hardly a mode was seen once, the second where many were."""

RESOLUTION = 1e-12
_ROUNDED = 1e-9


@dataclass(frozen=True)
class Unseen:
    """What the failure modes seen among n reviewed groups say about those not seen.

    Estimand: the chance that one more group shows a failure mode that none of the n showed.

    The estimate is Good and Turing's: the share of groups that showed a mode no other group showed. The
    bound is exact for any number of groups and any modes. Set m of the n groups aside: were the unseen
    modes worth u to the groups left, the m would bring nothing new with a chance of (1 - u)^m. So 1 / (1 - u)^m
    where they bring nothing new, and 0 where they do, is 1 on average; so is its average over every way
    to set groups aside, each with a chance of `SETTINGS`, and that average is a product over the modes. The
    bound is the u at which it reaches 1/alpha.

    Assumptions: reviewed groups are independent and drawn alike from the traffic, and the coding is stable:
    two people give one failure the same name. It fails when reviewers look for what they know, or when
    a mode comes with something that has not happened yet, as a new customer does.

    Source: Good (1953), Biometrika 40, 237-264; Robbins (1968), Annals of Mathematical Statistics 39,
    256-257, for one group more; Vovk and Wang (2021), Annals of Statistics 49(3), 1736-1754, for averages
    of e-values, of which the bound is one.

    Attributes:
        reviewed: how many groups were reviewed.
        modes: by failure mode, the number of groups that showed it, ascending.
        alone: groups that showed a mode no other group showed.
        owned: as `modes`, each group counted for its rarest mode only.
        shared: of modes that own no group by then, the groups that showed them.

    Example: 100 groups; three modes once, one twice, one twelve times.
        >>> unseen = Unseen.from_counts(reviewed=100, modes={"a": 1, "b": 1, "c": 1, "d": 2, "e": 12})
        >>> unseen.estimate, round(unseen.upper(0.05), 4)
        (0.03, 0.1117)
    """

    reviewed: int
    modes: tuple[int, ...]
    alone: int
    owned: tuple[int, ...]
    shared: tuple[int, ...] = ()

    @classmethod
    def from_counts(cls, *, reviewed: int, modes: Mapping[str, int]) -> Unseen:
        """Build from counts where a group shows one failure mode at most.

        Args:
            reviewed: groups reviewed, at least 1; those without a failure are among them.
            modes: failure mode to groups that showed it.
        """
        reviewed = validate.count("reviewed", reviewed, least=1)
        counts = tuple(sorted(c for name, c in modes.items() if validate.count(f"count of {name}", c)))
        if sum(counts) > reviewed:
            raise ValueError(f"modes must add up to at most reviewed = {reviewed}, got {sum(counts)}")
        return cls(reviewed, counts, counts.count(1), counts)

    @classmethod
    def from_groups(cls, groups: Iterable[Collection[str]]) -> Unseen:
        """Build from the failure modes of every reviewed group, an empty collection where there was none.

        Args:
            groups: for each group the names of the modes it showed; a name counts once in a group.
        """
        given = [frozenset(group) for group in groups]
        counts = Counter(mode for group in given for mode in group)
        if not given:
            raise ValueError("groups must hold at least one group, got none")
        # Each group is given to its rarest mode. Fewer chances to be seen make the bound larger, never smaller.
        owners = Counter(min(group, key=lambda m: (counts[m], m)) for group in given if group)
        # A mode whose groups all belong to a rarer one is seen wherever that one is, if it covers it.
        left = [m for m in counts if m not in owners and not _covered(m, set(owners), given)]
        return cls(
            reviewed=len(given),
            modes=tuple(sorted(counts.values())),
            alone=sum(any(counts[m] == 1 for m in group) for group in given),
            owned=tuple(sorted(owners.values())),
            shared=tuple(sorted(counts[m] for m in left)),
        )

    @property
    def estimate(self) -> float:
        """Good and Turing's estimate; 0 says only that every mode was seen twice."""
        return self.alone / self.reviewed

    def upper(self, alpha: float) -> float:
        """Return the bound that is below the true chance with a chance of at most `alpha`."""
        alpha = validate.between("alpha", alpha)
        goal = -math.log(alpha) + _ROUNDED
        low, high = 0.0, 1.0
        while high - low > RESOLUTION:
            middle = (low + high) / 2
            low, high = (low, middle) if self._evidence(middle) >= goal else (middle, high)
        return high

    def approximate_upper(self, alpha: float) -> float:
        """Return Esty's normal bound, approximate and narrower: for display, never for a verdict.

        It was wrong in up to 35 of 100 reviews at a stated 5 where there are few modes, all of them rare.
        """
        z = -float(ndtri(validate.between("alpha", alpha)))
        n, once, twice = self.reviewed, self.alone, self.modes.count(2)
        spread = math.sqrt(once * (1 - once / n) + 2 * twice) / n
        return min(self.estimate + z * spread, 1.0)

    def least_modes(self) -> float:
        """Return Chao's estimate of a number that there are at least: modes seen and some of the unseen.

        On average it is below the number there really is: a lower bound in that sense only. It says
        nothing of how many more there may be; no number could.
        """
        once, twice, n = self.modes.count(1), self.modes.count(2), self.reviewed
        return len(self.modes) + (n - 1) / n * once * (once - 1) / (2 * (twice + 1))

    def expected_modes(self, reviewed: int) -> float:
        """Return how many modes fewer reviewed groups would have shown, on average over all choices of them.

        Args:
            reviewed: from 0 to the number of groups; all of these values make the saturation curve.
        """
        t = validate.count("reviewed", reviewed)
        if t > self.reviewed:
            raise ValueError(f"reviewed must be at most {self.reviewed}, got {t}; use new_modes beyond it")
        ways = math.comb(self.reviewed, t)
        # Whole numbers of any size divide exactly, and a mode is missed by every choice among the other groups.
        return math.fsum((ways - math.comb(self.reviewed - c, t)) / ways for c in self.modes)

    def new_modes(self, further: int) -> float | NotEstimable:
        """Return how many new modes so many further groups would show, as far as that can be estimated.

        Args:
            further: from 1; more than were reviewed cannot be foreseen.

        Returns:
            Good and Toulmin's estimate, not below 0; or that it looks too far ahead. It is unbiased, and a
            guess where few modes were seen once or twice.
        """
        m = validate.count("further", further, least=1)
        if m > self.reviewed:
            return NotEstimable(
                f"{self.reviewed} reviewed groups say nothing about more than {self.reviewed} further ones"
            )
        ratio = m / self.reviewed
        return max(-math.fsum((-ratio) ** c for c in self.modes), 0.0)

    def _evidence(self, u: float) -> float:
        """Return the log of the averaged evidence against "the unseen are worth u or more"."""
        logs = [_log_cover(share, u, self) for share in SETTINGS]
        top = max(logs)
        if top == -math.inf:
            return top
        return top + math.log(math.fsum(math.exp(value - top) for value in logs) / len(logs))


def none_seen(*, reviewed: int, alpha: float) -> float:
    """Return the bound on the chance of any failure where no reviewed group showed one.

    Estimand: the chance that one more group shows a failure of any kind, seen before or not.

    Args:
        reviewed: groups reviewed, at least 1, all without a failure.
        alpha: chance, in (0, 1), that the bound is below the truth.

    Assumptions: groups are independent and drawn alike. It is the bound of Clopper and Pearson and the
    sharpest there is for this case; it is about every failure, where `Unseen` is about new ones only.

    Source: Hanley and Lippman-Hand (1983), JAMA 249(13), 1743-1745.

    Example: nothing wrong in 100 outputs, and still up to 3 of 100 may be.
        >>> round(none_seen(reviewed=100, alpha=0.05), 4)
        0.0295
    """
    n = validate.count("reviewed", reviewed, least=1)
    return min(-math.expm1(math.log(validate.between("alpha", alpha)) / n) * (1.0 + _ROUNDED), 1.0)


def _log_cover(share: float, u: float, seen: Unseen) -> float:
    """Return the log of the average of 1 / (1 - u)^m over groups set aside that bring nothing new.

    A group set aside counts z = 1 / (1 - u), so a group weighs 1 - share + share z, and the modes seen
    only among those set aside are taken away: a product, as no group is counted for two modes.
    """
    if u >= 1.0:
        return math.inf
    heavier = 1.0 + share * u / (1.0 - u)
    aside = share / (1.0 - u) / heavier
    covered = math.fsum(math.log1p(-(aside**c)) for c in seen.owned) if aside < 1.0 else -math.inf
    missed = math.fsum(aside**c for c in seen.shared)
    left = 1.0 - missed * math.exp(min(-covered, 600.0))
    return seen.reviewed * math.log(heavier) + covered + math.log(left) if left > 0.0 else -math.inf


def _covered(mode: str, owners: set[str], groups: list[frozenset[str]]) -> bool:
    """Say whether some owner shows up only where the mode does: whoever sees the owner sees the mode."""
    return any(all(mode in group for group in groups if owner in group) for owner in owners)
