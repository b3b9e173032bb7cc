"""Why this verdict, in a few sentences that a second person can retell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shipworthy.domain.verdict import (
    CHANGED,
    SEALED,
    SUSPENDED,
    UNCALIBRATED,
    UNLOCKED,
    WAITING,
    LeftOut,
    State,
    Verdict,
)
from shipworthy.narrative import wording
from shipworthy.narrative.claim import ClaimRow, places, price, state_words
from shipworthy.narrative.prose import Prose, flat, seen
from shipworthy.narrative.text import plain, sentence

MANY = 4
"""More slices than this are not told one by one on a page."""
_ALL_HOLD = re.compile(r"all \d+ claims hold everywhere")


def headline(verdict: Verdict) -> str:
    """Return the verdict as one sentence or two; nothing in it can be read as more than was shown."""
    if verdict.exploratory:
        would = f" On new cases the same counts would give: {verdict.would_be}." if verdict.would_be else ""
        said = f"Not yet: this evidence is exploratory and cannot confirm.{would}"
    else:
        said = _computed(verdict)
    if not verdict.blocked_by:
        return said
    names = wording.listed([plain(name, 80) for name in verdict.blocked_by])
    return f"Blocked by {plural_challenges(len(verdict.blocked_by))}: {names}. The counts alone say: {said}"


def plural_challenges(number: int) -> str:
    """Return a number of challenges.

    >>> plural_challenges(2)
    '2 open challenges'
    """
    return wording.plural(number, "open challenge")


def why(verdict: Verdict, rows: Sequence[ClaimRow]) -> tuple[Prose, ...]:
    """Return which claims decided, at what level, on how many groups, what was left out and why.

    Args:
        verdict: the verdict to explain.
        rows: its claims in words, as `claim.rows` returns them.
    """
    deciding = [row for row in rows if row.claim.decides]
    sentences: list[Prose] = [(sentence(reason),) for reason in own_reasons(verdict)]
    if not deciding:
        return (*sentences, ("No goal or guardrail has a claim here, so nothing decides.",))
    sentences.append(_basis(verdict, deciding))
    inside = [row for row in deciding if row.claim.slice not in {out.slice for out in verdict.scope.excluded}]
    if verdict.scope.included and inside:
        sentences += _inside(verdict, inside)
        sentences += [left_out(out, rows, exploratory=verdict.exploratory) for out in verdict.scope.excluded]
    else:
        sentences += _open(deciding)
    return tuple(sentences)


def own_reasons(verdict: Verdict) -> list[str]:
    """Return the reasons that no row of a claim already says."""
    told = tuple(f"{c.criterion}{f' on {c.slice}' if c.slice else ''}: {c.state}" for c in verdict.claims)
    return [r for r in verdict.reasons if not r.startswith(told or ("\0",)) and not _ALL_HOLD.match(r)]


def left_out(out: LeftOut, rows: Sequence[ClaimRow], *, exploratory: bool = False) -> Prose:
    """Return why a slice is outside the scope, and what showing it would take."""
    name = places([out.slice])
    row = next((r for r in rows if r.ref.slice == out.slice and r.ref.criterion == out.claim), None)
    if row is None:
        return (f"{name}: left out, because what must hold across the scope is not shown with it.",)
    verb = "would be left out" if exploratory else "is left out"
    said = row.state_short
    start = f"{name} {verb}, because {row.name} {'is ' if row.state == 'not shown' else ''}{said} there: "
    cost = f" {price(out.more_needed).capitalize()}." if out.more_needed else ""
    others = [r for r in rows if r.ref.slice == out.slice and r is not row and r.claim.decides]
    cost += _either(others, "does not hold", "does not hold", "do not hold", exploratory=exploratory)
    cost += _either(others, "not shown", "is not shown", "are not shown", exploratory=exploratory)
    return (start[0].upper() + start[1:], seen(row), f", bar {row.bar}.{cost}")


def all_left_out(verdict: Verdict, rows: Sequence[ClaimRow]) -> list[Prose]:
    """Return why each slice is outside the scope; where many are, the worst in full and the others by their reason."""
    excluded, exploratory = verdict.scope.excluded, verdict.exploratory
    if len(excluded) <= MANY:
        return [left_out(out, rows, exploratory=exploratory) for out in excluded]
    margins = {(row.ref.criterion, row.ref.slice): row.margin for row in rows}
    worst = sorted(
        excluded, key=lambda out: (out.state != "does not hold", margins.get((out.claim, out.slice), 0.0))
    )
    said = [left_out(out, rows, exploratory=exploratory) for out in worst[:2]]
    by_reason: dict[tuple[str, State], list[str]] = {}
    for out in worst[2:]:
        by_reason.setdefault((out.claim, out.state), []).append(out.slice)
    verb = "would be left out" if exploratory else "left out"
    for (claim, state), slices in by_reason.items():
        short = state_words(state, exploratory=exploratory).removesuffix(" yet")
        link = "is " if state == "not shown" else ""
        name = plain(claim.replace("_", " "), 60)
        said.append((f"Also {verb}, because {name} {link}{short} there: {places(slices)}.",))
    return [*said, ("The appendix has each of them in counts.",)]


def _either(others: Sequence[ClaimRow], state: State, one: str, many: str, *, exploratory: bool) -> str:
    names = [r.name for r in others if r.state == state]
    if not names:
        return ""
    said = one if len(names) == 1 else many
    if exploratory and state == "does not hold":
        said = "would not hold"
    return f" There {wording.listed(names)} {said} either."


def what_would_change_it(verdict: Verdict, rows: Sequence[ClaimRow]) -> Prose:
    """Return what would turn the verdict round."""
    deciding = [row for row in rows if row.claim.decides]
    kept = [r for r in deciding if r.claim.state == "holds" and _is_kept(verdict, r)]
    word = verdict.would_be if verdict.exploratory else verdict.verdict
    if word in ("ship", "ship narrower") and kept:
        wider = _wider(verdict, rows)
        if wider:
            return (wider,)
        nearest = min(kept, key=lambda r: r.margin)
        first = "new cases under a locked plan. Closest there" if verdict.exploratory else "the closest call"
        return (
            f"What would change it: {first}, {nearest.name} on {nearest.where}, bar {nearest.bar}: ",
            seen(nearest),
            ".",
        )
    refuted = [r for r in deciding if r.state == "does not hold"]
    if word == "do not ship" and refuted:
        names = wording.listed(list(dict.fromkeys(r.name for r in refuted)))
        return (f"What would change it: a better feature. {names} must do better, on new cases.",)
    bill = needed(rows)
    return (f"What would change it: {bill or 'new evidence under a locked plan'}.",)


def _wider(verdict: Verdict, rows: Sequence[ClaimRow]) -> str:
    """Return which slice left out is still open, and what showing it would take."""
    open_ones = [out for out in verdict.scope.excluded if out.state == "not shown" and out.more_needed]
    if verdict.exploratory or not open_ones:
        return ""
    cheapest = min(open_ones, key=lambda out: out.more_needed.cases if out.more_needed else 0)
    there = [
        row for row in rows if row.claim.slice == cheapest.slice and row.claim.criterion == cheapest.claim
    ]
    if not there or cheapest.more_needed is None:
        return ""
    cases = wording.more_cases(cheapest.more_needed.cases, fresh=cheapest.more_needed.fresh)
    return f"What would change it: {cases} of {there[0].where} might show {there[0].name} there, and widen the scope."


def needed(rows: Sequence[ClaimRow]) -> str:
    """Return the cases that what is open would take, slice by slice; empty when nothing is priced.

    Within a slice the dearest claim pays for the others, since a case answers all criteria.
    """
    bill: dict[str, tuple[int, bool]] = {}
    for row in rows:
        more = row.claim.more_needed
        if row.claim.decides and more is not None:
            cases, fresh = bill.get(row.where, (0, False))
            bill[row.where] = (max(cases, more.cases), fresh or more.fresh)
    return wording.listed(
        [f"{wording.more_cases(n, fresh=fresh)} in {where}" for where, (n, fresh) in bill.items()]
    )


def next_step(verdict: Verdict, rows: Sequence[ClaimRow]) -> str:
    """Return the one next thing to do."""
    if verdict.exploratory:
        return _after_rehearsal(verdict)
    if verdict.blocked_by:
        return f"Answer {plural_challenges(len(verdict.blocked_by))} before anybody acts on this."
    if verdict.verdict in ("ship", "ship narrower"):
        return "Write the page that defends it (shipworthy memo)."
    refuted = list(dict.fromkeys(r.name for r in rows if r.claim.decides and r.state == "does not hold"))
    if verdict.verdict == "do not ship" and refuted:
        return f"Read the outputs that failed {wording.listed(refuted[:3])}, mend the feature, and test on new cases."
    bill = needed(rows)
    if any(row.claim.more_needed and row.claim.more_needed.fresh for row in rows) or not bill:
        return f"Lock a new plan on new cases{f': {bill}' if bill else ''}."
    return f"Gather and score {bill}, then decide again."


_AFTER = (
    (WAITING, "Run or import the outcomes of the holdout (shipworthy run, shipworthy import), then decide again."),
    (SEALED, "Open the holdout (shipworthy decide): it is a look, written down and paid for once."),
    (CHANGED, "Put back what was locked, or lock a new plan on fresh cases."),
    (UNLOCKED, "Fix the plan (shipworthy lock), then decide on outcomes recorded after it."),
    (UNCALIBRATED, "Label outputs of calibrate cases, and hold the judge against them (shipworthy judge calibrate)."),
    (SUSPENDED, "Change the judge (its prompt, its model or its `version`), calibrate it, and lock a new plan."),
)  # fmt: skip


def _after_rehearsal(verdict: Verdict) -> str:
    """Return what turns a rehearsal into a decision: it depends on why it was one."""
    why = verdict.reasons[0] if verdict.reasons else ""
    own = "Name this variant as the candidate, and lock a new plan on fresh cases."
    return next((then for begins, then in _AFTER if why.startswith(begins)), own)


def how_cautious(rows: Sequence[ClaimRow]) -> str:
    """Return what "could be as low as" means, said once."""
    errors = sorted({round(1 - row.claim.level, 9) for row in rows if row.claim.lower is not None})
    if not errors:
        return ""
    often = wording.chance(errors[-1])
    return (
        f'"Could be as low as": over many repetitions of this whole test, so cautious a figure would be '
        f"wrong at most {often.replace(' in ', ' times in ')}."
    )


def retold(verdict: Verdict, rows: Sequence[ClaimRow]) -> str:
    """Return headline and reasons as plain text."""
    return " ".join([headline(verdict), *(flat(p) for p in why(verdict, rows))])


def _computed(verdict: Verdict) -> str:
    scope = verdict.scope
    if verdict.verdict == "ship":
        whom = places(scope.included) or "the declared scope"
        return "Ship: every claim holds everywhere." if whom == "everywhere" else f"Ship to all of {whom}."
    if verdict.verdict == "ship narrower":
        kept = (
            "" if scope.traffic_share is None else f", {wording.per_100(scope.traffic_share)} of the traffic"
        )
        left = _not_in([out.slice for out in scope.excluded])
        return f"Ship narrower: only {places(scope.included)}{kept}.{f' Not {left}.' if left else ''}"
    deciding = [c for c in verdict.claims if c.decides]
    if verdict.verdict == "do not ship":
        where = "in every slice some claim" if verdict.scope.excluded else "a claim"
        return f"Do not ship: {where} does not hold."
    open_claims = [c for c in deciding if c.state == "not shown"]
    refuted = [c for c in deciding if c.state == "does not hold"]
    if not deciding:
        return "Not yet: no goal or guardrail decides."
    if not open_claims and not refuted:
        return "Not yet: the claims hold one by one, but not together at the level of this look."
    parts = [
        f"{wording.of(len(open_claims), len(deciding))} claims {'is' if len(open_claims) == 1 else 'are'} not shown"
    ]
    if refuted:
        parts.append(f"{wording.whole(len(refuted))} {'does' if len(refuted) == 1 else 'do'} not hold")
    return f"Not yet: {wording.listed(parts)}."


def _not_in(slices: Sequence[str]) -> str:
    """Return the slices left out; of many of one partition, how many they are."""
    tags = {name.split("=", 1)[0] for name in slices if "=" in name}
    if len(slices) > MANY and len(tags) == 1 and all("=" in name for name in slices):
        return f"the other {wording.whole(len(slices))} ({plain(tags.pop(), 40)})"
    return places(slices, last="or")


def _basis(verdict: Verdict, deciding: Sequence[ClaimRow]) -> Prose:
    names = wording.listed(list(dict.fromkeys(row.name for row in deciding)))
    groups = sorted({row.claim.groups for row in deciding})
    span = wording.plural(groups[0], "independent group")
    if len(groups) > 1:
        span = f"{wording.whole(groups[0])} to {wording.whole(groups[-1])} independent groups"
    errors = sorted({round(1 - row.claim.level, 9) for row in deciding})
    at = wording.chance(errors[0])
    if wording.chance(errors[-1]) != at:
        at = f"{at.split(' in ', 1)[0]} to {wording.chance(errors[-1])}"
    verb = "decides" if len(deciding) == 1 else "decide"
    accepted = wording.chance(verdict.error).replace(" in ", " times in ")
    basis = (
        f"{wording.plural(len(deciding), 'claim')} {verb} ({names}), each tested on {span}. "
        f"The plan accepts a wrong ship at most {accepted}; at this look a claim may be wrong at most {at}."
    )
    return (basis,)


def _inside(verdict: Verdict, inside: Sequence[ClaimRow]) -> list[Prose]:
    where = places(verdict.scope.included)
    whom = "" if where == "everywhere" else f" inside {where}"
    holding = sum(r.state == "holds" for r in inside)
    closest = min(inside, key=lambda r: r.margin)
    verb = "would hold" if verdict.exploratory else ("holds" if len(inside) == 1 else "hold")
    every = (
        f"All {holding} claims"
        if 1 < holding == len(inside)
        else f"{wording.of(holding, len(inside))} claims"
    )
    return [
        (
            f"{every}{whom} {verb}; the closest is {closest.name} on {closest.where}: ",
            seen(closest),
            f", bar {closest.bar}.",
        )
    ]


def _open(deciding: Sequence[ClaimRow]) -> list[Prose]:
    """Return one sentence for each claim that stands in the way, the worst first, at most four."""
    blocking = [r for r in deciding if r.state != "holds"]
    blocking.sort(key=lambda r: (r.state != "does not hold", r.margin))
    said: list[Prose] = []
    for row in blocking[:4]:
        words = row.state_short
        link = "is " if row.state == "not shown" else ""
        cost = f" {row.price.capitalize()}." if row.price else ""
        reason = f" ({plain(row.claim.reason, 160)})" if row.claim.reason else ""
        start = f"{row.name} on {row.where} {link}{words}{reason}: "
        said.append((start, seen(row), f", bar {row.bar}.{cost}"))
    if len(blocking) > 4:
        said.append((f"{len(blocking) - 4} more claims stand in the way; the table has them.",))
    return said


def _is_kept(verdict: Verdict, row: ClaimRow) -> bool:
    return row.claim.slice not in {out.slice for out in verdict.scope.excluded}
