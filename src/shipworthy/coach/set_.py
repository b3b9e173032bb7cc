"""The eval set: whether it can show anything, and whether it is what it seems."""

from __future__ import annotations

from shipworthy.coach.facts import Facts
from shipworthy.coach.observed import Cases, Claimed, Lock, Looks
from shipworthy.coach.rule import Rule, Saw, counted, named

_ENOUGH_GROUPS = 0.8


def _where(claim: Claimed) -> str:
    return f"{claim.criterion} on {claim.slice}" if claim.slice else claim.criterion


def hopeless(_facts: Facts, claimed: tuple[Claimed, ...]) -> Saw | None:
    """In every slice some claim cannot be shown even if nothing fails."""
    slices = {each.slice for each in claimed}
    short = [each for each in claimed if each.groups < each.least]
    if not slices or {each.slice for each in short} != slices:
        return None
    told = [f"{_where(each)}: {each.groups} of {each.least} groups" for each in short if each.groups]
    return (
        Saw(f"too few groups to pass even if nothing fails ({named(told)})", tuple(_where(s) for s in short))
        if told
        else None
    )


def underpowered(facts: Facts, claimed: tuple[Claimed, ...]) -> Saw | None:
    """A claim could be shown, and probably will not be."""
    if facts.verdict is not None and not facts.verdict.exploratory:
        return None  # the look was taken: what is shown is shown
    found = [each for each in claimed if each.needed is not None and each.least <= each.groups < each.needed]
    told = [f"{_where(each)}: {each.groups} of {each.needed} groups" for each in found]
    return (
        Saw(f"too few groups for four chances in five ({named(told)})", tuple(_where(f) for f in found))
        if found
        else None
    )


def no_holdout(_facts: Facts, cases: Cases) -> Saw | None:
    """No case is held back."""
    return None if cases.sealed else Saw(f"none of {counted(cases.n, 'case')} is in the holdout")


def leaked(_facts: Facts, cases: Cases) -> Saw | None:
    """Sealed cases stand in another part, or in what the feature is shown."""
    shown = cases.prompted or ()
    if not cases.leaked and not shown:
        return None
    parts = (
        [f"{counted(cases.leaked, 'sealed case')} with a group or an input in another part"]
        if cases.leaked
        else []
    )
    parts += [f"{counted(len(shown), 'sealed case')} in a prompt ({named(shown)})"] if shown else []
    return Saw(" and ".join(parts), shown)


def tuned_on_holdout(_facts: Facts, looks: Looks) -> Saw | None:
    """More variants were looked at on the sealed cases than the plan pays for."""
    n = len(looks.tried)
    if n <= looks.allowed:
        return None
    return Saw(
        f"{n} variants were looked at on these sealed cases ({named(looks.tried)}); the plan pays for {looks.allowed}",
        looks.tried,
    )


def near_twins(facts: Facts, cases: Cases) -> Saw | None:
    """Sealed cases ask the same in other words."""
    if not cases.sealed:
        return None
    if cases.near_twins is not None and cases.near_twins / cases.sealed > facts.policy["twin_share"]:
        return Saw(
            f"{cases.near_twins} of {counted(cases.sealed, 'sealed case')} are nearly the same as one of another group"
        )
    if cases.sealed_groups / cases.sealed < _ENOUGH_GROUPS:
        return Saw(
            f"{counted(cases.sealed, 'sealed case')} form {counted(cases.sealed_groups, 'group')}: evidence is counted in groups"
        )
    return None


def one_source(facts: Facts, cases: Cases) -> Saw | None:
    """Nearly all cases come from one place."""
    told = {name: n for name, n in (cases.sources or {}).items() if name}
    if not told or not cases.n:
        return None
    name = max(told, key=lambda key: (told[key], key))
    share = told[name] / cases.n
    return (
        Saw(f"{share:.0%} of cases come from `{name[:60]}`") if share > facts.policy["source_share"] else None
    )


def synthetic(facts: Facts, cases: Cases) -> Saw | None:
    """No user wrote these."""
    made = sum(
        n
        for name, n in (cases.sources or {}).items()
        if "synthetic" in name.casefold() or "generated" in name.casefold()
    )
    if cases.n and made / cases.n > facts.policy["synthetic_share"]:
        return Saw(f"{made} of {counted(cases.n, 'case')} are synthetic")
    return (
        Saw(f"all {counted(cases.n, 'case')} were written by the people who build it")
        if cases.n and cases.by_builder
        else None
    )


