"""Verdict: the answer with its load lines, its scope and its price, each claim with what stands behind it; and the look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.domain.criteria import Criterion, with_shares
from shipworthy.domain.errors import BadInput
from shipworthy.domain.verdict import Claim
from shipworthy.exporters import svg
from shipworthy.exporters.svg_timeline import timeline as timeline_svg
from shipworthy.narrative.claim import ClaimRow, place, rows
from shipworthy.narrative.explain import how_cautious, next_step, why
from shipworthy.narrative.figures import load_line, scope_map, share_words
from shipworthy.narrative.headline import headline
from shipworthy.narrative.prose import flat
from shipworthy.narrative.timeline import timeline
from shipworthy.services.journal_pages import locks_and_looks
from shipworthy.services.verdict_now import Now, open_holdout, verdict_now
from shipworthy.store.of_outputs import STATES, State
from shipworthy.web.drawn import Drawing, drawing
from shipworthy.web.links import link, whole
from shipworthy.web.page import Answer, Page, Redirect, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit

HEAD = ("Claim", "Where", "Counts", "Seen", "Bound", "Bar", "State")


@dataclass(frozen=True)
class Behind:
    """How many outputs of a claim ended in one way, and where they can be read."""

    state: State
    n: int
    url: str


def show(visit: Visit) -> Answer:
    """Show the verdict as it can be seen without a look."""
    variant = visit.query.get("variant") or None
    now = verdict_now(visit.launch, variant)
    verdict = now.decided.verdict
    said = rows(verdict, visit.launch.reading.criteria)
    listed = _listed(visit.launch.reading.criteria)
    events, earlier = locks_and_looks(visit.launch)
    line = timeline([(e.seq, e.at, e.verb, e.body) for e in events], earlier=earlier)
    return Page(
        "decide.html",
        {
            "step_name": "Decide", "now": now, "verdict": verdict, "variant": variant,
            "variants": list(visit.launch.launch.variants), "headline": headline(verdict),
            "why": [flat(part) for part in why(verdict, said)], "next": next_step(verdict, said),
            "cautious": how_cautious(said), "load_line": _load_line(said, now), "scope": _scope(visit, now),
            "rows": [(row, _behind(row.claim, now, listed), claim_link(row, variant)) for row in said],
            "timeline": drawing(
                timeline_svg(line), "In their order, not by date.", ("Day", "What happened"),
                tuple((m.day, m.words) for m in line.moments),
            ),
        },
    )  # fmt: skip


def claim(visit: Visit) -> Answer:
    """Show one claim: its numbers, its method, and the outputs behind it."""
    variant = visit.query.get("variant") or None
    now = verdict_now(visit.launch, variant)
    criteria = visit.launch.reading.criteria
    said = rows(now.decided.verdict, criteria)
    number = whole(str(visit.path["number"]), 0)
    if not 1 <= number <= len(said):
        raise BadInput(
            f"the verdict has no claim {number}", where=visit.at, remedy="choose one on the page Verdict"
        )
    row = said[number - 1]
    criterion = next((c for c in with_shares(criteria) if c.id == row.claim.criterion), None)
    return Page(
        "claim.html",
        {
            "step_name": "Decide", "now": now, "row": row, "claim": row.claim, "criterion": criterion,
            "behind": _behind(row.claim, now, _listed(criteria)), "load_line": _load_line([row], now), "number": number,
            "flips": _flips_link(row.claim, now), "all": link("/decide", variant=variant), "many": len(said),
            "where": place(row.claim.slice), "cautious": how_cautious([row]), "variant": variant, "link": link,
        },
    )  # fmt: skip


def look(visit: Visit) -> Answer:
    """Take the look that the page said it would be."""
    open_holdout(
        visit.launch,
        variant=visit.field("variant") or None,
        number=whole(visit.field("number"), 0),
        groups=whole(visit.field("groups"), 0),
        missing_as_no_answer=visit.field("missing_as_no_answer") == "yes",
    )
    return Redirect(link("/decide", variant=visit.field("variant")))


def claim_link(row: ClaimRow, variant: str | None) -> str:
    """Return the address of a claim."""
    return link(f"/claims/{row.ref.number}", variant=variant)


def _load_line(said: list[ClaimRow] | tuple[ClaimRow, ...], now: Now) -> Drawing:
    figure = load_line(said, drawn=now.decided.locked_at[:10])
    table = tuple(
        (row.name, row.where, row.counts, row.estimate, row.bound, row.bar, row.state_words) for row in said
    )
    return drawing(svg.load_line(figure), figure.caption, HEAD, table)


def _scope(visit: Visit, now: Now) -> Drawing | None:
    partition = visit.launch.launch.scope_slice()
    if partition is None:
        return None
    name, rule = partition
    figure = scope_map(
        now.decided.verdict, {f"{name}={value}": share for value, share in rule.shares.items()}
    )
    if not figure.areas:
        return None
    table = tuple((area.name, share_words(area), area.words) for area in figure.areas)
    return drawing(
        svg.scope_map(figure), "As wide as its share of the traffic.", ("Slice", "Traffic", "Kept or left out"), table
    )  # fmt: skip


def _listed(criteria: Sequence[Criterion]) -> frozenset[str]:
    """Return the criteria whose outputs can be listed as they were counted: lists know nothing of what is answered."""
    return frozenset(c.id for c in criteria if c.answered is None)


def _behind(claim: Claim, now: Now, listed: frozenset[str]) -> tuple[Behind, ...]:
    """Return how a claim's outputs ended, with the page that lists them."""
    if not claim.planned or claim.criterion not in listed:
        return ()
    numbers = (claim.passed, claim.failed, claim.unscored, claim.no_answer)
    return tuple(
        Behind(
            state, n,
            link(
                "/outputs", criterion=claim.criterion, variant=claim.variant, slice=claim.slice, state=state,
                sealed="yes" if now.is_revealed else None,
            ),
        )
        for state, n in zip(STATES, numbers, strict=True)
    )  # fmt: skip


def _flips_link(claim: Claim, now: Now) -> str:
    if claim.estimand != "difference":
        return ""
    sealed = "yes" if now.is_revealed else None
    return link("/flips", criterion=claim.criterion, after=claim.variant, slice=claim.slice, sealed=sealed)


ROUTES = (route("/decide", show, save=look), route("/claims/{number}", claim))
PLACES = (Place("Decide", "Verdict", "/decide"),)
