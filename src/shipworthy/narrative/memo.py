"""The memo as a tree: one question, one answer, the bad news, what happens next; then how to check it."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Launch
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative import background, findings, wording
from shipworthy.narrative.appendix import appendix
from shipworthy.narrative.claim import ClaimRow, rows
from shipworthy.narrative.document import Block, DecisionBox, Figures, Memo, Paragraph, Section
from shipworthy.narrative.explain import headline, how_cautious, what_would_change_it
from shipworthy.narrative.facts import Facts
from shipworthy.narrative.figures import IconArray, icon_array, load_line
from shipworthy.narrative.prose import joined
from shipworthy.narrative.text import plain

ROWS_OF_A_PAGE = 8
"""More claims than this are drawn in the appendix, and the page has the closest calls."""
SAMPLE = (
    "Sample material: this launch was written to show how Shipworthy works. It describes no real product."
)
EXPLORATORY = (
    "Exploratory: no figure here was drawn under a locked plan on new cases, so nothing here can confirm."
)


def memo(
    launch: Launch,
    verdict: Verdict,
    criteria: Sequence[Criterion],
    taxonomy: Sequence[FailureMode],
    facts: Facts,
) -> Memo:
    """Return the memo of a launch.

    Args:
        launch: the brief: question, value, users.
        verdict: the computed answer; every number of the memo comes from its claims.
        criteria: the bars and why they are drawn where they are.
        taxonomy: the failure modes, to name what goes wrong.
        facts: dates, names and records.

    Returns:
        A tree of sections; exporters draw it and add nothing.
    """
    said, drawn = rows(verdict, criteria), plain(facts.locked, 40)
    page = (
        _bottom_line(launch, verdict, said, drawn),
        background.why_it_matters(launch, verdict, facts),
        findings.tested(launch, verdict, said, facts),
        findings.wrong(verdict, said, criteria, taxonomy, facts),
        findings.left_out(launch, verdict, said),
        findings.cost_and_speed(verdict, said),
        background.going_live(verdict, facts),
        background.could_be_wrong(launch, verdict, facts),
        _decision(verdict, facts),
    )
    return Memo(
        title=plain(launch.title, 120) or "A launch without a title",
        notices=_notices(verdict, facts),
        heading=_heading(launch, verdict, facts),
        page=page,
        appendix=appendix(verdict, said, criteria, drawn),
        foot=_foot(verdict, facts),
    )


def _notices(verdict: Verdict, facts: Facts) -> tuple[str, ...]:
    notices = [SAMPLE] if facts.sample else []
    if verdict.exploratory:
        notices.append(EXPLORATORY)
    return tuple(notices)


def _heading(launch: Launch, verdict: Verdict, facts: Facts) -> tuple[tuple[str, str], ...]:
    lines = (
        ("Date", plain(facts.date, 40)),
        ("To", plain(facts.to or launch.decision.who, 120)),
        ("From", plain(facts.author, 120)),
        ("Variant", plain(verdict.variant, 80)),
    )
    return tuple((label, value) for label, value in lines if value)


def _question(launch: Launch) -> str:
    asked = plain(launch.decision.question, 240) or "Is this worth shipping, and to whom?"
    by = f" To be decided by {launch.decision.by.isoformat()}." if launch.decision.by else ""
    way = " It cannot be taken back." if launch.decision.door == "one-way" else ""
    return f"{asked}{by}{way}"


def _bottom_line(launch: Launch, verdict: Verdict, said: Sequence[ClaimRow], drawn: str) -> Section:
    blocks: list[Block] = [Paragraph((_question(launch),)), Paragraph((headline(verdict),), lead=True)]
    after = [what_would_change_it(verdict, said)]
    if cautious := how_cautious(said):
        after.append((cautious,))
    blocks.append(Paragraph(joined(after)))
    shown = [row for row in said if row.claim.decides]
    if len(shown) > ROWS_OF_A_PAGE:
        shown = findings.closest_calls(verdict, said)
    if shown:
        blocks.append(Figures((load_line(shown, drawn=drawn),)))
    if arrays := _arrays(said):
        blocks.append(Figures(arrays))
    return Section("bottom-line", "Bottom line", tuple(blocks))


def _arrays(said: Sequence[ClaimRow]) -> tuple[IconArray, ...]:
    """Return the first goal that is a share, slice by slice, as far as a line of the page holds them."""
    first = next(
        (
            r.name
            for r in said
            if r.claim.kind == "goal" and r.claim.estimand == "rate" and r.claim.estimate is not None
        ),
        None,
    )
    arrays = [
        icon_array(r) for r in said if r.name == first and r.claim.estimand == "rate" and r.claim.decides
    ]
    return tuple(a for a in arrays if a is not None)[:5]


def _decision(verdict: Verdict, facts: Facts) -> Section:
    choices = (f"As the verdict says: {verdict.verdict}", "Changed, to:", "No")
    lines = (("Name", ""), ("Date", ""), ("Look at it again on", plain(facts.review_on, 40)))
    return Section("decision", "Decision", (DecisionBox(choices, lines),))


def _foot(verdict: Verdict, facts: Facts) -> tuple[tuple[str, str], ...]:
    lines = (
        ("Plan", plain(verdict.plan, 80)),
        ("Evidence", plain(verdict.evidence, 80)),
        ("Look", wording.whole(verdict.look) if verdict.look else ""),
        ("Journal head", plain(facts.journal_head, 80)),
        ("Shipworthy", plain(facts.version, 40)),
    )
    return tuple((label, value) for label, value in lines if value)
