"""What is said of several variants beside each other: counts first, exploratory throughout, one next step."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.decision.comparison import Comparison
from shipworthy.decision.tradeoff import Axis, Placed
from shipworthy.decision.worth import Worth
from shipworthy.narrative import wording
from shipworthy.narrative.text import plain
from shipworthy.statistics.results import NotEstimable

RANK = ("ship", "ship narrower", "not yet", "do not ship")
MANY = 6
"""A sentence names no more variants than this; the others are counted, and every row and format has them all."""


def heading(found: Comparison) -> str:
    """Say what is compared, on what."""
    board = found.board
    groups = wording.plural(board.groups, "group")
    cases = "" if board.cases == board.groups else f" ({wording.plural(board.cases, 'case')})"
    return f"{plain(found.launch.title, 80) or 'Untitled'}: {len(board.variants)} variants on {groups}{cases} of open cases"


def notices(found: Comparison) -> list[str]:
    """Say what a reader must know first: that this explores, and how much choosing flatters."""
    n, flattery = len(found.board.variants), found.trade.flattery
    explores = (
        "Exploratory: these cases were open, so nothing here is a verdict. A variant that learnt from them, or was"
        " tuned on them, looks better than it is."
    )
    said = [explores]
    if not isinstance(flattery, NotEstimable):
        goal = next(axis.name for axis in found.board.axes if axis.side == "goal")
        said.append(
            f"The best of {n} variants on these cases is flattered by choosing: on {plain(goal, 60)} by about "
            f"{wording.two_figures(100 * flattery)} of 100, if all are equally good. Its verdict needs cases it was"
            " not chosen on."
        )
    if found.board.outside:
        said.append(
            f"{wording.plural(found.board.outside, 'open group')} without an output of every variant are left out."
        )
    if found.board.absent:
        said.append(f"Nothing is recorded of {_some([plain(a, 60) for a in found.board.absent])}.")
    said += [f"{plain(note, 300)}." for note in found.board.notes]
    if found.trade.reason:
        said.append(f"Nothing is told apart: {found.trade.reason}.")
    if not any(axis.side == "cost" for axis in found.board.axes):
        said.append("No cost was recorded, so cost is no axis here.")
    return said


def axis_title(axis: Axis) -> str:
    """Return what an axis counts."""
    if axis.side == "harm":
        return f"{plain(axis.name, 40)}: guardrail ({axis.severity}), failing of 100"
    if axis.unit is not None:
        assumed = "recorded, mean" if axis.assumed else "mean, capped"
        return f"{plain(axis.name, 40)}: {assumed} of one output"
    if axis.side in ("time", "cost"):
        return f"{plain(axis.name, 40)}: within the bar, of 100"
    return f"{plain(axis.name, 40)}: goal, of 100"


def axis_notes(axis: Axis) -> list[str]:
    """Say what is not known on an axis, and what was assumed."""
    said = []
    unknown = {name: n for name, n in (axis.unknown or {}).items() if n}
    if unknown:
        counts = [f"{wording.whole(n)} of {plain(name, 40)}" for name, n in unknown.items()]
        said.append(
            f"Unknown for {wording.listed(counts[:4])}{' and others' if len(counts) > 4 else ''}: counted against"
            " whatever is said to be better."
        )
    if axis.assumed:
        said.append(
            "No cap is declared: ranges and comparisons assume that no output costs more than "
            f"{wording.money(axis.unit or 0.0)}, twice the dearest seen."
        )
    return said


def placed(found: Comparison) -> list[str]:
    """Say who is dominated, who is only behind, and who is in front."""
    trade = found.trade
    margin = f", and up to {wording.per_100(trade.margin)} counts as equal" if trade.margin else ""
    said = [
        f"{plain(one.variant, 60)} is dominated by {_by(one)}: worse on no axis{margin} ({p_words(one.p_value)})."
        for one in trade.placed
        if one.place == "dominated"
    ]
    many = len(trade.variants) * (len(trade.variants) - 1)
    level = wording.chance(trade.level)
    if said:
        said.append(
            f"The chance that any of these is wrong is at most {level}, over all {many} ordered pairs."
        )
    else:
        said.append(
            f"No variant is shown to be dominated, at an error of {level} over all {many} ordered pairs."
        )
    behind = [f"{plain(p.variant, 60)} (by {_by(p)})" for p in trade.placed if p.place == "behind"]
    if behind:
        said.append(f"Not shown to be dominated, though behind in what was seen: {_some(behind)}.")
    front = [plain(p.variant, 60) for p in trade.placed if p.place == "in front"]
    if front:
        said.append(f"In front in what was seen: {_some(front)}.")
    return said


def _some(names: Sequence[str]) -> str:
    """Join names, the last ones as a number where there are many."""
    if len(names) <= MANY:
        return wording.listed(names)
    return f"{', '.join(names[: MANY - 1])} and {wording.plural(len(names) - MANY + 1, 'other')}"


def _by(one: Placed) -> str:
    more = len(one.by) - 1
    return plain(one.by[0], 60) + (f" and {wording.plural(more, 'other')}" if more else "")


def p_words(p_value: float) -> str:
    """Return a p-value to two figures.

    >>> p_words(0.00004), p_words(0.031)
    ('p < .0001', 'p .031')
    """
    if p_value < 0.0001:
        return "p < .0001"
    return f"p {float(f'{p_value:.2g}'):.5f}".rstrip("0").rstrip(".").replace("p 0.", "p .")


def cash(amount: float) -> str:
    """Return an amount of money; nothing below a cent is told apart.

    >>> cash(1834), cash(0.0004), cash(0.0)
    ('$1,800', 'less than $0.01', '$0')
    """
    if abs(amount) >= 0.01 or amount == 0:
        return wording.money(amount)
    return "less than $0.01"


def chance_words(chance: float) -> str:
    """Return a chance with two digits, never as certain.

    >>> chance_words(0.931), chance_words(0.9999), chance_words(0.001)
    ('.93', 'above .99', 'below .01')
    """
    if chance > 0.99:
        return "above .99"
    return "below .01" if chance < 0.01 else f"{chance:.2f}".removeprefix("0")


def worth_words(found: Comparison, name: str, worth: Worth) -> list[str]:
    """Say what a variant is worth in a week, from which rate on, and what that depends on."""
    week, baseline = worth.week, found.trade.baseline
    instead = f" instead of {plain(baseline, 60)}" if baseline else ""
    sure = (
        f"{plain(name, 60)}{instead}: {cash(week.expected)} a week expected, 80 of 100 between "
        f"{cash(week.low)} and {cash(week.high)}; worth more than not with a chance of "
        f"{chance_words(week.chance)}."
    )
    said = [sure, f"{_break_even(worth)} Seen: {wording.per_100(worth.rate)}."]
    if week.swings:
        most = week.swings[0]
        said.append(
            f"What matters most is {plain(most.name, 120)}: it alone moves the week from "
            f"{cash(min(most.low, most.high))} to {cash(max(most.low, most.high))}."
        )
    return said


def _break_even(worth: Worth) -> str:
    rate = worth.break_even
    if isinstance(rate, NotEstimable):
        return f"No rate pays: {rate.reason}."
    if rate > 1:
        return "Shipping pays at no rate of good answers: harm and cost take more than they bring."
    if rate <= 0:
        return "Shipping pays whatever the rate of good answers."
    return f"Shipping pays from {wording.per_100(rate, towards='up')} good answers on."


def sums(found: Comparison) -> list[str]:
    """Say what the money is made of, and what is not in it."""
    known = [worth for worth in found.worths.values() if isinstance(worth, Worth)]
    said = list(dict.fromkeys(f"{note[0].upper()}{note[1:]}." for worth in known for note in worth.notes))
    if known and known[0].unpriced:
        events = wording.listed([f"“{plain(event, 80)}”" for event in known[0].unpriced])
        said.append(f"Not in the sum, as no criterion measures it: {events}.")
    return said


def enough(found: Comparison, name: str, worth: Worth) -> str:
    """Say whether one more week of measuring is worth its price, beside the verdict's own state."""
    more, asked = worth.more, found.measuring
    if more is None or asked is None:
        return (
            f"Knowing everything about {plain(name, 60)} would be worth at most {cash(worth.week.perfect)} for each week"
            " that the decision stands; --week-cases and --week-cost weigh one more week of measuring against its price."
        )
    waiting = more.price - asked.price
    loses = f", and waiting loses {cash(waiting)}" if waiting > 0 else ""
    word = "enough" if more.enough else "measure on"
    return (
        f"{plain(name, 60)} is worth more than not with a chance of {chance_words(worth.week.chance)}; another week of"
        f" measuring ({wording.plural(more.groups, 'group')}) is worth {_at_most(more.value)} over"
        f" {wording.two_figures(asked.horizon)} weeks and costs {cash(asked.price)}{loses}: {word}."
        f" Knowing the rates exactly would be worth {cash(worth.week.perfect_rates * (asked.horizon - asked.delay))}."
    )


