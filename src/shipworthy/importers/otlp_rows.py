"""Rows from the spans of one trace: one row for each output, with what its spans say about it.

An output is what the nearest span above a call stands for: the one that names a case, else the root of the trace.
A call whose way up is broken (spans in between were not sent) belongs to the span that names a case and was open
all the while, else to the root.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from shipworthy.importers.genai import Facts, facts_of, scores_of
from shipworthy.importers.genai_messages import one_question
from shipworthy.importers.interface import Row
from shipworthy.importers.names import MAX_REPEAT, can_name
from shipworthy.importers.otlp_names import MOST_TAG, Names, score_of, service_tags, text_of
from shipworthy.importers.otlp_span import Span

NO_CALL = "a span of a trace in which no model was asked"
NO_NAME = "its case id is no name"
EARLIEST = 946_684_800 * 10**9
"""The year 2000: a clock before that was never set."""
LATEST = 4_102_444_800 * 10**9
"""The year 2100, for a file of which nobody knows when it was received."""
DAY = 86_400 * 10**9
MOST_STEPS = 200
_CUT_OFF = ("length", "max_tokens", "max_output_tokens")
_BLOCKED = ("content_filter", "safety", "refusal_by_filter")
_TIMED_OUT = ("timeout", "timed out", "deadline")


@dataclass
class _Unit:
    """The spans of one output."""

    key: str
    top: Span | None
    calls: list[tuple[Span, Facts]] = field(default_factory=list)
    around: list[Span] = field(default_factory=list)
    """Spans above and beside the calls, the nearest first."""


class Trace:
    """The spans of one trace, all of them.

    Args:
        spans: as they arrived.
        names: which attribute holds what.
        remarks: counts what is odd about spans that are kept.
    """

    def __init__(self, spans: list[Span], names: Names, remarks: Counter[str]) -> None:
        self.spans = spans
        self.names = names
        self.remarks = remarks
        self.by_id = {span.span: span for span in spans}
        self.facts = {span.span: facts_of(span) for span in spans}
        self.root = next((span for span in spans if not span.parent), None)
        self.given = {span.span: tuple(names.given(span)) for span in spans}
        """Role and value of what a span's attributes say."""
        self.cases = {span: case for span, given in self.given.items() if (case := names.own_case(given))}

    def rows(self, arrived: int, dropped: Counter[str]) -> Iterator[Row]:
        """Yield a row for each output.

        Args:
            arrived: nanoseconds since 1970 by our clock; 0 where nobody wrote it down.
            dropped: counts spans that belong to no output.
        """
        units = self._units()
        if not units:
            dropped[NO_CALL] += len(self.spans)
        for unit in units.values():
            row = _row(unit, self, arrived)
            if can_name(row.case):
                yield row
            else:
                dropped[NO_NAME] += 1

    def _units(self) -> dict[str, _Unit]:
        units: dict[str, _Unit] = {}
        others = []
        for span in self.spans:
            facts = self.facts[span.span]
            if not facts.is_call:
                others.append(span)
                continue
            for name in facts.disagree:
                self.remarks[
                    f"spans whose two dialects disagree about {name.replace('_', ' ')}: the newer counts"
                ] += 1
            way, key = self._way_up(span)
            unit = units.setdefault(key, _Unit(key, self.by_id.get(key), around=way))
            unit.calls.append((span, facts))
        for span in others:
            of = units.get(self._way_up(span)[1])
            if of is not None and span not in of.around:
                of.around.append(span)
        return units

    def _way_up(self, span: Span) -> tuple[list[Span], str]:
        """Return the spans above a span, nearest first, and the id of the one that the output stands for."""
        way: list[Span] = []
        key, at = "", span
        seen = {span.span}
        while True:
            if self.names.by_span or at.span in self.cases:
                key = key or at.span
            above = self.by_id.get(at.parent)
            if above is None and at.parent:
                above = self._enclosing(at)
            if above is None or above.span in seen:
                break
            seen.add(above.span)
            way.append(above)
            at = above
        return way, key or (at.parent or at.span)

    def _enclosing(self, span: Span) -> Span | None:
        """Return the span that a broken way up leads to: one that names a case and was open all the while."""
        around = (
            each
            for name, each in ((n, self.by_id[n]) for n in self.cases)
            if name != span.span and each.start <= span.start and span.end <= each.end
        )
        nearest = min(around, key=lambda each: each.end - each.start, default=None)
        return nearest or (self.root if self.root is not span else None)


def _row(unit: _Unit, trace: Trace, arrived: int) -> Row:
    first, last = min(unit.calls, key=_start), max(unit.calls, key=_end)
    said = [pair for pair in unit.calls if pair[1].output and not pair[1].tool_calls]
    told = max(said, key=_end) if said else last
    top = unit.top
    own = trace.facts[top.span] if top is not None and not trace.facts[top.span].is_call else Facts()
    members = [*([top] if top is not None else []), *(s for s, _ in reversed(unit.calls)), *unit.around]
    held = _held(members, trace)
    reason = _why_no_answer(top, *last)
    scores, words = _scores(members, trace)
    tags = {
        **service_tags(last[0]),
        **({"model": told[1].model[:MOST_TAG]} if told[1].model else {}),
        **held.tags,
    }
    output = own.output if own.output is not None else told[1].output
    if output is None and told[0].cut:
        trace.remarks["outputs whose text was too long to be kept"] += 1
    return Row(
        case=_case(unit, trace, held),
        repeat=held.repeat,
        input=one_question(asked) if (asked := own.input or first[1].input) else None,
        expected=held.expected,
        group=held.group or next((g for g in (own.conversation, told[1].conversation) if can_name(g)), None),
        tags=tags or None,
        status="answered" if reason is None else "no answer",
        reason=reason,
        output=output,
        scores=scores if scores and reason is None else None,
        explanations=words or None,
        latency_s=_latency(unit),
        cost_usd=own.cost or _cost(unit),
        steps=_steps(unit, trace),
        time=_time(top or first[0], arrived, trace.remarks),
    )


