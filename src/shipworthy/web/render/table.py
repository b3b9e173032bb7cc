"""A table as a table: comma or tab separated text, or a list of like objects."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from shipworthy.web.render.plain import Part, as_json
from shipworthy.web.render.visible import visible

FIRST = 100
"""Rows that are shown at first."""
WHOLE = 5_000
MOST_COLUMNS = 60
LONGEST = 1_000
"""Characters of a cell at first."""


def table(header: list[str], rows: list[list[Any]], *, whole: bool = False) -> Part:
    """Return header and rows as a table with its size above."""
    most, longest = (WHOLE, 20_000) if whole else (FIRST, LONGEST)
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(_cell(c, longest)) for c in header[:MOST_COLUMNS]
    )
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(_cell(c, longest)) for c in row[:MOST_COLUMNS])
        )
        for row in rows[:most]
    )
    size = f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}, {len(header):,} columns"
    is_cut = len(rows) > most or len(header) > MOST_COLUMNS
    return Part(
        Markup(
            '<div class="scroll" tabindex="0" role="region" aria-label="Table">'
            "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
        ).format(size, head, body),
        f"The first {min(most, len(rows)):,} of {len(rows):,} rows and {min(MOST_COLUMNS, len(header))} of"
        f" {len(header):,} columns."
        if is_cut
        else "",
    )


def _cell(value: Any, longest: int) -> Markup:
    text = value if isinstance(value, str) else "" if value is None else as_json(value, longest)
    return visible(text if len(text) <= longest else f"{text[:longest]}…")
