"""OpenTelemetry spans of calls to models: files that exporters write, and files that `receive` wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import msgspec

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import ColumnMap, Header, Row
from shipworthy.importers.opened import byte_lines, chunks, head_of, whole
from shipworthy.importers.otlp_json import loads, spans_of
from shipworthy.importers.otlp_names import Names
from shipworthy.importers.otlp_protobuf import spans_of as spans_of_protobuf
from shipworthy.importers.otlp_rows import Trace
from shipworthy.importers.otlp_span import BadSpan, Span
from shipworthy.importers.otlp_traces import Gathering
from shipworthy.store.received import FIRST, Sealed

BATCH_ROWS = 4096
DAMAGED = "a span of a group that was damaged after it was received"
_MARKS = (b'"resourceSpans"', b'"trace_id"', b'"traceId"')
_REMEDY = "export it again as OTLP, JSON or protobuf; nothing of it is kept"
LATENCY = "Latencies are durations of spans by the sender's clock: they include what its client waited, queued and tried again."
NO_COST = "Spans rarely say what a call cost: where they do not, the cost is unknown, not zero."


class OtlpImporter:
    """Reads spans."""

    name = "otlp"
    description = (
        "OpenTelemetry spans of calls to models (OTLP .json, .jsonl, .pb; console lines; what `receive` wrote): "
        "trace to output"
    )

    def recognises(self, path: Path, head: bytes) -> bool:
        """Say whether the file looks like spans."""
        if head.startswith(FIRST[:-1]) or _is_protobuf(path, head):
            return True
        start = head.lstrip()
        if not start.startswith(b"{"):
            return False
        if any(mark in head for mark in _MARKS[:1]):
            return True
        return any(mark in head for mark in _MARKS[1:]) and (b'"context"' in head or b'"spanId"' in head)

    def open(self, path: Path, *, columns: ColumnMap | None, partial: bool) -> Spans:  # noqa: ARG002 - spans have no end
        """Open the file."""
        return Spans(path, Names(path, columns), head_of(path))


@dataclass
class Spans:
    """An opened file of spans."""

    path: Path
    names: Names
    head: bytes
    dropped: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    """What is odd about spans that are kept; complete once the rows were read."""

    @property
    def header(self) -> Header:
        """What is known of the file; once its rows were read, also what is odd about them."""
        odd = tuple(f"{n:,} {what}." for what, n in self.remarks.most_common())
        return Header(format="otlp", tool="OpenTelemetry", notes=(LATENCY, NO_COST, *odd))

    def batches(self) -> Iterator[list[Row]]:
        """Yield rows, one for each output, in the order in which their traces ended."""
        self.dropped.clear()
        self.remarks.clear()
        rows = self._rows()
        while batch := list(islice(rows, BATCH_ROWS)):
            yield batch

    def _rows(self) -> Iterator[Row]:
        gathering = Gathering(self.dropped)
        sealed = Sealed(self.path) if self.head.startswith(FIRST[:-1]) else None
        for span, arrived in self._received(sealed) if sealed else self._spans():
            for held in gathering.add(span, arrived):
                yield from self._trace(held.spans, held.last)
        for held in gathering.rest(still_open=sealed is not None and not sealed.closed):
            yield from self._trace(held.spans, held.last)

    def _trace(self, spans: list[Span], arrived: int) -> Iterator[Row]:
        return Trace(spans, self.names, self.remarks).rows(arrived, self.dropped)

    def _received(self, sealed: Sealed) -> Iterator[tuple[Span, int]]:
        decode = msgspec.json.Decoder(Span).decode
        for group in sealed.groups():
            if not group.whole:
                self.dropped[DAMAGED] += len(group.lines)
                continue
            for number, line in enumerate(group.lines, group.first):
                try:
                    yield decode(line), group.arrived
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                    raise BadInput(
                        "the line is no span",
                        where=f"{self.path}:{number}",
                        remedy="restore the file from a copy",
                    ) from error

    def _spans(self) -> Iterator[tuple[Span, int]]:
        refused: Counter[str] = Counter()
        if _is_protobuf(self.path, self.head):
            found = self._said(spans_of_protobuf(whole(self.path), refused, self.remarks), 1)
        elif self._is_one_value():
            found = self._decoded(whole(self.path), 1, refused)
        else:
            found = (span for n, line in enumerate(byte_lines(self.path), 1) if line.strip()
                     for span in self._decoded(line, n, refused))  # fmt: skip
        for span in found:
            yield span, 0
        for reason, number in refused.items():
            self.dropped[f"a span that cannot be used: {reason}"] += number

    def _is_one_value(self) -> bool:
        """Say whether the file is one JSON value rather than one a line."""
        first = next(chunks(self.path)).lstrip()
        line, _, rest = first.partition(b"\n")
        return bool(rest.strip()) and not line.rstrip().endswith(b"}")

    def _decoded(self, data: bytes, line: int, refused: Counter[str]) -> Iterator[Span]:
        try:
            value = loads(data)
        except (ValueError, RecursionError, msgspec.MsgspecError) as error:
            raise BadInput(
                f"the JSON cannot be read: {error}"
                if not isinstance(error, RecursionError)
                else "the JSON is nested too deep",
                where=f"{self.path}:{line}",
                remedy=_REMEDY,
            ) from error
        yield from self._said(spans_of(value, refused, self.remarks), line)

    def _said(self, spans: Iterator[Span], line: int) -> Iterator[Span]:
        try:
            yield from spans
        except BadSpan as error:
            raise BadInput(
                f"this is no export of spans: {error}", where=f"{self.path}:{line}", remedy=_REMEDY
            ) from error


def _is_protobuf(path: Path, head: bytes) -> bool:
    """Say whether the file is an export request in protobuf: field 1, a message, whatever follows."""
    named = any(suffix in (".pb", ".otlp", ".binpb") for suffix in (s.lower() for s in path.suffixes))
    return named and head.startswith(b"\x0a")
