"""Plan and evidence in, verdict out. Nothing else is read: same values, same verdict."""

from __future__ import annotations

from dataclasses import replace

from shipworthy.decision import error_budget
from shipworthy.decision.claims import Terms, claim
from shipworthy.decision.mix import note_on
from shipworthy.decision.plan import Plan
from shipworthy.decision.question import Question, question_of
from shipworthy.decision.scope import Chosen
from shipworthy.decision.settle import Settled, settle
from shipworthy.domain.evidence import Evidence
from shipworthy.domain.verdict import Claim, LeftOut, Scope, Verdict, Word


def evaluate(plan: Plan, evidence: Evidence, look: error_budget.Look) -> Verdict:
    """Decide.

    Args:
        plan: what was fixed before looking.
        evidence: counts of one variant; `exploratory` says why it can only explore, if so.
        look: which look at the deciding cases this is.

    Returns:
        The verdict. With exploratory evidence it is *not yet*, and `would_be` says what the same
        counts would give at a first look, were they new.
    """
    question = question_of(plan, evidence)
    if not evidence.exploratory:
        level = error_budget.level(plan.error, plan.looks, look, tries=plan.tries)
        return _described(settle(question, level), look, fresh=plan.looks == "once")
    rehearsed = _described(settle(question, plan.error / plan.tries), look, fresh=True)
    return replace(
        rehearsed,
        verdict="not yet",
        would_be=rehearsed.verdict,
        exploratory=True,
        reasons=(*evidence.exploratory, *rehearsed.reasons),
    )


def _described(settled: Settled, look: error_budget.Look, *, fresh: bool) -> Verdict:
    question, word = settled.question, settled.word
    claims = _claims(settled, fresh=fresh)
    return Verdict(
        verdict=word,
        would_be=None,
        exploratory=False,
        variant=question.evidence.variant,
        scope=_scope(question, settled.chosen, claims),
        claims=claims,
        plan=question.plan.sha,
        evidence=question.evidence.digest,
        reasons=_reasons(word, settled.level, claims, look),
        notes=(*question.evidence.notes, *_notes(question)),
        error=question.plan.error,
        look=look.number,
    )


def _notes(question: Question) -> list[str]:
    """Note a mix that is not the traffic's, where a claim over all traffic decides."""
    if question.scope_name or not question.deciding:
        return []
    mix = question.mix(question.deciding[0])
    return [said] if mix is not None and (said := note_on(mix)) else []


def _claims(settled: Settled, *, fresh: bool) -> tuple[Claim, ...]:
    """Return every claim, each at the level that decided about it."""
    question, chosen, levels = settled.question, settled.chosen, settled.levels
    shown = settled.level or question.plan.error
    variant = question.evidence.variant

    def terms(own: float, *, decides: bool = True) -> Terms:
        return Terms(variant, own, levels.whole, own or shown, fresh, decides)

    made: list[Claim] = []
    # Bounds are drawn at the level that decided, so that a bound never says more than the verdict does.
    for tests, own in zip(settled.tested.values(), chosen.levels, strict=True):
        made += [claim(t, terms(own)) for t in tests]
    inside = chosen.included or question.parts
    made += [claim(question.examine(c, inside, also), terms(chosen.across)) for c, also in question.across]
    for criterion in (c for c in question.plan.asked if c.kind == "diagnostic"):
        made.append(claim(question.examine(criterion, question.parts), terms(shown, decides=False)))
    return tuple(made)


def _scope(question: Question, chosen: Chosen, claims: tuple[Claim, ...]) -> Scope:
    if not question.scope_name:
        return Scope(chosen.included, (), None)
    share = {f"{question.scope_name}={value}": part for value, part in question.shares.items()}
    left_out = []
    for part in question.parts:
        if part in chosen.included:
            continue
        open_claims = [c for c in claims if c.slice == part and c.decides and c.state != "holds"]
        worst = max(open_claims, key=lambda c: (c.state == "does not hold", c.p_value or 0.0), default=None)
        left_out.append(
            LeftOut(
                part,
                share[part],
                worst.criterion if worst else "across the scope",
                worst.state if worst else "not shown",
                worst.more_needed if worst else None,
            )
        )
    kept = round(sum(share[p] for p in chosen.included), 9)
    return Scope(chosen.included, tuple(left_out), kept)


def _reasons(word: Word, level: float, claims: tuple[Claim, ...], look: error_budget.Look) -> tuple[str, ...]:
    if level <= 0:
        return (f"look {look.number} has no error left to spend: only fresh cases can confirm",)
    deciding = [c for c in claims if c.decides]
    open_claims = [c for c in deciding if c.state != "holds"]
    if word == "ship":
        return (f"all {len(deciding)} claims hold everywhere in the declared scope",)
    return tuple(
        f"{c.criterion}{f' on {c.slice}' if c.slice else ''}: {c.state}{f' ({c.reason})' if c.reason else ''}"
        for c in open_claims
    )
