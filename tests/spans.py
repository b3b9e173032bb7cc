"""Spans for tests, as exporters write them: OTLP/JSON, and the same in protobuf."""

from __future__ import annotations

import json
from typing import Any

KINDS = {bool: "boolValue", str: "stringValue", int: "intValue", float: "doubleValue"}
FIELDS = {
    "stringValue": "string_value",
    "intValue": "int_value",
    "boolValue": "bool_value",
    "doubleValue": "double_value",
}
AT = 1_795_403_795 * 10**9


def pairs(given: dict[str, Any]) -> list[dict[str, Any]]:
    """Return attributes as OTLP writes them."""
    return [{"key": key, "value": {KINDS[type(value)]: value}} for key, value in given.items()]


def span(
    trace: int, own: int, parent: int = 0, *, at: int = AT, takes_s: float = 1.0, **given: Any
) -> dict[str, Any]:
    """Return one span.

    Args:
        trace: the number of its trace.
        own: its own number.
        parent: the number of the span above, 0 for none.
        at: when it began, in nanoseconds.
        takes_s: how long it took.
        given: attributes, with `__` for a dot; `events`, `status` and `name` as they are.
    """
    plain = {key: given.pop(key) for key in ("events", "status", "name") if key in given}
    made = {
        "traceId": f"{trace:032x}", "spanId": f"{own:016x}", "startTimeUnixNano": str(at),
        "endTimeUnixNano": str(at + int(takes_s * 1e9)), "name": "chat",
        "attributes": pairs({key.replace("__", "."): value for key, value in given.items()}), **plain,
    }  # fmt: skip
    return {**made, "parentSpanId": f"{parent:016x}"} if parent else made


def chat(trace: int, own: int, parent: int = 0, *, says: str = "yes", **given: Any) -> dict[str, Any]:
    """Return a call of a model in the names of today."""
    messages = json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": says}]}])
    return span(
        trace,
        own,
        parent,
        **{"gen_ai__operation__name": "chat", "gen_ai__output__messages": messages, **given},
    )


def export(*spans: dict[str, Any], **service: str) -> bytes:
    """Return an export request in JSON."""
    resource = {"attributes": pairs(service or {"service.name": "desk"})}
    return json.dumps(
        {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]}
    ).encode()


def protobuf(*spans: dict[str, Any]) -> bytes:
    """Return the same in protobuf."""
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2  # noqa: PLC0415 - an optional extra

    request = trace_service_pb2.ExportTraceServiceRequest()
    scope = request.resource_spans.add().scope_spans.add()
    for each in spans:
        made = scope.spans.add(
            trace_id=bytes.fromhex(each["traceId"]),
            span_id=bytes.fromhex(each["spanId"]),
            parent_span_id=bytes.fromhex(each.get("parentSpanId", "")),
            name=each["name"],
            start_time_unix_nano=int(each["startTimeUnixNano"]),
            end_time_unix_nano=int(each["endTimeUnixNano"]),
        )
        for pair in each["attributes"]:
            ((kind, value),) = pair["value"].items()
            setattr(made.attributes.add(key=pair["key"]).value, FIELDS[kind], value)
    return bytes(request.SerializeToString())