def one_author(facts: Facts, cases: Cases) -> Saw | None:
    """One person wrote nearly all cases that no user wrote."""
    authors = cases.authors or {}
    total = sum(authors.values())
    name = max(authors, key=lambda key: (authors[key], key), default="")
    if not total or authors[name] / total <= facts.policy["source_share"]:
        return None
    return Saw(f"`{name[:60]}` wrote {authors[name]} of {counted(total, 'case')} that no user wrote")


def empty_slice(_facts: Facts, cases: Cases) -> Saw | None:
    """A slice that a claim needs has no sealed case."""
    found = tuple(name for name, n in cases.by_slice.items() if not n) if cases.sealed else ()
    return Saw(f"no sealed case in {named(found)}", found) if found else None


def thin_slice(_facts: Facts, claimed: tuple[Claimed, ...]) -> Saw | None:
    """A slice has cases, and too few to show anything."""
    found = [each for each in claimed if each.slice and 0 < each.groups < each.least]
    told = [f"{_where(each)}: {each.groups} of {each.least} groups" for each in found]
    return (
        Saw(f"too thin to show its bar ({named(told)})", tuple(_where(f) for f in found)) if found else None
    )


def unlike_traffic(facts: Facts, cases: Cases) -> Saw | None:
    """The mix of cases is not the mix of the traffic, and one claim covers all of it."""
    for name, rule in facts.launch.slices.items():
        have = {value: cases.by_slice.get(f"{name}={value}", 0) for value in rule.shares}
        total = sum(have.values())
        if rule.scope or not total:
            continue  # where the scope is chosen, every slice is judged by itself
        off = {value: round(abs(have[value] / total - share), 9) for value, share in rule.shares.items()}
        worst = max(off, key=lambda key: (off[key], key))
        if off[worst] > facts.policy["mix_points"]:
            return Saw(
                f"{worst} is {have[worst] / total:.0%} of sealed groups and {rule.shares[worst]:.0%} of traffic",
                (f"{name}={worst}",),
            )
    return None


def late_slices(facts: Facts, lock: Lock) -> Saw | None:
    """A slice was declared after outcomes were known."""
    inside = set(facts.verdict.scope.included) if facts.verdict else set()
    found = tuple(
        name for name in lock.late_slices if not inside or any(part.split("=")[0] == name for part in inside)
    )
    return Saw(f"declared after sealed outcomes were seen: {named(found)}", found) if found else None


def stale_cases(facts: Facts, cases: Cases) -> Saw | None:
    """The middle case is old."""
    days = cases.median_days
    return (
        Saw(f"the middle case is {days:.0f} days old")
        if days is not None and days > facts.policy["case_days"]
        else None
    )


def one_sided(_facts: Facts, cases: Cases) -> Saw | None:
    """All cases of a criterion want the same answer."""
    found = cases.one_sided or ()
    return Saw(f"all cases want the same answer: {named(found)}", found) if found else None


def set_changed(_facts: Facts, lock: Lock) -> Saw | None:
    """The sealed cases are not those that were locked."""
    found = [change for change in lock.changes if change.startswith("cases.")]
    return (
        Saw(f"the sealed cases differ from the lock ({named([change.split(':', 1)[0] for change in found])})")
        if found
        else None
    )


def removed_failures(_facts: Facts, cases: Cases) -> Saw | None:
    """Cases were taken away after they had failed."""
    return (
        Saw(f"{counted(cases.removed_failures, 'case')} taken away after failing, without a reason")
        if cases.removed_failures
        else None
    )


