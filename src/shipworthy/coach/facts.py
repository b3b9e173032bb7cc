"""A launch and its evidence as the rules read them: a frozen value that a service builds from folder and ledger.

What the product does not record, or what was not asked for, is None: *not known*. A rule that needs it stays silent
and is counted as not asked; nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from shipworthy.coach.observed import Cases, Claimed, Judged, Labelled, Lock, Looks, Mode, Reading, Runs
from shipworthy.coach.policy import Policy
from shipworthy.coach.recorded import (
    ArgumentClaim,
    Assumption,
    Incident,
    Interview,
    Memo,
    Personal,
    Premortem,
    Promise,
    Regulated,
    ReviewHeld,
    ScopeWords,
    Signed,
    Stage,
    Theme,
    Tripwire,
)
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Launch
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.verdict import Verdict

SEVERE = frozenset({"harmful", "unacceptable"})


@dataclass(frozen=True)
class Facts:
    """Everything the rules may read.

    Attributes:
        launch: the brief.
        criteria: what would count as good enough.
        taxonomy: the failure modes.
        today: the day it is asked.
        folder: the launch's folder as a command takes it.
        policy: thresholds, perhaps a company's own.
        lock: whether and since when the plan is locked.
        looks: how often sealed outcomes were looked at.
        cases: the eval set.
        claimed: what the sealed cases can show, claim by claim.
        runs: what was recorded of variants.
        verdict: what the counts say, when that may be known without a look.
        reading: what people read of open outputs.
        modes: what is recorded of failure modes.
        labels: what people labelled, criterion by criterion.
        judges: what is known of judges.
        interviews: who was talked to.
        themes: what came of it.
        personal: personal data in what is kept.
        assumptions: what the launch rests on.
        premortem: what could go wrong, told beforehand.
        regulated: whether rules of a trade apply.
        independent_review: whether somebody who did not build it reviewed it.
        stages: how it goes live.
        scope_words: who gets it and what happens when it fails.
        tripwires: what ends it.
        promises: what stays true.
        incidents: what went wrong since.
        reviews: calls with reviewers.
        argument: claims and counter-arguments.
        signed: the signed decision.
        memo: the memo.
    """

    launch: Launch
    criteria: tuple[Criterion, ...] = ()
    taxonomy: tuple[FailureMode, ...] = ()
    today: dt.date = dt.date(1970, 1, 1)
    folder: str = "."
    policy: Policy = field(default_factory=Policy)
    lock: Lock | None = None
    looks: Looks | None = None
    cases: Cases | None = None
    claimed: tuple[Claimed, ...] | None = None
    runs: Runs | None = None
    verdict: Verdict | None = None
    reading: Reading | None = None
    modes: tuple[Mode, ...] | None = None
    labels: tuple[Labelled, ...] | None = None
    judges: tuple[Judged, ...] | None = None
    interviews: tuple[Interview, ...] | None = None
    themes: tuple[Theme, ...] | None = None
    personal: Personal | None = None
    assumptions: tuple[Assumption, ...] | None = None
    premortem: Premortem | None = None
    regulated: Regulated | None = None
    independent_review: bool | None = None
    stages: tuple[Stage, ...] | None = None
    scope_words: ScopeWords | None = None
    tripwires: tuple[Tripwire, ...] | None = None
    promises: tuple[Promise, ...] | None = None
    incidents: tuple[Incident, ...] | None = None
    reviews: tuple[ReviewHeld, ...] | None = None
    argument: tuple[ArgumentClaim, ...] | None = None
    signed: Signed | None = None
    memo: Memo | None = None

    @property
    def deciding(self) -> tuple[Criterion, ...]:
        """Goals and guardrails."""
        return tuple(c for c in self.criteria if c.kind != "diagnostic")

    @property
    def severe(self) -> tuple[FailureMode, ...]:
        """Failure modes that harm somebody."""
        return tuple(mode for mode in self.taxonomy if mode.severity in SEVERE)

    @property
    def is_severe(self) -> bool:
        """Whether anything that can fail is harmful."""
        return bool(self.severe) or any(c.severity in SEVERE for c in self.deciding)
