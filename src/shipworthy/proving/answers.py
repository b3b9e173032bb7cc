"""The verdict's own answer to one launch: nothing here decides, everything asks `decision`."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.decision.error_budget import Look
from shipworthy.decision.evaluate import evaluate
from shipworthy.decision.plan import Plan
from shipworthy.domain.evidence import Evidence

SHIPS = ("ship", "ship narrower")


@dataclass(frozen=True)
class Answer:
    """What was decided.

    Attributes:
        shipped: the parts that ship; empty when nothing does.
        refused: whether some claim had no number.
    """

    shipped: tuple[str, ...]
    refused: bool


def answer(plan: Plan, evidence: Evidence, look: Look) -> Answer:
    """Return what `decide` would say, without the bounds and prices that describe it."""
    verdict = evaluate(plan, evidence, look)
    shipped = verdict.scope.included if verdict.verdict in SHIPS else ()
    return Answer(shipped, any(claim.reason for claim in verdict.claims))


def lower_bound(plan: Plan, evidence: Evidence, look: Look) -> float | None:
    """Return the bound that `decide` shows for a plan's only claim, or None where it shows none."""
    (claim,) = evaluate(plan, evidence, look).claims
    return claim.lower
