"""Spans from OTLP's protobuf, decoded by the classes that the OpenTelemetry project publishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from shipworthy.domain.errors import Unavailable
from shipworthy.importers.otlp_span import MOST_ATTRIBUTES, BadSpan, Event, Kept, Span, clean, service_of

_ERROR = 2
_NEEDED = "OTLP in protobuf needs the optional extra `otlp`"
_REMEDY = (
    "pip install 'shipworthy[otlp]'; or let the exporter send JSON (OTEL_EXPORTER_OTLP_PROTOCOL=http/json)"
)
MOST_DEPTH = 12


def available() -> bool:
    """Whether protobuf can be read here."""
    try:
        _request()
    except Unavailable:
        return False
    return True


def spans_of(data: bytes, refused: Counter[str], remarks: Counter[str]) -> Iterator[Span]:
    """Yield the spans of an export request.

    Args:
        data: its bytes.
        refused: counts spans that cannot be used, by reason.
        remarks: counts what was changed in spans that are kept.

    Raises:
        BadSpan: the bytes are no such message.
        Unavailable: the extra `otlp` is not installed.
    """
    request = _request()
    unreadable: type[Exception] = import_module("google.protobuf.message").DecodeError
    try:
        request.ParseFromString(data)
    except (unreadable, UnicodeDecodeError) as error:
        raise BadSpan("the bytes are no OTLP message, or cut short") from error
    for resource in request.resource_spans:
        service = service_of(_attributes(resource.resource.attributes, Kept(Counter())))
        for scope in resource.scope_spans:
            for each in scope.spans:
                try:
                    yield _span(each, service, remarks)
                except BadSpan as error:
                    refused[str(error)] += 1


def accepted(refused: int, words: str) -> bytes:
    """Return the answer to a request that was taken in, in whole or in part."""
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2  # noqa: PLC0415 - an optional extra

    reply = trace_service_pb2.ExportTraceServiceResponse()
    if refused or words:
        reply.partial_success.rejected_spans = refused
        reply.partial_success.error_message = words
    return bytes(reply.SerializeToString())


def status(words: str) -> bytes:
    """Return the answer to a request that was refused: google.rpc.Status with a message.

    It has one field that matters, text in field 2, so it is written without a further library.
    """
    text = words.encode()[:1000]
    size, length = len(text), bytearray()
    while size > 127:
        length.append(size & 127 | 128)
        size >>= 7
    return b"\x12" + bytes([*length, size]) + text


def _request() -> Any:
    try:
        from opentelemetry.proto.collector.trace.v1 import trace_service_pb2  # noqa: PLC0415 - an optional extra
    except ImportError as error:  # pragma: no cover - the tests have it
        raise Unavailable(_NEEDED, remedy=_REMEDY) from error
    return trace_service_pb2.ExportTraceServiceRequest()


def _span(given: Any, service: dict[str, str], remarks: Counter[str]) -> Span:
    trace, span, parent = given.trace_id, given.span_id, given.parent_span_id
    if len(trace) != 16 or not any(trace):
        raise BadSpan("its trace id is no id of 16 bytes")
    if len(span) != 8 or not any(span):
        raise BadSpan("its span id is no id of 8 bytes")
    if parent and (len(parent) != 8 or not any(parent)):
        raise BadSpan("its parent span id is no id of 8 bytes")
    start, end = given.start_time_unix_nano, given.end_time_unix_nano
    if max(start, end) >= 2**63:
        raise BadSpan("a time is out of range")
    kept = Kept(remarks)
    failed = given.status.code == _ERROR
    made = Span(
        trace=trace.hex(),
        span=span.hex(),
        parent=parent.hex(),
        name=clean(given.name)[:500],
        start=start,
        end=end,
        failed=failed,
        message=clean(given.status.message)[:500] if failed else "",
        attributes=_attributes(given.attributes, kept),
        events=[Event(e.name[:200], _attributes(e.attributes, kept)) for e in given.events[:MOST_ATTRIBUTES]],
        service=service,
    )
    made.cut = kept.cut
    return made


def _attributes(pairs: Any, kept: Kept) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for pair in pairs:
        kept.put(made, pair.key, _value(pair.value, MOST_DEPTH))
    return made


def _value(given: Any, depth: int) -> Any:
    kind = given.WhichOneof("value")
    if kind == "array_value":
        return [_value(v, depth - 1) for v in given.array_value.values[:MOST_ATTRIBUTES]] if depth else None
    if kind == "kvlist_value":
        pairs = given.kvlist_value.values[:MOST_ATTRIBUTES] if depth else ()
        return {pair.key: _value(pair.value, depth - 1) for pair in pairs}
    if kind == "bytes_value":
        return given.bytes_value[:MOST_ATTRIBUTES].hex()
    if kind == "double_value":
        value = given.double_value
        return value if abs(value) < 2**1000 else None  # neither NaN nor without end
    return getattr(given, kind) if kind else None
