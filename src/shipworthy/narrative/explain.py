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
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.claim import ClaimRow, places, price
from shipworthy.narrative.headline import MANY, headline, plural_challenges
from shipworthy.narrative.prose import Prose, flat, said, seen
from shipworthy.narrative.text import capital, plain, sentence

_ALL_HOLD = re.compile(r"all \d+ claims hold everywhere")


def why(verdict: Verdict, rows: Sequence[ClaimRow], language: Language = ENGLISH) -> tuple[Prose, ...]:
    """Return which claims decided, at what level, on how many groups, what was left out and why.

    Args:
        verdict: the verdict to explain.
        rows: its claims in words, as `claim.rows` returns them.
        language: in which it is said.
    """
    deciding = [row for row in rows if row.claim.decides]
    sentences: list[Prose] = [
        (sentence(language.tell(reason), language.room(400)),) for reason in own_reasons(verdict)
    ]
    if not deciding:
        return (*sentences, (language.say("No goal or guardrail has a claim here"),))
    sentences.append(_basis(verdict, deciding, language))
    inside = [row for row in deciding if row.claim.slice not in {out.slice for out in verdict.scope.excluded}]
    if verdict.scope.included and inside:
        sentences += _inside(verdict, inside, language)
        sentences += [
            left_out(out, rows, language, exploratory=verdict.exploratory) for out in verdict.scope.excluded
        ]
    else:
        sentences += _open(deciding, language)
    return tuple(sentences)


def own_reasons(verdict: Verdict) -> list[str]:
    """Return the reasons that no row of a claim already says."""
    told = tuple(f"{c.criterion}{f' on {c.slice}' if c.slice else ''}: {c.state}" for c in verdict.claims)
    return [r for r in verdict.reasons if not r.startswith(told or ("\0",)) and not _ALL_HOLD.match(r)]


def left_out(
    out: LeftOut, rows: Sequence[ClaimRow], language: Language = ENGLISH, *, exploratory: bool = False
) -> Prose:
    """Return why a slice is outside the scope, and what showing it would take."""
    name = places([out.slice], language=language)
    row = next((r for r in rows if r.ref.slice == out.slice and r.ref.criterion == out.claim), None)
    if row is None:
        return (
            language.say(
                "{slice}: left out, because what must hold across the scope is not shown", slice=name
            ),
        )
    cost = f" {capital(price(out.more_needed, language))}." if out.more_needed else ""
    others = [r for r in rows if r.ref.slice == out.slice and r is not row and r.claim.decides]
    cost += _either(others, "does not hold", language, exploratory=exploratory)
    cost += _either(others, "not shown", language, exploratory=exploratory)
    told = said(
        language,
        "{slice} would be left out, because" if exploratory else "{slice} is left out, because",
        slice=name,
        because=_because(row.name, row.state, language, exploratory=exploratory),
        seen=seen(row),
        bar=row.bar,
        cost=cost,
    )
    return (capital(str(told[0])), *told[1:])


def _because(name: str, state: State, language: Language, *, exploratory: bool, yet: str = " yet") -> str:
    """Return why a slice is left out, as the end of a sentence."""
    if state == "not shown":
        return language.say(f"because {{name}} is not shown{yet}", name=name)
    holds = "because {name} would hold" if state == "holds" else "because {name} would not hold"
    if exploratory:
        return language.say(holds, name=name)
    return language.say(
        "because {name} holds" if state == "holds" else "because {name} does not hold", name=name
    )


def all_left_out(verdict: Verdict, rows: Sequence[ClaimRow], language: Language = ENGLISH) -> list[Prose]:
    """Return why each slice is outside the scope; where many are, the worst in full and the others by their reason."""
    excluded, exploratory = verdict.scope.excluded, verdict.exploratory
    if len(excluded) <= MANY:
        return [left_out(out, rows, language, exploratory=exploratory) for out in excluded]
    margins = {(row.ref.criterion, row.ref.slice): row.margin for row in rows}
    worst = sorted(
        excluded, key=lambda out: (out.state != "does not hold", margins.get((out.claim, out.slice), 0.0))
    )
    told = [left_out(out, rows, language, exploratory=exploratory) for out in worst[:2]]
    by_reason: dict[tuple[str, State], list[str]] = {}
    for out in worst[2:]:
        by_reason.setdefault((out.claim, out.state), []).append(out.slice)
    for (claim, state), slices in by_reason.items():
        name = language.say(claim) if claim == "across the scope" else plain(claim.replace("_", " "), 60)
        because = _because(name, state, language, exploratory=exploratory, yet="")
        also = "Also would be left out, because" if exploratory else "Also left out, because"
        told.append((language.say(also, because=because, slices=places(slices, language=language)),))
    return [*told, (language.say("The appendix has each of them in counts"),)]


