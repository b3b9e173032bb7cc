"""`shipworthy interview code` and `code-table`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.interview import Kind
from shipworthy.narrative.text import plain
from shipworthy.services.interview_code import Place, Said
from shipworthy.services.interview_code import interview_code as code_excerpt


def interview_code(  # noqa: PLR0913 - each is an option
    folder: Path,
    name: str,
    quote: str,
    *,
    code: Annotated[list[str], Parameter(negative="")],
    kind: Kind,
    coder: str = "",
    note: str = "",
    important: Annotated[bool, Parameter(negative="")] = False,
    external: Annotated[bool, Parameter(negative="")] = False,
    near: Annotated[bool, Parameter(negative="")] = False,
    nth: int | None = None,
    new: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Code an excerpt by quoting it: the words are found in the frozen text.

    Words that are not there as they are quoted are refused, with the nearest passage in sight. Example:

        shipworthy interview code my-launch P1 "I gave up after an hour" --code slow-search --kind did

    Args:
        folder: the launch folder.
        name: the interview.
        quote: the words.
        code: the id of a theme in taxonomy.yaml; may be repeated.
        kind: did, habit, generality, opinion (or what they would do), compliment or wish.
        coder: who codes.
        note: a remark of yours.
        important: worth reading first.
        external: may be quoted outside; the consent has to allow it.
        near: take the nearest passage, and keep the words as they were quoted beside it.
        nth: which of several places with the same words, from 1.
        new: add a code that is not declared to taxonomy.yaml.
    """
    said = Said(tuple(code), kind, coder, note, important, external, new)
    done = code_excerpt(folder, name, Place(quote, nth, near), said)
    coding = done.coding
    out(
        f"{name} {coding.start}-{coding.end}: {', '.join(coding.codes)} · {coding.kind} · {plain(coding.text, 100)}"
    )
    if done.found.state != "verbatim":
        out(
            f"found as {done.found.state}, {done.found.likeness:.0f} of 100 alike; what is kept are the transcript's words"
        )
    for theme in done.added:
        say(f"declared `{theme}`; define it: shipworthy interview theme {folder} {theme} --definition …")
    for hint in done.hints:
        say(f"look again: {hint}")
    return 0


def interview_code_table(  # noqa: PLR0913 - each is an option
    folder: Path,
    table: Path,
    *,
    quote: str,
    interview: str,
    code: str,
    theme: str = "",
    kind: Kind = "opinion",
    coder: str = "",
    near: Annotated[bool, Parameter(negative="")] = False,
    likeness: float = 60.0,
) -> int:
    """Code many excerpts from a table that was kept elsewhere: a row holds one quote and one code.

    Rows with the same passage become one excerpt with several codes. What cannot be located is counted, never invented. Example:

        shipworthy interview code-table my-launch codes.csv --quote Answer --interview person --code Code --theme Category --near

    Args:
        folder: the launch folder.
        table: the file, as CSV or TSV.
        quote: the column of quotes.
        interview: the column of names or aliases of the interviews.
        code: the column of codes.
        theme: the column of themes above the codes.
        kind: the kind of all excerpts; the table says nothing of it.
        coder: who coded.
        near: take passages that are only near, and keep the words as they were quoted beside them.
        likeness: of 100, from which a passage counts as near.
    """
    from shipworthy.services.interview_table import Reading, interview_table  # noqa: PLC0415 - one command is called
    from shipworthy.services.interview_trace import Columns  # noqa: PLC0415

    how = Reading(Columns(quote, interview), code, theme, kind, coder, near, likeness)
    done = interview_table(folder, table, how)
    out(f"{done.rows:,} rows: {done.verbatim:,} word for word, {done.near:,} near")
    out(f"{done.coded:,} excerpts of {done.people:,} people; {done.added:,} themes added to taxonomy.yaml")
    for reason, n in done.passed_over.most_common():
        out(f"{n:,} rows passed over because {reason}")
    return 0
