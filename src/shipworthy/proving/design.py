"""A cell of the grid as a value: the plan, and two truths, one where shipping is wrong and one above it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from shipworthy.decision.plan import Plan, PlannedCases
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Looks, PlannedLooks, Slice
from shipworthy.proving.answering import Answers
from shipworthy.proving.laws import Law

PARTITION = "kind"
"""The name of the partition that scope is chosen from, in every cell that has one."""

MIX = "mix"
"""The name of a partition that only weighs."""

LINE = 2.0
"""Where the bar of a waiting time lies; only the share within it matters."""

CAP = 1.0
"""The most that one output can cost."""

HAIR = 1e-9
"""A truth that is no more than this above its bar lies on it: means of equal numbers differ in the last digits."""


@dataclass(frozen=True)
class Ask:
    """One criterion of a cell.

    Attributes:
        bar: on the scale of the group mean, larger is better.
        estimand: as in criteria.yaml.
        kind: goal or guardrail.
        k: for all_of_k and any_of_k.
        chosen: for judged_rate, what the plan says about how labels were chosen.
        across: further slices where it must hold.
        error: its own, where it is held to less than the plan's.
        of_cases: where the bar is asked of answered outputs alone, the least share of the cases that must be answered.
    """

    bar: float
    estimand: str = "rate"
    kind: Literal["goal", "guardrail"] = "goal"
    k: int | None = None
    chosen: str | None = None
    across: tuple[str, ...] = ()
    error: float | None = None
    of_cases: float | None = None

    def criterion(self, name: str) -> Criterion:
        """Return the criterion as the plan holds it."""
        body: dict[str, Any] = {"id": name, "kind": self.kind, "estimand": self.estimand}
        body |= {"bar": {"at_least": self.bar}, "slices": list(self.across)}
        if self.estimand == "mean":
            body |= {"of": "cost_usd", "cap": CAP, "bar": {"at_most": CAP * (1.0 - self.bar)}}
        elif self.estimand == "quantile":
            body |= {"of": "latency_s", "quantile": self.bar, "bar": {"at_most": LINE}}
        else:
            body["scorer"] = {"recorded": name}
        if self.k is not None:
            body["k"] = self.k
        if self.error is not None:
            body["error"] = self.error
        if self.of_cases is not None:
            body["answered"] = {"confidence": f"{name}_sure", "at_least": 0.5, "of_cases": self.of_cases}
        if self.chosen is not None:
            body["labels"] = {"recorded": f"{name}_label", "chosen": self.chosen}
        return Criterion.model_validate(body)


@dataclass(frozen=True)
class Stratum:
    """Groups of one kind: the same slices, the same laws.

    Attributes:
        laws: one for each criterion of the cell.
        n: groups on the holdout.
        slices: the slices they belong to; `kind=…` for the partition.
        weight: their share of the traffic, where it is not their share of the holdout.
    """

    laws: tuple[Law, ...]
    n: int
    slices: frozenset[str] = frozenset()
    weight: float | None = None


Truth = tuple[Stratum, ...]


@dataclass(frozen=True)
class Design:
    """One cell.

    Attributes:
        name: names the cell for ever, and seeds its draws.
        family: what it belongs to on the page.
        asks: the criteria, each with its bar.
        wrong: the truth under which some ship is wrong, at its worst place.
        better: the truth under which the power is counted; the same strata with other laws.
        looks: the plan's policy.
        at: groups of the first stratum at each look, the others in proportion; all of them at once if empty.
        tempted: look only when what was seen so far is above the bar.
        shares: part of the partition to its share of the traffic; empty without a partition.
        weighed: value of a partition that only weighs a claim over all traffic to its share of it.
        tries: variants judged on the same cases, all under the wrong truth but the first under the better.
        paid: whether the plan pays for all of them; else all but the first explore.
        error: the plan's.
        draws: launches drawn under the wrong truth on the small grid.
        better_draws: launches drawn under the better.
        slow: whether the small grid leaves out asking whether bounds cover the better truth.
        outside: why a wrong ship is not the plan's to prevent here, if so; the cell is shown, not judged.
    """

    name: str
    family: str
    asks: tuple[Ask, ...]
    wrong: Truth
    better: Truth
    looks: Looks = "once"
    at: tuple[int, ...] = ()
    tempted: bool = False
    shares: dict[str, float] = field(default_factory=dict)
    weighed: dict[str, float] = field(default_factory=dict)
    tries: int = 1
    paid: bool = True
    error: float = 0.05
    draws: int = 2_000
    better_draws: int = 1_000
    slow: bool = False
    outside: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The criteria's names."""
        return tuple(f"claim{i}" for i in range(len(self.asks)))

    @property
    def parts(self) -> tuple[str, ...]:
        """The slices that scope is chosen from."""
        return tuple(f"{PARTITION}={value}" for value in self.shares)

    def plan(self) -> Plan:
        """Return the plan that is judged."""
        slices = {name: Slice(where={name: "yes"}) for ask in self.asks for name in ask.across}
        if self.shares:
            slices = {PARTITION: Slice(by=PARTITION, shares=self.shares, scope=True)} | slices
        if self.weighed:
            slices |= {MIX: Slice(by=MIX, shares=self.weighed)}
        criteria = tuple(ask.criterion(name) for ask, name in zip(self.asks, self.names, strict=True))
        baseline = "old" if any(ask.estimand == "difference" for ask in self.asks) else None
        groups = sum(stratum.n for stratum in self.wrong)
        return Plan(
            candidate="new", candidate_fingerprint="", baseline=baseline, baseline_fingerprint="", repeats=1,
            baseline_repeats=1 if baseline else 0, criteria=criteria, series={}, slices=slices, error=self.error,
            looks=self.looks, cases=PlannedCases("", groups, groups), tries=self.tries if self.paid else 1,
        )  # fmt: skip

    def asked_at(self, bar: float) -> Design:
        """Return the cell with its only bar moved, which asks whether the bound reaches that far."""
        return replace(self, asks=(replace(self.asks[0], bar=bar),))

    def sizes(self, look: int) -> tuple[int, ...]:
        """Return how many groups of each stratum are in at a look, counted from 0."""
        if not self.at:
            return tuple(stratum.n for stratum in self.wrong)
        return tuple(stratum.n * self.at[look] // self.at[-1] for stratum in self.wrong)

    def sealed(self) -> tuple[int, ...]:
        """Return how many groups of each stratum are sealed up to the planned end of looking, or in all."""
        sizes = self.sizes(self.n_looks - 1)
        if not isinstance(self.looks, PlannedLooks):
            return sizes
        return tuple(n * self.looks.end // sum(sizes) for n in sizes)

    @property
    def promise(self) -> float:
        """The chance of a wrong ship that the plan accepts: a false criterion's own error where it has one."""
        false = [a for i, a in enumerate(self.asks) if mean_truth(self.wrong, i) <= a.bar + HAIR]
        return min([self.error, *(a.error for a in false if a.error is not None and not self.shares)])

    @property
    def n_looks(self) -> int:
        """How many looks there are at most."""
        return max(len(self.at), 1)


def mean_truth(strata: Truth, ask: int) -> float:
    """Return the truth of one criterion over some strata, by their shares of the traffic, or of what is answered of it."""
    laws = [s.laws[ask] for s in strata]
    weights = [
        (s.n if s.weight is None else s.weight) * (law.answered if isinstance(law, Answers) else 1.0)
        for s, law in zip(strata, laws, strict=True)
    ]
    values = [law.truth for law in laws]
    return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)


def mean_answered(strata: Truth, ask: int) -> float:
    """Return the share of outputs that is answered over some strata, by their shares of the traffic; 1 where all are."""
    weights = [s.n if s.weight is None else s.weight for s in strata]
    laws = [s.laws[ask] for s in strata]
    values = [law.answered if isinstance(law, Answers) else 1.0 for law in laws]
    return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)


def is_wrong(design: Design, strata: Truth, included: tuple[str, ...]) -> bool:
    """Whether shipping these parts is wrong: some claim is false in one of them, or across them.

    A truth exactly on the bar is not above it: the claim is false.
    """
    groups: list[Truth] = [tuple(s for s in strata if part in s.slices) for part in included]
    if not design.shares:
        groups = [strata] if included else []
    inside = tuple(s for group in groups for s in group)
    for i, ask in enumerate(design.asks):
        across = [tuple(s for s in inside if name in s.slices) for name in ask.across]
        there = [group for group in [*groups, *across] if group]
        if any(mean_truth(group, i) <= ask.bar + HAIR for group in there):
            return True
        if ask.of_cases is not None and any(
            mean_answered(group, i) <= ask.of_cases + HAIR for group in there
        ):
            return True
    return False


def good_parts(design: Design, strata: Truth) -> dict[str, float]:
    """Return the parts whose claims are all true, each with its share of that traffic."""
    if not design.shares:
        return {}
    shares = dict(zip(design.parts, design.shares.values(), strict=True))
    good = {part: share for part, share in shares.items() if not is_wrong(design, strata, (part,))}
    return {part: share / sum(good.values()) for part, share in good.items()}
