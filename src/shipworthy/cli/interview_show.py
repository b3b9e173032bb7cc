"""`shipworthy interview show` and `trace`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.narrative.text import plain
from shipworthy.services.interview_show import Row, Shown, interview_list
from shipworthy.services.interview_show import interview_show as show_one
from shipworthy.services.interview_trace import Columns, Traced
from shipworthy.services.interview_trace import interview_trace as trace_quotes


def interview_show(
    folder: Path = Path(), name: str | None = None, *, names: Annotated[bool, Parameter(negative="")] = False
) -> int:
    """Show who was heard and what comes next, or one interview with its excerpts.

    Words of people who may not be quoted are left out. Examples:

        shipworthy interview show my-launch
        shipworthy interview show my-launch P1

    Args:
        folder: the launch folder; here unless said.
        name: one interview; all of them unless said.
        names: print its text with the names, by the key on this machine.
    """
    if name is None:
        rows = interview_list(folder)
        for row in rows:
            out(_row(row))
        if not rows:
            say(f"nobody was heard yet: shipworthy interview new {folder}")
        return 0
    if names:
        from shipworthy.services.interview_pseudonymise import reveal  # noqa: PLC0415 - seldom

        for line in reveal(folder, name).split("\n"):
            out(plain(line, 10_000))
        return 0
    _print(show_one(folder, name))
    return 0


def interview_trace(
    folder: Path = Path(),
    table: Path | None = None,
    *,
    quote: str = "",
    interview: str = "",
    near: float = 60.0,
    all: Annotated[bool, Parameter(negative="")] = False,  # noqa: A002 - the word people look for
) -> int:
    """Say which quotes stand in their transcripts word for word, and show the nearest passage of those that do not.

    Without a table the folder's own excerpts are traced. Near is a likeness of letters and decides nothing: look at it.
    Exit code 11 when a quote is not found. Examples:

        shipworthy interview trace my-launch
        shipworthy interview trace my-launch quotes.csv --quote Answer --interview person

    Args:
        folder: the launch folder; here unless said.
        table: a CSV or TSV of quotes that somebody wrote down.
        quote: its column of quotes.
        interview: its column of names or aliases of the interviews.
        near: of 100, from which likeness a passage is shown as near.
        all: list those that stand there word for word too.
    """
    from shipworthy.domain.verdict import ExitCode  # noqa: PLC0415 - seldom

    columns = Columns(quote, interview) if quote else None
    trace = trace_quotes(folder, table=table, columns=columns, near=near)
    for each in trace.quotes:
        if all or each.found.state != "verbatim":
            _print_traced(each)
    states, distinct = trace.states(), trace.distinct()
    n = len(trace.quotes)
    for state, number in states.items():
        out(f"{state}: {number:,} of {n:,} quotes ({distinct.get(state, 0):,} different ones)")
    out(f"people: {trace.people():,}")
    for line, who in trace.unknown[:20]:
        out(f"line {line}: nobody called `{plain(who, 60)}` was interviewed")
    return ExitCode.NOT_YET if states.get("not found") or trace.unknown else 0


def _row(row: Row) -> str:
    head = row.interview.head
    about = " · ".join(plain(each, 60) for each in (head.alias, head.segment, head.relationship) if each)
    where = "; waits outside the folder" if row.waits else ""
    due = f"; {row.due}" if row.due else ""
    return (
        f"{row.interview.name}: {about} · {len(row.interview.codings):,} excerpts · {row.state}{where}{due}"
    )


def _print(shown: Shown) -> None:
    out(_row(shown.row))
    for coding, hints in zip(shown.interview.codings, shown.hints, strict=True):
        text = plain(coding.text, 300) if shown.interview.may_be_quoted else "(may not be quoted)"
        by = f" · {plain(coding.coder, 40)}" if coding.coder else ""
        out(f"{coding.start}-{coding.end} {', '.join(coding.codes)} · {coding.kind}{by}: {text}")
        for hint in hints:
            out(f"  look again: {hint}")


def _print_traced(each: Traced) -> None:
    found = each.found
    out(f"{each.row} {each.interview} {found.state}: {plain(each.quote, 160)}")
    if found.state in ("near", "same words"):
        out(f"  {found.likeness:.0f} of 100 alike, at {found.start}: {plain(found.text, 160)}")
