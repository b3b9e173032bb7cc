"""Runs and statistics: what the outcomes are outcomes of, and what the numbers can bear."""

from __future__ import annotations

from shipworthy.coach.facts import SEVERE, Facts
from shipworthy.coach.observed import Lock, Looks, Runs
from shipworthy.coach.recorded import Signed
from shipworthy.coach.rule import Rule, Saw, counted, named
from shipworthy.domain.verdict import Claim, Verdict

_SHIPS = ("ship", "ship narrower")
_SAME, _QUICK, _THIN = 0.95, 0.05, 30


def _where(claim: Claim) -> str:
    return f"{claim.criterion} on {claim.slice}" if claim.slice else claim.criterion


def _passes(claim: Claim) -> bool:
    """Whether what was seen is on the right side of the bar."""
    if claim.estimate is None:
        return False
    return claim.estimate >= claim.bar.value if claim.bar.op == ">=" else claim.estimate <= claim.bar.value


def demo_only(_facts: Facts, runs: Runs) -> Saw | None:
    """Nothing was recorded on sealed cases since the lock."""
    if runs.sealed_outputs:
        return None
    return Saw(f"{counted(runs.open_outputs, 'output')} on open cases, none on sealed ones since a lock")


def one_shot(facts: Facts, runs: Runs) -> Saw | None:
    """A random feature is asked once."""
    candidate = facts.launch.candidate
    repeats = facts.launch.resolved(candidate).repeats if candidate in facts.launch.variants else 1
    if not runs.random or (repeats or 1) > 1 or not any(c.kind == "guardrail" for c in facts.criteria):
        return None
    return Saw(f"`{candidate}` may answer differently each time, and is asked once a case", (str(candidate),))


def cached(_facts: Facts, runs: Runs) -> Saw | None:
    """Repeats of a random feature are copies."""
    if not runs.random or runs.same_repeats is None or runs.quick_repeats is None:
        return None
    if runs.same_repeats <= _SAME or runs.quick_repeats >= _QUICK:
        return None
    return Saw(
        f"repeats are the same to the letter in {runs.same_repeats:.0%} of open cases and take {runs.quick_repeats:.0%} of the first one's time"
    )


def rows_as_cases(_facts: Facts, verdict: Verdict) -> Saw | None:
    """More units of evidence are counted than there are cases."""
    found = [c for c in verdict.claims if c.groups > c.cases]
    told = [f"{_where(c)}: {c.groups} of {c.cases} cases" for c in found]
    return (
        Saw(f"repeats are counted as cases ({named(told)})", tuple(_where(c) for c in found))
        if found
        else None
    )


def always_fails(facts: Facts, runs: Runs) -> Saw | None:
    """A case fails every time, under something that matters."""
    found = runs.always_fail or ()
    matters = any(c.severity in SEVERE or c.severity == "costly" for c in facts.deciding)
    return Saw(f"open cases that fail at every repeat: {named(found)}", found) if found and matters else None


def floating(_facts: Facts, runs: Runs) -> Saw | None:
    """The model may be another one tomorrow."""
    found = runs.floating or ()
    if found:
        return Saw(f"a model's name without its version: {named(found)}", found)
    return Saw("the candidate's prompt or code has no fingerprint") if runs.unversioned else None


def other_version(facts: Facts, lock: Lock) -> Saw | None:
    """What is to be shipped is not what was tested."""
    differs = [change for change in lock.changes if change.startswith("candidate")]
    if differs:
        return Saw("the candidate changed after the lock")
    signed: Signed | None = facts.signed
    return (
        Saw("the signed decision names another version than the one tested")
        if signed and signed.fingerprint_differs
        else None
    )


def dropped(_facts: Facts, runs: Runs) -> Saw | None:
    """Rows were left out of the counts."""
    return (
        Saw(f"{counted(runs.dropped, 'row')} of an import were left out of the counts")
        if runs.dropped
        else None
    )


