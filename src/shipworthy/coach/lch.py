"""Going live: in which steps, what ends it, and who decided."""

from __future__ import annotations

from itertools import pairwise

from shipworthy.coach.facts import Facts
from shipworthy.coach.recorded import Signed, Stage, Tripwire
from shipworthy.coach.rule import Rule, Saw, counted, named

_ENDS = frozenset({"pause", "roll back"})
_TEN_TIMES, _CONSULTED, _DROP = 10, 3, 0.1


def no_trigger(facts: Facts, tripwires: tuple[Tripwire, ...]) -> Saw | None:
    """A harmful failure mode has nothing that pulls the launch."""
    covered = {mode for t in tripwires if t.action in _ENDS for mode in t.modes}
    found = tuple(m.id for m in facts.severe if m.id not in covered)
    return Saw(f"nothing pauses or rolls back on {named(found)}", found) if found else None


def nobody_pulls(_facts: Facts, tripwires: tuple[Tripwire, ...]) -> Saw | None:
    """A tripwire has nobody to pull it, or was never tried."""
    n = sum(not t.who.strip() or not t.tested for t in tripwires)
    return (
        Saw(f"{n} of {counted(len(tripwires), 'tripwire')} have nobody to pull them, or were never tried")
        if n
        else None
    )


def everyone_at_once(facts: Facts, stages: tuple[Stage, ...]) -> Saw | None:
    """The first step is large, or nothing says when it ends."""
    if not (facts.is_severe or facts.launch.decision.door == "one-way"):
        return None
    if not stages:
        return Saw("no stages: everybody at once")
    first = stages[0]
    if first.share > facts.policy["first_stage"]:
        return Saw(f"the first stage is {first.share:.0%} of users")
    return None if first.exit.strip() else Saw("the first stage has no exit criteria")


def stage_too_short(facts: Facts, stages: tuple[Stage, ...]) -> Saw | None:
    """A stage gathers too few labels to notice anything."""
    bars = [
        c.bar.value for c in facts.deciding if c.estimand in ("rate", "judged_rate") and 0 < c.bar.value < 1
    ]
    if not bars:
        return None
    from shipworthy.statistics.sample_size import chance_to_show  # noqa: PLC0415 - loads numerics, which few rules need

    bar, alpha = max(bars), facts.launch.error
    fallen = min(1 - bar + _DROP, 1.0)
    found = []
    for stage in stages:
        if stage.labels is None:
            continue
        chance = chance_to_show(n=stage.labels, bar=1 - bar, hoped=fallen, alpha=alpha)
        if chance < facts.policy["stage_power"]:
            found.append(f"{stage.share:.0%} of users, {counted(stage.labels, 'label')}: {chance:.0%}")
    return (
        Saw(f"chance to notice a fall from {bar:.0%} to {bar - _DROP:.0%} ({named(found)})")
        if found
        else None
    )


def canary_unlike(_facts: Facts, stages: tuple[Stage, ...]) -> Saw | None:
    """Insiders come first, and then ten times as many."""
    jumps = [(a, b) for a, b in pairwise(stages) if a.insiders and a.share * _TEN_TIMES < b.share]
    return (
        Saw(f"insiders only at {jumps[0][0].share:.0%}, then {jumps[0][1].share:.0%} of users")
        if jumps
        else None
    )


def hidden_override(_facts: Facts, signed: Signed) -> Saw | None:
    """What was chosen is not what was computed, and nobody stands for it."""
    if signed.chosen == signed.computed or signed.override_by.strip():
        return None
    return Saw(f"decided *{signed.chosen}* where the counts say *{signed.computed}*, without a name")


def no_dissent(facts: Facts, signed: Signed) -> Saw | None:
    """Everybody agreed about a door that closes."""
    quiet = facts.launch.decision.door == "one-way" and not signed.dissent and signed.consulted >= _CONSULTED
    return Saw(f"{signed.consulted} people were asked, and none disagrees") if quiet else None


_BRIEF = "edit {folder}/launch.yaml, then: shipworthy check {folder}"
RULES = (
    Rule("LCH-01", "blocks", "Nothing pulls it back",
         "When do we pull it?", "A premortem without an action agreed beforehand rarely changes a plan [Duke].",
         "For each harmful failure mode: a state, a date, an action, a name.", _BRIEF, "kill criteria [Duke]", no_trigger, needs=("tripwires",)),
    Rule("LCH-02", "warns", "A tripwire nobody can pull, or never tried",
         "At 2 a.m., who?", "A switch that was never tried is a hope.",
         "Try it once.", _BRIEF, "[SRE], P", nobody_pulls, needs=("tripwires",)),
    Rule("LCH-03", "warns", "Straight to everyone",
         "Why all at once?", "A wrong ship, 5 in 100 by plan, reaches everybody at once.",
         "Shadow, small, larger.", _BRIEF, "staged roll-out", everyone_at_once, needs=("stages",)),
    Rule("LCH-04", "warns", "A stage too short to know",
         "Would we notice in time?", "100 labels in a window see a fall from 90 to 80 in 87 of 100 windows, 30 in 39 [M12].",
         "Gather more labels before the next step.", _BRIEF, "M12", stage_too_short, needs=("stages",)),
    Rule("LCH-05", "warns", "The first users are not like the rest",
         "Are they like customers?", "Insiders forgive what customers report.",
         "Draw the first stage from all users.", _BRIEF, "P", canary_unlike, needs=("stages",)),
    Rule("LCH-06", "blocks", "A hidden override",
         "Who overruled it?", "A verdict that may be overruled without a name controls no error.",
         "Name, reason, expiry.", "shipworthy decide {folder}", "P", hidden_override, needs=("signed",)),
    Rule("LCH-07", "notes", "No dissent",
         "Everyone agreed?", "Silence is cheaper than dissent.",
         "Ask once more.", "shipworthy memo {folder}", "P", no_dissent, needs=("signed",)),
)  # fmt: skip
"""In the order of the catalogue."""