@dataclass
class _Held:
    """What attributes with a role say, the nearest span first."""

    case: str = ""
    repeat: int | None = None
    group: str | None = None
    expected: Any = None
    tags: dict[str, str] = field(default_factory=dict)


def _held(members: Iterable[Span], trace: Trace) -> _Held:
    held = _Held()
    for span in members:
        for role, value in trace.given[span.span]:
            if role.startswith("tag."):
                if text := text_of(value)[:MOST_TAG]:
                    held.tags.setdefault(role[4:], text)
            elif role == "repeat":
                whole = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_REPEAT
                held.repeat = held.repeat or (value if whole else None)
            elif role == "expected":
                held.expected = held.expected or value
            elif role in ("case", "group") and not getattr(held, role):
                setattr(held, role, text_of(value) or getattr(held, role))
    return held


def _case(unit: _Unit, trace: Trace, held: _Held) -> str:
    span = unit.calls[0][0]
    if trace.names.by_output:
        return f"{span.trace}:{unit.key}"
    if trace.names.by_span:
        return span.key
    if trace.names.by_trace:
        return span.trace
    if unit.key in trace.cases or held.case:
        return trace.cases.get(unit.key) or held.case
    whole = trace.root is None or unit.key == trace.root.span
    return span.trace if whole else f"{span.trace}:{unit.key}"


def _scores(members: Iterable[Span], trace: Trace) -> tuple[dict[str, float | None], dict[str, str]]:
    """Return scores by name; two of one name that differ are no score."""
    scores: dict[str, float | None] = {}
    words: dict[str, str] = {}
    for span in members:
        given = [
            (role[6:], score_of(value), "")
            for role, value in trace.given[span.span]
            if role.startswith("score.")
        ]
        for name, value, why in (*given, *scores_of(span)):
            if scores.setdefault(name, value) != value:
                scores[name] = None
                words[name] = "unscored: its spans give two scores of this name that differ"
                trace.remarks["outputs with two scores of one name that differ: they are unscored"] += 1
            elif why:
                words[name] = why
    return scores, words


def _why_no_answer(top: Span | None, span: Span, facts: Facts) -> str | None:
    """Return why there is no answer; a call that failed and was answered on another try is an answer."""
    if facts.finish in _BLOCKED:
        return "blocked by the provider"
    if facts.finish in _CUT_OFF:
        return "cut off: the model's token limit"
    for each in (span, top):
        if each is None:
            continue
        kind = each.attributes.get("error.type")
        if not each.failed and not kind:
            continue
        words = (str(kind) if kind else "") or each.message or _exception(each) or "the span says no more"
        timed_out = any(word in f"{words} {each.message}".lower() for word in _TIMED_OUT)
        return "timeout" if timed_out else f"error: {words[:500]}"
    return None


def _exception(span: Span) -> str:
    return next(
        (text_of(e.attributes.get("exception.type")) for e in span.events if e.name == "exception"), ""
    )


def _latency(unit: _Unit) -> float | None:
    if unit.top is not None:
        return unit.top.seconds
    spans = [span for span, _ in unit.calls]
    start, end = min(s.start for s in spans), max(s.end for s in spans)
    return (end - start) / 1e9 if 0 < start <= end else None


def _cost(unit: _Unit) -> float | None:
    costs = [facts.cost for _, facts in unit.calls]
    return sum(cost for cost in costs if cost) if all(costs) else None


def _steps(unit: _Unit, trace: Trace) -> str | None:
    """Return calls and tools in their order, where there was more than one."""
    steps = [(span.end, _call_step(facts)) for span, facts in unit.calls]
    for span in unit.around:
        if trace.facts[span.span].operation in ("execute_tool", "tool"):
            given = span.attributes
            said = given.get("gen_ai.tool.call.result", given.get("output.value"))
            step = {
                "role": "tool",
                "name": text_of(given.get("gen_ai.tool.name", given.get("tool.name"))) or span.name,
                "content": said if isinstance(said, str) else json.dumps(said, ensure_ascii=False),
            }
            steps.append((span.end, step))
    if len(steps) < 2:
        return None
    steps.sort(key=lambda pair: pair[0])
    return json.dumps([step for _, step in steps[:MOST_STEPS]], ensure_ascii=False)


def _call_step(facts: Facts) -> dict[str, Any]:
    words = facts.output or ("calls a tool" if facts.tool_calls else "")
    return {"role": "assistant", "name": facts.model, "content": words}


def _time(span: Span, arrived: int, remarks: Counter[str]) -> str | None:
    """Return when it was asked; where the sender's clock cannot be right, when it arrived."""
    late = span.start > (arrived + DAY if arrived else LATEST)
    if span.start >= EARLIEST and not late:
        return _iso(span.start)
    remarks["outputs whose clock cannot be right: they count at the time at which they arrived"] += 1
    return _iso(arrived) if arrived else None


def _iso(nanoseconds: int) -> str:
    return dt.datetime.fromtimestamp(nanoseconds / 1e9, dt.UTC).isoformat(timespec="microseconds")


def _start(pair: tuple[Span, Facts]) -> int:
    return pair[0].start


def _end(pair: tuple[Span, Facts]) -> int:
    return pair[0].end
