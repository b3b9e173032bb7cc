"""Failure modes: what was read, what was named, what stands against it."""

from __future__ import annotations

import re
from collections.abc import Callable

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Cases, Mode, Reading, Runs
from shipworthy.coach.rule import Rule, Saw, counted, named

GENERIC = re.compile(r"\b(hallucinations?|toxicity|helpfulness|coherence|bias)\b", re.IGNORECASE)
_OTHER = re.compile(r"^(other|misc|miscellaneous|rest|various)$", re.IGNORECASE)
_OVERLAP = 0.6
_TWO = 2


def nothing_read(facts: Facts, reading: Reading) -> Saw | None:
    """A person read fewer than thirty outputs."""
    least = int(facts.policy["outputs_read"])
    return (
        None
        if reading.read >= least
        else Saw(f"{counted(reading.read, 'output')} read by a person; {least} at least")
    )


def unsaturated(facts: Facts, reading: Reading) -> Saw | None:
    """Reading stopped while new failure modes were still turning up."""
    if not reading.read:
        return None
    recent, enough = int(facts.policy["nothing_new"]), int(facts.policy["outputs_to_read"])
    if reading.read < enough and reading.since_new is not None and reading.since_new < recent:
        return Saw(
            f"a new failure mode turned up {reading.since_new} outputs before the last of {reading.read}"
        )
    share = reading.alone / reading.read
    if share > facts.policy["unseen_share"]:
        return Saw(
            f"{reading.alone} of {reading.read} outputs have a failure mode that no other has: about {share:.0%} of the next ones bring a new one"
        )
    return None


def borrowed_names(facts: Facts, modes: tuple[Mode, ...]) -> Saw | None:
    """No failure mode was observed, or one has a textbook's name and no examples."""
    if modes and all(m.origin not in (None, "observed") for m in modes):
        return Saw(f"none of {counted(len(modes), 'failure mode')} was observed in an output")
    few = {m.id for m in modes if m.examples is not None and m.examples < _TWO}
    found = tuple(m.id for m in facts.taxonomy if GENERIC.search(f"{m.id} {m.name}") and m.id in few)
    return Saw(f"a textbook's name without two examples: {named(found)}", found) if found else None


def undefined_mode(facts: Facts) -> Saw | None:
    """A failure mode has no definition, or fewer than two examples."""
    bare = [m.id for m in facts.taxonomy if not m.definition.strip()]
    few = [m.id for m in facts.modes or () if m.examples is not None and m.examples < _TWO]
    found = tuple(dict.fromkeys([*bare, *few]))
    return Saw(f"no definition or fewer than two examples: {named(found)}", found) if found else None


def severe_without_criterion(facts: Facts) -> Saw | None:
    """Nothing decides about a failure mode that harms somebody."""
    covered = {mode for c in facts.deciding for mode in c.failure_modes}
    found = tuple(m.id for m in facts.severe if m.id not in covered)
    return Saw(f"no goal or guardrail names {named(found)}", found) if found else None


def _severe_modes(facts: Facts, modes: tuple[Mode, ...], fails: Callable[[Mode], bool]) -> tuple[str, ...]:
    severe = {m.id for m in facts.severe}
    return tuple(m.id for m in modes if m.id in severe and fails(m))


def severe_without_case(facts: Facts, modes: tuple[Mode, ...]) -> Saw | None:
    """No case tries to provoke a failure mode that harms somebody."""
    found = _severe_modes(facts, modes, lambda m: m.cases == 0)
    return Saw(f"no case provokes {named(found)}", found) if found else None


def invisible(facts: Facts, modes: tuple[Mode, ...]) -> Saw | None:
    """Users cannot see it, and nothing detects it."""
    promised = {p.criterion for p in facts.promises or ()}
    kept = {mode for c in facts.deciding if c.id in promised for mode in c.failure_modes}
    found = tuple(m.id for m in modes if m.noticed == "never" and m.detected is False and m.id not in kept)
    return Saw(f"nobody would notice {named(found)}", found) if found else None


def untested_control(_facts: Facts, modes: tuple[Mode, ...]) -> Saw | None:
    """What is said to prevent a failure was never tried."""
    found = tuple(m.id for m in modes if m.untested)
    return Saw(f"controls that nobody tested: {named(found)}", found) if found else None


def junk_drawer(facts: Facts, reading: Reading) -> Saw | None:
    """Many failures have no name, or the name *other*."""
    if not reading.failing:
        return None
    if reading.unnamed / reading.failing > facts.policy["unnamed_share"]:
        return Saw(f"{reading.unnamed} of {reading.failing} failing outputs have no failure mode")
    other = {m.id for m in facts.taxonomy if _OTHER.match(m.id) or _OTHER.match(m.name.strip())}
    found = tuple(
        m
        for m, n in reading.modes.items()
        if m in other and n / reading.failing > facts.policy["other_share"]
    )
    return (
        Saw(f"more than {facts.policy['other_share']:.0%} of failures lie in {named(found)}", found)
        if found
        else None
    )


def overlapping_modes(facts: Facts) -> Saw | None:
    """There are too many failure modes, or two that mean the same."""
    if len(facts.taxonomy) > facts.policy["failure_modes"]:
        return Saw(f"{len(facts.taxonomy)} failure modes")
    pairs = [(a, b) for a, b, share in (facts.reading.together if facts.reading else ()) if share > _OVERLAP]
    return (
        Saw(
            f"given to the same outputs: {named([f'{a} and {b}' for a, b in pairs])}",
            tuple(n for p in pairs for n in p),
        )
        if pairs
        else None
    )


