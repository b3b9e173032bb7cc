"""The memo's appendix: every claim with all its counts, the bars and why, and how the verdict came about."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.criteria import Criterion, with_shares
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative import wording
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.claim import ClaimRow
from shipworthy.narrative.document import Block, Bullets, Figures, Paragraph, Row, Section, Table
from shipworthy.narrative.explain import next_step, why
from shipworthy.narrative.figures import load_lines
from shipworthy.narrative.prose import Number, joined, said
from shipworthy.narrative.rests_on import rests_on
from shipworthy.narrative.text import plain, sentence

COUNTS = (
    "No.",
    "Claim",
    "Where",
    "Planned",
    "Passed",
    "Failed",
    "Unscored",
    "No answer",
    "Cases",
    "Groups",
    "Repeats",
)
"""Keys of what stands over the columns of counts."""
HANDED_OVER = "Handed over"
"""One column more, where some claim is about answered outputs alone."""
BOUNDS = (
    "No.",
    "Claim",
    "Where",
    "Bar",
    "Estimate",
    "At least",
    "At most",
    "Likely",
    "Wrong at most",
    "Method",
    "State",
)
"""Keys of what stands over the columns of bounds."""


def appendix(
    verdict: Verdict,
    rows: Sequence[ClaimRow],
    criteria: Sequence[Criterion],
    drawn: str,
    language: Language = ENGLISH,
) -> tuple[Section, ...]:
    """Return the sections a reader checks the first page by."""
    say = language.say
    counted: tuple[Block, ...] = (
        _figure(rows, drawn, language),
        _counts(rows, language),
        _bounds(rows, language),
        *_beyond(rows, language),
    )
    rests = Bullets(tuple((line,) for line in rests_on(verdict, language)))
    return (
        Section("why-this-verdict", say("Why this verdict"), _reasons(verdict, rows, language)),
        Section("every-claim", say("Every claim, counted"), counted),
        Section("rests-on", say("What it rests on"), (rests,)),
        Section("bars", say("The bars, and why they are there"), _bars(criteria, language)),
    )


def _reasons(verdict: Verdict, rows: Sequence[ClaimRow], language: Language) -> tuple[Paragraph, ...]:
    step = language.say("Next: {step}", step=next_step(verdict, rows, language))
    return Paragraph(joined(why(verdict, rows, language))), Paragraph((step,))


def _figure(rows: Sequence[ClaimRow], drawn: str, language: Language) -> Figures:
    return Figures(load_lines(rows, drawn=drawn, language=language))


def _counts(rows: Sequence[ClaimRow], language: Language) -> Table:
    made, some = [], any(row.claim.handed_over is not None for row in rows)
    for row in rows:
        c = row.claim
        numbers = [c.planned, c.passed, c.failed, c.unscored, c.no_answer, c.cases, c.groups, c.repeats]
        numbers += [c.handed_over or 0] if some else []
        cells = (str(row.ref.number), row.name, row.where, *(language.whole(n) for n in numbers))
        made.append(Row(tuple((cell,) for cell in cells), row.ref, None))
    head = tuple(language.say(key) for key in (*COUNTS, *([HANDED_OVER] if some else [])))
    caption = language.say("caption of counts, some handed over" if some else "caption of counts")
    return Table(caption, head, tuple(made), frozenset({0, *range(3, len(head))}))


def _bounds(rows: Sequence[ClaimRow], language: Language) -> Table:
    made, none = [], language.say("none")
    for row in rows:
        c, say = row.claim, row.scale.say
        cells = (
            str(row.ref.number),
            row.name,
            row.where,
            row.bar,
            row.estimate or none,
            none if c.lower is None else say(c.lower, "down"),
            none if c.upper is None else say(c.upper, "up"),
            none if c.likely is None else _likely(row),
            wording.chance(1 - c.level, language),
            plain(language.tell(c.method), language.room(80)),
            row.state_words,
        )
        made.append(Row(tuple((cell,) for cell in cells), row.ref, row.state))
    head = tuple(language.say(key) for key in BOUNDS)
    return Table(language.say("caption of bounds"), head, tuple(made), frozenset({0, 5, 6}))


def _likely(row: ClaimRow) -> str:
    likely, language, say = row.claim.likely, row.language, row.scale.say
    if likely is None:
        return ""
    low = say(likely.lower).removesuffix(language.say("of 100", number=""))
    return language.say("{low} to {high}", low=low, high=say(likely.upper))


def _beyond(rows: Sequence[ClaimRow], language: Language) -> tuple[Bullets, ...]:
    """Return of each mean where it stops counting, and how large a share may lie there."""
    told = [
        said(
            language,
            "{name} on {where}: {beyond}",
            name=r.name,
            where=r.where,
            beyond=Number(r.beyond, r.ref),
        )
        for r in rows
        if r.beyond
    ]
    return (Bullets(tuple(told)),) if told else ()


def _bars(criteria: Sequence[Criterion], language: Language) -> tuple[Bullets]:
    items, say = [], language.say
    for c in with_shares(criteria):
        why_there = plain(c.bar.why, 300)
        pass_, fail = plain(c.pass_, 300), plain(c.fail, 300)
        parts = [
            say(
                "{id} ({kind}, {severity} when it fails): {question}",
                id=c.id,
                kind=say(c.kind),
                severity=say(c.severity),
                question=sentence(c.question, 300) or say("No question written"),
            )
        ]
        parts += [say("Passes: {text}", text=pass_)] if pass_ else []
        parts += [say("Fails: {text}", text=fail)] if fail else []
        parts.append(
            say(
                "Bar {op} {value}: {why}",
                op=c.bar.op,
                value=language.number(f"{c.bar.value:g}"),
                why=why_there or say("nobody wrote down why"),
            )
        )
        items.append((" ".join(parts).replace("..", "."),))
    return (Bullets(tuple(items)),)
