"""What a memo is made of: sections of paragraphs, tables, lists, figures and the box to sign."""

from __future__ import annotations

from dataclasses import dataclass, field

from shipworthy.domain.verdict import State
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.claim import Ref
from shipworthy.narrative.figures import IconArray, LoadLine, ScopeMap
from shipworthy.narrative.prose import Prose, flat


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; the lead one of a memo is set larger."""

    prose: Prose
    lead: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[Prose, ...]


@dataclass(frozen=True)
class Row:
    """One row of a table; `state` where the row ends in one."""

    cells: tuple[Prose, ...]
    ref: Ref | None = None
    state: State | None = None


@dataclass(frozen=True)
class Table:
    """A table; `numeric` names the columns set in figures of equal width."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    numeric: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class Figures:
    """One figure, or several of a kind side by side."""

    items: tuple[LoadLine | IconArray | ScopeMap, ...]


@dataclass(frozen=True)
class DecisionBox:
    """What a person fills in: boxes to tick, lines to write on."""

    choices: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


Block = Paragraph | Bullets | Table | Figures | DecisionBox


@dataclass(frozen=True)
class Section:
    """One section; `name` is its stable handle, `title` what stands over it."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Memo:
    """The memo: a first page to read, and an appendix to check it by.

    Attributes:
        title: the launch.
        notices: what a reader must know before anything else: sample material, exploratory evidence.
        heading: date, to, from, subject, as label and value.
        page: the sections of the first page, in reading order.
        appendix: where each number comes from.
        foot: plan, evidence, journal, version.
        language: in which it is written.
        in_english: the same memo in English, for programs that read English; None where it is English itself.
    """

    title: str
    notices: tuple[str, ...]
    heading: tuple[tuple[str, str], ...]
    page: tuple[Section, ...]
    appendix: tuple[Section, ...]
    foot: tuple[tuple[str, str], ...]
    language: Language = ENGLISH
    in_english: Memo | None = None

    def first_page_words(self) -> int:
        """Count the words a reader of the first page meets outside its figures."""
        texts = [self.title, *self.notices, *(f"{label} {value}" for label, value in self.heading)]
        texts += [t for section in self.page for t in (section.title, *block_texts(section))]
        return sum(len(text.split()) for text in texts)


def block_texts(section: Section) -> list[str]:
    """Return every sentence and cell of a section as text, figures left out."""
    texts: list[str] = []
    for block in section.blocks:
        if isinstance(block, Paragraph):
            texts.append(flat(block.prose))
        elif isinstance(block, Bullets):
            texts += [flat(item) for item in block.items]
        elif isinstance(block, Table):
            texts += [block.caption, *block.head, *(flat(cell) for row in block.rows for cell in row.cells)]
        elif isinstance(block, DecisionBox):
            texts += [*block.choices, *(f"{label} {value}" for label, value in block.lines)]
    return [text for text in texts if text]
