"""Labels: whether people agree, looked independently, and know the trade."""

from __future__ import annotations

from collections.abc import Callable

from shipworthy.coach.facts import SEVERE, Facts
from shipworthy.coach.observed import Labelled
from shipworthy.coach.recorded import Regulated
from shipworthy.coach.rule import Rule, Saw, counted, named

_FIFTH, _QUICK_MS, _IN_A_ROW, _REPEATED, _SELF = 0.2, 2000, 120, 10, 0.9
_WEIGHTY = SEVERE | {"costly"}


def _found(
    labels: tuple[Labelled, ...], says: Callable[[Labelled], str]
) -> tuple[list[str], tuple[str, ...]]:
    """Return what is said of each criterion that something is said of."""
    told = {each.criterion: said for each in labels if (said := says(each))}
    return [f"{name}: {said}" for name, said in told.items()], tuple(told)


def one_labeler(facts: Facts, labels: tuple[Labelled, ...]) -> Saw | None:
    """Too few outputs were labelled by two people."""
    weighty = {c.id for c in facts.deciding if c.severity in _WEIGHTY}
    most = int(facts.policy["double_labels"])

    def says(each: Labelled) -> str:
        wanted = min(most, max(int(each.groups * _FIFTH), 1))
        short = each.criterion in weighty and each.groups and each.double < wanted
        return f"{each.double} of {each.groups} groups have two labelers; {wanted} wanted" if short else ""

    told, subjects = _found(labels, says)
    return Saw(named(told), subjects) if told else None


def disagreement(facts: Facts, labels: tuple[Labelled, ...]) -> Saw | None:
    """Two people do not agree on what good is."""
    least, low = facts.policy["kappa"], facts.policy["kappa_low"]
    wanted = int(facts.policy["double_labels"])

    def says(each: Labelled) -> str:
        if each.kappa is None or each.double < wanted:
            return ""
        bad = each.kappa < least or (each.kappa_low is not None and each.kappa_low < low)
        could = f", could be {each.kappa_low:.2f}" if each.kappa_low is not None else ""
        return f"agreement beyond chance {each.kappa:.2f}{could}" if bad else ""

    told, subjects = _found(labels, says)
    return Saw(named(told), subjects) if told else None


def not_blind(_facts: Facts, labels: tuple[Labelled, ...]) -> Saw | None:
    """Labels were given with another's in sight."""
    told, subjects = _found(
        labels,
        lambda e: f"{counted(e.seen_first, 'label')} given with another's in sight" if e.seen_first else "",
    )
    return Saw(named(told), subjects) if told else None


def own_homework(_facts: Facts, labels: tuple[Labelled, ...]) -> Saw | None:
    """The builder labelled everything."""
    told, subjects = _found(labels, lambda e: "labelled by whoever built it" if e.by_builder else "")
    return Saw(named(told), subjects) if told else None


def no_expert(_facts: Facts, labels: tuple[Labelled, ...], regulated: Regulated) -> Saw | None:
    """Rules of a trade apply, and nobody of that trade labelled."""
    if not regulated.domains or not labels or any(each.expert is not False for each in labels):
        return None
    return Saw(f"no label by somebody of the trade ({named(regulated.domains)})", regulated.domains)


def tired(_facts: Facts, labels: tuple[Labelled, ...]) -> Saw | None:
    """Labels came faster than one reads, or too many in a row."""

    def says(each: Labelled) -> str:
        if each.median_ms is not None and each.median_ms < _QUICK_MS and each.long_outputs:
            return f"half of the labels took under {each.median_ms / 1000:.1f} s"
        return f"{each.in_a_row} labels without a break" if (each.in_a_row or 0) > _IN_A_ROW else ""

    told, subjects = _found(labels, says)
    return Saw(named(told), subjects) if told else None


def deferred(facts: Facts, labels: tuple[Labelled, ...]) -> Saw | None:
    """Many labels were put off."""
    most = facts.policy["deferred_share"]
    told, subjects = _found(
        labels,
        lambda e: f"{e.deferred} of {e.groups} put off" if e.groups and e.deferred / e.groups > most else "",
    )
    return Saw(named(told), subjects) if told else None


def inconsistent(_facts: Facts, labels: tuple[Labelled, ...]) -> Saw | None:
    """One person labels the same output differently."""

    def says(each: Labelled) -> str:
        enough = each.repeated >= _REPEATED and each.repeated_same / each.repeated < _SELF
        return f"{each.repeated_same} of {each.repeated} labels given twice agree" if enough else ""

    told, subjects = _found(labels, says)
    return Saw(named(told), subjects) if told else None


_LABEL = "shipworthy label {folder}"
RULES = (
    Rule("LAB-01", "warns", "One labeler",
         "Would someone else agree?", "One person's labels measure the output and the person at once; the overlap tells them apart.",
         "A second person on thirty, blind.", _LABEL, "[H-val] [Lenny]", one_labeler, needs=("labels",)),
    Rule("LAB-02", "warns", "Labelers disagree",
         "You cannot agree on what good is?", "Where labels flip at random in 5 of 100 outputs, a truth of 95 reads as 90.5.",
         "Rewrite the definition with the outputs you disagree on.", "edit {folder}/criteria.yaml, then: shipworthy check {folder}", "[H-val]", disagreement, needs=("labels",), moves=True),
    Rule("LAB-03", "warns", "Not blind",
         "Did you copy the machine's answer?", "A label that was given in sight of another is not a second label.",
         "Label these again, blind.", _LABEL, "Label Studio 5172 [Blind]", not_blind, needs=("labels",), moves=True),
    Rule("LAB-04", "warns", "The builder labels the own work",
         "You marked your own homework?", "Whoever wrote the prompt knows what it meant.",
         "Somebody outside.", _LABEL, "P", own_homework, needs=("labels",)),
    Rule("LAB-05", "warns", "Nobody of the trade labelled",
         "Would a nurse, a lawyer, an accountant sign this?", "What is wrong in the trade looks right outside it.",
         "Bring one for an hour.", _LABEL, "[H-audit]", no_expert, needs=("labels", "regulated")),
    Rule("LAB-06", "notes", "Too fast, or too long",
         "Were you reading?", "Two seconds are eight words.",
         "Label a random ten again.", _LABEL, "[TA]", tired, needs=("labels",)),
    Rule("LAB-07", "warns", "A pile of labels put off",
         "What are you avoiding?", "What is put off is what is hard; without it the rate is one of the easy outputs.",
         "Settle them; until then they count as not passed.", _LABEL, "P", deferred, needs=("labels",), moves=True),
    Rule("LAB-08", "notes", "Not the same tomorrow",
         "Would you say the same tomorrow?", "Nobody agrees with others more than with themselves.",
         "Tighten the definition.", "edit {folder}/criteria.yaml, then: shipworthy check {folder}", "[EvalGen]", inconsistent, needs=("labels",)),
)  # fmt: skip
"""In the order of the catalogue."""
