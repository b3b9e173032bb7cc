"""The memo's appendix: every claim with all its counts, the bars and why, and how the verdict came about."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative import wording
from shipworthy.narrative.claim import ClaimRow
from shipworthy.narrative.document import Bullets, Figures, Paragraph, Row, Section, Table
from shipworthy.narrative.explain import next_step, why
from shipworthy.narrative.figures import load_lines
from shipworthy.narrative.prose import Number, joined
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


def appendix(
    verdict: Verdict, rows: Sequence[ClaimRow], criteria: Sequence[Criterion], drawn: str
) -> tuple[Section, ...]:
    """Return the sections a reader checks the first page by."""
    return (
        Section("why-this-verdict", "Why this verdict", _reasons(verdict, rows)),
        Section(
            "every-claim",
            "Every claim, counted",
            (_figure(rows, drawn), _counts(rows), _bounds(rows), *_beyond(rows)),
        ),
        Section("rests-on", "What it rests on", (Bullets(tuple((line,) for line in rests_on(verdict))),)),
        Section("bars", "The bars, and why they are there", _bars(criteria)),
    )


def _reasons(verdict: Verdict, rows: Sequence[ClaimRow]) -> tuple[Paragraph, ...]:
    return Paragraph(joined(why(verdict, rows))), Paragraph((f"Next: {next_step(verdict, rows)}",))


def _figure(rows: Sequence[ClaimRow], drawn: str) -> Figures:
    return Figures(load_lines(rows, drawn=drawn))


def _counts(rows: Sequence[ClaimRow]) -> Table:
    made = []
    for row in rows:
        c = row.claim
        numbers = (c.planned, c.passed, c.failed, c.unscored, c.no_answer, c.cases, c.groups, c.repeats)
        cells = (str(row.ref.number), row.name, row.where, *(wording.whole(n) for n in numbers))
        made.append(Row(tuple((cell,) for cell in cells), row.ref, None))
    caption = "Planned is passed, failed, unscored and no answer together."
    return Table(caption, COUNTS, tuple(made), frozenset({0, *range(3, len(COUNTS))}))


def _bounds(rows: Sequence[ClaimRow]) -> Table:
    made = []
    for row in rows:
        c, say = row.claim, row.scale.say
        cells = (
            str(row.ref.number),
            row.name,
            row.where,
            row.bar,
            row.estimate or "none",
            "none" if c.lower is None else say(c.lower, "down"),
            "none" if c.upper is None else say(c.upper, "up"),
            "none"
            if c.likely is None
            else f"{say(c.likely.lower).removesuffix(' of 100')} to {say(c.likely.upper)}",
            wording.chance(1 - c.level),
            plain(c.method, 80),
            row.state_words,
        )
        made.append(Row(tuple((cell,) for cell in cells), row.ref, row.state))
    caption = "Each bound is one-sided: “at least” and “at most” are each wrong at most as often as stated. “Likely” is a two-sided range for looking at, which covers 95 times in 100 on average; no state is made from it. By group: each group counts once."
    return Table(caption, BOUNDS, tuple(made), frozenset({0, 5, 6}))


def _beyond(rows: Sequence[ClaimRow]) -> tuple[Bullets, ...]:
    """Return of each mean where it stops counting, and how large a share may lie there."""
    said = [(f"{row.name} on {row.where}: ", Number(row.beyond, row.ref), ".") for row in rows if row.beyond]
    return (Bullets(tuple(said)),) if said else ()


def _bars(criteria: Sequence[Criterion]) -> tuple[Bullets]:
    items = []
    for c in criteria:
        why_there = plain(c.bar.why, 300)
        pass_, fail = plain(c.pass_, 300), plain(c.fail, 300)
        parts = [
            f"{c.id} ({c.kind}, {c.severity} when it fails): {sentence(c.question, 300) or 'No question written.'}"
        ]
        parts += [f"Passes: {pass_}."] if pass_ else []
        parts += [f"Fails: {fail}."] if fail else []
        parts.append(f"Bar {c.bar.op} {c.bar.value:g}: {why_there or 'nobody wrote down why'}.")
        items.append((" ".join(parts).replace("..", "."),))
    return (Bullets(tuple(items)),)