def _at_most(value: float) -> str:
    return f"at most {cash(value)}" if value == 0 or value >= 0.01 else cash(value)


def states(found: Comparison) -> list[str]:
    """Say what each variant would be on these cases alone; the verdict stays what it is."""
    words: dict[str, list[str]] = {}
    for name, verdict in found.rehearsed.items():
        words.setdefault(verdict.would_be or "not yet", []).append(plain(name, 60))
    said = [f"{word}: {_some(words[word])}" for word in RANK if word in words]
    state = "A plan is locked; `shipworthy decide` gives its verdict." if found.locked else (
        "The verdict is not yet: no plan is locked."
    )  # fmt: skip
    state += " Money never overrides it."
    return [f"On these cases alone the verdicts would be {'; '.join(said)}.", state] if said else [state]


def judged(found: Comparison) -> str | None:
    """Return the variant that the sentences about money and measuring are about: the candidate, else the best seen."""
    if found.candidate in found.worths:
        return found.candidate
    known = {n: w.week.expected for n, w in found.worths.items() if isinstance(w, Worth)}
    if not known:
        first = found.board.axes[0].name
        known = {s.variant: s.estimate for s in found.trade.standings if s.axis == first}
        known = {name: value for name, value in known.items() if name in found.worths}
    return max(known, key=known.__getitem__) if known else None


