"""Framing: is it worth building, what is decided, what if we are wrong?"""

from __future__ import annotations

import re

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Runs
from shipworthy.coach.recorded import Assumption, Premortem, Regulated, Stage
from shipworthy.coach.rule import Rule, Saw, counted, named
from shipworthy.domain.criteria import Criterion

VAGUE = re.compile(
    r"\b(helpful|accurate|good|natural|relevant|appropriate|high[- ]quality|robust|seamless|smart)\b",
    re.IGNORECASE,
)
_FEW_CAUSES, _FEW_PEOPLE, _FEW_STAGES, _MOST_IMPORTANT = 3, 2, 2, 3


def no_decision(facts: Facts) -> Saw | None:
    """The question, the person or the date of the decision is missing."""
    asked = facts.launch.decision
    lacks = [
        what
        for what, there in (
            ("no question that ends in `?`", any(mark in asked.question for mark in "?\uff1f\u061f\u037e")),
            ("nobody who decides", bool(asked.who.strip())),
            ("no date", asked.by is not None),
        )
        if not there
    ]
    return Saw(f"launch.yaml has {named(lacks)} under `decision`") if lacks else None


def no_baseline(facts: Facts) -> Saw | None:
    """Nothing is named to compare with, or it was never recorded."""
    name = facts.launch.baseline
    if name is None:
        return Saw("no variant is named as the baseline")
    if facts.runs is not None and facts.runs.variants and not facts.runs.variants.get(name):
        return Saw(f"the baseline `{name}` has no recorded output", (name,))
    return None


def value_is_a_point(facts: Facts) -> Saw | None:
    """The value is one number, or nobody says where it comes from."""
    value = facts.launch.value
    if value is None:
        return Saw("launch.yaml says nothing of what a good answer is worth")
    if value.low == value.high:
        return Saw(f"a good answer is worth exactly {value.low:g}, without a range")
    return None if value.basis.strip() else Saw("the value has no `basis`")


def harm_unpriced(facts: Facts) -> Saw | None:
    """No wrong answer has a price, or one has nobody who pays."""
    if not facts.launch.harm:
        return Saw("launch.yaml lists no `harm`")
    unpaid = [f"`{h.event[:60]}`" for h in facts.launch.harm if not h.who.strip()]
    return Saw(f"nobody pays for {named(unpaid)}", tuple(unpaid)) if unpaid else None


def no_exit(facts: Facts) -> Saw | None:
    """Nobody wrote down what would end it."""
    return None if facts.launch.not_worth_it_if.strip() else Saw("`not_worth_it_if` is empty")


def vague_words(facts: Facts) -> Saw | None:
    """The goal or a question rests on a word that two people read differently."""
    found = {f"goal: {word}": "goal" for word in _vague(facts.launch.goal)}
    for criterion in facts.criteria:
        if not _is_explained(criterion):
            found |= {f"{criterion.id}: {word}": criterion.id for word in _vague(criterion.question)}
    return (
        Saw(f"words that nobody can observe ({named(list(found))})", tuple(found.values())) if found else None
    )


def _vague(text: str) -> list[str]:
    """Return vague words of sentences without a number."""
    sentences = re.split(r"[.!?]\s", text)
    return [found[0].lower() for s in sentences if not re.search(r"\d", s) for found in VAGUE.finditer(s)]


def _is_explained(criterion: Criterion) -> bool:
    return bool(criterion.pass_.strip() and criterion.fail.strip())


def untested_assumption(_facts: Facts, assumptions: tuple[Assumption, ...]) -> Saw | None:
    """What the launch rests on most has no evidence at all."""
    bare = [a.id for a in assumptions if a.importance >= _MOST_IMPORTANT and a.evidence == "none"]
    return Saw(f"no evidence for {named(bare)}, on which it rests most", tuple(bare)) if bare else None


def one_way_door(facts: Facts, stages: tuple[Stage, ...], independent: object) -> Saw | None:
    """What cannot be undone is neither staged nor reviewed by somebody else."""
    if facts.launch.decision.door != "one-way" or (independent and len(stages) >= _FEW_STAGES):
        return None
    reviewed = "an" if independent else "no"
    return Saw(f"a one-way door with {counted(len(stages), 'stage')} and {reviewed} independent review")


def premortem_missing(_facts: Facts, told: Premortem) -> Saw | None:
    """Too few causes, too few people, or nobody wrote alone first."""
    if told.causes >= _FEW_CAUSES and told.people >= _FEW_PEOPLE and told.alone:
        return None
    alone = "written alone first" if told.alone else "nobody wrote alone first"
    return Saw(f"{counted(told.causes, 'cause')} from {counted(told.people, 'person', 'people')}; {alone}")


