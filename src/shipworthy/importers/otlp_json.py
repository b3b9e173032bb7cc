"""Spans from JSON: OTLP/JSON as exporters send and write it, and one span a line as consoles print it."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from shipworthy.importers.otlp_span import (
    MOST_ATTRIBUTES,
    BadSpan,
    Event,
    Kept,
    Span,
    cleaned,
    id_of,
    service_of,
)

MOST_DEPTH = 12
"""How deep an attribute's value may be nested."""
_ERROR = (2, "2", "STATUS_CODE_ERROR", "ERROR")


def loads(data: bytes | str) -> Any:
    """Return the JSON value; half a character in one of its texts is no reason to lose a batch.

    Raises:
        ValueError: it is not JSON in UTF-8.
        RecursionError: it is nested too deep.
    """
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError:
        if (b"\\u" if isinstance(data, bytes) else "\\u") not in data:  # type: ignore[operator] # of one kind each
            raise
        return cleaned(json.loads(data, parse_constant=_no_number))


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def spans_of(value: Any, refused: Counter[str], remarks: Counter[str]) -> Iterator[Span]:
    """Yield the spans of one JSON value: an export request, or one span as a console prints it.

    Args:
        value: what was decoded.
        refused: counts spans that cannot be used, by reason.
        remarks: counts what was changed in spans that are kept.

    Raises:
        BadSpan: the value is neither.
    """
    if not isinstance(value, dict):
        raise BadSpan("it is no JSON object with resourceSpans")
    if "resourceSpans" not in value:
        if not any(name in value for name in ("traceId", "context", "trace_id")):
            raise BadSpan("it has no resourceSpans")
        yield from _tried(value, _flat_service(value), refused, remarks)
        return
    for resource in _list(value["resourceSpans"]):
        service = service_of(_attributes(_dict(resource).get("resource"), Kept(Counter())))
        for scope in _list(_dict(resource).get("scopeSpans")):
            for span in _list(_dict(scope).get("spans")):
                yield from _tried(span, service, refused, remarks)


def _tried(
    given: Any, service: dict[str, str], refused: Counter[str], remarks: Counter[str]
) -> Iterator[Span]:
    try:
        yield _span(given, service, remarks)
    except BadSpan as error:
        refused[str(error)] += 1


def _span(given: Any, service: dict[str, str], remarks: Counter[str]) -> Span:
    if not isinstance(given, dict):
        raise BadSpan("it is no JSON object")
    held = given.get("context")
    context = held if isinstance(held, dict) else given
    parent = _first(given, "parentSpanId", "parent_id", "parent_span_id") or ""
    status = _dict(given.get("status"))
    kept = Kept(remarks)
    failed = _first(status, "code", "status_code") in _ERROR
    made = Span(
        trace=id_of(_first(context, "traceId", "trace_id"), 16, "trace id"),
        span=id_of(_first(context, "spanId", "span_id"), 8, "span id"),
        parent=id_of(parent, 8, "parent span id") if parent else "",
        name=_text(given.get("name"))[:500],
        start=_time(_first(given, "startTimeUnixNano", "start_time", "start_time_unix_nano")),
        end=_time(_first(given, "endTimeUnixNano", "end_time", "end_time_unix_nano")),
        failed=failed,
        message=_text(_first(status, "message", "description"))[:500] if failed else "",
        attributes=_attributes(given, kept),
        events=[_event(each, kept) for each in _list(given.get("events"))[:MOST_ATTRIBUTES]],
        service=service,
    )
    made.cut = kept.cut
    return made


def _event(given: Any, kept: Kept) -> Event:
    held = _dict(given)
    return Event(_text(held.get("name"))[:200], _attributes(held, kept))


def _attributes(holder: Any, kept: Kept) -> dict[str, Any]:
    """Return the attributes of a span, an event or a resource: OTLP's list of pairs, or a plain object."""
    given = _dict(holder).get("attributes")
    made: dict[str, Any] = {}
    if isinstance(given, dict):
        for key, value in given.items():
            kept.put(made, key, _plain(value, MOST_DEPTH))
        return made
    for pair in _list(given):
        if not isinstance(pair, dict) or not isinstance(pair.get("key"), str):
            raise BadSpan("an attribute has no key")
        kept.put(made, pair["key"], any_value(pair.get("value"), MOST_DEPTH))
    return made


