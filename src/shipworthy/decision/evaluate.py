"""Plan and evidence in, verdict out. Nothing else is read: same values, same verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shipworthy.decision import error_budget
from shipworthy.decision.claims import Examined, Terms, claim, examine, state
from shipworthy.decision.measure import Picked, within
from shipworthy.decision.plan import Plan
from shipworthy.decision.scope import Chosen, Levels, Slices, choose, divide
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import Evidence, Tally
from shipworthy.domain.verdict import Claim, LeftOut, Scope, Verdict, Word

EVERYWHERE = "everywhere"
"""The scope of a launch that declares no partition."""


@dataclass(frozen=True)
class Question:
    """Everything the tests need to find their cases."""

    plan: Plan
    evidence: Evidence
    scope_name: str | None
    shares: dict[str, float]

    @property
    def parts(self) -> tuple[str, ...]:
        """The slices that scope is chosen from; one part when there is no partition."""
        return (
            tuple(f"{self.scope_name}={value}" for value in self.shares) if self.scope_name else (EVERYWHERE,)
        )

    def cells(self, parts: tuple[str, ...], also: str | None = None) -> frozenset[int]:
        """Return the cells of the given parts, and within a further slice if one is named."""
        return frozenset(
            i
            for i, names in enumerate(self.evidence.cells)
            if (not self.scope_name or names & set(parts)) and (also is None or also in names)
        )

    def picked(self, criterion: Criterion, parts: tuple[str, ...], also: str | None = None) -> Picked:
        """Return the group outcomes of a criterion inside parts of the scope."""
        tally = self.evidence.tallies.get(criterion.id, Tally())
        return within(tally.groups, self.cells(parts, also))


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
    question = _question(plan, evidence)
    if not evidence.exploratory:
        level = error_budget.level(plan.error, plan.looks, look)
        return _decide(question, level, look, fresh=plan.looks == "once")
    rehearsed = _decide(question, plan.error, look, fresh=True)
    return replace(
        rehearsed,
        verdict="not yet",
        would_be=rehearsed.verdict,
        exploratory=True,
        reasons=(*evidence.exploratory, *rehearsed.reasons),
    )


def _question(plan: Plan, evidence: Evidence) -> Question:
    for name, rule in plan.slices.items():
        if rule.scope:
            return Question(plan, evidence, name, dict(rule.shares))
    return Question(plan, evidence, None, {})


def _across(plan: Plan, scope_name: str | None) -> list[tuple[Criterion, str]]:
    """Return the deciding claims on slices across the partition, as criterion and slice."""
    pairs = []
    for criterion in plan.criteria:
        if criterion.kind == "diagnostic":
            continue
        for name in criterion.slices:
            if name == scope_name:
                continue
            rule = plan.slices[name]
            pairs += [(criterion, f"{name}={v}") for v in rule.shares] if rule.by else [(criterion, name)]
    return pairs


def _decide(question: Question, level: float, look: error_budget.Look, *, fresh: bool) -> Verdict:
    plan, parts = question.plan, question.parts
    deciding = [c for c in plan.criteria if c.kind != "diagnostic"]
    across = _across(plan, question.scope_name)
    levels = divide(level, n_slices=len(parts), has_across=bool(across))
    tested = {part: [_examine(question, c, (part,)) for c in deciding] for part in parts}
    p_values = {part: max((t.p_above for t in tests), default=1.0) for part, tests in tested.items()}

    def worst_across(kept: tuple[str, ...]) -> float:
        return max((_examine(question, c, kept, also).p_above for c, also in across), default=0.0)

    chosen = choose(
        p_values,
        slices=_slices(question),
        levels=levels,
        whole_across=worst_across(parts),
        across=worst_across if across else None,
    )
    word = _word(chosen, tested, question, levels, across)
    claims = _claims(question, tested, across, chosen, levels, level, fresh=fresh)
    return Verdict(
        verdict=word,
        would_be=None,
        exploratory=False,
        variant=question.evidence.variant,
        scope=_scope(question, chosen, claims),
        claims=claims,
        plan=plan.sha,
        evidence=question.evidence.digest,
        reasons=_reasons(word, level, claims, look),
        notes=question.evidence.notes,
        error=plan.error,
        look=look.number,
    )


def _slices(question: Question) -> Slices:
    """Return the slices that scope is chosen from, and whether any group has cases in two of them."""
    parts = set(question.parts)
    home = [names & parts for names in question.evidence.cells]
    shared = any(
        len(frozenset().union(*(home[case.cell] for case in group))) > 1
        for tally in question.evidence.tallies.values()
        for group, _ in tally.groups
    )
    shares = {f"{question.scope_name}={value}": share for value, share in question.shares.items()}
    return Slices(shares or {EVERYWHERE: 1.0}, share_groups=shared)


def _examine(
    question: Question, criterion: Criterion, parts: tuple[str, ...], also: str | None = None
) -> Examined:
    label = also or (parts[0] if question.scope_name and len(parts) == 1 else None)
    return examine(criterion, label, question.picked(criterion, parts, also))


def _word(
    chosen: Chosen,
    tested: dict[str, list[Examined]],
    question: Question,
    levels: Levels,
    across: list[tuple[Criterion, str]],
) -> Word:
    if not any(tested.values()):
        return "not yet"
    if chosen.whole:
        return "ship"
    if chosen.included:
        return "ship narrower"
    refuted = all(any(state(t, levels.whole) == "does not hold" for t in tests) for tests in tested.values())
    whole = question.parts
    refuted_across = any(
        state(_examine(question, c, whole, s), levels.whole) == "does not hold" for c, s in across
    )
    return "do not ship" if refuted or (refuted_across and len(whole) == 1) else "not yet"


def _claims(
    question: Question,
    tested: dict[str, list[Examined]],
    across: list[tuple[Criterion, str]],
    chosen: Chosen,
    levels: Levels,
    level: float,
    *,
    fresh: bool,
) -> tuple[Claim, ...]:
    """Return every claim, each at the level that decided about it."""
    shown = level or question.plan.error
    variant = question.evidence.variant

    def terms(own: float, *, decides: bool = True) -> Terms:
        return Terms(variant, own, levels.whole, own or shown, fresh, decides)

    made: list[Claim] = []
    # Bounds are drawn at the level that decided, so that a bound never says more than the verdict does.
    for tests, own in zip(tested.values(), chosen.levels, strict=True):
        made += [claim(t, terms(own)) for t in tests]
    inside = chosen.included or question.parts
    made += [claim(_examine(question, c, inside, also), terms(chosen.across)) for c, also in across]
    for criterion in (c for c in question.plan.criteria if c.kind == "diagnostic"):
        made.append(claim(_examine(question, criterion, question.parts), terms(shown, decides=False)))
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