def bound_misses(_facts: Facts, verdict: Verdict) -> Saw | None:
    """What was seen passes, and what it could be does not."""
    found = [c for c in verdict.claims if c.decides and c.state == "not shown" and _passes(c)]
    inside = [c for c in found if verdict.verdict not in _SHIPS or not _left_out(c, verdict)]
    told = [
        f"{_where(c)}{f': about {c.more_needed.cases:,} cases more' if c.more_needed else ''}" for c in inside
    ]
    return (
        Saw(f"seen above the bar, and not shown ({named(told)})", tuple(_where(c) for c in inside))
        if inside
        else None
    )


def _left_out(claim: Claim, verdict: Verdict) -> bool:
    return claim.slice in {out.slice for out in verdict.scope.excluded}


def peeking(_facts: Facts, looks: Looks) -> Saw | None:
    """A plan for one look was looked at again."""
    if not looks.once or looks.taken <= 1:
        return None
    return Saw(f"{counted(looks.taken, 'look')} under a plan that allows one")


def no_pair(facts: Facts, runs: Runs) -> Saw | None:
    """The baseline answered other cases, or none."""
    least = facts.policy["overlap"]
    if runs.overlap is None or runs.overlap >= least or not facts.launch.baseline:
        return None
    return Saw(f"the baseline answered {runs.overlap:.0%} of the candidate's cases", (facts.launch.baseline,))


def hidden_slice(_facts: Facts, verdict: Verdict) -> Saw | None:
    """It passes over all, and is shown to fail in a slice."""
    if verdict.verdict not in _SHIPS:
        return None
    found = [
        c for c in verdict.claims if c.slice and c.state == "does not hold" and not _left_out(c, verdict)
    ]
    return (
        Saw(
            f"below the bar for certain: {named([_where(c) for c in found])}", tuple(_where(c) for c in found)
        )
        if found
        else None
    )


def thin_alarm(_facts: Facts, verdict: Verdict) -> Saw | None:
    """A thin slice looks bad, and may not be."""
    found = [
        c
        for c in verdict.claims
        if c.slice
        and c.state == "not shown"
        and c.estimate is not None
        and not _passes(c)
        and c.groups < _THIN
    ]
    told = [f"{_where(c)}: {c.groups} groups" for c in found]
    return Saw(f"too few to tell ({named(told)})", tuple(_where(c) for c in found)) if found else None


def many_slices(facts: Facts, lock: Lock) -> Saw | None:
    """The scope was chosen among slices after results."""
    slices = facts.launch.slices
    late = [name for name in lock.late_slices if name in slices and slices[name].scope]
    return (
        Saw(f"the scope is chosen from {named(late)}, declared after results", tuple(late)) if late else None
    )


def old_result(facts: Facts, runs: Runs) -> Saw | None:
    """The outcomes are old."""
    days = runs.days
    return (
        Saw(f"the youngest outcome is {days} days old")
        if days is not None and days > facts.policy["result_days"]
        else None
    )


