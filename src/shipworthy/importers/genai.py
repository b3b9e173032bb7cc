"""What a span says about a call of a model, in each of the dialects that are in use.

Three are read: OpenTelemetry's names of today (`gen_ai.output.messages`, …), those before (`gen_ai.completion`,
numbered `gen_ai.completion.0.content`, span events), and OpenInference's (`llm.output_messages…`, `output.value`).
A span may speak two of them; where they disagree the newest counts, and that they disagree is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from shipworthy.importers.otlp_json import loads
from shipworthy.importers.otlp_span import Event, Span

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
            "gcp",
        ),
        *(
            "azure",
            "k8s",
            "container",
            "cloud",
            "aspnetcore",
            "signalr",
            "asgi",
            "wsgi",
            "grpc",
            "span",
            "internal",
        ),
        *("service", "deployment", "error", "event", "log", "component", "event_loop"),
    )
)
"""First parts of attributes that say how a request travelled, and nothing about what was asked or answered."""
_NUMBERED = re.compile(
    r"(?:gen_ai\.(prompt|completion)|llm\.(input_messages|output_messages))\.(\d+)\.(?:message\.)?(.+)"
)
_MESSAGE_EVENTS = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}
EVALUATED = "gen_ai.evaluation.result"
MODEL = ("assistant", "model", "ai", "")
USER = ("user", "human", "")
"""What clients call the two sides; nothing where they do not say."""
_BEFORE = ("gen_ai.prompt", "gen_ai.completion", "gen_ai.usage.prompt_", "gen_ai.usage.completion_")
_OPENINFERENCE = ("llm.", "openinference.", "input.", "output.", "session.id")
Messages = list[dict[str, Any]]


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
        _messages(given.get("gen_ai.input.messages")),
        _messages(given.get("gen_ai.output.messages")),
    )
    return {
        "operation": _word(given.get("gen_ai.operation.name")),
        "model": _word(given.get("gen_ai.request.model") or given.get("gen_ai.response.model")),
        "input": inputs,
        "output": _last_words(outputs),
        "tool_calls": _calls_tools(outputs) or None,
        "finish": _finish(given.get("gen_ai.response.finish_reasons")) or _finish_of(outputs),
        "tokens_in": _count(given.get("gen_ai.usage.input_tokens")),
        "tokens_out": _count(given.get("gen_ai.usage.output_tokens")),
        "cost": _amount(given.get("gen_ai.usage.cost")),
        "conversation": _word(given.get("gen_ai.conversation.id")),
    }


def _before(span: Span) -> dict[str, Any]:
    given = span.attributes
    inputs, outputs = _numbered(given, "prompt"), _numbered(given, "completion")
    contents = {e.name: e.attributes for e in span.events if e.name.startswith("gen_ai.content.")}
    prompt = given.get("gen_ai.prompt", contents.get("gen_ai.content.prompt", {}).get("gen_ai.prompt"))
    completion = given.get(
        "gen_ai.completion", contents.get("gen_ai.content.completion", {}).get("gen_ai.completion")
    )
    inputs = inputs or _messages(prompt, role="user") or _from_events(span.events)
    outputs = outputs or _messages(completion, role="assistant") or _choices(span.events)
    return {
        "operation": _word(given.get("llm.request.type")),
        "input": inputs or None,
        "output": _last_words(outputs),
        "tool_calls": _calls_tools(outputs) or None,
        "finish": _finish_of(outputs),
        "tokens_in": _count(given.get("gen_ai.usage.prompt_tokens")),
        "tokens_out": _count(given.get("gen_ai.usage.completion_tokens")),
    }


def _openinference(span: Span) -> dict[str, Any]:
    given = span.attributes
    inputs, outputs = _numbered(given, "input_messages"), _numbered(given, "output_messages")
    said = given.get("output.value") if given.get("output.mime_type", "text/plain") == "text/plain" else None
    asked = given.get("input.value") if given.get("input.mime_type", "text/plain") == "text/plain" else None
    kind = _word(given.get("openinference.span.kind")).lower()
    return {
        "operation": kind,
        "model": _word(given.get("llm.model_name")),
        "input": inputs or ([{"role": "user", "content": asked}] if isinstance(asked, str) else None),
        "output": _last_words(outputs) or (said if isinstance(said, str) else None),
        "tool_calls": _calls_tools(outputs) or None,
        "tokens_in": _count(given.get("llm.token_count.prompt")),
        "tokens_out": _count(given.get("llm.token_count.completion")),
        "cost": _amount(given.get("llm.cost.total")),
        "conversation": _word(given.get("session.id")),
    }


def scores_of(span: Span) -> Iterator[tuple[str, float | None, str]]:
    """Yield name, value and words of every evaluation that a span carries as an event."""
    for event in span.events:
        if event.name != EVALUATED:
            continue
        given = event.attributes
        name = _word(given.get("gen_ai.evaluation.name"))
        if name:
            yield (
                name,
                score(given.get("gen_ai.evaluation.score.value")),
                _word(given.get("gen_ai.evaluation.explanation")),
            )


def score(given: Any) -> float | None:
    """Return a number as a score; None where it is none."""
    if isinstance(given, (bool, int, float)) and abs(given) < 2**1000:
        return float(given)
    return None


def one_question(messages: Messages) -> Any:
    """Return one question of a user as its text, a conversation as messages."""
    spoken = [m for m in messages if m["role"].lower() != "system"]
    if len(spoken) == 1 and spoken[0]["role"].lower() in USER:
        return spoken[0]["content"]
    return [{"role": m["role"], "content": m["content"]} for m in messages]


def messages_of(given: list[dict[str, Any]]) -> Messages:
    """Return messages in one shape: who speaks, and what."""
    return [_message(each, "") for each in given]


def _messages(given: Any, *, role: str = "") -> Messages | None:
    """Return messages from an array, from its JSON text, or from plain text of one role."""
    if isinstance(given, str):
        found = _loaded(given)
        if not isinstance(found, (list, dict)):
            return [{"role": role, "content": given}] if role and given else None
        given = found
    if isinstance(given, dict):
        given = [given]
    if not isinstance(given, list):
        return None
    return [_message(each, role) for each in given if isinstance(each, dict)] or None


def _loaded(text: str) -> Any:
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        return loads(text)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None


def _message(given: dict[str, Any], role: str) -> dict[str, Any]:
    """Return who speaks and what, from a message with parts or with content."""
    held = given["message"] if isinstance(given.get("message"), dict) else given
    if isinstance(held.get("content"), dict):
        held = held["content"]  # Gemini's candidates
    parts = held.get("parts", held.get("content"))
    tools: list[Any] = (
        [p for p in parts if isinstance(p, dict) and p.get("type") == "tool_call"]
        if isinstance(parts, list)
        else []
    )
    made: dict[str, Any] = {"role": _word(held.get("role")) or role, "content": _content(parts)}
    calls = tools or held.get("tool_calls")
    if calls:
        made["tool_calls"] = calls
    finish = _word(held.get("finish_reason") or given.get("finish_reason"))
    return {**made, "finish_reason": finish} if finish else made


def _content(parts: Any) -> str:
    if isinstance(parts, str):
        return parts
    if not isinstance(parts, list):
        return ""
    texts = (_part(part) for part in parts)
    return "\n".join(text for text in texts if text)


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict) or part.get("type", "text") not in (
        "text",
        "output_text",
        "tool_call_response",
    ):
        return ""
    said = next((part[key] for key in ("content", "text", "response", "result") if part.get(key)), "")
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def _numbered(given: Mapping[str, Any], what: str) -> Messages | None:
    """Return the messages that stand as `gen_ai.completion.0.content` and the like."""
    found: dict[int, dict[str, Any]] = {}
    for key, value in given.items():
        match = _NUMBERED.fullmatch(key)
        if match and what in match.group(1, 2) and len(match[3]) < 4:
            name = match[4]
            if name in ("role", "content", "finish_reason"):
                found.setdefault(int(match[3]), {})[name] = value
            elif "tool_calls" in name:
                found.setdefault(int(match[3]), {})["tool_calls"] = True
    role = "assistant" if what in ("completion", "output_messages") else "user"
    return [_message(found[n], role) for n in sorted(found)] or None


def _from_events(events: list[Event]) -> Messages:
    return [
        _message({"role": role, "content": e.attributes.get("content")}, role)
        for e in events
        if (role := _MESSAGE_EVENTS.get(e.name)) and e.attributes.get("content") is not None
    ]


def _choices(events: list[Event]) -> Messages:
    made: Messages = []
    for event in events:
        if event.name != "gen_ai.choice":
            continue
        given = event.attributes
        message = given.get("message", given.get("content"))
        for each in _messages(message, role="assistant") or []:
            made.append({**each, "finish_reason": _word(given.get("finish_reason"))})
    return made


def _last_words(messages: Messages | None) -> str | None:
    if not messages:
        return None
    said = [m["content"] for m in messages if m["role"].lower() in MODEL]
    return said[0] if said else None


def _calls_tools(messages: Messages | None) -> bool:
    return any(message.get("tool_calls") for message in messages or ())


def _finish_of(messages: Messages | None) -> str:
    return next((m["finish_reason"] for m in messages or () if m.get("finish_reason")), "")


def _finish(given: Any) -> str:
    if isinstance(given, list):
        return _word(given[0]) if given else ""
    return _word(given)


def _word(given: Any) -> str:
    return given.strip()[:200] if isinstance(given, str) else ""


def _count(given: Any) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**40 else None


def _amount(given: Any) -> float | None:
    """Return a cost; one of 0 means that none was known."""
    return float(given) if isinstance(given, (int, float)) and 0 < given < 2**40 else None


_READERS = (("today", _today), ("before", _before), ("openinference", _openinference))
"""The newest first."""
_NOTHING = Facts()
