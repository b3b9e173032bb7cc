"""What a span says about a call of a model, in each of the dialects that are in use.

Three are read: OpenTelemetry's names of today (`gen_ai.output.messages`, …), those before (`gen_ai.completion`,
numbered `gen_ai.completion.0.content`, span events), and OpenInference's (`llm.output_messages…`, `output.value`).
A span may speak two of them; where they disagree the newest counts, and that they disagree is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from shipworthy.importers.genai_messages import (
    Messages,
    calls_tools,
    choices,
    finish_of,
    from_events,
    last_words,
    numbered,
    read_messages,
    word,
)
from shipworthy.importers.otlp_span import Span

CALLS = frozenset(
    ("chat", "text_completion", "generate_content", "completion", "llm", "message", "responses")
)
"""Operations that put something to a model and get its words back."""
_GENAI = frozenset(("gen_ai", "llm", "openinference", "traceloop"))
MACHINERY = frozenset(
    (
        *(
            "http",
            "url",
            "net",
            "network",
            "server",
            "client",
            "db",
            "rpc",
            "messaging",
            "faas",
            "code",
            "thread",
        ),
        *(
            "process",
            "host",
            "os",
            "telemetry",
            "user_agent",
            "exception",
            "otel",
            "peer",
            "tls",
            "dns",
            "aws",
        ),
        *(
            "azure",
            "gcp",
            "k8s",
            "container",
            "cloud",
            "aspnetcore",
            "signalr",
            "asgi",
            "wsgi",
            "grpc",
            "span",
        ),
        *("internal", "service", "deployment", "error", "event", "log", "component", "event_loop"),
    )
)
"""First parts of attributes that say how a request travelled, and nothing about what was asked or answered."""
EVALUATED = "gen_ai.evaluation.result"
_BEFORE = ("gen_ai.prompt", "gen_ai.completion", "gen_ai.usage.prompt_", "gen_ai.usage.completion_")
_OPENINFERENCE = ("llm.", "openinference.", "input.", "output.", "session.id")


class Facts(msgspec.Struct, gc=False):
    """What one span says about a call; None and empty where it says nothing."""

    operation: str = ""
    model: str = ""
    input: Messages | None = None
    output: str | None = None
    tool_calls: bool = False
    finish: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    conversation: str = ""
    disagree: tuple[str, ...] = ()
    """What two dialects of this span say differently."""

    @property
    def is_call(self) -> bool:
        """Whether a model was asked."""
        return self.operation in CALLS


def about(span: Span) -> Literal["genai", "own", ""]:
    """Return what a span says anything about: generative AI, what its own program wrote on it, or neither."""
    own: Literal["own", ""] = ""
    for key in span.attributes:
        first = key.partition(".")[0]
        if first in _GENAI:
            return "genai"
        if first not in MACHINERY:
            own = "own"
    return "genai" if any(event.name.startswith("gen_ai.") for event in span.events) else own


def facts_of(span: Span) -> Facts:
    """Return what a span says, the newest dialect first."""
    if not (dialects := _dialects(span)):
        return _NOTHING
    told = [read(span) for name, read in _READERS if name in dialects]
    made: dict[str, Any] = {}
    disagree = []
    for each in told:
        for name, value in each.items():
            if value is None or value == "":
                continue
            if name not in made:
                made[name] = value
            elif name in ("model", "output", "tokens_in", "tokens_out") and made[name] != value:
                disagree.append(name)
    if "operation" not in made and ("output" in made or "tokens_out" in made):
        made["operation"] = "chat"
    return Facts(**made, disagree=tuple(disagree))


def _dialects(span: Span) -> set[str]:
    """Return in which dialects a span says anything."""
    found = {"before", "today"} if any(e.name.startswith("gen_ai.") for e in span.events) else set()
    for key in span.attributes:
        if key.startswith("gen_ai."):
            found.add("before" if key.startswith(_BEFORE) else "today")
        elif key.startswith(_OPENINFERENCE):
            found.add("before" if key.startswith("llm.request.") else "openinference")
    return found


def _today(span: Span) -> dict[str, Any]:
    given = span.attributes
    for event in span.events:
        if event.name == "gen_ai.client.inference.operation.details":
            given = {**event.attributes, **given}
    inputs, outputs = (
        read_messages(given.get("gen_ai.input.messages")),
        read_messages(given.get("gen_ai.output.messages")),
    )
    return {
        "operation": word(given.get("gen_ai.operation.name")),
        "model": word(given.get("gen_ai.request.model") or given.get("gen_ai.response.model")),
        "input": inputs,
        "output": last_words(outputs),
        "tool_calls": calls_tools(outputs) or None,
        "finish": _finish(given.get("gen_ai.response.finish_reasons")) or finish_of(outputs),
        "tokens_in": _count(given.get("gen_ai.usage.input_tokens")),
        "tokens_out": _count(given.get("gen_ai.usage.output_tokens")),
        "cost": _amount(given.get("gen_ai.usage.cost")),
        "conversation": word(given.get("gen_ai.conversation.id")),
    }


def _before(span: Span) -> dict[str, Any]:
    given = span.attributes
    inputs, outputs = numbered(given, "prompt"), numbered(given, "completion")
    contents = {e.name: e.attributes for e in span.events if e.name.startswith("gen_ai.content.")}
    prompt = given.get("gen_ai.prompt", contents.get("gen_ai.content.prompt", {}).get("gen_ai.prompt"))
    completion = given.get(
        "gen_ai.completion", contents.get("gen_ai.content.completion", {}).get("gen_ai.completion")
    )
    inputs = inputs or read_messages(prompt, role="user") or from_events(span.events)
    outputs = outputs or read_messages(completion, role="assistant") or choices(span.events)
    return {
        "operation": word(given.get("llm.request.type")),
        "input": inputs or None,
        "output": last_words(outputs),
        "tool_calls": calls_tools(outputs) or None,
        "finish": finish_of(outputs),
        "tokens_in": _count(given.get("gen_ai.usage.prompt_tokens")),
        "tokens_out": _count(given.get("gen_ai.usage.completion_tokens")),
    }


def _openinference(span: Span) -> dict[str, Any]:
    given = span.attributes
    inputs, outputs = numbered(given, "input_messages"), numbered(given, "output_messages")
    said = given.get("output.value") if given.get("output.mime_type", "text/plain") == "text/plain" else None
    asked = given.get("input.value") if given.get("input.mime_type", "text/plain") == "text/plain" else None
    kind = word(given.get("openinference.span.kind")).lower()
    return {
        "operation": kind,
        "model": word(given.get("llm.model_name")),
        "input": inputs or ([{"role": "user", "content": asked}] if isinstance(asked, str) else None),
        "output": last_words(outputs) or (said if isinstance(said, str) else None),
        "tool_calls": calls_tools(outputs) or None,
        "tokens_in": _count(given.get("llm.token_count.prompt")),
        "tokens_out": _count(given.get("llm.token_count.completion")),
        "cost": _amount(given.get("llm.cost.total")),
        "conversation": word(given.get("session.id")),
    }


def scores_of(span: Span) -> Iterator[tuple[str, float | None, str]]:
    """Yield name, value and words of every evaluation that a span carries as an event."""
    for event in span.events:
        if event.name != EVALUATED:
            continue
        given = event.attributes
        name = word(given.get("gen_ai.evaluation.name"))
        if name:
            yield (
                name,
                score(given.get("gen_ai.evaluation.score.value")),
                word(given.get("gen_ai.evaluation.explanation")),
            )


def score(given: Any) -> float | None:
    """Return a number as a score; None where it is none."""
    if isinstance(given, (bool, int, float)) and abs(given) < 2**1000:
        return float(given)
    return None


def _finish(given: Any) -> str:
    if isinstance(given, list):
        return word(given[0]) if given else ""
    return word(given)


def _count(given: Any) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**40 else None


def _amount(given: Any) -> float | None:
    """Return a cost; one of 0 means that none was known."""
    return float(given) if isinstance(given, (int, float)) and 0 < given < 2**40 else None


_READERS = (("today", _today), ("before", _before), ("openinference", _openinference))
"""The newest first."""
_NOTHING = Facts()
