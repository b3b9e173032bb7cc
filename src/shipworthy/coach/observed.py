"""What was counted: the eval set, runs, labels and judges, as rules read them. None means *not known*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lock:
    """Whether the plan is locked, and whether the folder still is what was locked."""

    locked: bool = False
    changes: tuple[str, ...] = ()
    """Where the folder differs from the locked plan, in words."""
    moved: tuple[str, ...] = ()
    """Criteria whose bar or definition changed after sealed outcomes were seen, without a fresh holdout."""
    late_slices: tuple[str, ...] = ()
    """Slices that were declared after sealed outcomes were seen."""

    @property
    def holds(self) -> bool:
        """Whether a plan is locked and nothing differs from it."""
        return self.locked and not self.changes


@dataclass(frozen=True)
class Looks:
    """How often sealed outcomes were looked at."""

    taken: int = 0
    """Looks at the locked plan with the candidate."""
    tried: tuple[str, ...] = ()
    """Variants that were looked at on these sealed cases."""
    allowed: int = 1
    """Variants that the plan pays for."""
    once: bool = True
    """Whether the plan allows one look."""


@dataclass(frozen=True)
class Cases:
    """The eval set, counted."""

    n: int = 0
    sealed: int = 0
    """Sealed cases."""
    sealed_groups: int = 0
    by_slice: Mapping[str, int] = field(default_factory=dict)
    """Sealed groups of every slice that a claim needs."""
    leaked: int = 0
    """Sealed cases whose group or input stands in another part too."""
    prompted: tuple[str, ...] | None = None
    """Sealed cases whose text stands in a prompt or an example of a judge."""
    near_twins: int | None = None
    """Sealed cases that are nearly the same as one of another group."""
    sources: Mapping[str, int] | None = None
    """Where cases come from, with counts; cases that do not say so count under an empty name."""
    authors: Mapping[str, int] | None = None
    """Who wrote the cases that no user wrote."""
    by_builder: bool | None = None
    """Whether the people who build the feature wrote all of them."""
    median_days: float | None = None
    """How old the middle case is, where cases are dated."""
    hostile: int | None = None
    """Cases in which somebody tries to break the feature."""
    one_sided: tuple[str, ...] | None = None
    """Criteria about refusing, or about asking back, whose cases all want the same answer."""
    removed_failures: int | None = None
    """Cases taken away after they had failed, without a reason."""


@dataclass(frozen=True)
class Claimed:
    """What the sealed cases can show of one claim."""

    criterion: str
    slice: str | None
    groups: int
    least: int
    """Groups it takes when nothing fails."""
    needed: int | None
    """Groups it takes for a fair chance; None when that cannot be said."""


@dataclass(frozen=True)
class Runs:
    """What was recorded of the variants."""

    variants: Mapping[str, int] = field(default_factory=dict)
    """Variant to its recorded outputs, of all parts: counts alone."""
    open_outputs: int = 0
    """Outputs of the candidate on open cases."""
    sealed_outputs: int = 0
    """Outputs of the candidate on sealed cases, recorded since the lock: a count alone."""
    overlap: float | None = None
    """Share of the candidate's cases that the baseline answered too."""
    random: bool | None = None
    """Whether the same question may get another answer; None when nobody said."""
    acts: tuple[str, ...] | None = None
    """Tools with side effects that it called."""
    untrusted: bool | None = None
    """Whether text of strangers reaches it."""
    same_repeats: float | None = None
    """Share of open cases whose repeats are the same to the letter."""
    quick_repeats: float | None = None
    """Time of later repeats as a share of the first, in the middle case."""
    always_fail: tuple[str, ...] | None = None
    """Open cases that failed at every one of three or more repeats."""
    floating: tuple[str, ...] | None = None
    """Names of models that may be another model tomorrow."""
    unversioned: bool = False
    """Whether the candidate's prompt or code has no fingerprint."""
    dropped: int | None = None
    """Rows that an import left out of the counts."""
    days: int | None = None
    """Days since the youngest outcome of the candidate."""
    cost: float | None = None
    """Mean recorded cost of an open output of the candidate, in USD."""
    priced: bool | None = None
    """Whether the candidate is known to cost money."""
    graded: tuple[str, ...] | None = None
    """Criteria whose scores have more than two levels and no stated cut."""


@dataclass(frozen=True)
class Reading:
    """What people read of the outputs of open cases, before criteria were fixed."""

    read: int = 0
    since_new: int | None = None
    """Outputs read since the last new failure mode."""
    modes: Mapping[str, int] = field(default_factory=dict)
    """Failure mode to outputs that were given it."""
    alone: int = 0
    """Outputs with a failure mode that no other output has."""
    failing: int = 0
    unnamed: int = 0
    """Failing outputs without a failure mode."""
    together: tuple[tuple[str, str, float], ...] = ()
    """Pairs of failure modes, and how much the outputs that have them overlap."""
    other_version: bool | None = None
    """Whether what was read came from another version than the one that is decided about."""


@dataclass(frozen=True)
class Mode:
    """What is recorded of a failure mode beside its definition."""

    id: str
    origin: str | None = None
    """observed, interview, incident, premortem, regulation; None when nobody said."""
    examples: int | None = None
    cases: int | None = None
    """Cases that are meant to provoke it."""
    noticed: str | None = None
    """at once, later, never; None when nobody said."""
    detected: bool | None = None
    """Whether something detects it."""
    untested: int | None = None
    """Controls that nobody tested."""
    prevents: tuple[str, ...] | None = None
    """Tools whose calls a control prevents or asks about."""
    tripwire: bool | None = None


@dataclass(frozen=True)
class Labelled:
    """What people labelled under one criterion."""

    criterion: str
    groups: int = 0
    double: int = 0
    """Groups that two people labelled."""
    kappa: float | None = None
    kappa_low: float | None = None
    seen_first: int = 0
    """Labels given with another person's or a judge's in sight."""
    by_builder: bool | None = None
    expert: bool | None = None
    deferred: int = 0
    old_version: int = 0
    """Labels that were given under another wording of the criterion."""
    median_ms: int | None = None
    long_outputs: bool = False
    in_a_row: int | None = None
    """Most labels without a break."""
    repeated: int = 0
    """Labels given twice by one person without knowing."""
    repeated_same: int = 0


@dataclass(frozen=True)
class Judged:
    """What is known of the judge of one criterion."""

    criterion: str
    judge: str
    calibrated: bool = False
    passing: int = 0
    """Labels on outputs that pass."""
    failing: int = 0
    """Labels on outputs that fail."""
    caught: float | None = None
    """Of outputs that fail, the share it fails."""
    caught_low: float | None = None
    kept: float | None = None
    """Of outputs that pass, the share it passes."""
    kept_low: float | None = None
    corrected: bool = True
    """Whether its rate is corrected for its errors."""
    tries: int = 1
    """Versions of it that were held against the same labels."""
    leaked: tuple[str, ...] = ()
    """Cases among its examples that also calibrate or decide."""
    moved: bool = False
    """Whether model, prompt or criterion changed since."""
    blind_slices: tuple[str, ...] = ()
    """Slices in which it may miss too much, or in which no failure was labelled."""
    code_would_do: bool = False
    same_family: bool | None = None
    human_overlap: int = 0
    """Labels of people on deciding outputs."""
    days: int | None = None