def _either(others: Sequence[ClaimRow], state: State, language: Language, *, exploratory: bool) -> str:
    names = [r.name for r in others if r.state == state]
    if not names:
        return ""
    key = (
        "There {names} does not hold either"
        if state == "does not hold"
        else "There {names} is not shown either"
    )
    if exploratory and state == "does not hold":
        key = "There {names} would not hold either"
    return language.say_for(len(names), key, names=language.listed(names))


def what_would_change_it(verdict: Verdict, rows: Sequence[ClaimRow], language: Language = ENGLISH) -> Prose:
    """Return what would turn the verdict round."""
    deciding = [row for row in rows if row.claim.decides]
    kept = [r for r in deciding if r.claim.state == "holds" and _is_kept(verdict, r)]
    word = verdict.would_be if verdict.exploratory else verdict.verdict
    if word in ("ship", "ship narrower") and kept:
        wider = _wider(verdict, rows, language)
        if wider:
            return (wider,)
        nearest = min(kept, key=lambda r: r.margin)
        return said(
            language,
            "What would change it: new cases under a locked plan. Closest there"
            if verdict.exploratory
            else "What would change it: the closest call",
            name=nearest.name,
            where=nearest.where,
            bar=nearest.bar,
            seen=seen(nearest),
        )
    refuted = [r for r in deciding if r.state == "does not hold"]
    if word == "do not ship" and refuted:
        names = language.listed(list(dict.fromkeys(r.name for r in refuted)))
        return (language.say("What would change it: a better feature", names=names),)
    bill = needed(rows, language) or language.say("new evidence under a locked plan")
    return (language.say("What would change it: {bill}", bill=bill),)


def _wider(verdict: Verdict, rows: Sequence[ClaimRow], language: Language) -> str:
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
    return language.say_for(
        cheapest.more_needed.cases,
        "What would change it: {cases} might show {name} there",
        cases=wording.more_cases(
            cheapest.more_needed.cases, fresh=cheapest.more_needed.fresh, language=language
        ),
        where=there[0].where,
        name=there[0].name,
    )


def needed(rows: Sequence[ClaimRow], language: Language = ENGLISH) -> str:
    """Return the cases that what is open would take, slice by slice; empty when nothing is priced.

    Within a slice the dearest claim pays for the others, since a case answers all criteria.
    """
    bill: dict[str, tuple[int, bool]] = {}
    for row in rows:
        more = row.claim.more_needed
        if row.claim.decides and more is not None:
            cases, fresh = bill.get(row.where, (0, False))
            bill[row.where] = (max(cases, more.cases), fresh or more.fresh)
    parts = [
        language.say(
            "{cases} in {where}", cases=wording.more_cases(n, fresh=fresh, language=language), where=where
        )
        for where, (n, fresh) in bill.items()
    ]
    return language.listed(parts)


def next_step(verdict: Verdict, rows: Sequence[ClaimRow], language: Language = ENGLISH) -> str:
    """Return the one next thing to do."""
    say = language.say
    if verdict.exploratory:
        return _after_rehearsal(verdict, language)
    if verdict.blocked_by:
        challenges = plural_challenges(len(verdict.blocked_by), language)
        return say("Answer {challenges} before anybody acts", challenges=challenges)
    if verdict.verdict in ("ship", "ship narrower"):
        return say("Write the page that defends it")
    refuted = list(dict.fromkeys(r.name for r in rows if r.claim.decides and r.state == "does not hold"))
    if verdict.verdict == "do not ship" and refuted:
        return say("Read the outputs that failed", names=language.listed(refuted[:3]))
    bill = needed(rows, language)
    if any(row.claim.more_needed and row.claim.more_needed.fresh for row in rows) or not bill:
        return (
            say("Lock a new plan on new cases: {bill}", bill=bill)
            if bill
            else say("Lock a new plan on new cases")
        )
    return say("Gather and score {bill}", bill=bill)


