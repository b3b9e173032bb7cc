"""The plan: everything that is fixed before looking, as one value with one hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

from shipworthy.domain.criteria import Criterion, with_shares
from shipworthy.domain.launch import Looks, Slice


@dataclass(frozen=True)
class PlannedCases:
    """The cases that decide: how many, and a fingerprint of what they are.

    Attributes:
        fingerprint: hash over ids, inputs, expectations, groups and tags of the deciding cases.
        n_cases: how many there are.
        n_groups: how many units of independence they form.
    """

    fingerprint: str
    n_cases: int
    n_groups: int


@dataclass(frozen=True)
class Plan:
    """What `lock` fixes: criteria, bars, slices, scorers, candidate, looks, deciding cases."""

    candidate: str
    candidate_fingerprint: str
    baseline: str | None
    baseline_fingerprint: str
    repeats: int
    baseline_repeats: int
    criteria: tuple[Criterion, ...]
    series: dict[str, str]
    """Criterion id to the score series that answers it (a check carries its version)."""
    slices: dict[str, Slice]
    error: float
    looks: Looks
    cases: PlannedCases
    tries: int = 1
    variants: dict[str, str] = field(default_factory=dict)
    """With several tries, every variant and its fingerprint: one that was changed after a look is another plan."""

    @property
    def asked(self) -> tuple[Criterion, ...]:
        """Every claim of the plan: its criteria, and that enough is answered where one asks for that."""
        return with_shares(self.criteria)

    def as_json(self) -> dict[str, object]:
        """Return the plan as plain JSON values; equal plans give equal JSON."""
        looks = self.looks if isinstance(self.looks, str) else self.looks.model_dump(exclude_defaults=True)
        tries = {"tries": self.tries, "variants": self.variants} if self.tries > 1 else {}
        return {
            "candidate": [self.candidate, self.candidate_fingerprint, self.repeats],
            "baseline": [self.baseline, self.baseline_fingerprint, self.baseline_repeats],
            "criteria": [
                c.model_dump(mode="json", by_alias=True, exclude_defaults=True) for c in self.criteria
            ],
            "series": self.series,
            "slices": {n: s.model_dump(mode="json", exclude_defaults=True) for n, s in self.slices.items()},
            "error": self.error,
            "looks": looks,
            "cases": asdict(self.cases),
            **tries,
        }

    @property
    def sha(self) -> str:
        """Name the plan: SHA-256 of its JSON."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


def differences(locked: dict[str, object], now: dict[str, object], prefix: str = "") -> list[str]:
    """Say in words where two plans differ, so that a person can put it right.

    Args:
        locked: `Plan.as_json()` as it was locked.
        now: the same as the folder reads now.
        prefix: path of the part compared; empty at the top.

    Returns:
        One sentence part for each difference, in a fixed order.
    """
    found: list[str] = []
    for key in sorted({*locked, *now}):
        before, after = locked.get(key), now.get(key)
        path = f"{prefix}{key}"
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            found += differences(before, after, f"{path}.")
        elif key == "criteria" and isinstance(before, list) and isinstance(after, list):
            found += differences({c["id"]: c for c in before}, {c["id"]: c for c in after}, f"{path}.")
        else:
            found.append(f"{path}: was {json.dumps(before)}, is {json.dumps(after)}")
    return found
