"""The verdict: what the rules computed, in the shape of the JSON contract `shipworthy.verdict/1`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

SCHEMA = "shipworthy.verdict/1"
Word = Literal["ship", "ship narrower", "not yet", "do not ship"]
State = Literal["holds", "does not hold", "not shown"]


UNLOCKED = "no plan is locked"
WAITING = "the plan is locked, and nothing has been recorded on the holdout yet"
SEALED = "the plan is locked, and the holdout has not been opened with what is recorded now"
CHANGED = "the folder is not what was locked"
UNCALIBRATED = "the judge has not been shown to be worth anything"
SUSPENDED = "the judge is suspended"
"""How the reasons of an exploratory verdict begin; what comes next depends on which it is."""


class ExitCode(IntEnum):
    """Exit codes are an interface: scripts and CI rely on them."""

    SHIP = 0
    FAILED = 1
    USAGE = 2
    PROBLEMS = 3
    SHIP_NARROWER = 10
    NOT_YET = 11
    DO_NOT_SHIP = 12
    BREACHED = 13


EXIT_OF: dict[str, ExitCode] = {
    "ship": ExitCode.SHIP,
    "ship narrower": ExitCode.SHIP_NARROWER,
    "not yet": ExitCode.NOT_YET,
    "do not ship": ExitCode.DO_NOT_SHIP,
}

SHIPS: tuple[Word, ...] = ("ship", "ship narrower")
"""The words on which somebody may act."""


@dataclass(frozen=True)
class MoreNeeded:
    """The price of an answer: so many more cases, if the true value is what we hope."""

    cases: int
    assuming: float
    power: float
    fresh: bool
    """True when the cases in hand cannot be added to: they explored, or their one look is spent."""
    kind: Literal["rate", "difference", "mean"] = "rate"
    """What `assuming` is: a rate, a gain over the baseline, or a mean on the criterion's own scale."""


@dataclass(frozen=True)
class BarLine:
    """The bar of a claim."""

    op: Literal[">=", "<="]
    value: float


@dataclass(frozen=True)
class JudgeFacts:
    """How good the judge of a claim is, by the labels that correct it; shown, and part of no claim."""

    labels: int
    """Outputs that a person labelled."""
    judge_rate: float
    """The share that the judge passed: not the rate of the claim."""
    catches: float | None = None
    """The share of bad outputs that it does not pass."""
    accuses: float | None = None
    """The share of good outputs that it does not pass."""
    worth: float | None = None
    """How many labels one further judged output is worth."""


@dataclass(frozen=True)
class Likely:
    """A two-sided interval to look at: on average over rates it covers as often as `level` says."""

    lower: float
    upper: float
    level: float


@dataclass(frozen=True)
class Claim:
    """One tested hypothesis with its counts, bounds and state."""

    criterion: str
    variant: str
    slice: str | None
    kind: str
    estimand: str
    bar: BarLine
    planned: int
    passed: int
    failed: int
    unscored: int
    no_answer: int
    cases: int
    groups: int
    repeats: int
    estimate: float | None
    lower: float | None
    upper: float | None
    level: float
    method: str
    state: State
    more_needed: MoreNeeded | None
    p_value: float | None = None
    standard_error: float | None = None
    decides: bool = True
    """False for a diagnostic, and for a slice that is only shown."""
    reason: str = ""
    """Why there is no number, when there is none."""
    flips: dict[str, int] | None = None
    """For a difference: groups fixed, broken and unchanged against the baseline."""
    judge: JudgeFacts | None = None
    """For a judged rate: how good the judge is."""
    likely: Likely | None = None
    """Where the true value probably lies; shown, and no state is made from it."""
    handed_over: int | None = None
    """For a rate among answered outputs: how many were not answered; None where every output is."""

    @property
    def counted(self) -> int:
        """Outputs that the rate is about: all that were planned, or those that were not handed over."""
        return self.planned - (self.handed_over or 0)


@dataclass(frozen=True)
class LeftOut:
    """A slice outside the scope: which claim keeps it out, and what showing it would take."""

    slice: str
    share: float | None
    claim: str
    state: State
    more_needed: MoreNeeded | None


@dataclass(frozen=True)
class Scope:
    """Who the verdict is about."""

    included: tuple[str, ...] = ()
    excluded: tuple[LeftOut, ...] = ()
    traffic_share: float | None = None


@dataclass(frozen=True)
class Verdict:
    """The computed answer, its reasons and its price; everything here is a function of plan and evidence."""

    verdict: Word
    would_be: Word | None
    exploratory: bool
    variant: str
    scope: Scope
    claims: tuple[Claim, ...]
    plan: str
    evidence: str
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    error: float = 0.05
    look: int = 0
    blocked_by: tuple[str, ...] = field(default=())
    """Open challenges that hold back a ship, each as its id and its name; put here by the service that decides."""

    @property
    def exit_code(self) -> ExitCode:
        """What `decide` exits with: a ship that is held back is no ship."""
        return ExitCode.NOT_YET if self.blocked_by and self.verdict in SHIPS else EXIT_OF[self.verdict]
