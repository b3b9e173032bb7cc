"""What may be said at a look: p-values and bounds that keep their error however often one looks.

The plan's policy decides. *Once*: the numbers of a single look. *Up to a planned end*: any-look
p-values, valid under every schedule of looks up to that end. *Open*: an e-process, valid for ever.
So a look has no share of the error that it uses up; what was seen before does not enter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from shipworthy.domain.launch import Looks, PlannedLooks
from shipworthy.statistics.any_look import any_look_p, nominal_level
from shipworthy.statistics.any_look_bounds import lower_at_any_look, upper_at_any_look
from shipworthy.statistics.any_look_power import still_possible
from shipworthy.statistics.e_process import e_lower_bound, e_p_above, e_p_below, e_upper_bound, with_reserve
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable


class Mean(Protocol):
    """A mean over groups with one-sided bounds and p-values for a single look."""

    @property
    def n_groups(self) -> int:
        """How many groups there are."""

    @property
    def estimate(self) -> float:
        """The mean of what was seen."""

    @property
    def method(self) -> str:
        """What bounds and p-values are computed by."""

    def standard_error(self) -> float | NotEstimable:
        """Return the standard error, for display."""

    def lower(self, alpha: float) -> float:
        """Return the lower bound at a one-sided error."""

    def upper(self, alpha: float) -> float:
        """Return the upper bound at a one-sided error."""

    def p_above(self, bar: float) -> float:
        """Return the p-value of "at most the bar"."""

    def p_below(self, bar: float) -> float:
        """Return the p-value of "at least the bar"."""

    def groups_to_show(
        self, *, bar: float, alpha: float, power: float, on_top: bool = False
    ) -> int | NotEstimable:
        """Return about how many groups like these, or how many more, show the mean to be above the bar."""

    @property
    def unit(self) -> GroupMean | NotEstimable:
        """The same groups as values in [0, 1], where they have one value each."""

    def to_unit(self, value: float) -> float:
        """Return a value of the mean's own scale on the scale from 0 to 1."""

    def from_unit(self, value: float) -> float:
        """Return a value of the scale from 0 to 1 on the mean's own scale."""


@dataclass(frozen=True)
class Policy:
    """How often a claim may be looked at.

    Attributes:
        looks: the plan's policy.
        end: the number of groups, for this claim, at which planned looking ends; 0 without such an end.
    """

    looks: Looks
    end: int = 0