_RUN, _DECIDE = "shipworthy run {folder}", "shipworthy decide {folder}"
RULES = (
    Rule("RUN-01", "blocks", "Only a demo",
         "Is this a demo?", "The best of 10 prompts on one set of 50 reports 92 where the truth is 85 [M3].",
         "Lock the plan, then record the holdout.", _RUN, "seed; M3", demo_only, needs=("runs",), moves=True),
    Rule("RUN-02", "warns", "A random feature, asked once",
         "Ask it twice: same answer?", "One go says nothing of how steady it is; what a user gets is one of many.",
         "Ask three times, and demand all of them (`all_of_k`).", "edit {folder}/launch.yaml (`repeats: 3`), then: shipworthy run {folder}", "[Anth-ag]", one_shot, needs=("runs",)),
    Rule("RUN-03", "blocks", "Repeats come from a cache",
         "Did you run it five times or copy it?", "Copies agree with themselves: all of k then equals one of one.",
         "Switch the cache off, and run afresh.", "shipworthy run {folder} --fresh", "promptfoo 5947", cached, needs=("runs",), moves=True),
    Rule("RUN-04", "blocks", "Repeats are counted as cases",
         "How many different questions?", "50 cases of 5 repeats counted as 250 ship wrongly 11 to 22 times in 100 [M5].",
         "Name the case and the repeat of each row.", "shipworthy import FILE --map case=…,repeat=… --launch {folder}", "M5", rows_as_cases, needs=("verdict",), moves=True),
    Rule("RUN-05", "warns", "Cases that always fail",
         "Which one always breaks?", "A mean of 95 is 5 unlucky users in 100, or the same 5 every day.",
         "Name them in the memo.", "shipworthy show {folder}", "promptfoo 5847", always_fails, needs=("runs",)),
    Rule("RUN-06", "blocks", "The model's version is not pinned",
         "Is that what we will ship?", "A name that moves makes the test one of something else, from the day it moves.",
         "Write the dated name of the model.", "edit {folder}/launch.yaml, then: shipworthy run {folder}", "[H-val]", floating, needs=("runs",), moves=True),
    Rule("RUN-07", "blocks", "Shipping something else",
         "Did you test this version?", "Nothing that was measured is about it.",
         "Put back what was tested, or lock a new plan on fresh cases.", "shipworthy lock {folder} --dry-run", "[MLTS]", other_version, needs=("lock",), moves=True),
    Rule("RUN-08", "warns", "Errors were dropped",
         "What about the ones that crashed?", "Leaving out 5 crashes of 100 makes 90 look like 94.7.",
         "Import them; what has no answer counts as not passed.", "shipworthy import FILE --launch {folder}", "P", dropped, needs=("runs",), moves=True),
    Rule("RUN-09", "blocks", "Seen above the bar, and not shown",
         "How sure are you?", "18 of 20 right support 72 in 100 or better, 188 of 200 support 90.5 [M1].",
         "Gather the cases it takes.", _DECIDE, "M1", bound_misses, needs=("verdict",), moves=True),
    Rule("RUN-10", "blocks", "Looked again",
         "Did you stop when it looked good?", "Checking every 10 cases up to 300 ships wrongly 17.1 times in 100, one look 4.6 [M4].",
         "Plan the looks before the lock (`looks: {end: …}`), on fresh cases.", "shipworthy plan {folder}", "M4", peeking, needs=("looks",), moves=True),
    Rule("RUN-11", "warns", "No baseline on the same cases",
         "Better than what?", "On other cases a difference is two errors, not one.",
         "Run the baseline on the same cases.", _RUN, "[MLTS]", no_pair, needs=("runs",), moves=True),
    Rule("RUN-12", "warns", "The average hides a slice",
         "Who is it bad for?", "A slice of 5 % at 60 % with the rest at 95 still averages 93.3 [M12].",
         "Narrow the scope.", _DECIDE, "M12; [MLTS]", hidden_slice, needs=("verdict",), moves=True),
    Rule("RUN-13", "notes", "A thin slice rings an alarm",
         "Is that real?", "Of 8 good slices of 15 cases one shows less than 90 in 78 of 100 tests [M12].",
         "Say *too few to tell*.", "shipworthy set grow {folder}", "M12", thin_alarm, needs=("verdict",)),
    Rule("RUN-14", "warns", "Many slices, without correction",
         "How many places did you look?", "Of 8 slices that are all at 95, one shows less than 90 in 78 of 100 tests [M12].",
         "Declare the partition before the lock.", "shipworthy plan {folder}", "M12, P", many_slices, needs=("lock",), moves=True),
    Rule("RUN-15", "warns", "An old result",
         "Is that from spring?", "Models, prompts and questions have moved since.",
         "Run it again, on fresh cases.", _RUN, "P", old_result, needs=("runs",)),
)  # fmt: skip
"""In the order of the catalogue."""
