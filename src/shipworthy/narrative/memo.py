"""The memo as a tree: one question, one answer, the bad news, what happens next; then how to check it."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Launch
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative import background, findings
from shipworthy.narrative.appendix import appendix
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.claim import ClaimRow, rows
from shipworthy.narrative.document import Block, DecisionBox, Figures, Memo, Paragraph, Section
from shipworthy.narrative.explain import how_cautious, what_would_change_it
from shipworthy.narrative.facts import Facts
from shipworthy.narrative.figures import IconArray, icon_array, load_line
from shipworthy.narrative.headline import headline
from shipworthy.narrative.prose import joined
from shipworthy.narrative.text import plain

ROWS_OF_A_PAGE = 8
"""More claims than this are drawn in the appendix, and the page has the closest calls."""
SAMPLE = ENGLISH.say("sample material")
EXPLORATORY = ENGLISH.say("exploratory")


def memo(
    launch: Launch,
    verdict: Verdict,
    criteria: Sequence[Criterion],
    taxonomy: Sequence[FailureMode],
    facts: Facts,
    language: Language = ENGLISH,
) -> Memo:
    """Return the memo of a launch.

    Args:
        launch: the brief: question, value, users.
        verdict: the computed answer; every number of the memo comes from its claims.
        criteria: the bars and why they are drawn where they are.
        taxonomy: the failure modes, to name what goes wrong.
        facts: dates, names and records.
        language: in which it is written; names and what people wrote stay as they are.

    Returns:
        A tree of sections; exporters draw it and add nothing.
    """
    said, drawn = rows(verdict, criteria, language), language.date(plain(facts.locked, 40))
    page = (
        _bottom_line(launch, verdict, said, drawn, language),
        background.why_it_matters(launch, verdict, facts, language),
        findings.tested(launch, verdict, said, facts, language),
        findings.wrong(verdict, said, criteria, taxonomy, facts, language),
        findings.left_out(launch, verdict, said, language),
        findings.cost_and_speed(verdict, said, language),
        background.going_live(verdict, facts, language),
        background.could_be_wrong(launch, verdict, facts, language),
        _decision(verdict, facts, language),
    )
    return Memo(
        title=plain(launch.title, 120) or language.say("A launch without a title"),
        notices=_notices(verdict, facts, language),
        heading=_heading(launch, verdict, facts, language),
        page=page,
        appendix=appendix(verdict, said, criteria, drawn, language),
        foot=_foot(verdict, facts, language),
        language=language,
    )


def _notices(verdict: Verdict, facts: Facts, language: Language) -> tuple[str, ...]:
    notices = [language.say("sample material")] if facts.sample else []
    if verdict.exploratory:
        notices.append(language.say("exploratory"))
    return tuple(notices)


def _heading(
    launch: Launch, verdict: Verdict, facts: Facts, language: Language
) -> tuple[tuple[str, str], ...]:
    say = language.say
    lines = (
        (say("Date"), language.date(plain(facts.date, 40))),
        (say("To"), plain(facts.to or launch.decision.who, 120)),
        (say("From"), plain(facts.author, 120)),
        (say("Variant"), plain(verdict.variant, 80)),
    )
    return tuple((label, value) for label, value in lines if value)


def _question(launch: Launch, language: Language) -> str:
    asked = plain(launch.decision.question, 240) or language.say("Is this worth shipping?")
    by = launch.decision.by
    until = language.say("To be decided by {day}", day=language.date(by.isoformat())) if by else ""
    way = language.say("It cannot be taken back") if launch.decision.door == "one-way" else ""
    return f"{asked}{until}{way}"


def _bottom_line(
    launch: Launch, verdict: Verdict, said: Sequence[ClaimRow], drawn: str, language: Language
) -> Section:
    blocks: list[Block] = [
        Paragraph((_question(launch, language),)),
        Paragraph((headline(verdict, language),), lead=True),
    ]
    after = [what_would_change_it(verdict, said, language)]
    if cautious := how_cautious(said, language):
        after.append((cautious,))
    blocks.append(Paragraph(joined(after)))
    shown = [row for row in said if row.claim.decides]
    if len(shown) > ROWS_OF_A_PAGE:
        shown = findings.closest_calls(verdict, said)
    if shown:
        blocks.append(Figures((load_line(shown, drawn=drawn, language=language),)))
    if arrays := _arrays(said):
        blocks.append(Figures(arrays))
    return Section("bottom-line", language.say("Bottom line"), tuple(blocks))


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


def _decision(verdict: Verdict, facts: Facts, language: Language) -> Section:
    say = language.say
    as_it_says = say("As the verdict says: {word}", word=say(verdict.verdict))
    choices = (as_it_says, say("Changed, to:"), say("No"))
    again = language.date(plain(facts.review_on, 40))
    lines = ((say("Name"), ""), (say("Date"), ""), (say("Look at it again on"), again))
    return Section("decision", say("Decision"), (DecisionBox(choices, lines),))


def _foot(verdict: Verdict, facts: Facts, language: Language) -> tuple[tuple[str, str], ...]:
    say = language.say
    lines = (
        (say("Plan"), plain(verdict.plan, 80)),
        (say("Evidence"), plain(verdict.evidence, 80)),
        (say("Look"), language.whole(verdict.look) if verdict.look else ""),
        (say("Journal head"), plain(facts.journal_head, 80)),
        ("Shipworthy", plain(facts.version, 40)),
    )
    return tuple((label, value) for label, value in lines if value)
