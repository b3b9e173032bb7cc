"""What a plan can show, in sentences: its chance, what is out of reach, what repeats are worth, what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.decision.planning import Alike, Bill, Enough, Outlook
from shipworthy.decision.sizing import Sized
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Looks, PlannedLooks
from shipworthy.narrative import wording
from shipworthy.statistics.results import NotEstimable

WHOLE = "Groups are taken to pass or fail as a whole, which asks for too many and never too few"


def bar_words(criterion: Criterion) -> str:
    """Return the line of a criterion as it was drawn."""
    bar, estimand = criterion.bar.value, criterion.estimand
    if estimand == "difference":
        if bar == 0:
            return "better than the baseline"
        return f"at most {wording.line_per_100(-bar)} worse" if bar < 0 else f"+{wording.line_per_100(bar)}"
    if estimand == "mean":
        return f"at most {bar:g}"
    if estimand == "quantile":
        return f"{wording.line_per_100(criterion.quantile or 0.0)} within {bar:g}"
    some = {"all_of_k": f", all of {criterion.k}", "any_of_k": f", any of {criterion.k}"}.get(estimand, "")
    return f"{wording.line_per_100(bar)}{some}"


def hope_words(criterion: Criterion, hoped: float | None) -> str:
    """Return what is assumed to be true."""
    if hoped is None:
        return "nothing assumed"
    if criterion.estimand == "difference":
        return f"if {wording.points(hoped)} is true"
    if criterion.estimand == "mean":
        return f"if {wording.two_figures(hoped)} is true, as seen open"
    return f"if {wording.line_per_100(round(hoped, 4))} is true"


def looks_words(looks: Looks) -> str:
    """Return the policy of looks."""
    if isinstance(looks, PlannedLooks):
        return f"looks at any time up to {wording.plural(looks.end, 'group')}"
    return "one look" if looks == "once" else "looks without an end, priced for one"


def place(sized: Sized) -> str:
    """Return a claim with its slice."""
    return f"{sized.criterion}{f' on {sized.slice}' if sized.slice else ''}"


def everywhere(outlook: Outlook) -> list[str]:
    """Return the chance that the whole plan ships everywhere, and what makes it likely."""
    joint = outlook.joint
    counted = len(outlook.sized) + len(outlook.also) - sum(s.chance is None for s in _all(outlook))
    if not counted:
        return ["Ship everywhere: no claim has a chance that could be reckoned with yet."]
    if counted == 1:
        said = [f"Ship: {_chance(joint.independent)} at what is hoped for."]
    else:
        between = f"at least {_chance(joint.at_least)} and at most {_chance(joint.at_most)} whatever they do"
        alone = f"{_chance(joint.independent)} if they have nothing to do with each other"
        said = [f"Ship everywhere, {counted} claims at what is hoped for: {alone}, {between}."]
    if joint.uncounted:
        reasons = {s.criterion: s.reason for s in _all(outlook) if s.reason}
        said += [f"Not counted: {name} ({reasons.get(name, 'no number')})." for name in joint.uncounted]
    return [*said, *(_enough(each) for each in outlook.enough)]


def out_of_reach(outlook: Outlook, criteria: Sequence[Criterion]) -> list[str]:
    """Return what the sealed cases cannot show, whatever comes out."""
    bars = {c.id: bar_words(c) for c in criteria}
    return [
        f"{place(s)}: {wording.plural(s.groups, 'group')}; {wording.whole(s.least)} without a failure would show {bars[s.criterion]}."
        for s in _all(outlook)
        if s.outlook == "hopeless"
    ]


def repeats(alike: Alike) -> str:
    """Return how alike the outcomes of a group are, and what another repeat is worth."""
    within = (
        ""
        if isinstance(alike.interval, NotEstimable)
        else f" ({_figure(alike.interval[0])} to {_figure(alike.interval[1])})"
    )
    outcomes = round(alike.groups * alike.size)
    said = (
        f"{alike.criterion}: in {wording.plural(alike.groups, 'open group')} outcomes of one group agree by "
        f"{_figure(alike.icc)}{within}; {wording.whole(outcomes)} are worth {wording.whole(outcomes / max(alike.design_effect, 1e-9))} independent ones."
    )
    if alike.worth is None:
        return said
    return f"{said} A {_ordinal(alike.repeats + 1)} repeat of every case is worth {_figure(alike.worth)} of a case more for each."


def bill_words(bill: Bill, currency: str, *, wanted: float | None = None) -> str:
    """Return what so many cases cost."""
    head = "As planned" if wanted is None else f"For {_chance(wanted)}"
    parts = [wording.plural(bill.cases, "sealed case"), wording.plural(bill.outputs, "output")]
    if bill.more:
        parts[0] += f" ({wording.whole(bill.more)} still to write)"
    if bill.labels is None:
        parts.append("labels that nobody can number before some open outputs are labelled")
    elif bill.labels:
        parts.append(wording.plural(bill.labels, "label"))
    if bill.money is not None:
        parts.append(f"{bill.money:,.2f} {currency}")
    if bill.hours is not None:
        parts.append(f"{wording.two_figures(bill.hours)} hours of labelling")
    return f"{head}: {', '.join(parts)}."


def next_step(outlook: Outlook, folder: str, *, open_groups: int, locked: bool) -> str:
    """Return the one next thing to do."""
    hopeless = [s for s in _all(outlook) if s.outlook == "hopeless"]
    if locked:
        return f"the plan is locked: record the sealed cases, then shipworthy decide {folder}"
    if hopeless:
        worst = max(hopeless, key=lambda s: s.least - s.groups)
        short = wording.plural(worst.least - worst.groups, "more sealed group")
        return (
            f"write at least {short} for {place(worst)}, or claim less there, before shipworthy lock {folder}"
        )
    if not open_groups:
        return f"record open cases (shipworthy run {folder}, or import) and ask again: they tell how groups scatter"
    first = outlook.enough[0]
    if not isinstance(first.groups, NotEstimable) and outlook.joint.independent < first.power:
        now = {s.slice: s.groups for s in outlook.sized}
        short_of = {name: n - now.get(name, 0) for name, n in first.groups.items() if n > now.get(name, 0)}
        if short_of:
            listed = wording.listed(
                [f"{wording.whole(n)}{f' in {name}' if name else ''}" for name, n in short_of.items()]
            )
            return f"write more sealed groups ({listed}), or lock a plan that chance decides: shipworthy lock {folder}"
    return f"shipworthy lock {folder}"


def _enough(enough: Enough) -> str:
    if isinstance(enough.groups, NotEstimable):
        return f"For {_chance(enough.power)}: {enough.groups.reason}."
    n = max(enough.groups.values())
    many = len(enough.groups)
    in_all = f" in each slice, {wording.whole(enough.total or 0)} in all" if many > 1 else ""
    return f"For {_chance(enough.power)} it takes {wording.plural(n, 'group')}{in_all}, if claims have nothing to do with each other."


def _all(outlook: Outlook) -> tuple[Sized, ...]:
    return (*outlook.sized, *outlook.also)


def _chance(share: float) -> str:
    return f"{hundredths(share)} in 100"


def hundredths(share: float) -> str:
    """Return a chance as so many of 100, with no digit that nobody needs.

    >>> hundredths(0.813), hundredths(0.9996), hundredths(0.004), hundredths(0.0)
    ('81', 'over 99', 'under 1', '0')
    """
    if 0.0 < share < 0.01:
        return "under 1"
    if share > 0.99:
        return "over 99"
    return f"{100 * share:.0f}"


def _figure(value: float) -> str:
    return f"{value:.2f}"


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(number, f"{number}th")