def no_hostile_use(_facts: Facts, cases: Cases, runs: Runs) -> Saw | None:
    """Text of strangers reaches it, and no case is hostile."""
    reached = runs.untrusted or bool(runs.acts)
    return Saw(f"none of {counted(cases.n, 'case')} is hostile") if reached and cases.hostile == 0 else None


def acts_without_limits(_facts: Facts, runs: Runs, modes: tuple[Mode, ...]) -> Saw | None:
    """It called a tool with side effects, and no control prevents that."""
    held = {tool for m in modes for tool in m.prevents or ()}
    found = tuple(tool for tool in runs.acts or () if tool not in held)
    return Saw(f"it calls {named(found)}, and nothing limits that", found) if found else None


def stale_reading(_facts: Facts, reading: Reading) -> Saw | None:
    """What was read came from another version."""
    return (
        Saw(f"of the {reading.read} outputs that were read, too few came from this version")
        if reading.other_version
        else None
    )


_LOOK = (
    "shipworthy look queue {folder} reading --n 100, then: shipworthy look label {folder} reading --as NAME"
)
_TAXONOMY = "edit {folder}/taxonomy.yaml, then: shipworthy check {folder}"
RULES = (
    Rule("FLR-01", "blocks", "Nobody read the outputs",
         "How many have you personally read?", "A mode that 3 in 100 outputs have is missed 22 times in 100 by 50 outputs, 5 times in 100 by 100 [M11].",
         "Read thirty now, a hundred in all; one note each.", _LOOK, "error analysis [H-err]; M11", nothing_read, needs=("reading",)),
    Rule("FLR-02", "warns", "Reading stopped too early",
         "What have you not seen yet?", "After 100 outputs a mode that 1 in 100 have is still missed 37 times in 100 [M11].",
         "Read twenty more.", _LOOK, "[H-err]; M11", unsaturated, needs=("reading",)),
    Rule("FLR-03", "warns", "A borrowed taxonomy",
         "Is this our failure or a textbook's?", "A criterion for a failure that is not ours measures nothing of ours.",
         "Name them again from your own notes.", _TAXONOMY, "[H-audit] [Tax]", borrowed_names, needs=("modes",)),
    Rule("FLR-04", "warns", "A failure mode without definition or examples",
         "Show me one.", "Two people who cannot see one apply the name to different outputs.",
         "Write one sentence, and attach two outputs and a near miss.", _TAXONOMY, "[Tax]", undefined_mode),
    Rule("FLR-05", "blocks", "A harmful failure mode that nothing decides about",
         "What stops that from happening?", "Severity is not averaged: S10 O2 D2 makes 40 and S3 O7 D7 makes 147, and the frequent scratch would win [FMEA].",
         "Name it in a guardrail's `failure_modes`, or exclude it by scope.", "edit {folder}/criteria.yaml, then: shipworthy check {folder}",
         "[FMEA], P", severe_without_criterion, moves=True),
    Rule("FLR-06", "warns", "A harmful failure mode without a case",
         "Have you tried to make it do that?", "No failure in 300 random cases still allows 1 in 100; ten cases that provoke it tell more.",
         "Add ten cases that provoke it.", "shipworthy set from-failures {folder}", "[Anth-ag] [MLTS]; M1", severe_without_case, needs=("modes",), moves=True),
    Rule("FLR-07", "warns", "Users cannot see it, and nothing watches",
         "How would we ever find out?", "60 labels a week see a fall from 90 to 80 in one week 68 times in 100 [M12]; none see it never.",
         "Add a detector, or a weekly sample that people read.", _TAXONOMY, "[FMEA]; M12", invisible, needs=("modes",)),
    Rule("FLR-08", "warns", "A control that nobody tested",
         "Have you tried the guard?", "A guard that was never tried is a hope.",
         "Test it on cases that need it.", _TAXONOMY, "[FMEA], P", untested_control, needs=("modes",)),
    Rule("FLR-09", "warns", "A junk drawer",
         "What is in *other*?", "What has no name gets no criterion.",
         "Read them again, and split them.", _TAXONOMY, "[Tax]", junk_drawer, needs=("reading",)),
    Rule("FLR-10", "notes", "Too many failure modes, or two that overlap",
         "Could two people apply this?", "Five to ten names are what two people keep apart.",
         "Merge.", _TAXONOMY, "[H-err] [Tax]", overlapping_modes),
    Rule("FLR-11", "warns", "No hostile use was tried",
         "What happens when someone tries to break it?", "Whoever writes the text that it reads can write instructions.",
         "Add a small hostile set.", "edit {folder}/evalset/, then: shipworthy check {folder}", "OWASP LLM Top 10, 2026", no_hostile_use, needs=("cases", "runs"), moves=True),
    Rule("FLR-12", "warns", "It can act, without limits",
         "Can it spend money or send mail by itself?", "Excessive agency stands third in the list of 2026.",
         "Ask first, permit less, or exclude it.", _TAXONOMY, "OWASP LLM03:2026", acts_without_limits, needs=("runs", "modes")),
    Rule("FLR-13", "warns", "The reading was of another version",
         "Were these failures found on this version?", "Failures that were mended hide those that came with the mending.",
         "Read thirty outputs of the new one.", _LOOK, "[H-audit]", stale_reading, needs=("reading",)),
)  # fmt: skip
"""In the order of the catalogue."""
