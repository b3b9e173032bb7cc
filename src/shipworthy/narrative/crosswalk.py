"""Which record of a launch speaks to which heading of three public frameworks; a table to begin from, and no badge."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.domain.launch import Launch
from shipworthy.narrative import wording
from shipworthy.narrative.document import Memo, Paragraph, Row, Section, Table
from shipworthy.narrative.prose import Prose
from shipworthy.narrative.records import Records, counted
from shipworthy.narrative.text import plain

STAMP = "Not legal advice, text not checked: headings are named from general knowledge of the frameworks, not from their text."
SAMPLE = "Sample material: this launch describes no real product."
HEAD = ("Heading", "What speaks to it", "What is here")
NOTHING = "nothing yet"
CALLED = {
    "brief": "the brief",
    "interviews": "interviews",
    "modes": "failure modes",
    "criteria": "criteria with bars",
    "cases": "the eval set",
    "outputs": "recorded outputs",
    "labels": "labels",
    "judges": "judges",
    "locks": "the locked plan",
    "looks": "looks",
    "accepted": "accepted challenges",
    "memos": "the memo",
    "reviews": "calls with reviewers",
    "decisions": "signed decisions",
    "promises": "promises and tripwires",
    "audits": "audited live outputs",
    "incidents": "incidents",
    "events": "the journal",
}


@dataclass(frozen=True)
class Heading:
    """One heading of a framework, and the records that speak to it."""

    name: str
    records: tuple[str, ...]


FRAMEWORKS: dict[str, tuple[Heading, ...]] = {
    "NIST AI Risk Management Framework, functions": (
        Heading("Govern", ("decisions", "accepted", "reviews", "events")),
        Heading("Map", ("brief", "interviews", "modes")),
        Heading("Measure", ("criteria", "cases", "locks", "outputs", "labels", "judges", "looks")),
        Heading("Manage", ("decisions", "promises", "audits", "incidents")),
    ),
    "EU AI Act, headings on high-risk systems": (
        Heading("Risk management system", ("brief", "modes", "criteria", "accepted")),
        Heading("Data and data governance", ("cases", "labels")),
        Heading("Technical documentation", ("memos", "criteria", "locks")),
        Heading("Record-keeping", ("events", "outputs")),
        Heading("Transparency and information for deployers", ("memos",)),
        Heading("Human oversight", ("decisions", "promises", "labels")),
        Heading("Accuracy, robustness and cybersecurity", ("looks", "outputs")),
        Heading("Post-market monitoring", ("promises", "audits")),
        Heading("Reporting of serious incidents", ("incidents",)),
    ),
    "ISO/IEC 42001, clauses of the management system": (
        Heading("Context of the organization", ("brief", "interviews")),
        Heading("Leadership", ("decisions",)),
        Heading("Planning", ("modes", "criteria", "locks")),
        Heading("Support", ("labels", "events")),
        Heading("Operation", ("outputs", "promises")),
        Heading("Performance evaluation", ("looks", "audits", "reviews")),
        Heading("Improvement", ("incidents", "accepted")),
    ),
}


def crosswalk(launch: Launch, records: Records) -> Memo:
    """Return the table: for each heading the records that speak to it, and how many of them are here.

    Args:
        launch: for its title.
        records: what there is, in counts.
    """
    sections = [
        Section(
            f"framework-{number}", framework, (Table("", HEAD, tuple(_row(h, records) for h in headings)),)
        )
        for number, (framework, headings) in enumerate(FRAMEWORKS.items(), start=1)
    ]
    reading = (
        "A record that is here is a place to begin reading, and no statement that a heading is met. "
        "Who has to follow which of these, and since when, is for a person who knows the law to say."
    )
    return Memo(
        title=f"Which record speaks to what: {plain(launch.title, 100) or 'a launch without a title'}",
        notices=(STAMP, *((SAMPLE,) if launch.sample else ())),
        heading=(),
        page=(Section("reading", "How to read it", (Paragraph((reading,)),)), *sections),
        appendix=(),
        foot=(),
    )


def _row(heading: Heading, records: Records) -> Row:
    there = [words for name in heading.records if (words := counted(records, name))]
    missing = [CALLED[name] for name in heading.records if not counted(records, name)]
    said = ", ".join(there) or NOTHING
    if there and missing:
        said += f"; not here: {', '.join(missing)}"
    cells: tuple[Prose, ...] = (
        (heading.name,),
        (wording.listed([CALLED[name] for name in heading.records]),),
        (said,),
    )
    return Row(cells)
