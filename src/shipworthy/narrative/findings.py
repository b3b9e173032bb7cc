"""The parts of the memo that come from the verdict: what we tested, what goes wrong, what is left out."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.criteria import Criterion, share_name
from shipworthy.domain.launch import Launch
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative import explain, wording
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.claim import ClaimRow, places
from shipworthy.narrative.document import Block, Bullets, Figures, Paragraph, Row, Section, Table
from shipworthy.narrative.facts import Facts
from shipworthy.narrative.figures import in_short, scope_map
from shipworthy.narrative.prose import Number, Prose, joined, said, seen
from shipworthy.narrative.text import plain

ASIDE = ("mean", "quantile")
"""What has a section of its own: cost and speed."""
CALLS_OF_A_PAGE = 5
"""Claims that a page has room for; those that decide inside the scope come first, then the worst outside it."""
SLICES_OF_A_LINE = 6
"""Slices whose failures one line counts, the most failures first."""
HEAD = ("We promise", "Where", "Bar", "In the test", "Could be as bad as", "Holds?")
"""Keys of what stands over the columns of promises."""


def tested(
    launch: Launch, verdict: Verdict, rows: Sequence[ClaimRow], facts: Facts, language: Language
) -> Section:
    """Return the table of promises: for each criterion its closest claim inside the scope, and each left out."""
    say = language.say
    picked = [r for r in closest_calls(verdict, rows) if r.claim.estimand not in ASIDE]
    against = say("against {baseline}", baseline=plain(launch.baseline, 60)) if launch.baseline else ""
    when = say(", fixed on {day}", day=language.date(plain(facts.locked, 40))) if facts.locked else ""
    cases = language.counted(_cases(verdict, rows), "case tested", "cases")
    if verdict.exploratory:
        standing = say("{cases} that can only explore", cases=cases)
    else:
        standing = say("{cases} sealed by the plan", cases=cases, when=when)
    intro = say(
        "{variant}{against}, on {standing}",
        variant=plain(verdict.variant, 60),
        against=against,
        standing=standing,
    )
    if len(rows) > len(picked):
        intro += say("Closest calls; all {number} in the appendix", number=language.whole(len(rows)))
    table = Table(
        "", tuple(say(key) for key in HEAD), tuple(_promise(row) for row in picked), frozenset({2, 3, 4})
    )
    return Section("tested", say("What we tested"), (Paragraph((intro,)), table))


def closest_calls(verdict: Verdict, rows: Sequence[ClaimRow]) -> list[ClaimRow]:
    """Return for each criterion its closest claim inside the scope, then what keeps slices out, the worst first."""
    outside = {out.slice: out.claim for out in verdict.scope.excluded} if verdict.scope.included else {}
    inside = [r for r in rows if r.ref.slice not in outside and r.claim.decides]
    closest = {
        name: min((r for r in inside if r.name == name), key=_nearness) for name in {r.name for r in inside}
    }
    kept = {r.ref.number for r in closest.values()}
    room = max(CALLS_OF_A_PAGE - len(kept), 2)
    barring = [r for r in rows if outside.get(r.ref.slice or "") == r.ref.criterion]
    kept |= {r.ref.number for r in sorted(barring, key=_nearness)[:room]}
    order = {name: i for i, name in enumerate(dict.fromkeys(r.name for r in rows))}
    picked = [r for r in rows if r.ref.number in kept]
    return sorted(picked, key=lambda r: (r.ref.slice in outside, order[r.name]))


def _cases(verdict: Verdict, rows: Sequence[ClaimRow]) -> int:
    """Return the cases behind the claims: the parts of the scope together, or the largest claim."""
    parts = {*verdict.scope.included, *(out.slice for out in verdict.scope.excluded)}
    largest: dict[str | None, int] = {}
    for row in rows:
        largest[row.ref.slice] = max(largest.get(row.ref.slice, 0), row.claim.cases)
    return max([sum(n for name, n in largest.items() if name in parts), *largest.values(), 0])


def _nearness(row: ClaimRow) -> tuple[int, float]:
    """Order claims from bad news to good."""
    return ({"does not hold": 0, "not shown": 1, "holds": 2}[row.state], row.margin)


def _promise(row: ClaimRow) -> Row:
    counts = row.counts if row.claim.estimand == "judged_rate" else in_short(row)
    seen_words = f"{counts} ({row.estimate})" if row.estimate else counts
    seen_words = f"{seen_words}; {row.ending}" if row.ending else seen_words
    cells: tuple[Prose, ...] = (
        (row.promise,),
        (row.where,),
        (row.bar,),
        (Number(seen_words, row.ref),),
        (Number(row.worst, row.ref),) if row.worst else (row.language.say("not known"),),
        (row.state_words,),
    )
    return Row(cells, row.ref, row.state)


def wrong(
    verdict: Verdict,
    rows: Sequence[ClaimRow],
    criteria: Sequence[Criterion],
    taxonomy: Sequence[FailureMode],
    facts: Facts,
    language: Language = ENGLISH,
) -> Section:
    """Return the failures counted by criterion and slice, and the failure modes by name."""
    parts = {*verdict.scope.included, *(out.slice for out in verdict.scope.excluded)}
    # A case that is handed over is no failure: that enough is answered has its line in the table of claims.
    shares = {share_name(c.id) for c in criteria if c.answered is not None}
    told = [r for r in rows if r.claim.decides and r.ref.criterion not in shares]
    names = list(dict.fromkeys(r.name for r in told if r.claim.estimand not in ("mean", "difference")))
    items: list[Prose] = []
    for name in names:
        own = [r for r in rows if r.name == name and r.claim.decides]
        split = [r for r in own if r.ref.slice in parts] or own[:1]
        items.append(_failures(name, split, language))
    modes = _modes(criteria, taxonomy, facts, language)
    blocks: list[Block] = [Bullets(tuple(items))] if items else []
    after = language.say("An output without a score or an answer counts as not passed")
    blocks.append(Paragraph((" ".join([*modes, after]),)))
    return Section("wrong", language.say("What it gets wrong"), tuple(blocks))


def _failures(name: str, split: Sequence[ClaimRow], language: Language) -> Prose:
    say = language.say
    judged = any(row.claim.estimand == "judged_rate" for row in split)
    parts: list[str | Number] = [say("{name}: a judge failed" if judged else "{name} failed", name=name)]
    more = len(split) > SLICES_OF_A_LINE
    if more:
        split = sorted(split, key=lambda row: -row.claim.failed / max(row.claim.counted, 1))[
            :SLICES_OF_A_LINE
        ]
    for i, row in enumerate(split):
        claim = row.claim
        ending = say("and {ending}", ending=row.ending) if row.ending else ""
        where = f" ({places([claim.slice]).rsplit(' (', 1)[0]})" if claim.slice else ""
        told = f"{wording.of(claim.failed, claim.counted, language)}{ending}"
        parts += [", " if i else "", Number(told, row.ref), where]
    parts += [say("no larger a share anywhere else")] if more else []
    return (*parts, say("before labels corrected it") if judged else say("end of failed"))


def _modes(
    criteria: Sequence[Criterion], taxonomy: Sequence[FailureMode], facts: Facts, language: Language
) -> list[str]:
    say, known = language.say, {mode.id: plain(mode.name or mode.id, 80) for mode in taxonomy}
    if facts.failures:
        counted = [
            say(
                "{mode} {counted} read",
                mode=known.get(f.mode, plain(f.mode, 80)),
                counted=wording.of(f.count, f.read, language),
                example=say("for example case {case}", case=plain(f.example, 40)) if f.example else "",
            )
            for f in facts.failures[:4]
        ]
        return [say("By failure mode: {modes}", modes=language.listed(counted))]
    ids = list(dict.fromkeys(m for c in criteria for m in c.failure_modes))
    if not ids:
        return []
    names = language.listed([known.get(m, plain(m, 80)) for m in ids[:5]], last="or")
    return [say("Failure modes we know of: {names}", names=names)]


def left_out(
    launch: Launch, verdict: Verdict, rows: Sequence[ClaimRow], language: Language = ENGLISH
) -> Section:
    """Return where the feature is not recommended, why, and what showing it would take."""
    scope, say = verdict.scope, language.say
    partition = launch.scope_slice()
    shares = {f"{partition[0]}={v}": s for v, s in partition[1].shares.items()} if partition else {}
    blocks: list[Block] = []
    if shares:
        blocks.append(Figures((scope_map(verdict, shares, language),)))
    if scope.included and scope.excluded:
        blocks.append(Paragraph(joined(explain.all_left_out(verdict, rows, language))))
    elif scope.included:
        whole = "{slices} would be the whole scope" if verdict.exploratory else "{slices} is the whole scope"
        blocks.append(Paragraph((say(whole, slices=places(scope.included, language=language)),)))
    else:
        bill = explain.needed(rows, language)
        price = say("To show what is open takes {bill}", bill=bill) if bill else ""
        blocks.append(Paragraph((say("No slice is recommended on this verdict") + price,)))
    return Section("left-out", say("Where we do not recommend it"), tuple(blocks))


def cost_and_speed(verdict: Verdict, rows: Sequence[ClaimRow], language: Language = ENGLISH) -> Section:
    """Return what one output costs and how long people wait, as far as a criterion asks for it."""
    outside = {out.slice for out in verdict.scope.excluded} if verdict.scope.included else set()
    asked = [r for r in rows if r.claim.estimand in ASIDE and r.ref.slice not in outside]
    closest: dict[str, ClaimRow] = {}
    for row in asked:
        if row.name not in closest or _nearness(row) < _nearness(closest[row.name]):
            closest[row.name] = row
    title = language.say("Cost and speed")
    if not closest:
        return Section(
            "cost", title, (Paragraph((language.say("No criterion asks for cost or waiting time"),)),)
        )
    told = [
        said(
            language,
            "{name} on {where}: {seen}",
            name=r.name,
            where=r.where,
            seen=seen(r),
            bar=r.bar,
            state=r.state_words,
        )
        for r in closest.values()
    ]
    return Section("cost", title, (Bullets(tuple(told)),))