_GROW, _DOCTOR = "shipworthy set grow {folder}", "shipworthy set doctor {folder}"
RULES = (
    Rule("SET-01", "blocks", "Too few cases to ever pass",
         "Could this test ever have proven it?", "Without a single failure it takes 29 groups for a bar of 90, 59 for 95, 299 for 99 [M1].",
         "Add cases, or claim less.", _GROW, "M1", hopeless, needs=("claimed",), moves=True),
    Rule("SET-02", "warns", "Too few cases for a fair chance",
         "If it is good, would we see it?", "To show 90 with four chances in five takes 191 groups where the truth is 95, 89 where it is 97 [M2].",
         "Add cases, or say what you would do with *not yet*.", _GROW, "M2", underpowered, needs=("claimed",), moves=True),
    Rule("SET-03", "blocks", "No holdout",
         "Did you test on what you trained on?", "The best of 10 prompts on 50 open cases reports 92 where the truth is 85 [M3].",
         "Split by whole groups, before anything is recorded.", "shipworthy set split {folder}", "[H-val] [MLTS]; M3", no_holdout, needs=("cases",), moves=True),
    Rule("SET-04", "blocks", "Sealed cases leaked",
         "Had it seen the questions before?", "In one course's labelled file a random split by rows puts 63 % of test rows on questions that were seen [M9].",
         "Split by whole groups, and replace what leaked.", _DOCTOR, "M9; [H-val]", leaked, needs=("cases",), moves=True),
    Rule("SET-05", "blocks", "Tuned on the holdout",
         "How many tries did that take?", "The best of 10 variants on 50 cases passes a bar of 85 in 37 of 100 tries where the truth is 85 [M3].",
         "Decide on fresh cases, or plan the `tries` before the lock.", _GROW, "M3", tuned_on_holdout, needs=("looks",), moves=True),
    Rule("SET-06", "warns", "Near twins",
         "Is this one question asked forty ways?", "100 cases of which 40 are distinct ship wrongly 14.6 times in 100, not 5 [M6].",
         "Give twins one `group`.", _DOCTOR, "M6, M10", near_twins, needs=("cases",), moves=True),
    Rule("SET-07", "warns", "One source",
         "Where did these come from?", "One source has one way of asking; no interval covers the others.",
         "Add a second source.", _DOCTOR, "[MLTS] [Yan]", one_source, needs=("cases",)),
    Rule("SET-08", "warns", "All synthetic, or all by the builder",
         "Are any of these real?", "What the builder thinks of is what the builder mended.",
         "Draw cases from production or support.", "shipworthy import FILE --cases --launch {folder}", "[H-synth]", synthetic, needs=("cases",)),
    Rule("SET-09", "warns", "One author",
         "Do you all think the same?", "One head has one set of questions.",
         "Ask a colleague who meets users for twenty.", _DOCTOR, "P", one_author, needs=("cases",)),
    Rule("SET-10", "blocks", "A required slice is empty",
         "What about these users?", "No case shows nothing: the verdict there would be a guess.",
         "Collect cases, or exclude the slice.", _GROW, "[MLTS]", empty_slice, needs=("cases",), moves=True),
    Rule("SET-11", "warns", "A required slice is thin",
         "What about these users?", "With 14 groups not even 85 can be shown: it takes 19 without a failure [M1].",
         "Add cases there.", _GROW, "M1", thin_slice, needs=("claimed",), moves=True),
    Rule("SET-12", "warns", "The cases do not look like the traffic",
         "Is this what customers ask?", "A slice of 5 % at 60 % with the rest at 95 averages 93.3 [M12]; another mix gives another average.",
         "Weight or collect; or make it the partition that scope is chosen from.", _DOCTOR, "[Yan]; M12", unlike_traffic, needs=("cases",), moves=True),
    Rule("SET-13", "warns", "Slices were declared late",
         "Did you draw the target round the arrow?", "Of 8 slices of 15 cases that are all at 95, one shows less than 90 in 78 of 100 tests [M12].",
         "Confirm on fresh cases.", _GROW, "M12, P", late_slices, needs=("lock",), moves=True),
    Rule("SET-14", "warns", "Old cases",
         "Do people still ask this?", "What is right to answer has moved since.",
         "Refresh a fifth.", _DOCTOR, "[H-audit]", stale_cases, needs=("cases",)),
    Rule("SET-15", "warns", "All cases want the same answer",
         "Does it pass by always refusing?", "A feature that always refuses passes every case that wants a refusal.",
         "Add cases where the right answer is the other one.", "edit {folder}/evalset/, then: shipworthy check {folder}", "[Anth-ag]", one_sided, needs=("cases",), moves=True),
    Rule("SET-16", "blocks", "The set changed after the lock",
         "Did cases disappear?", "Whoever may drop cases may choose the result.",
         "Put the cases back, or lock a new plan on fresh ones.", "shipworthy lock {folder} --dry-run", "P", set_changed, needs=("lock",), moves=True),
    Rule("SET-17", "warns", "Failures were retired",
         "Did you remove the hard ones?", "Taking away 5 of 10 failures among 100 makes 90 look like 94.7.",
         "Restore them, or say why.", _DOCTOR, "P", removed_failures, needs=("cases",), moves=True),
)  # fmt: skip
"""In the order of the catalogue."""