def any_value(given: Any, depth: int = MOST_DEPTH) -> Any:
    """Return the plain value of OTLP's `{"stringValue": …}` and its siblings.

    Raises:
        BadSpan: the value is not of the type that it says it is.

    >>> any_value({"arrayValue": {"values": [{"intValue": "52"}, {"boolValue": True}]}})
    [52, True]
    """
    if given is None or given == {}:
        return None
    if not isinstance(given, dict) or len(given) != 1 or not depth:
        raise BadSpan("an attribute's value has no type of OTLP")
    ((kind, value),) = given.items()
    read = _KINDS.get(kind)
    if read is None:
        raise BadSpan("an attribute's value has no type of OTLP")
    return read(value, depth)


def _string(value: Any, _depth: int) -> str:
    if not isinstance(value, str):
        raise BadSpan("a stringValue is no text")
    return value


def _whole(value: Any, _depth: int) -> int:
    if isinstance(value, str) and len(value) <= 20 and value.lstrip("-").isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**64:
        return value
    raise BadSpan("an intValue is no whole number")


def _double(value: Any, _depth: int) -> float | None:
    if value in ("NaN", "Infinity", "-Infinity"):
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 2**1000:
        return float(value)
    raise BadSpan("a doubleValue is no number")


def _truth(value: Any, _depth: int) -> bool:
    if not isinstance(value, bool):
        raise BadSpan("a boolValue is neither true nor false")
    return value


def _array(value: Any, depth: int) -> list[Any]:
    return [any_value(each, depth - 1) for each in _list(_dict(value).get("values"))[:MOST_ATTRIBUTES]]


def _pairs(value: Any, depth: int) -> dict[str, Any]:
    pairs = [_dict(each) for each in _list(_dict(value).get("values"))[:MOST_ATTRIBUTES]]
    return {str(each.get("key")): any_value(each.get("value"), depth - 1) for each in pairs}


_KINDS = {
    "stringValue": _string,
    "intValue": _whole,
    "doubleValue": _double,
    "boolValue": _truth,
    "arrayValue": _array,
    "kvlistValue": _pairs,
    "bytesValue": _string,
}


def _plain(value: Any, depth: int) -> Any:
    """Return a console's value as it is, within limits."""
    if isinstance(value, dict) and depth:
        return {k: _plain(v, depth - 1) for k, v in list(value.items())[:MOST_ATTRIBUTES]}
    if isinstance(value, list) and depth:
        return [_plain(v, depth - 1) for v in value[:MOST_ATTRIBUTES]]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if depth else None


def _time(given: Any) -> int:
    """Return nanoseconds since 1970 from OTLP's number or text, or from a console's date; 0 is unknown."""
    if given is None:
        return 0
    if isinstance(given, str) and "T" in given:
        return _date(given)
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    nanoseconds = _whole(given, 0)
    if not 0 <= nanoseconds < 2**63:
        raise BadSpan("a time is out of range")
    return nanoseconds


def _date(text: str) -> int:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise BadSpan("a time is no date") from error
    if at.tzinfo is None:
        at = at.replace(tzinfo=dt.UTC)
    since = at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return max(0, (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000)


def _flat_service(value: dict[str, Any]) -> dict[str, str]:
    resource = value.get("resource")
    attributes = resource.get("attributes") if isinstance(resource, dict) else None
    return service_of(attributes) if isinstance(attributes, dict) else {}


def _first(holder: dict[str, Any], *names: str) -> Any:
    return next((holder[name] for name in names if holder.get(name) is not None), None)


def _text(given: Any) -> str:
    if given is None:
        return ""
    if not isinstance(given, str):
        raise BadSpan("a name is no text")
    return given


def _list(given: Any) -> list[Any]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise BadSpan("a list is no list")
    return given


def _dict(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadSpan("an object is no object")
    return given