_AFTER = (
    (WAITING, "after: nothing recorded on the holdout"),
    (SEALED, "after: the holdout is sealed"),
    (CHANGED, "after: the folder changed"),
    (UNLOCKED, "after: no plan is locked"),
    (UNCALIBRATED, "after: the judge is not calibrated"),
    (SUSPENDED, "after: the judge is suspended"),
)


def _after_rehearsal(verdict: Verdict, language: Language) -> str:
    """Return what turns a rehearsal into a decision: it depends on why it was one."""
    why = verdict.reasons[0] if verdict.reasons else ""
    key = next((then for begins, then in _AFTER if why.startswith(begins)), "after: another variant")
    return language.say(key)


def how_cautious(rows: Sequence[ClaimRow], language: Language = ENGLISH) -> str:
    """Return what "could be as low as" means, said once."""
    errors = sorted({round(1 - row.claim.level, 9) for row in rows if row.claim.lower is not None})
    if not errors:
        return ""
    return language.say("what could be as low as means", often=wording.times(errors[-1], language))


def retold(verdict: Verdict, rows: Sequence[ClaimRow]) -> str:
    """Return headline and reasons as plain text."""
    return " ".join([headline(verdict), *(flat(p) for p in why(verdict, rows))])


def _basis(verdict: Verdict, deciding: Sequence[ClaimRow], language: Language) -> Prose:
    names = language.listed(list(dict.fromkeys(row.name for row in deciding)))
    groups = sorted({row.claim.groups for row in deciding})
    span = language.counted(groups[0], "independent group")
    if len(groups) > 1:
        span = language.say(
            "{fewest} to {most} independent groups",
            fewest=language.whole(groups[0]),
            most=language.whole(groups[-1]),
        )
    errors = sorted({round(1 - row.claim.level, 9) for row in deciding})
    at = wording.chance(errors[0], language)
    if wording.chance(errors[-1], language) != at:
        least = wording.chances(errors[0], language)
        at = language.say("{low} to {high}", low=least, high=wording.chance(errors[-1], language))
    basis = language.say_for(
        len(deciding),
        "{claims} decide",
        claims=language.counted(len(deciding), "claim"),
        names=names,
        span=span,
        accepted=wording.times(verdict.error, language),
        at=at,
    )
    return (basis,)


def _inside(verdict: Verdict, inside: Sequence[ClaimRow], language: Language) -> list[Prose]:
    where = places(verdict.scope.included)
    whom = (
        ""
        if where == "everywhere"
        else language.say("inside {where}", where=places(verdict.scope.included, language=language))
    )
    holding = sum(r.state == "holds" for r in inside)
    closest = min(inside, key=lambda r: r.margin)
    if 1 < holding == len(inside):
        every = language.say("All {number} claims", number=holding)
    else:
        every = language.say("{counted} claims", counted=wording.of(holding, len(inside), language))
    verb = language.say_for(len(inside), "claims would hold" if verdict.exploratory else "claims hold")
    return [
        said(
            language,
            "{every}{whom} {verb}; the closest is {name}",
            every=every,
            whom=whom,
            verb=verb,
            name=closest.name,
            where=closest.where,
            seen=seen(closest),
            bar=closest.bar,
        )
    ]


def _open(deciding: Sequence[ClaimRow], language: Language) -> list[Prose]:
    """Return one sentence for each claim that stands in the way, the worst first, at most four."""
    blocking = [r for r in deciding if r.state != "holds"]
    blocking.sort(key=lambda r: (r.state != "does not hold", r.margin))
    told: list[Prose] = []
    for row in blocking[:4]:
        reason = (
            f" ({plain(language.tell(row.claim.reason), language.room(160))})" if row.claim.reason else ""
        )
        told.append(
            said(
                language,
                "{name} on {where} is {state}" if row.state == "not shown" else "{name} on {where} {state}",
                name=row.name,
                where=row.where,
                state=row.state_short,
                reason=reason,
                seen=seen(row),
                bar=row.bar,
                cost=f" {capital(row.price)}." if row.price else "",
            )
        )
    if len(blocking) > 4:
        told.append((language.say("{number} more claims stand in the way", number=len(blocking) - 4),))
    return told


def _is_kept(verdict: Verdict, row: ClaimRow) -> bool:
    return row.claim.slice not in {out.slice for out in verdict.scope.excluded}