def next_step(found: Comparison, folder: str) -> str:
    """Return the one thing to do next: the first of these that applies."""
    if found.candidate is None:
        return f"name the one variant that the plan judges: `candidate: {judged(found)}` in launch.yaml."
    last = (
        f"`shipworthy decide {folder}`: only the sealed cases decide."
        if found.locked
        else f"`shipworthy lock {folder}`, then run {found.candidate} on the sealed cases, which decide."
    )
    return _wrong_candidate(found) or _unknown_money(found) or _more_first(found) or last


def _wrong_candidate(found: Comparison) -> str:
    """Return what to do where another variant should be judged."""
    place = next((p for p in found.trade.placed if p.variant == found.candidate), None)
    if place is not None and place.place == "dominated":
        return _dominated(found, place)
    better = _better_rehearsed(found)
    if better and not found.locked:
        return f"look at {better}, which would be further than {found.candidate} on these cases, before the lock."
    return ""


def _unknown_money(found: Comparison) -> str:
    """Return what has to be written down before a value can be computed."""
    worth = found.worths.get(found.candidate or "")
    if isinstance(worth, NotEstimable):
        return f"say what is at stake: {worth.reason}."
    if worth is not None and worth.unpriced:
        return (
            f"say how often “{plain(worth.unpriced[0], 80)}” happens: write under it in launch.yaml"
            " `criterion:` with the criterion whose failure it is, and a `high:` price."
        )
    return ""


def _more_first(found: Comparison) -> str:
    """Return that measuring on pays, where it does."""
    worth = found.worths.get(found.candidate or "")
    if isinstance(worth, Worth) and worth.more is not None and not worth.more.enough:
        groups = wording.plural(worth.more.groups, "group")
        return f"measure on: add about {groups} of fresh cases, then compare again."
    return ""


def _dominated(found: Comparison, place: Placed) -> str:
    by = place.by[0]
    if by == found.trade.baseline:
        return f"keep {by}, which dominates {place.variant}, or change {place.variant} and compare again."
    if found.locked:
        return f"{by} dominates {place.variant}, which the locked plan judges: a plan for {by} needs fresh sealed cases."
    return f"write `candidate: {by}` in launch.yaml before the lock: it dominates {place.variant}."


def _better_rehearsed(found: Comparison) -> str | None:
    """Return a variant that nobody dominates and whose rehearsal goes further than the candidate's."""
    front = {p.variant for p in found.trade.placed if p.place == "in front"}
    rank = {name: RANK.index(v.would_be or "not yet") for name, v in found.rehearsed.items()}
    mine = rank.get(found.candidate or "", len(RANK))
    others = sorted((r, name) for name, r in rank.items() if name in front and r < mine)
    return others[0][1] if others else None


def against_words(found: Comparison) -> Sequence[tuple[str, str, str, str]]:
    """Return one row for each variant and axis against the baseline: variant, axis, flips, state."""
    return [
        (
            one.variant,
            one.axis,
            wording.flips(one.fixed, one.broken),
            one.state
            + ("" if one.state == "not told apart" else f", {p_words(min(one.p_better, one.p_worse))}"),
        )
        for one in found.trade.against
    ]
