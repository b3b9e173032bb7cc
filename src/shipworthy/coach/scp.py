"""Scope: who gets it, what they are told, what happens when it fails, and what speaks against it."""

from __future__ import annotations

from shipworthy.coach.facts import Facts
from shipworthy.coach.recorded import ArgumentClaim, ScopeWords
from shipworthy.coach.rule import Rule, Saw, counted, named
from shipworthy.domain.verdict import Verdict


def wider_than_evidence(_facts: Facts, verdict: Verdict) -> Saw | None:
    """A slice is in the scope, and a claim there is not shown."""
    if verdict.verdict not in ("ship", "ship narrower"):
        return None
    included = set(verdict.scope.included)
    open_ones = {
        str(c.slice) for c in verdict.claims if c.decides and c.slice in included and c.state != "holds"
    }
    found = tuple(sorted(open_ones))
    return Saw(f"in the scope, and not shown: {named(found)}", found) if found else None


def nothing_excluded(facts: Facts, words: ScopeWords) -> Saw | None:
    """Nothing is said about where it should not be used."""
    left_out = bool(facts.verdict and facts.verdict.scope.excluded)
    return Saw("no kind of use is excluded") if words.excluded == 0 and not left_out else None


def no_fallback(_facts: Facts, words: ScopeWords) -> Saw | None:
    """Nothing is said about what the user sees when it fails."""
    return (
        Saw("no fallback is written down")
        if words.fallback is not None and not words.fallback.strip()
        else None
    )


def users_not_told(_facts: Facts, words: ScopeWords) -> Saw | None:
    """Users meet it and are told nothing."""
    silent = words.notice is not None and not words.notice.strip()
    return Saw("users meet it, and nothing says what they are told") if words.faces_users and silent else None


def undeveloped(_facts: Facts, argument: tuple[ArgumentClaim, ...]) -> Saw | None:
    """A claim of the argument has neither evidence nor a counter-argument."""
    found = tuple(c.id for c in argument if c.leaf and not c.evidence and not c.counter)
    return Saw(f"nothing stands under {named(found)}", found) if found else None


def no_counter_argument(_facts: Facts, argument: tuple[ArgumentClaim, ...]) -> Saw | None:
    """Nobody wrote down what speaks against the top claim."""
    found = tuple(c.id for c in argument if c.top and not c.counter)
    return Saw(f"no counter-argument to {named(found)}", found) if found else None


def magic_reviewer(_facts: Facts, words: ScopeWords) -> Saw | None:
    """People check outputs, and nobody knows how many mistakes they catch."""
    if not words.checked_by_people or words.catch_rate is not None:
        return None
    return Saw(f"people check outputs, and {counted(0, 'planted mistake')} show what they catch")


_BRIEF = "edit {folder}/launch.yaml, then: shipworthy check {folder}"
RULES = (
    Rule("SCP-01", "blocks", "The scope is wider than the evidence",
         "Did you test that?", "A scope picked after results, without control, is wrong more often than the plan's 5 in 100.",
         "Narrow it to what holds.", "shipworthy decide {folder}", "[GSN], P", wider_than_evidence, needs=("verdict",), moves=True),
    Rule("SCP-02", "warns", "Nothing is excluded",
         "Where should it not be used?", "What is not excluded is promised.",
         "Say where not, and what would change that.", _BRIEF, "[HAX] 1, 2", nothing_excluded, needs=("scope_words",)),
    Rule("SCP-03", "warns", "No fallback",
         "What does the user see when it fails?", "At 95 of 100 it fails for one user in twenty, today.",
         "Design it.", _BRIEF, "[HAX] 8-10", no_fallback, needs=("scope_words",)),
    Rule("SCP-04", "warns", "Users are not told",
         "Do they know it is AI, and how often it errs?", "Numbers cost little trust, vague words cost more [vdB20].",
         "Tell them, with the rate, in plain words.", _BRIEF, "[HAX] 1, 2; [vdB20]", users_not_told, needs=("scope_words",)),
    Rule("SCP-05", "notes", "An undeveloped claim",
         "And this bit?", "A gap that is not shown is taken for a claim that holds.",
         "Add evidence, or mark the gap.", "shipworthy memo {folder}", "[GSN]", undeveloped, needs=("argument",)),
    Rule("SCP-06", "warns", "No counter-argument",
         "What is the best argument against?", "An argument that nobody attacked proves what it set out to prove.",
         "Write it yourself.", "shipworthy memo {folder}", "[GSN], Haddon-Cave", no_counter_argument, needs=("argument",)),
    Rule("SCP-07", "warns", "A human in the loop, by magic",
         "Do reviewers actually catch it?", "A reviewer who catches none of 20 planted mistakes could still catch up to 14 in 100.",
         "Plant twenty known-bad outputs, and count.", _BRIEF, "P", magic_reviewer, needs=("scope_words",)),
)  # fmt: skip
"""In the order of the catalogue."""
