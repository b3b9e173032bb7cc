"""Judges: instruments, of which somebody must say how wrong they are."""

from __future__ import annotations

from collections.abc import Callable

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Judged
from shipworthy.coach.rule import Rule, Saw, counted, named

_FEW_FAILURES, _HUMAN, _HIGH = 10, 30, 0.9


def _on_gates(facts: Facts, judges: tuple[Judged, ...]) -> list[Judged]:
    deciding = {c.id for c in facts.deciding}
    return [each for each in judges if each.criterion in deciding]


def _saw(judges: list[Judged], says: Callable[[Judged], str]) -> Saw | None:
    told = {
        each.criterion: f"{each.judge} on {each.criterion}: {said}" for each in judges if (said := says(each))
    }
    return Saw(named(list(told.values())), tuple(told)) if told else None


def uncalibrated(facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """A judge decides, and nobody checked it well enough."""
    least = int(facts.policy["judge_labels"])

    def says(each: Judged) -> str:
        if not each.calibrated:
            return "never calibrated"
        short = min(each.passing, each.failing) < least
        return (
            f"{each.passing} passing and {each.failing} failing labels; {least} of each wanted"
            if short
            else ""
        )

    return _saw(_on_gates(facts, judges), says)


def too_weak(facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """A judge misses too much, or may be no better than chance."""
    least = facts.policy["judge_rate"]

    def says(each: Judged) -> str:
        if each.caught is None or each.kept is None:
            return ""
        chance = (each.caught_low or 0.0) + (each.kept_low or 0.0) <= 1
        weak = each.caught < least or each.kept < least
        return (
            f"catches {each.caught:.0%} of bad outputs and keeps {each.kept:.0%} of good ones{', and may be no better than chance' if chance else ''}"
            if chance or weak
            else ""
        )

    return _saw(_on_gates(facts, judges), says)


def raw_rate(facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """A judge's own rate is taken for the truth."""
    return _saw(
        _on_gates(facts, judges), lambda e: "" if e.corrected else "its rate is not corrected for its errors"
    )


def reused_labels(facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """The same labels tested one version after another."""
    return _saw(
        _on_gates(facts, judges),
        lambda e: f"{e.tries} versions against the same labels" if e.tries > 1 else "",
    )


def examples_leak(_facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """A judge is shown cases that also calibrate it, or that decide."""
    return _saw(list(judges), lambda e: f"is shown {named(e.leaked)}" if e.leaked else "")


def agreement_only(facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """There are hardly any failures among the labels."""
    return _saw(
        _on_gates(facts, judges),
        lambda e: (
            f"{counted(e.failing, 'failing label')}" if e.calibrated and e.failing < _FEW_FAILURES else ""
        ),
    )


def moved(_facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """The judge is not the one that was calibrated."""
    return _saw(list(judges), lambda e: "changed since it was calibrated" if e.moved else "")


def blind_slice(facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """In a slice nobody knows what it misses."""
    return _saw(
        _on_gates(facts, judges),
        lambda e: f"no failures known in {named(e.blind_slices)}" if e.blind_slices else "",
    )


def code_would_do(_facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """A check without a model would answer the question."""
    return _saw(list(judges), lambda e: "a check would answer this" if e.code_would_do else "")


def same_family(_facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """Judge and feature come from one family of models."""
    return _saw(
        list(judges),
        lambda e: (
            f"same family as the candidate, {counted(e.human_overlap, 'label')} of people beside it"
            if e.same_family and e.human_overlap < _HUMAN
            else ""
        ),
    )


def badly_split(facts: Facts, judges: tuple[Judged, ...]) -> Saw | None:
    """The labels are of the kind that tells less."""
    hopeful = {c.id for c in facts.criteria if (c.hoped_for or 0) >= _HIGH}
    return _saw(
        list(judges),
        lambda e: (
            f"{e.passing} passing and {e.failing} failing labels"
            if e.criterion in hopeful and e.calibrated and e.passing < e.failing
            else ""
        ),
    )


_CALIBRATE = "shipworthy judge calibrate {folder} JUDGE --labels NAME"
RULES = (
    Rule("JDG-01", "blocks", "An uncalibrated judge decides",
         "Who checked the checker?", "A correction that treats the judged rate as known covered the truth 70 to 90 times in 100, not 95 [M7].",
         "Label fifty that pass and fifty that fail.", _CALIBRATE, "[H-val]; M7", uncalibrated, needs=("judges",), moves=True),
    Rule("JDG-02", "blocks", "The judge is too weak",
         "How many real failures does it miss?", "A judge that always says pass agrees with 90 of 100 labels and catches none.",
         "Split the criterion, take a better model, or let people label.", _CALIBRATE, "[H-val]", too_weak, needs=("judges",), moves=True),
    Rule("JDG-03", "blocks", "A raw judge rate",
         "Whose number is that?", "Drawing all three rates covered the truth 94.8 to 97.8 times in 100; the usual correction 70 to 90 [M7, M8].",
         "Use `estimand: judged_rate` with labels.", "edit {folder}/criteria.yaml, then: shipworthy check {folder}", "[H-val]; M7, M8", raw_rate, needs=("judges",), moves=True),
    Rule("JDG-04", "blocks", "The judge was tuned on its test",
         "Did you tune until it agreed?", "The best of 10 on 50 cases looks 7 points better than it is [M3].",
         "Label new outputs.", _CALIBRATE, "[H-val]; M3", reused_labels, needs=("judges",), moves=True),
    Rule("JDG-05", "blocks", "The judge's examples leak",
         "Had it seen the answers before?", "What it was shown it gets right.",
         "Take other cases as its examples.", "shipworthy check {folder}", "[H-val]", examples_leak, needs=("judges",), moves=True),
    Rule("JDG-06", "warns", "Agreement without failures",
         "If it always says pass?", "Of 100 labels with 5 failures, a judge that always says pass agrees with 95.",
         "Add outputs that fail.", _CALIBRATE, "[H-audit]", agreement_only, needs=("judges",), moves=True),
    Rule("JDG-07", "warns", "The judge moved",
         "Is it the same judge?", "A calibration belongs to one prompt, one model and one criterion.",
         "Calibrate it again.", _CALIBRATE, "[H-val]", moved, needs=("judges",), moves=True),
    Rule("JDG-08", "warns", "Blind in a slice",
         "Does it understand Spanish?", "A correction over all slices is wrong in the one where the judge is.",
         "Label outputs of that slice.", _CALIBRATE, "P", blind_slice, needs=("judges",), moves=True),
    Rule("JDG-09", "notes", "A ruler would do",
         "Why ask a model if a ruler works?", "A check has no error to correct for and costs nothing.",
         "Declare a check.", "edit {folder}/criteria.yaml, then: shipworthy score {folder}", "[H-audit]", code_would_do, needs=("judges",)),
    Rule("JDG-10", "notes", "Judge and feature are one family",
         "Is it grading its cousin?", "Cousins like the same sentences.",
         "Thirty labels by people.", "shipworthy label {folder}", "judge-bias literature", same_family, needs=("judges",)),
    Rule("JDG-11", "notes", "Labels of the wrong kind",
         "Why is the range so wide?", "At a true rate of 90, 99 % of the calibration's variance comes from outputs that pass [M13].",
         "Label more outputs that pass.", _CALIBRATE, "M13", badly_split, needs=("judges",)),
)  # fmt: skip
"""In the order of the catalogue."""
