"""Rows from what Langfuse exports: a trace with its observations and scores is one output."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from shipworthy.importers.cells import as_text
from shipworthy.importers.genai_messages import MODEL, Messages, messages_of, one_question
from shipworthy.importers.interface import ColumnMap, Row
from shipworthy.importers.names import MAX_REPEAT, can_name
from shipworthy.importers.otlp_json import loads
from shipworthy.importers.otlp_span import cleaned

Record = dict[str, Any]
JUDGED = ".judge"
"""After the name of a score that a model gave: it is no label of a person."""
PLAIN = frozenset(
    (
        *(
            "id",
            "projectId",
            "name",
            "timestamp",
            "environment",
            "tags",
            "bookmarked",
            "release",
            "version",
            "userId",
        ),
        *(
            "sessionId",
            "public",
            "input",
            "output",
            "metadata",
            "createdAt",
            "updatedAt",
            "scores",
            "corrections",
        ),
        *(
            "latency",
            "observations",
            "usage",
            "inputCost",
            "outputCost",
            "totalCost",
            "level",
            "comments",
            "htmlPath",
        ),
        *(
            "inputTokens",
            "outputTokens",
            "totalTokens",
            "errorCount",
            "warningCount",
            "defaultCount",
            "debugCount",
        ),
    )
)
"""Fields of a trace; any other that holds a list holds the values of one score."""
_INSIDE = frozenset(("resourceAttributes", "scope", "attributes"))
_FIELDS = (("name", "trace"), ("environment", "environment"), ("release", "release"), ("version", "version"))
MOST_TAG = 200


class Wanted:
    """Where the case, the repeat, the group and tags are read from: a map, or guesses.

    Args:
        given: a column map; its names are fields of a trace, or `metadata.NAME`.
    """

    def __init__(self, given: ColumnMap | None) -> None:
        columns = given.columns if given else {}
        self.by_output = given is not None and given.stream
        """Whether rows are named by their traces, of which one case may have many."""
        self.case = columns.get("case", "metadata.case_id")
        self.repeat = columns.get("repeat", "metadata.repeat")
        self.group = columns.get("group", "sessionId")
        self.expected = columns.get("expected", "metadata.expected")
        self.tags = {role[4:]: name for role, name in columns.items() if role.startswith("tag.")}
        self.scores = {role[6:]: name for role, name in columns.items() if role.startswith("score.")}


def trace_row(trace: Record, observations: Iterable[Record], wanted: Wanted) -> Row:
    """Return the row of a trace.

    Args:
        trace: as exported.
        observations: those of this trace, in any order.
        wanted: where its parts are read from.
    """
    own = trace["id"]
    parts = sorted(observations, key=lambda each: str(each.get("startTime") or ""))
    metadata = parsed(trace.get("metadata"))
    held = {**trace, "metadata": metadata if isinstance(metadata, dict) else {}}
    reason = why_no_answer(trace, parts)
    scores, words = _scores(trace, held, wanted)
    repeat = _number(at(held, wanted.repeat))
    case = own if wanted.by_output else _name(at(held, wanted.case)) or own
    return Row(
        case=case,
        repeat=int(repeat) if repeat and repeat == int(repeat) and 1 <= repeat <= MAX_REPEAT else None,
        input=said_in(first_of("input", trace, parts)),
        expected=at(held, wanted.expected),
        group=_name(at(held, wanted.group)) or None,
        tags=_tags(held, wanted) or None,
        status="answered" if reason is None else "no answer",
        reason=reason,
        output=said_out(last_of("output", trace, parts)),
        scores=scores if scores and reason is None else None,
        explanations=words or None,
        latency_s=_amount(trace.get("latency")) if trace.get("latency") is not None else _span_of(parts),
        cost_usd=_amount(trace.get("totalCost")) or _sum(parts),
        time=time_of(trace.get("timestamp")),
    )


def why_no_answer(trace: Record, parts: list[Record]) -> str | None:
    """Return why there is no answer: the trace, or the observation at its top, ended in an error."""
    top = [each for each in parts if not each.get("parentObservationId")]
    for each in (trace, *top):
        if str(each.get("level") or "").upper() == "ERROR":
            words = str(each.get("statusMessage") or "the export says no more")
            return "timeout" if "timeout" in words.lower() else f"error: {words[:500]}"
    return None


def first_of(name: str, trace: Record, parts: list[Record]) -> Any:
    """Return what went in: of the trace, else of its first observation that has it."""
    found = trace.get(name)
    return found if _is_there(found) else next((p[name] for p in parts if _is_there(p.get(name))), None)


def last_of(name: str, trace: Record, parts: list[Record]) -> Any:
    """Return what came out: of the trace, else of its last call of a model, else of the observation at its top."""
    if _is_there(trace.get(name)):
        return trace[name]
    calls = [p for p in parts if p.get("type") == "GENERATION" and _is_there(p.get(name))]
    if calls:
        return max(calls, key=lambda each: str(each.get("endTime") or ""))[name]
    return next((p[name] for p in parts if not p.get("parentObservationId") and _is_there(p.get(name))), None)


def said_in(value: Any) -> Any:
    """Return one question of a user as its text, a conversation as messages, anything else as it is."""
    held = parsed(value)
    messages = _messages(held)
    if messages is None:
        return cleaned(held)
    return one_question(messages)


def said_out(value: Any) -> str | None:
    """Return the last words of a model, or JSON text of whatever else came out."""
    if not _is_there(value):
        return None
    held = cleaned(parsed(value))
    messages = _messages(held)
    if messages:
        spoken = [m["content"] for m in messages if m["role"].lower() in MODEL]
        if spoken and spoken[-1]:
            return str(spoken[-1])
    return as_text(held)


def _messages(held: Any) -> Messages | None:
    """Return the messages of a value that is one, is a list of them, or holds such a list."""
    if isinstance(held, dict):
        inner = next((held[key] for key in _HOLDERS if isinstance(held.get(key), list)), None)
        if inner is None and not ("content" in held and "role" in held):
            return None
        held = [each for each in inner if _says(each)] if inner else [held]
    if not isinstance(held, list) or not held or not all(_says(each) for each in held):
        return None
    return messages_of(held)


_HOLDERS = ("messages", "choices", "contents", "candidates", "output")
"""Where clients of models keep what was said."""


def _says(each: Any) -> bool:
    return isinstance(each, dict) and any(key in each for key in ("content", "parts", "message"))


def score_parts(given: Record) -> tuple[str, float | None, str]:
    """Return name, value and words of one score; one that a model gave has its own name."""
    judged = str(given.get("source") or "").upper() == "EVAL"
    name = str(given.get("name") or "") + (JUDGED if judged else "")
    kind = str(given.get("dataType") or "").upper()
    label = str(given.get("stringValue") or "")
    words = str(given.get("comment") or "")
    if kind in ("CATEGORICAL", "TEXT", "CORRECTION"):
        value = _WORDS.get(label.strip().lower()) if kind == "CATEGORICAL" else None
        return (
            name,
            value,
            words or ("" if value is not None else f"unscored: {label[:200]!r} is a label, not a number"),
        )
    return name, _number(given.get("value")), words


_WORDS = {
    "pass": 1.0,
    "passed": 1.0,
    "true": 1.0,
    "yes": 1.0,
    "fail": 0.0,
    "failed": 0.0,
    "false": 0.0,
    "no": 0.0,
}


def gathered(
    given: Iterable[tuple[str, float | None, str]],
) -> tuple[dict[str, float | None], dict[str, str]]:
    """Return scores by name; two of one name that differ are no score."""
    scores: dict[str, float | None] = {}
    words: dict[str, str] = {}
    for name, value, why in given:
        if not name:
            continue
        if scores.setdefault(name, value) != value:
            scores[name], words[name] = None, "unscored: two scores of this name differ"
        elif why:
            words.setdefault(name, why)
    return scores, words


def _scores(trace: Record, held: Record, wanted: Wanted) -> tuple[dict[str, float | None], dict[str, str]]:
    given = parsed(trace.get("scores"))
    listed = (
        [score_parts(each) for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    )
    columns = ((k, parsed(v)) for k, v in trace.items() if k not in PLAIN)
    listed += [(name, _number(v), "") for name, values in columns if isinstance(values, list) for v in values]
    listed += [(name, _number(at(held, place)), "") for name, place in wanted.scores.items()]
    return gathered(listed)


def _tags(held: Record, wanted: Wanted) -> dict[str, str]:
    """Return what can name a slice: fields of the trace, its tags, short values of its metadata."""
    metadata = {k: v for k, v in held["metadata"].items() if k not in _INSIDE}
    listed = parsed(held.get("tags"))
    pairs = list(metadata.items())
    pairs += [(str(tag), True) for tag in listed] if isinstance(listed, list) else []
    pairs += [(tag, held.get(name)) for name, tag in _FIELDS]
    pairs += [(tag, at(held, place)) for tag, place in wanted.tags.items()]
    made = {}
    for name, value in pairs:
        text = ("true" if value else "false") if isinstance(value, bool) else value
        if isinstance(text, (str, int)) and 0 < len(str(text)) <= MOST_TAG:
            made[str(name)] = str(cleaned(str(text)))
    return made


def at(held: Mapping[str, Any], place: str) -> Any:
    """Return a field by its name, or one of the metadata by `metadata.NAME`."""
    if place in held:
        return held[place]
    first, _, rest = place.partition(".")
    inner = held.get(first)
    return inner.get(rest) if rest and isinstance(inner, dict) else None


def parsed(value: Any) -> Any:
    """Return a value out of its JSON text, in which exports wrap it up to twice."""
    for _ in range(2):
        if not isinstance(value, str) or not value.lstrip().startswith(('"', "{", "[")):
            return value
        try:
            value = loads(value)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            return value
    return value


def seconds(given: Any) -> float | None:
    """Return a time as seconds since 1970."""
    if not isinstance(given, str):
        return None
    try:
        when = dt.datetime.fromisoformat(given.strip().replace(" ", "T"))
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=dt.UTC)).timestamp()


def time_of(given: Any) -> str | None:
    """Return a time as it stands, None where it is none."""
    return str(given) if seconds(given) is not None else None


def _span_of(parts: list[Record]) -> float | None:
    """Return how long the observations took together, by their times: their `latency` has been in two units."""
    starts = [t for p in parts if (t := seconds(p.get("startTime"))) is not None]
    ends = [t for p in parts if (t := seconds(p.get("endTime"))) is not None]
    return max(ends) - min(starts) if starts and ends and max(ends) >= min(starts) else None


def _sum(parts: list[Record]) -> float | None:
    """Return what all calls of models cost, None where one has no cost."""
    costs = [_amount(p.get("totalCost")) for p in parts if p.get("type") == "GENERATION"]
    return sum(cost for cost in costs if cost) if costs and all(costs) else None


def _is_there(value: Any) -> bool:
    return value is not None and value not in ("", "null", "{}", "[]")


def _name(value: Any) -> str:
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return text if can_name(text) else ""


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, (bool, int, float)) and abs(value) < 2**1000 and math.isfinite(value):
        return float(value)
    return None


def _amount(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and number >= 0 else None


def observed(parts: Iterable[Record]) -> Iterator[tuple[str, list[Record]]]:
    """Yield the observations of each trace, in the order in which traces are first met."""
    traces: dict[str, list[Record]] = {}
    for each in parts:
        traces.setdefault(str(each.get("traceId") or ""), []).append(each)
    yield from traces.items()
