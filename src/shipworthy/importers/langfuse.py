"""Exports of Langfuse, as JSON, JSON lines or CSV: traces, observations, scores, and traces with their observations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import ColumnMap, Header, Row
from shipworthy.importers.json_text import decode, objects_by_line
from shipworthy.importers.langfuse_row import (
    Record,
    Wanted,
    gathered,
    observed,
    score_parts,
    time_of,
    trace_row,
)
from shipworthy.importers.names import can_name
from shipworthy.importers.opened import chunks, head_of, whole
from shipworthy.importers.sources import DelimitedSource
from shipworthy.importers.streamed import Streamed

Kind = Literal["traces", "observations", "scores", "whole traces"]
NO_TRACE = "it names no trace"
_WHOLE = re.compile(rb'\s*(?:\[\s*)?\{\s*"trace"\s*:\s*\{')
_MARKS = (
    b"parentObservationId",
    b"bookmarked",
    b"traceTags",
    b"datasetRunId",
    b"htmlPath",
    b"longStringValue",
)
_REMEDY = "export it again from Langfuse: traces, observations or scores, as JSON, JSONL or CSV"
NOTES: dict[Kind, tuple[str, ...]] = {
    "traces": (
        "A column of scores does not say who gave them: a person, a program or a judge. The export of scores does.",
        "Latencies are Langfuse's, from the first span of a trace to its last: client queueing is included.",
    ),
    "whole traces": (
        "Scores that a model gave have names that end in .judge: they are no labels of people.",
        "Latencies are Langfuse's, from the first span of a trace to its last: client queueing is included.",
    ),
    "observations": (
        "The observations of one trace are one output; its latency runs from the first to the last of them.",
    ),
    "scores": (
        "This export holds scores and no outputs: a row is what was scored.",
        "Scores that a model gave have names that end in .judge: they are no labels of people.",
    ),
}
UNKNOWN_COST = "A cost of 0 is read as unknown."


class LangfuseImporter:
    """Reads exports of Langfuse."""

    name = "langfuse"
    description = "Langfuse exports of traces, observations or scores (.json, .jsonl, .csv): trace to output"

    def recognises(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - the content says it
        """Say whether the file looks like an export of Langfuse."""
        start = head.lstrip()
        if _WHOLE.match(start):
            return True
        first = start[:1] in (b"{", b"[")
        marks = [b'"%s"' % mark for mark in _MARKS] if first else list(_MARKS)
        line = head if first else head.partition(b"\n")[0]
        known = any(mark in line for mark in marks) and b"resourceSpans" not in head
        return known and (first or b"," in line)

    def open(self, path: Path, *, columns: ColumnMap | None, partial: bool) -> Streamed:  # noqa: ARG002 - exports have no end
        """Open the export."""
        head = head_of(path)
        first = next(_records(path, head), None)
        if first is None:
            raise BadInput("there is no row in the export", where=f"{path}:1", remedy=_REMEDY)
        kind = _kind(first)
        if kind is None:
            raise BadInput(
                "these are neither traces nor observations nor scores of Langfuse",
                where=f"{path}:1",
                remedy=_REMEDY,
            )
        wanted = Wanted(columns)
        header = Header(format="langfuse", tool="Langfuse", notes=(*NOTES[kind], UNKNOWN_COST))
        return Streamed(header, lambda dropped: _rows(kind, _records(path, head), wanted, dropped))


def _kind(record: Record) -> Kind | None:
    if isinstance(record.get("trace"), dict):
        return "whole traces"
    if "traceId" in record and "startTime" in record:
        return "observations"
    if "traceId" in record and "name" in record and ("value" in record or "stringValue" in record):
        return "scores"
    return "traces" if "id" in record and "timestamp" in record else None


def _rows(kind: Kind, records: Iterable[Record], wanted: Wanted, dropped: Counter[str]) -> Iterator[Row]:
    if kind == "scores":
        yield from _score_rows(records, dropped)
        return
    seen: set[int] = set()
    for trace, parts in _traces(kind, records):
        if not can_name(str(trace.get("id") or "")):
            dropped[NO_TRACE] += 1
            continue
        key = hash(trace["id"])
        if key in seen:
            dropped["a trace that stands twice: counted once"] += 1
            continue
        seen.add(key)
        yield trace_row({**trace, "id": str(trace["id"])}, parts, wanted)


def _traces(kind: Kind, records: Iterable[Record]) -> Iterator[tuple[Record, list[Record]]]:
    """Yield each trace with its observations."""
    if kind == "observations":
        for name, parts in observed(records):
            times = [str(p["startTime"]) for p in parts if p.get("startTime")]
            yield (
                {"id": name, "timestamp": min(times, default=None), "metadata": parts[0].get("metadata")},
                parts,
            )
        return
    for record in records:
        if kind == "traces":
            yield record, []
            continue
        trace, listed = record.get("trace"), record.get("observations")
        held = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        yield trace if isinstance(trace, dict) else {}, held


def _score_rows(records: Iterable[Record], dropped: Counter[str]) -> Iterator[Row]:
    """Yield a row for everything that was scored, in the order in which it is first met."""
    things: dict[str, list[Record]] = {}
    for each in records:
        trace, part = str(each.get("traceId") or ""), str(each.get("observationId") or "")
        if can_name(trace):
            things.setdefault(f"{trace}:{part}" if part else trace, []).append(each)
        else:
            dropped[NO_TRACE] += 1
    for name, given in things.items():
        scores, words = gathered(map(score_parts, given))
        times = [t for each in given if (t := time_of(each.get("timestamp"))) is not None]
        tags = {"environment": str(given[0]["environment"])} if given[0].get("environment") else None
        first = min(times, default=None)
        yield Row(case=name, tags=tags, scores=scores or None, explanations=words or None, time=first)


def _records(path: Path, head: bytes) -> Iterator[Record]:
    start = head.lstrip()[:1]
    if start == b"[":
        yield from decode(whole(path), kind=list[dict[str, Any]], path=path)
    elif start == b"{":
        yield from _objects(path)
    else:
        source = DelimitedSource(path, delimiter=",")
        for cells in source.cells(source.columns):
            yield {name: value for name, value in zip(source.columns, cells, strict=False) if value != ""}


def _objects(path: Path) -> Iterator[Record]:
    """Yield the object that the file is, those that it holds under `data`, or one a line."""
    line, _, rest = next(chunks(path)).lstrip().partition(b"\n")
    if rest.strip() and line.rstrip().endswith(b"}"):
        for number, text in objects_by_line(path):
            yield decode(text, kind=dict[str, Any], path=path, line=number)
        return
    one = decode(whole(path), kind=dict[str, Any], path=path)
    listed = one.get("data")
    yield from (
        (each for each in listed if isinstance(each, dict)) if isinstance(listed, list) else iter((one,))
    )