def costs_more_than_worth(facts: Facts, runs: Runs) -> Saw | None:
    """At its most, a week's value is below a week's cost."""
    value = facts.launch.value
    if value is None or runs.cost is None or not value.per_week or value.high <= 0:
        return None
    worth, cost = value.high * value.per_week, runs.cost * value.per_week
    if worth >= cost:
        return None
    return Saw(
        f"a week is worth {worth:,.2f} at most and costs {cost:,.2f} ({runs.cost:.4g} an output on open cases)"
    )


def regulated_unchecked(_facts: Facts, regulated: Regulated) -> Saw | None:
    """Rules of a trade apply, and nobody who knows them looked."""
    if not regulated.domains or regulated.checked_by.strip():
        return None
    return Saw(f"touches {named(regulated.domains)}, and no name stands for the check", regulated.domains)


_BRIEF = "edit {folder}/launch.yaml, then: shipworthy check {folder}"
RULES = (
    Rule("FRM-01", "blocks", "No decision is written down",
         "What exactly are you asking me to decide, and by when?",
         "Without an agreed question, person and date nobody can tell eleven months later whether it worked.",
         "Write one question, one name and one date under `decision`.", _BRIEF, "go/no-go field guide [GNG]", no_decision),
    Rule("FRM-02", "warns", "No baseline",
         "Would a form, a rule or a person do this cheaper?",
         "On the sample launch the candidate is right in 42 of 85 billing drafts and the macros of today in 1: only the pair says what it is worth.",
         "Name today's way as `baseline`, and run it on the same cases.", "shipworthy run {folder}", "ML Test Score [MLTS]", no_baseline, moves=True),
    Rule("FRM-03", "warns", "The value is one number, or has no source",
         "Where does that number come from?",
         "A point hides what nobody knows; the trade-off board carries the range through, and can then say what more measuring is worth.",
         "Give low, likely and high, and their `basis`.", _BRIEF, "P", value_is_a_point),
    Rule("FRM-04", "blocks", "A wrong answer has no price",
         "When it is wrong, who pays?",
         "A bar without the cost of falling below it has no reason: nobody can say why 90 and not 80.",
         "Name each event under `harm`, who pays, and what it costs at least and at most.", _BRIEF, "P", harm_unpriced),
    Rule("FRM-05", "warns", "No exit is written",
         "What would make you drop this?",
         "A premortem without an action agreed beforehand rarely changes a plan.",
         "Write `not_worth_it_if` before any result is known.", _BRIEF, "kill criteria [Duke]", no_exit),
    Rule("FRM-06", "warns", "Words that nobody can observe",
         "Helpful how? Who would notice?",
         "Two people who read the word differently label the same output differently, and the disagreement widens every interval.",
         "Say an event that somebody can see, or give `pass` and `fail`.", "edit {folder}/criteria.yaml, then: shipworthy check {folder}",
         "develop-tests guide [Anth-crit]", vague_words),
    Rule("FRM-07", "warns", "The riskiest assumption is untested",
         "What are you most worried is false, and why have you not checked?",
         "Everything measured afterwards rests on it.", "Test it this week, in the cheapest way.", _BRIEF,
         "assumption mapping [Torres]", untested_assumption, needs=("assumptions",)),
    Rule("FRM-08", "warns", "A one-way door, treated lightly",
         "If this is wrong, can we undo it?",
         "A plan accepts a wrong ship 5 times in 100; behind a one-way door each of the 5 stays.",
         "Stage it, and let somebody who did not build it review it.", _BRIEF, "one-way doors, P", one_way_door,
         needs=("stages", "independent_review")),
    Rule("FRM-09", "notes", "No premortem, or one of one mind",
         "Six months on, it failed. Why?",
         "Causes that are told aloud first are the causes of whoever speaks first.",
         "Ten minutes alone, then together.", _BRIEF, "premortem [Klein]", premortem_missing, needs=("premortem",)),
    Rule("FRM-10", "warns", "It costs more than it is worth",
         "Does it ever pay for itself?",
         "More traffic multiplies the loss.", "Make it smaller or cheaper, or stop.", "shipworthy compare {folder}", "P",
         costs_more_than_worth, needs=("runs",)),
    Rule("FRM-11", "warns", "Rules of a trade apply, and nobody checked",
         "Has anyone who knows the rules looked?",
         "A measured error rate is no answer to a rule that allows none.", "Name who checked, and when.", _BRIEF, "P",
         regulated_unchecked, needs=("regulated",)),
)  # fmt: skip
"""In the order of the catalogue."""
