"""Tables in text: CSV, TSV, JSONL and a JSON array, each as columns and an iterator of cells."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

import msgspec

from shipworthy.domain.errors import BadInput
from shipworthy.importers.json_text import decode, objects_by_line, twice
from shipworthy.importers.opened import text_lines, whole

MAX_CELL_CHARS = 16 * 1024 * 1024
"""The longest CSV cell: the csv module holds four bytes for each character."""
MAX_COLUMNS = 10_000
ROWS_SEEN_FOR_COLUMNS = 200
_KEYS_REMEDY = "put what varies from row to row into one value, not into its keys"
_HEADER_REMEDY = "give the columns unique names in the first line"
_DECODER = msgspec.json.Decoder(dict[str, Any])


class Source(Protocol):
    """A table: the names of its columns, and its rows as cells."""

    columns: tuple[str, ...]

    def cells(self, wanted: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield for each row the cells of the wanted columns, in that order, and one None."""
        ...

    def where(self) -> str:
        """Return the place of the row last yielded."""
        ...


class DelimitedSource:
    """CSV or TSV with a header line."""

    def __init__(self, path: Path, *, delimiter: str) -> None:
        self._path = path
        csv.field_size_limit(MAX_CELL_CHARS)
        header = next(text_lines(path), "")
        # A spreadsheet set to a decimal comma writes its CSV with semicolons.
        self.delimiter = ";" if delimiter == "," and "," not in header and ";" in header else delimiter
        self._reader = self._begin()
        self.columns = tuple(name.strip() for name in next(self._raw(), []))
        self._check_header()

    def _begin(self) -> Any:
        return csv.reader(text_lines(self._path), delimiter=self.delimiter, strict=True)

    def _raw(self) -> Iterator[list[str]]:
        try:
            yield from self._reader
        except csv.Error as error:
            raise BadInput(
                f"the table cannot be read: {error}",
                where=self.where(),
                remedy="check the quotes on this line",
            ) from error

    def _check_header(self) -> None:
        columns = self.columns
        if len(columns) > MAX_COLUMNS:
            raise BadInput(
                f"the header names {len(columns)} columns", where=self.where(), remedy=_HEADER_REMEDY
            )
        if double := next((name for name, n in Counter(columns).items() if n > 1), None):
            raise BadInput(f"two columns are named {double!r}", where=self.where(), remedy=_HEADER_REMEDY)
        if next(self._raw(), None) is None:
            raise BadInput(
                "there is a header but no row",
                where=f"{self._path}:1",
                remedy="export it again; nothing was read",
            )

    def cells(self, wanted: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield the wanted cells of each row; a row of another length is refused."""
        self._reader = self._begin()
        pick: Callable[[list[Any]], tuple[Any, ...]] = itemgetter(
            *(self.columns.index(name) for name in wanted), -1
        )
        n_columns = len(self.columns)
        rows = self._raw()
        next(rows)
        for row in rows:
            if len(row) != n_columns:
                if not row:
                    continue
                raise BadInput(
                    f"the row has {len(row)} cells, the header {n_columns}",
                    where=self.where(),
                    remedy="quote cells that hold the separator or a line break",
                )
            row.append(None)  # type: ignore[arg-type] # what an absent column reads as
            yield pick(row)

    def where(self) -> str:
        """Return file and line of the row last read."""
        return f"{self._path}:{max(self._reader.line_num, 1)}"


class _JsonSource:
    """Rows that are JSON objects; a column is a key, or a dotted path into nested objects."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line = 1
        first = [record for _, record in islice(self._records(), ROWS_SEEN_FOR_COLUMNS)]
        if not first:
            raise BadInput("there is no row", where=f"{path}:1", remedy="export it again; nothing was read")
        found = dict.fromkeys(name for record in first for name in _names(record))
        if len(found) > MAX_COLUMNS:
            raise BadInput(
                f"the rows have {len(found):,} different keys", where=self.where(), remedy=_KEYS_REMEDY
            )
        # The first failure may come late: a key for errors is looked for even where none is seen yet.
        found.setdefault("error")
        self.columns = tuple(found)

    def _texts(self) -> Iterator[tuple[int, bytes]]:
        raise NotImplementedError

    def _records(self) -> Iterator[tuple[bytes, dict[str, Any]]]:
        fast = _DECODER.decode
        for line, text in self._texts():
            self._line = line
            try:
                record = fast(text)
            except (ValueError, RecursionError):
                record = decode(text, kind=dict[str, Any], path=self._path, line=line)
            yield text, record

    def cells(self, wanted: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield the wanted values of each object; a key that is absent reads as None."""
        keys = [(name, tuple(name.split("."))) for name in wanted]
        nested = any(len(path) > 1 for _, path in keys)
        marks = [f'"{path[0]}"'.encode() for _, path in keys]
        for text, record in self._records():
            if _is_suspicious(text, record, marks):
                self._refuse_twice(text)
            get = record.get
            values = [_at(record, *key) for key in keys] if nested else [get(name) for name in wanted]
            values.append(None)
            yield values

    def _refuse_twice(self, text: bytes) -> None:
        if (name := twice(text)) is not None:
            raise BadInput(
                f"one object gives {name[:60]!r} twice",
                where=self.where(),
                remedy="keep the value that is meant",
            )

    def where(self) -> str:
        """Return file and line of the row last read."""
        return f"{self._path}:{self._line}"


class JsonLinesSource(_JsonSource):
    """One JSON object a line."""

    def _texts(self) -> Iterator[tuple[int, bytes]]:
        return objects_by_line(self._path)


class JsonArraySource(_JsonSource):
    """One JSON array of objects; the place of a row is its number in the array."""

    def __init__(self, path: Path) -> None:
        self._rows = decode(whole(path), kind=list[msgspec.Raw], path=path)
        super().__init__(path)

    def _texts(self) -> Iterator[tuple[int, bytes]]:
        return ((number, bytes(raw)) for number, raw in enumerate(self._rows, 1))

    def where(self) -> str:
        """Return file and number of the row last read."""
        return f"{self._path}: row {self._line}"


def _is_suspicious(text: bytes, record: dict[str, Any], marks: Sequence[bytes]) -> bool:
    """Say whether a wanted key may stand twice in an object: then it is looked at closely.

    A flat object has one colon a key, right after it; a key may be written with an escape, which no mark finds.
    """
    adds_up = text.count(b'":') == len(record) and b" :" not in text and b"\t:" not in text
    return not adds_up and (b"\\u" in text or any(text.count(mark) > 1 for mark in marks))


def _names(record: dict[str, Any]) -> Iterator[str]:
    for key, value in record.items():
        yield key
        if isinstance(value, dict) and len(value) <= 100:
            yield from (f"{key}.{inner}" for inner in value)


def _at(record: dict[str, Any], name: str, path: tuple[str, ...]) -> Any:
    if name in record:
        return record[name]
    value: Any = record
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
