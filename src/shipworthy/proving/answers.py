"""The verdict's own answer to one launch: nothing here decides, everything asks `decision`."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.decision import error_budget
from shipworthy.decision.error_budget import Look
from shipworthy.decision.evaluate import evaluate
from shipworthy.decision.plan import Plan
from shipworthy.decision.question import question_of
from shipworthy.decision.settle import settle
from shipworthy.domain.evidence import Evidence
from shipworthy.statistics.results import NotEstimable


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
    """Return what `decide` would say, without the bounds and prices that describe it.

    `evaluate` settles what it describes in the same two steps, and evidence that explores ships nothing there.
    """
    if evidence.exploratory:
        return Answer((), refused=False)
    level = error_budget.level(plan.error, plan.looks, look, tries=plan.tries)
    settled = settle(question_of(plan, evidence), level)
    tests = (test for each in settled.tested.values() for test in each)
    return Answer(settled.chosen.included, any(isinstance(test.looked, NotEstimable) for test in tests))


def lower_bound(plan: Plan, evidence: Evidence, look: Look) -> float | None:
    """Return the bound that `decide` shows for a plan's only claim, or None where it shows none."""
    (claim,) = evaluate(plan, evidence, look).claims
    return claim.lower
