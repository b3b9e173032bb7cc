"""A small table of texts: CSV or TSV with named columns, as spreadsheets and coding tools write it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from shipworthy.domain.errors import BadInput
from shipworthy.importers.transcripts.interface import text_of

MOST_ROWS = 100_000
LONGEST_CELL = 1_000_000


def read_table(path: Path, *needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line and the cells of every row that is not empty; names of columns are taken without blanks round them.

    Args:
        path: the file.
        needed: columns that must be there.

    Raises:
        BadInput: it is no table, or a column is missing.
    """
    text = text_of(path)
    first = text.split("\n", 1)[0]
    separator = (
        "\t" if first.count("\t") > first.count(",") else ";" if first.count(";") > first.count(",") else ","
    )
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    try:
        names = [name.strip() for name in next(reader, [])]
        missing = [name for name in needed if name not in names]
        if missing:
            known = ", ".join(f"`{name[:60]}`" for name in names if name)
            raise BadInput(
                f"no column is called `{missing[0]}`", where=f"{path}:1", remedy=f"use one of {known}"
            )
        for number, row in enumerate(reader):
            if number >= MOST_ROWS:
                raise BadInput(f"more than {MOST_ROWS:,} rows", where=str(path), remedy="split the table")
            if any(cell.strip() for cell in row):
                yield reader.line_num, dict(zip(names, (cell.strip() for cell in row), strict=False))
    except csv.Error as error:
        raise BadInput(f"the table cannot be read: {error}", where=f"{path}:{reader.line_num}") from error
