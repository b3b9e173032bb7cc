"""Where each claim finds its cases: the parts of the scope, and further slices inside them."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.decision.claims import Examined, attainable, examine, passes_or_fails
from shipworthy.decision.looking import Policy
from shipworthy.decision.measure import Picked, within
from shipworthy.decision.mix import Mix
from shipworthy.decision.plan import Plan
from shipworthy.decision.scope import Slices
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import Evidence, Tally
from shipworthy.domain.launch import PlannedLooks

EVERYWHERE = "everywhere"
"""The scope of a launch that declares no partition."""

COUNTABLE = 1_000
"""With more groups than this in a part, single passes are so little that nothing is gained by counting them."""


@dataclass(frozen=True)
class Question:
    """Everything the tests need to find their cases.

    Attributes:
        plan: what was fixed before looking.
        evidence: counts of one variant.
        scope_name: the partition that scope is chosen from; None when there is none.
        shares: value of that partition to its share of the traffic.
    """

    plan: Plan
    evidence: Evidence
    scope_name: str | None
    shares: dict[str, float]

    @property
    def parts(self) -> tuple[str, ...]:
        """The slices that scope is chosen from; one part when there is no partition."""
        return (
            tuple(f"{self.scope_name}={value}" for value in self.shares) if self.scope_name else (EVERYWHERE,)
        )

    @property
    def deciding(self) -> list[Criterion]:
        """Goals and guardrails."""
        return [c for c in self.plan.asked if c.kind != "diagnostic"]

    @property
    def across(self) -> list[tuple[Criterion, str]]:
        """The deciding claims on slices across the partition, as criterion and slice."""
        pairs = []
        for criterion in self.deciding:
            for name in criterion.slices:
                if name == self.scope_name:
                    continue
                rule = self.plan.slices[name]
                pairs += [(criterion, f"{name}={v}") for v in rule.shares] if rule.by else [(criterion, name)]
        return pairs

    @property
    def slices(self) -> Slices:
        """What is known of the parts before their outcomes."""
        parts = set(self.parts)
        home = [names & parts for names in self.evidence.cells]
        shared = any(
            len(frozenset().union(*(home[case.cell] for case in group))) > 1
            for tally in self.evidence.tallies.values()
            for group, _ in tally.groups
            if len(group) > 1
        )
        shares = {f"{self.scope_name}={value}": share for value, share in self.shares.items()}
        return Slices(shares or {EVERYWHERE: 1.0}, share_groups=shared, attainable=self._attainable())

    def _attainable(self) -> dict[str, list[float]] | None:
        """Return every p-value that a part can have, where there is one look and groups can only pass or fail."""
        if self.plan.looks != "once" or len(self.parts) < 2:
            return None
        found = {part: values for part in self.parts if (values := self._attainable_in(part))}
        return found or None

    def _attainable_in(self, part: str) -> list[float]:
        values: set[float] = set()
        for criterion in self.deciding:
            picked = self.picked(criterion, self.cells((part,)))
            groups = sum(n for _, n in picked)
            if not 0 < groups <= COUNTABLE or not passes_or_fails(criterion, picked):
                return []
            values |= attainable(criterion, groups, error=self.plan.error)
        return sorted(values)

    def cells(self, parts: tuple[str, ...], also: str | None = None) -> frozenset[int]:
        """Return the cells of the given parts, and within a further slice if one is named."""
        return frozenset(
            i
            for i, names in enumerate(self.evidence.cells)
            if (not self.scope_name or names & set(parts)) and (also is None or also in names)
        )

    def picked(self, criterion: Criterion, cells: frozenset[int]) -> Picked:
        """Return the group outcomes of a criterion inside the given cells."""
        return within(self.evidence.tallies.get(criterion.id, Tally()).groups, cells)

    def policy(self, cells: frozenset[int]) -> Policy:
        """Return how often the given cells may be looked at; their planned end is their share of the plan's.

        A rehearsal on open cases is a single look.
        """
        looks = self.plan.looks
        if self.evidence.exploratory or not isinstance(looks, PlannedLooks):
            return Policy("once" if self.evidence.exploratory else looks)
        here = sum(groups for touched, groups in self.evidence.sealed if touched & cells)
        return Policy(looks, here or looks.end)

    def examine(self, criterion: Criterion, parts: tuple[str, ...], also: str | None = None) -> Examined:
        """Measure and test a criterion inside parts of the scope, and within a further slice if one is named."""
        label = also or (parts[0] if self.scope_name and len(parts) == 1 else None)
        cells = self.cells(parts, also)
        return examine(
            criterion,
            label,
            self.picked(criterion, cells),
            policy=self.policy(cells),
            error=self.plan.error,
            mix=self.mix(criterion) if parts == self.parts and also is None else None,
        )

    @property
    def partition(self) -> tuple[str, dict[str, float]] | None:
        """The partition that weighs a claim over all traffic: the scope's, else the first one with shares."""
        if self.scope_name:
            return (self.scope_name, self.shares) if len(self.shares) > 1 else None
        found = (
            (name, dict(rule.shares)) for name, rule in self.plan.slices.items() if rule.by and rule.shares
        )
        return next(found, None)

    def mix(self, criterion: Criterion) -> Mix | None:
        """Return the outcomes of a criterion by the slices of the traffic; None where groups lie in several."""
        if self.partition is None:
            return None
        name, shares = self.partition
        tally = self.evidence.tallies.get(criterion.id, Tally()).groups
        cells = {
            value: frozenset(i for i, names in enumerate(self.evidence.cells) if f"{name}={value}" in names)
            for value in shares
        }
        home = {cell: value for value, there in cells.items() for cell in there}
        if any(len({home.get(case.cell) for case in group}) > 1 for group, _ in tally if len(group) > 1):
            return None
        if any(home.get(case.cell) is None for group, _ in tally for case in group):
            return None
        total = sum(shares.values())  # people round: 0.333 three times is meant to be all of it
        return Mix(
            {value: share / total for value, share in shares.items()},
            {value: within(tally, there) for value, there in cells.items()},
        )


def question_of(plan: Plan, evidence: Evidence) -> Question:
    """Return the question that a plan asks of evidence."""
    for name, rule in plan.slices.items():
        if rule.scope:
            return Question(plan, evidence, name, dict(rule.shares))
    return Question(plan, evidence, None, {})
