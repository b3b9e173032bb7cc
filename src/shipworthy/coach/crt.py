"""Criteria: what would count as good enough, why, and since when."""

from __future__ import annotations

import re

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Labelled, Lock, Runs
from shipworthy.coach.rule import Rule, Saw, counted, named
from shipworthy.domain.verdict import Verdict

PLACEHOLDER = "say who drew this line and what happens below it"
"""What stands in a fresh `criteria.yaml`."""
_GUESS = re.compile(r"^\W*(a )?(guess|gut feeling|tbd|todo|to do|xxx|n/?a|none|\?+|-+)\W*$", re.IGNORECASE)
_COMPOUND = re.compile(
    r"\b\w+\b[^?.]*\b(?:and|as well as)\b\s+(?:is|are|does|do|has|have|states?|says?|keeps?|avoids?|gives?|names?)\b|/",
    re.IGNORECASE,
)
_MUST = re.compile(r"\bmust\b", re.IGNORECASE)
_EASY, _EASY_GROUPS = 0.99, 50


def no_link(facts: Facts) -> Saw | None:
    """A criterion is linked to no failure mode, no value and no harm."""
    paid = {h.criterion for h in facts.launch.harm} | (
        {facts.launch.value.criterion} if facts.launch.value else set()
    )
    found = tuple(c.id for c in facts.criteria if not c.failure_modes and c.id not in paid and c.of is None)
    return Saw(f"linked to nothing: {named(found)}", found) if found else None


def no_reason(facts: Facts) -> Saw | None:
    """A bar has no reason."""
    found = tuple(
        c.id
        for c in facts.deciding
        if not c.bar.why.strip() or c.bar.why.strip() == PLACEHOLDER or _GUESS.match(c.bar.why)
    )
    return Saw(f"no reason for the bar of {named(found)}", found) if found else None


def moved_bar(_facts: Facts, lock: Lock) -> Saw | None:
    """A bar changed after sealed outcomes were seen."""
    return Saw(f"changed after the holdout was seen: {named(lock.moved)}", lock.moved) if lock.moved else None


def not_locked(_facts: Facts, lock: Lock) -> Saw | None:
    """Nothing was locked, or the folder is no longer what was locked."""
    if lock.holds:
        return None
    if not lock.locked:
        return Saw("no plan is locked")
    return Saw(f"the folder is not what was locked ({counted(len(lock.changes), 'difference')})")


def compound(facts: Facts) -> Saw | None:
    """One criterion asks two things."""
    found = tuple(
        c.id for c in facts.criteria
        if _COMPOUND.search(c.question) or len([s for s in re.split(r"[.!]\s", c.pass_) if _MUST.search(s)]) > 1
    )  # fmt: skip
    return Saw(f"two questions in one: {named(found)}", found) if found else None


def not_binary(facts: Facts, runs: Runs) -> Saw | None:
    """Scores have several levels, and nobody said which one passes."""
    uncut = {c.id for c in facts.criteria if c.pass_when is None and c.of is None}
    found = tuple(name for name in runs.graded or () if name in uncut)
    return Saw(f"a scale without a cut: {named(found)}", found) if found else None


def no_must_not(facts: Facts) -> Saw | None:
    """No guardrail says what an output must never do."""
    if any(c.kind == "guardrail" and c.of is None for c in facts.criteria):
        return None
    return Saw(
        f"{counted(len(facts.deciding), 'goal or guardrail', 'goals and guardrails')}, and none says what an output must never do"
    )


def zero_defects(facts: Facts) -> Saw | None:
    """A bar asks for what no number of cases shows."""
    shares = ("rate", "all_of_k", "any_of_k", "judged_rate")
    found = tuple(
        c.id for c in facts.deciding if c.estimand in shares and c.bar.value >= facts.policy["highest_bar"]
    )
    return Saw(f"a bar of {facts.policy['highest_bar']:g} or more: {named(found)}", found) if found else None


def ceiling(_facts: Facts, verdict: Verdict) -> Saw | None:
    """Everything passes nearly always."""
    rates = [
        c
        for c in verdict.claims
        if c.decides and c.estimate is not None and c.estimand in ("rate", "all_of_k")
    ]
    if (
        verdict.exploratory
        or not rates
        or any((c.estimate or 0) < _EASY or c.groups < _EASY_GROUPS for c in rates)
    ):
        return None
    return Saw(f"every one of {counted(len(rates), 'claim')} was seen at {_EASY:.0%} or more")


