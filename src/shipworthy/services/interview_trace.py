"""Trace quotes: is each in its transcript word for word, nearly, or not at all?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import BadInput
from shipworthy.domain.interview import Interview
from shipworthy.importers.table import read_table
from shipworthy.services.listening import listening
from shipworthy.similarity.quotes import NEAR, Found, State, locate


@dataclass(frozen=True)
class Traced:
    """One quote and where it comes from.

    Attributes:
        row: its line in the table, or its number among the excerpts.
        interview: the interview it is said to be from.
        quote: the words as they were written down.
        found: where they are.
    """

    row: int
    interview: str
    quote: str
    found: Found


@dataclass(frozen=True)
class Trace:
    """All quotes of a table or of the folder.

    Attributes:
        quotes: each row, in order.
        unknown: rows that name nobody who was interviewed.
    """

    quotes: tuple[Traced, ...]
    unknown: tuple[tuple[int, str], ...] = ()

    def states(self) -> dict[State, int]:
        """Return how many rows are found how."""
        return dict(Counter(each.found.state for each in self.quotes))

    def people(self) -> int:
        """Return how many interviews the rows are from."""
        return len({each.interview for each in self.quotes})

    def distinct(self) -> dict[State, int]:
        """Return how many different quotes are found how: one that stands in several rows is one."""
        kept = {(each.interview, each.quote): each.found.state for each in self.quotes}
        return dict(Counter(kept.values()))


@dataclass(frozen=True)
class Columns:
    """Which columns of a table hold what."""

    quote: str
    interview: str


def interview_trace(
    folder: Path, *, table: Path | None = None, columns: Columns | None = None, near: float = NEAR
) -> Trace:
    """Return where quotes come from: those of a table, or the excerpts of the folder and what they were quoted as.

    Args:
        folder: the launch.
        table: a CSV of quotes that somebody wrote down; the folder's own excerpts unless said.
        columns: which column holds the quote, and which the name or alias of the interview.
        near: from which likeness, of 100, a passage is shown as near.

    Raises:
        BadInput: the table cannot be used.
    """
    interviews = may_be_traced(folder)
    if table is None:
        return Trace(tuple(_own(interviews, near)))
    if columns is None:
        raise BadInput("nobody said which column holds the quotes", where=str(table), remedy="add `--quote`")
    known = {each.name.casefold(): each for each in interviews}
    known |= {each.person: each for each in interviews}
    traced, unknown = list[Traced](), list[tuple[int, str]]()
    for line, row in read_table(table, columns.quote, columns.interview):
        who = row.get(columns.interview, "")
        interview = known.get(who.casefold())
        quote = row.get(columns.quote, "")
        if interview is None:
            unknown.append((line, who))
        elif quote:
            traced.append(Traced(line, interview.name, quote, locate(interview.text, quote, near=near)))
    return Trace(tuple(traced), tuple(unknown))


def trace_written(folder: Path, name: str, quotes: Iterable[str], *, near: float = NEAR) -> Trace:
    """Return where quotes come from that somebody wrote down from one interview.

    Args:
        folder: the launch.
        name: the interview.
        quotes: the quotes, as they were written down.
        near: from which likeness, of 100, a passage is shown as near.

    Raises:
        BadInput: there is no such interview, or nobody agreed to it.
    """
    interview = next((each for each in may_be_traced(folder) if each.name == name), None)
    if interview is None:
        raise BadInput(
            f"there is no interview `{name[:60]}` whose text may be read",
            remedy="choose one of the list; without consent no word of it is shown",
        )
    return Trace(
        tuple(
            Traced(row, interview.name, quote, locate(interview.text, quote, near=near))
            for row, quote in enumerate(quotes, start=1)
        )
    )


def may_be_traced(folder: Path) -> list[Interview]:
    """Return the interviews whose texts quotes are looked for in: those that the person agreed to."""
    return [each for each in listening(folder).interviews if each.head.consent.state == "given"]


def _own(interviews: Iterable[Interview], near: float) -> Iterable[Traced]:
    number = 0
    for interview in interviews:
        for coding in interview.codings:
            number += 1
            quote = coding.quoted_as or coding.text
            yield Traced(number, interview.name, quote, locate(interview.text, quote, near=near))
