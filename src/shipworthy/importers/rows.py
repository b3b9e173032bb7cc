"""Importers for tables: CSV, TSV, JSONL, a JSON array and Parquet, one output a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import BadInput
from shipworthy.importers.cells import BadCell, RowBuilder
from shipworthy.importers.columns import Layout, lay_out
from shipworthy.importers.interface import ColumnMap, Header, Row
from shipworthy.importers.parquet import MAGIC, ParquetSource
from shipworthy.importers.sources import DelimitedSource, JsonArraySource, JsonLinesSource, Source
from shipworthy.importers.streamed import Streamed

_ONE_LINE_OBJECT = re.compile(rb"\s*\{.*\}\s*\n\s*(\{|$)")


@dataclass(eq=False)
class TableImporter:
    """Reads a table of one format."""

    name: str
    description: str
    suffixes: tuple[str, ...]
    source: Callable[[Path], Source]
    looks_like: Callable[[bytes], bool]
    """Whether the first bytes can be of this format."""
    by_content: bool = False
    """Whether the first bytes alone settle it, whatever the file is called."""

    def recognises(self, path: Path, head: bytes) -> bool:
        """Say whether the file looks like this format."""
        return self.looks_like(head) and (self.by_content or _suffix(path) in self.suffixes)

    def open(self, path: Path, *, columns: ColumnMap | None, partial: bool) -> Streamed:  # noqa: ARG002 - tables do not know
        """Open the table and settle which column holds what."""
        source = self.source(path)
        layout = lay_out(path, source.columns, columns)
        builder = RowBuilder(layout.roles, zero_based=_counts_from_zero(source, layout))

        def rows(_: Counter[str]) -> Iterator[Row]:
            return _rows(source, layout, builder)

        return Streamed(Header(format=self.name, notes=layout.notes), rows)


def _rows(source: Source, layout: Layout, builder: RowBuilder) -> Iterator[Row]:
    build = builder.build
    try:
        for cells in source.cells(tuple(layout.roles.values())):
            yield build(cells)
    except BadCell as error:
        raise BadInput(error.what, where=source.where(), remedy=error.remedy) from error


def _counts_from_zero(source: Source, layout: Layout) -> bool:
    if "repeat" not in layout.roles:
        return False
    zeros = (0, "0", "0.0")
    return any(
        cells[0] in zeros
        for cells in source.cells([layout.roles["repeat"]])
        if not isinstance(cells[0], list)
    )


def _suffix(path: Path) -> str:
    suffixes = [s.lower() for s in path.suffixes]
    return next((s for s in reversed(suffixes) if s != ".gz"), "")


def _text(head: bytes) -> bool:
    return not head.startswith((MAGIC, b"PK\x03\x04", b"{", b"["))


def _object(head: bytes) -> bool:
    return head.lstrip().startswith(b"{")


TABLES = (
    TableImporter(
        name="parquet",
        description="Parquet: one output a row (needs the optional extra `tables`)",
        suffixes=(".parquet", ".pq"),
        source=ParquetSource,
        looks_like=lambda head: head.startswith(MAGIC),
        by_content=True,
    ),
    TableImporter(
        name="json",
        description="a JSON array of objects, one output each",
        suffixes=(".json",),
        source=JsonArraySource,
        looks_like=lambda head: head.lstrip().startswith(b"["),
        by_content=True,
    ),
    TableImporter(
        name="jsonl",
        description="JSON Lines: one JSON object a line, one output each",
        suffixes=(".jsonl", ".ndjson"),
        source=JsonLinesSource,
        looks_like=_object,
    ),
    TableImporter(
        name="tsv",
        description="tab-separated text with a header line, one output a row",
        suffixes=(".tsv", ".tab"),
        source=lambda path: DelimitedSource(path, delimiter="\t"),
        looks_like=_text,
    ),
    TableImporter(
        name="csv",
        description="comma-separated text with a header line, one output a row",
        suffixes=(".csv", ".txt"),
        source=lambda path: DelimitedSource(path, delimiter=","),
        looks_like=_text,
    ),
)