def no_examples(facts: Facts) -> Saw | None:
    """A definition has no example that passes, fails or is hard to judge."""
    judged = [c for c in facts.deciding if c.of is None]
    found = tuple(c.id for c in judged if not (c.pass_.strip() and c.fail.strip() and c.borderline.strip()))
    return Saw(f"no example of pass, fail or borderline: {named(found)}", found) if found else None


def old_labels(_facts: Facts, labels: tuple[Labelled, ...]) -> Saw | None:
    """Labels were given under another wording."""
    found = {each.criterion: each.old_version for each in labels if each.old_version}
    told = [f"{name}: {counted(n, 'label')}" for name, n in found.items()]
    return Saw(f"given under another wording ({named(told)})", tuple(found)) if found else None


def too_many(facts: Facts) -> Saw | None:
    """More criteria decide than anybody weighs."""
    n = len(facts.deciding)
    return Saw(f"{n} goals and guardrails") if n > facts.policy["criteria"] else None


_CRITERIA = "edit {folder}/criteria.yaml, then: shipworthy check {folder}"
RULES = (
    Rule("CRT-01", "warns", "A criterion that nothing asks for",
         "Why do we measure this?", "Each claim that decides takes a share of the error of every other.",
         "Link it to a failure mode, a value or a harm; or make it a diagnostic.", _CRITERIA, "[H-audit]", no_link),
    Rule("CRT-02", "blocks", "A bar without a reason",
         "Why 90 and not 80?", "To show 90 where the truth is 95 takes 191 groups, and 85 takes 68 [M2]: a bar nobody can explain is moved to what was reached.",
         "Write in `why` who drew the line and what happens below it.", _CRITERIA, "[Anth-crit]; M2", no_reason),
    Rule("CRT-03", "blocks", "The bar was moved after the results",
         "Did you move the bar?", "The best of 10 prompts on 50 cases passes a bar of 85 in 37 of 100 tries at a truth of 85 [M3]; a bar that follows the result passes always.",
         "Decide on fresh cases, or report under the old bar first.", "shipworthy set grow {folder}", "[EvalGen]; M3", moved_bar, needs=("lock",), moves=True),
    Rule("CRT-04", "blocks", "Not locked before the holdout is opened",
         "When did you write this down?", "Outcomes that were known before the bar cannot confirm it.",
         "Lock the plan, then record the holdout.", "shipworthy lock {folder}", "P", not_locked, needs=("lock",), moves=True),
    Rule("CRT-05", "warns", "Two questions in one criterion",
         "Which half failed?", "A failure of either half looks the same, and two labelers disagree on the mixed ones.",
         "Split it.", _CRITERIA, "[H-judge]", compound),
    Rule("CRT-06", "warns", "A scale without a cut",
         "What is a 3.7?", "A mean of levels hides how many outputs are bad.",
         "Write `pass_when`.", _CRITERIA, "[Yan] [H-judge]", not_binary, needs=("runs",)),
    Rule("CRT-07", "warns", "Nothing says what it must never do",
         "What must it never do?", "A feature that always answers passes every goal that asks whether it answers.",
         "Add a guardrail.", _CRITERIA, "[Anth-ag], P", no_must_not, moves=True),
    Rule("CRT-08", "warns", "A bar that no test can show",
         "Can any number of tests show that?", "Without a single failure 99.9 takes 2,995 groups, and 100 takes more than there are [M1].",
         "State a rate, a guard, and what happens when it fails.", _CRITERIA, "M1", zero_defects, moves=True),
    Rule("CRT-09", "notes", "The test may be too easy",
         "Is the test too easy?", "Where all passes, the next version cannot be told from this one.",
         "Add harder cases.", "shipworthy set from-failures {folder}", "[H-err]", ceiling, needs=("verdict",)),
    Rule("CRT-10", "warns", "A definition that was never exercised",
         "What is just barely OK?", "Labelers disagree on the borderline, and nowhere else.",
         "Write `pass`, `fail` and `borderline`.", _CRITERIA, "[H-judge]", no_examples),
    Rule("CRT-11", "warns", "Labels of another wording",
         "Were these graded by this definition?", "People need grading to find criteria, so criteria drift while they grade.",
         "Label these again.", "shipworthy label {folder}", "[EvalGen]", old_labels, needs=("labels",), moves=True),
    Rule("CRT-12", "notes", "Too many criteria decide",
         "What are the three that matter?", "All must hold at once: eight claims that each hold 90 times in 100, apart from each other, hold together 43 times in 100.",
         "Make diagnostics of the others.", _CRITERIA, "P", too_many, moves=True),
)  # fmt: skip
"""In the order of the catalogue."""
