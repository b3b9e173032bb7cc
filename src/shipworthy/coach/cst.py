"""Cost: what one answer costs, on the slow days too, and who watches it."""

from __future__ import annotations

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Runs
from shipworthy.coach.recorded import ScopeWords
from shipworthy.coach.rule import Rule, Saw, named


def no_ceiling(facts: Facts, runs: Runs) -> Saw | None:
    """It is known to cost money, and nothing says how much is too much."""
    if not (runs.priced or runs.cost) or any(c.of == "cost_usd" for c in facts.deciding):
        return None
    seen = f"{runs.cost:.4g} USD an output on open cases" if runs.cost else "it is priced"
    return Saw(f"{seen}, and no goal or guardrail sets a ceiling")


def hidden_tail(facts: Facts) -> Saw | None:
    """There is a mean, and nothing about the slowest or the dearest."""
    means = {c.of for c in facts.deciding if c.estimand == "mean"}
    tails = {c.of for c in facts.criteria if c.estimand == "quantile"}
    found = tuple(str(of) for of in sorted(str(m) for m in means - tails))
    return Saw(f"only a mean for {named(found)}", found) if found else None


def human_time(_facts: Facts, words: ScopeWords) -> Saw | None:
    """People check outputs, and their minutes are not counted."""
    return (
        Saw("people check outputs, and no minutes stand for it")
        if words.checked_by_people and words.review_minutes is None
        else None
    )


def unbounded(_facts: Facts, words: ScopeWords) -> Saw | None:
    """Anybody may use it as often as they like."""
    return Saw("open to everybody, without a cap") if words.public and words.cap is False else None


_CRITERIA, _BRIEF = (
    "edit {folder}/criteria.yaml, then: shipworthy check {folder}",
    "edit {folder}/launch.yaml, then: shipworthy check {folder}",
)
RULES = (
    Rule("CST-01", "blocks", "No ceiling on what it costs",
         "What does one answer cost?", "Without a ceiling a version that costs ten times as much passes every claim there is.",
         "Add a guardrail with `of: cost_usd`.", _CRITERIA, "P", no_ceiling, needs=("runs",), moves=True),
    Rule("CST-02", "warns", "The mean hides the tail",
         "And the slow ones?", "With a mean of 1 s one answer in twenty may take 15.",
         "Add `estimand: quantile`, 0.95.", _CRITERIA, "[SRE]", hidden_tail, moves=True),
    Rule("CST-03", "warns", "People's time is not counted",
         "Who checks it, and who pays them?", "A minute of a person costs more than most answers.",
         "Add minutes and their price.", _BRIEF, "P", human_time, needs=("scope_words",)),
    Rule("CST-04", "notes", "Unbounded use",
         "What if someone leaves it running?", "Unbounded consumption stands sixth in the list of 2026.",
         "Cap it by user and by day.", _BRIEF, "OWASP LLM06:2026", unbounded, needs=("scope_words",)),
)  # fmt: skip
"""In the order of the catalogue."""
