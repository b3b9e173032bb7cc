"""Outcome: what the signed decision foresaw beside what audited outputs say since; reads only, and takes no look."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shipworthy.decision.foreseen import brier_score, came
from shipworthy.domain.decision import Decision
from shipworthy.domain.errors import FolderHasProblems, Refused
from shipworthy.domain.problem import Problem
from shipworthy.domain.promise import Incident
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative.claim import ClaimRow, rows
from shipworthy.services.pressure_test import known_verdict
from shipworthy.services.watch import Standing, watch
from shipworthy.statistics.results import NotEstimable
from shipworthy.store.decision_file import read_decisions
from shipworthy.store.layout import Layout
from shipworthy.store.promises import read_incidents
from shipworthy.store.read import Reading, read_launch


@dataclass(frozen=True)
class Beside:
    """One claim of the signed verdict, and where its promise stands; None where nothing was promised of it."""

    predicted: ClaimRow
    actual: Standing | None

    @property
    def below(self) -> bool:
        """Whether fewer audited outputs passed than the bound that was predicted; by itself this is no breach."""
        claim, seen = self.predicted.claim, self.actual.watched.detector.outputs if self.actual else 0
        if self.actual is None or not seen or claim.lower is None:
            return False
        return self.actual.watched.passed / seen < claim.lower


@dataclass(frozen=True)
class Reviewed:
    """What was foreseen and what came.

    Attributes:
        file: the decision, by its file.
        decision: as it was signed.
        signed_on: the day of that.
        today: the day of asking.
        beside: predicted beside actual, claim by claim.
        others: promises that no claim of the verdict is about.
        incidents: what was written down since.
        came: whether every promise was kept; None while that is open.
        brier: the score of the chance that was stated; why there is none.
        missing: what is not there, and what would bring it.
    """

    file: str
    decision: Decision
    signed_on: str
    today: dt.date
    beside: tuple[Beside, ...]
    others: tuple[Standing, ...]
    incidents: tuple[Incident, ...]
    came: bool | None
    brier: float | NotEstimable
    missing: tuple[str, ...]

    @property
    def due(self) -> bool:
        """Whether the day of review has come."""
        return self.decision.review_on is not None and self.today >= self.decision.review_on


def outcome(folder: Path, *, today: dt.date | None = None) -> Reviewed:
    """Set predicted beside actual, for the decision that was signed last.

    Args:
        folder: the launch folder.
        today: the day of asking; today unless said.

    Raises:
        Refused: nothing was signed.
        FolderHasProblems: the folder, its promises or its incidents have mistakes.
    """
    reading = read_launch(folder)
    problems: list[Problem] = list(reading.problems)
    incidents = tuple(read_incidents(reading.layout, problems).values())
    if problems:
        raise FolderHasProblems(problems)
    file, signed, decision = _last(reading.layout)
    missing: list[str] = []
    standings = _standings(folder, missing)
    said = _predicted(reading, known_verdict(folder), signed, missing)
    day = today or dt.datetime.now().astimezone().date()
    due = decision.review_on is not None and day >= decision.review_on
    happened = came([each.status for each in standings], due=due)
    if decision.expect is None:
        missing.append("no chance was stated at the signing: next time `shipworthy sign --expect 0.8`")
    settled = [(decision.expect, happened)] if decision.expect is not None and happened is not None else []
    named = {(each.promise.criterion, each.promise.slice): each for each in standings}
    beside = tuple(Beside(row, named.pop((row.ref.criterion, row.ref.slice or ""), None)) for row in said)
    return Reviewed(
        file, decision, str(signed.get("at", ""))[:10], day, beside, tuple(named.values()), incidents, happened,
        brier_score(settled), tuple(missing),
    )  # fmt: skip


def _last(layout: Layout) -> tuple[str, dict[str, Any], Decision]:
    """Return the decision that was signed last."""
    found = []
    for name, content in read_decisions(layout).items():
        signed = content["signed"] if content else {}
        try:
            decision = Decision.model_validate(signed.get("decision"), strict=False)
        except ValidationError:
            continue  # `verify` says what is wrong with it
        found.append((str(signed.get("at", "")), name, signed, decision))
    if not found:
        raise Refused(
            "no decision was signed, so nothing was foreseen",
            where="decisions/",
            remedy=f"decide, write the memo, then `shipworthy sign {layout.folder}`",
        )
    _, name, signed, decision = max(found, key=lambda each: each[:2])
    return name, signed, decision


def _standings(folder: Path, missing: list[str]) -> tuple[Standing, ...]:
    try:
        return watch(folder).standings
    except Refused as refused:
        missing.append(f"{refused.what}: {refused.remedy}")
        return ()


def _predicted(
    reading: Reading, verdict: Verdict | None, signed: dict[str, Any], missing: list[str]
) -> list[ClaimRow]:
    """Return the claims of the signed verdict that decide, inside its scope; none where the evidence is another now."""
    if verdict is None or verdict.evidence != signed.get("evidence"):
        missing.append(
            "the evidence is not what was signed over, so its claims are not shown: `shipworthy verify` says more"
        )
        return []
    kept_out = {out.slice for out in verdict.scope.excluded} if verdict.scope.included else set()
    return [
        row for row in rows(verdict, reading.criteria) if row.claim.decides and row.ref.slice not in kept_out
    ]
