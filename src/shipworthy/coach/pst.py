"""After launch: whether promises have data, breaches have consequences, and reviews are held."""

from __future__ import annotations

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Judged
from shipworthy.coach.recorded import Incident, Promise, Signed
from shipworthy.coach.rule import Rule, Saw, counted, named

_WINDOWS = 2


def no_data(_facts: Facts, promises: tuple[Promise, ...]) -> Saw | None:
    """A promise has no labels or no source."""
    found = tuple(p.criterion for p in promises if not p.labels or not p.source.strip())
    return Saw(f"no labels or no source for {named(found)}", found) if found else None


def broken(_facts: Facts, promises: tuple[Promise, ...]) -> Saw | None:
    """A promise is broken, and nothing followed."""
    found = tuple(
        p.criterion for p in promises if p.status == "broken" and p.windows_broken >= _WINDOWS and not p.acted
    )
    return (
        Saw(
            f"broken for {_WINDOWS} windows or more, without an incident or a decision: {named(found)}", found
        )
        if found
        else None
    )


def monitor_judge(facts: Facts, promises: tuple[Promise, ...], judges: tuple[Judged, ...]) -> Saw | None:
    """A judge watches what it was not calibrated on."""
    most = facts.policy["judge_days"]
    old = {j.judge for j in judges if j.moved or (j.days is not None and j.days > most)}
    found = tuple(p.criterion for p in promises if p.judge in old)
    return Saw(f"watched by a judge whose calibration is old: {named(found)}", found) if found else None


def incident_without_case(facts: Facts, incidents: tuple[Incident, ...]) -> Saw | None:
    """An incident left no case behind."""
    found = tuple(i.id for i in incidents if not i.cases and i.days > facts.policy["incident_days"])
    return Saw(f"{counted(len(found), 'incident')} without a case: {named(found)}", found) if found else None


def review_overdue(facts: Facts, signed: Signed) -> Saw | None:
    """The day to look again has passed."""
    due = signed.review_on
    if due is None or signed.reviewed or facts.today <= due:
        return None
    return Saw(f"due on {due.isoformat()}, {(facts.today - due).days} days ago")


_BRIEF = "edit {folder}/launch.yaml, then: shipworthy check {folder}"
RULES = (
    Rule("PST-01", "warns", "A promise without data",
         "How will we know?", "60 labels a week see a fall from 90 to 80 in one week 68 times in 100 [M12]; none see it never.",
         "A weekly sample that people label.", _BRIEF, "[H-audit]; M12", no_data, needs=("promises",)),
    Rule("PST-02", "blocks", "A promise broken, and nothing done",
         "You said so.", "A budget that may be overspent is no budget.",
         "Act on the tripwire.", _BRIEF, "error budget policy [SRE]", broken, needs=("promises",)),
    Rule("PST-03", "warns", "The monitor's judge is not calibrated on this",
         "Same checker, new questions?", "A correction holds while the judge errs as it did; new questions change that.",
         "Fifty fresh labels.", "shipworthy judge calibrate {folder} JUDGE --labels NAME", "[H-audit]", monitor_judge, needs=("promises", "judges")),
    Rule("PST-04", "warns", "An incident without a case",
         "Can it happen again?", "What is not in the set is not tested next time.",
         "Add its case and its failure mode.", "edit {folder}/evalset/, then: shipworthy check {folder}", "[SRE] [H-err]", incident_without_case, needs=("incidents",)),
    Rule("PST-05", "notes", "A review is overdue",
         "Did it work?", "A date that passes quietly teaches that dates do.",
         "Hold it; begin with whether any tripwire fired.", "shipworthy next {folder}", "[Duke]", review_overdue, needs=("signed",)),
)  # fmt: skip
"""In the order of the catalogue."""
