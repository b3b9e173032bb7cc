"""What is wrong with an eval set, as values: each finding with its place, why it matters, and a remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shipworthy.decision.parts import independent
from shipworthy.domain.evalset import Case

Kind = Literal[
    "twins across parts", "leak", "conflict", "twins in two groups", "groups that melt", "labels that disagree",
    "thin slice", "no holdout", "coverage", "one source", "stale", "no text",
]  # fmt: skip
ORDER: tuple[Kind, ...] = (
    "twins across parts", "leak", "no holdout", "twins in two groups", "groups that melt", "conflict",
    "labels that disagree", "thin slice", "coverage", "one source", "stale", "no text",
)  # fmt: skip
"""The worst first."""

SEALED = frozenset({"holdout", "calibrate"})
"""Parts whose cases nobody and nothing may have seen."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with an eval set.

    Attributes:
        kind: what sort of thing.
        mend: whether it must be mended before a lock.
        what: what was found, one sentence without its full stop.
        where: places as `file:line`.
        why: what it does to a verdict.
        remedy: one thing to do, a command where there is one.
        cases: ids of the cases concerned.
        likeness: of twins and leaks, from 0 to 1.
    """

    kind: Kind
    mend: bool
    what: str
    where: tuple[str, ...]
    why: str
    remedy: str
    cases: tuple[str, ...] = ()
    likeness: float | None = None


@dataclass(frozen=True)
class Cases:
    """The cases of an eval set with their places.

    Attributes:
        cases: in their order.
        places: of each, as `file:line`.
        folder: how the reader called the launch folder, for remedies.
    """

    cases: Sequence[Case]
    places: Sequence[str]
    folder: str

    @property
    def groups(self) -> list[str]:
        """The group of each case, as a verdict counts groups."""
        return independent(self.cases)

    def where(self, *positions: int) -> tuple[str, ...]:
        """Return the places of some cases."""
        return tuple(self.places[position] for position in positions)

    def ids(self, *positions: int) -> tuple[str, ...]:
        """Return the ids of some cases."""
        return tuple(self.cases[position].id for position in positions)


@dataclass(frozen=True)
class Diagnosis:
    """Everything that was found.

    Attributes:
        findings: the worst first.
        cases: how many were examined.
        groups: how many units of independence they form.
        read: files that were searched for cases.
        notes: what could not be examined, in sentences.
    """

    findings: tuple[Finding, ...]
    cases: int
    groups: int
    read: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def must_mend(self) -> bool:
        """Whether something must be mended before a lock."""
        return any(finding.mend for finding in self.findings)


def ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings with what must be mended first, then by kind, then the most alike."""
    return tuple(
        sorted(
            findings, key=lambda f: (not f.mend, ORDER.index(f.kind), -(f.likeness or 0.0), f.where, f.what)
        )
    )
