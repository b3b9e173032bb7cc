"""One page of what somebody owned: the problem, what was done in counts, the evidence, the decision, how it turned out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Launch
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative import wording
from shipworthy.narrative.claim import line, rows
from shipworthy.narrative.document import Block, Bullets, Memo, Paragraph, Section
from shipworthy.narrative.findings import closest_calls
from shipworthy.narrative.headline import headline
from shipworthy.narrative.records import Records, counted
from shipworthy.narrative.text import plain, sentence

SAMPLE = "Sample material: this launch describes no real product."
DID = (
    "brief", "interviews", "modes", "criteria", "cases", "outputs", "labels", "locks", "looks", "accepted", "reviews",
    "decisions", "promises", "audits", "incidents",
)  # fmt: skip
NOTHING = "Nothing is on record."
MOST = 3
"""Claims that one page carries: the closest calls."""


@dataclass(frozen=True)
class Taken:
    """A decision that was signed.

    Attributes:
        chosen: what was chosen.
        computed: what the rules computed.
        on: the day.
        reason: why otherwise than was computed.
        reverse_if: what would undo it.
    """

    chosen: str
    computed: str
    on: str
    reason: str = ""
    reverse_if: str = ""


@dataclass(frozen=True)
class Kept:
    """What became of one promise: its words, its status, audited outputs and how many of them passed."""

    statement: str
    status: str
    passed: float
    audited: int


@dataclass(frozen=True)
class Turned:
    """How it turned out.

    Attributes:
        promises: each with what was audited.
        incidents: severity to number.
    """

    promises: tuple[Kept, ...] = ()
    incidents: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Owned:
    """What a page is made from.

    Attributes:
        launch: the brief.
        criteria: with their bars.
        verdict: what the counts say; None while sealed cases were not looked at.
        records: what there is, in counts.
        decisions: signed ones, oldest first.
        turned: what promises and incidents say.
        differently: what the one who did it would do differently, in her own words.
        author: who did it; empty leaves it out.
    """

    launch: Launch
    criteria: Sequence[Criterion]
    verdict: Verdict | None
    records: Records
    decisions: tuple[Taken, ...] = ()
    turned: Turned = field(default_factory=Turned)
    differently: str = ""
    author: str = ""


def portfolio(owned: Owned) -> Memo:
    """Return the page; what is missing is said, so that nothing looks better than it was."""
    launch = owned.launch
    sections = (
        Section("problem", "The problem", (_bullets(_problem(launch)),)),
        Section(
            "did",
            "What I did",
            (_bullets([words for name in DID if (words := counted(owned.records, name))]),),
        ),
        Section("evidence", "What the evidence says", _evidence(owned)),
        Section("chosen", "What was decided", (_bullets([_decision(each) for each in owned.decisions]),)),
        Section("turned", "How it turned out", (_bullets(_outcome(owned.turned)),)),
        Section(
            "differently",
            "What I would do differently",
            (Paragraph((sentence(owned.differently, 1200) or "Not written yet.",)),),
        ),
    )
    return Memo(
        title=plain(launch.title, 100) or "A launch without a title",
        notices=(SAMPLE,) if launch.sample else (),
        heading=_heading(owned),
        page=sections,
        appendix=(),
        foot=(),
    )


def _heading(owned: Owned) -> tuple[tuple[str, str], ...]:
    pairs = (("By", plain(owned.author, 120)), ("Journal head", owned.records.head[:16]))
    return tuple(pair for pair in pairs if pair[1])


def _did(records: Records) -> str:
    """Return everything that is on record, in counts, as one sentence."""
    there = [words for name in DID if (words := counted(records, name))]
    return f"On record: {'; '.join(there)}." if there else NOTHING


def _bullets(texts: Sequence[str]) -> Block:
    found = [text for text in texts if text]
    return Bullets(tuple((text,) for text in found)) if found else Paragraph((NOTHING,))


def _problem(launch: Launch) -> list[str]:
    today = f"Until now: {sentence(launch.today, 300)}" if launch.today else ""
    asked = f"To be decided: {sentence(launch.decision.question, 300)}" if launch.decision.question else ""
    return [sentence(launch.goal), today, asked]


def _evidence(owned: Owned) -> tuple[Block, ...]:
    if owned.verdict is None:
        return (Paragraph(("Sealed cases were not looked at yet.",)),)
    calls = closest_calls(owned.verdict, rows(owned.verdict, owned.criteria))
    shown = sorted(calls, key=lambda row: row.margin)[:MOST]
    lead = Paragraph((headline(owned.verdict),), lead=True)
    if not shown:
        return (lead,)
    kept = tuple((line(row).text,) for row in calls if row in shown)
    more = f"The closest calls; the memo has all {wording.plural(len(owned.verdict.claims), 'claim')}."
    return (lead, Bullets(kept), *((Paragraph((more,)),) if len(owned.verdict.claims) > len(kept) else ()))


def _decision(taken: Taken) -> str:
    other = (
        f", where {taken.computed} was computed" if taken.chosen != taken.computed else ", as it was computed"
    )
    reason = f" {sentence(taken.reason, 300)}" if taken.reason else ""
    undo = f" To be undone if: {sentence(taken.reverse_if, 300)}" if taken.reverse_if else ""
    return f"{plain(taken.on, 20)}: {plain(taken.chosen, 40)}{plain(other, 80)}.{reason}{undo}"


def _outcome(turned: Turned) -> list[str]:
    said = []
    for each in turned.promises:
        seen = wording.of(round(each.passed), each.audited) if each.audited else "none"
        said.append(f"{plain(each.statement, 160)}: {each.status}, {seen} audited outputs passed.")
    if turned.incidents:
        named = [f"{number} {severity}" for severity, number in sorted(turned.incidents.items())]
        said.append(f"{wording.plural(sum(turned.incidents.values()), 'incident')}: {wording.listed(named)}.")
    elif said:
        said.append("No incident was written down.")
    return said