@dataclass(frozen=True)
class Looked:
    """A mean as it may be spoken of under a policy; p-values and bounds agree at the bar."""

    mean: Mean
    policy: Policy
    bar: float

    def p_above(self) -> float:
        """Return the p-value of "no better than the bar", valid whenever the policy lets one look."""
        if self.policy.looks == "once":
            return self.mean.p_above(self.bar)
        if isinstance(self.policy.looks, PlannedLooks):
            return self._planned(self.mean.p_above(self.bar), self._unit_bar, self._e_above)
        return self._e_above()

    def p_below(self) -> float:
        """Return the p-value of "at least as good as the bar"; the mirror image."""
        if self.policy.looks == "once":
            return self.mean.p_below(self.bar)
        if isinstance(self.policy.looks, PlannedLooks):
            return self._planned(self.mean.p_below(self.bar), 1.0 - self._unit_bar, self._e_below)
        return self._e_below()

    def lower(self, alpha: float) -> float:
        """Return the lower bound at a one-sided error; at the bar it says what `p_above` says."""
        if self.policy.looks == "once":
            return self.mean.lower(alpha)
        bounds = [self.mean.from_unit(0.0)]
        if isinstance(self.policy.looks, PlannedLooks):
            bounds.append(self._planned_lower(alpha * (1.0 - self._reserve)))
        if (kept := alpha * self._reserve) and not isinstance(unit := self.mean.unit, NotEstimable):
            bounds.append(self.mean.from_unit(e_lower_bound(*unit.arrays, kept)))
        return max(bounds)

    def upper(self, alpha: float) -> float:
        """Return the upper bound at a one-sided error; at the bar it says what `p_below` says."""
        if self.policy.looks == "once":
            return self.mean.upper(alpha)
        bounds = [self.mean.from_unit(1.0)]
        if isinstance(self.policy.looks, PlannedLooks):
            bounds.append(self._planned_upper(alpha * (1.0 - self._reserve)))
        if (kept := alpha * self._reserve) and not isinstance(unit := self.mean.unit, NotEstimable):
            bounds.append(self.mean.from_unit(e_upper_bound(*unit.arrays, kept)))
        return min(bounds)

    def is_out_of_reach(self, alpha: float) -> bool:
        """Whether the bar cannot be shown by the planned end any more, were every further group to pass."""
        unit, looks = self.mean.unit, self.policy.looks
        if not isinstance(looks, PlannedLooks) or looks.reserve or isinstance(unit, NotEstimable):
            return False
        bar, end = self._unit_bar, self.policy.end
        if not 0.0 < bar < 1.0 or unit.n_groups >= end:
            return False
        return not still_possible(unit, bar=bar, end=end, alpha=alpha, graded=self._graded)

    @property
    def method(self) -> str:
        """What bounds and p-values are computed by, and what keeps them valid over looks."""
        if self.policy.looks == "once":
            return self.mean.method
        if isinstance(self.policy.looks, PlannedLooks):
            return f"{self.mean.method}, valid at any look up to {self.policy.end} groups,"
        return "an e-process"

    @property
    def _unit_bar(self) -> float:
        return self.mean.to_unit(self.bar)

    @property
    def _reserve(self) -> float:
        return self.policy.looks.reserve if isinstance(self.policy.looks, PlannedLooks) else 1.0

    @property
    def _graded(self) -> bool:
        """Whether some group has a value between 0 and 1; without values of groups, it is assumed."""
        unit = self.mean.unit
        return isinstance(unit, NotEstimable) or not unit.is_binary

    def _planned_lower(self, alpha: float) -> float:
        bar, end, unit = self._unit_bar, self.policy.end, self.mean.unit
        if not 0.0 < bar < 1.0:
            return self.mean.from_unit(0.0)
        if not isinstance(unit, NotEstimable):
            graded = self._graded
            return self.mean.from_unit(lower_at_any_look(unit, bar=bar, end=end, alpha=alpha, graded=graded))
        level = nominal_level(alpha, n=self.mean.n_groups, end=end, bar=bar)
        return self.mean.lower(level) if level > 0 else 0.0

    def _planned_upper(self, alpha: float) -> float:
        bar, end, unit = self._unit_bar, self.policy.end, self.mean.unit
        if not 0.0 < bar < 1.0:
            return self.mean.from_unit(1.0)
        if not isinstance(unit, NotEstimable):
            graded = self._graded
            return self.mean.from_unit(upper_at_any_look(unit, bar=bar, end=end, alpha=alpha, graded=graded))
        level = nominal_level(alpha, n=self.mean.n_groups, end=end, bar=1.0 - bar)
        return self.mean.upper(level) if level > 0 else 1.0

    def _planned(self, p: float, bar: float, beyond: Callable[[], float]) -> float:
        """Combine the looks up to the end with the e-process that has the reserved part, if any."""
        if not 0.0 < bar < 1.0:
            return 1.0
        found = any_look_p(p, n=self.mean.n_groups, end=self.policy.end, bar=bar, graded=self._graded)
        return with_reserve(found, beyond(), reserve=self._reserve) if self._reserve else found

    def _e_above(self) -> float:
        unit = self.mean.unit
        return 1.0 if isinstance(unit, NotEstimable) else e_p_above(*unit.arrays, self._unit_bar)

    def _e_below(self) -> float:
        unit = self.mean.unit
        return 1.0 if isinstance(unit, NotEstimable) else e_p_below(*unit.arrays, self._unit_bar)
