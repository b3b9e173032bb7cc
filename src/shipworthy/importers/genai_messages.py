"""Messages in one shape, however a span says them: parts, content, numbered attributes, events, plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from shipworthy.importers.otlp_json import loads
from shipworthy.importers.otlp_span import Event

Messages = list[dict[str, Any]]
MODEL = ("assistant", "model", "ai", "")
USER = ("user", "human", "")
"""What clients call the two sides; nothing where they do not say."""
_NUMBERED = re.compile(
    r"(?:gen_ai\.(prompt|completion)|llm\.(input_messages|output_messages))\.(\d+)\.(?:message\.)?(.+)"
)
_MESSAGE_EVENTS = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}


def one_question(messages: Messages) -> Any:
    """Return one question of a user as its text, a conversation as messages."""
    spoken = [m for m in messages if m["role"].lower() != "system"]
    if len(spoken) == 1 and spoken[0]["role"].lower() in USER:
        return spoken[0]["content"]
    return [{"role": m["role"], "content": m["content"]} for m in messages]


def messages_of(given: list[dict[str, Any]]) -> Messages:
    """Return messages in one shape: who speaks, and what."""
    return [_message(each, "") for each in given]


def read_messages(given: Any, *, role: str = "") -> Messages | None:
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


def numbered(given: Mapping[str, Any], what: str) -> Messages | None:
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


def from_events(events: list[Event]) -> Messages:
    """Return what was put to a model, from one event a message."""
    return [
        _message({"role": role, "content": e.attributes.get("content")}, role)
        for e in events
        if (role := _MESSAGE_EVENTS.get(e.name)) and e.attributes.get("content") is not None
    ]


def choices(events: list[Event]) -> Messages:
    """Return what a model gave back, from one event a choice."""
    made: Messages = []
    for event in events:
        if event.name != "gen_ai.choice":
            continue
        given = event.attributes
        message = given.get("message", given.get("content"))
        for each in read_messages(message, role="assistant") or []:
            made.append({**each, "finish_reason": word(given.get("finish_reason"))})
    return made


def last_words(messages: Messages | None) -> str | None:
    """Return what a model said: its first choice, None where it said nothing."""
    if not messages:
        return None
    said = [m["content"] for m in messages if m["role"].lower() in MODEL]
    return said[0] if said else None


def calls_tools(messages: Messages | None) -> bool:
    """Return whether any message calls a tool."""
    return any(message.get("tool_calls") for message in messages or ())


def finish_of(messages: Messages | None) -> str:
    """Return why a model stopped, where a message says it."""
    return next((m["finish_reason"] for m in messages or () if m.get("finish_reason")), "")


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
    made: dict[str, Any] = {"role": word(held.get("role")) or role, "content": _content(parts)}
    calls = tools or held.get("tool_calls")
    if calls:
        made["tool_calls"] = calls
    finish = word(held.get("finish_reason") or given.get("finish_reason"))
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


def word(given: Any) -> str:
    """Return a short text, nothing where it is none."""
    return given.strip()[:200] if isinstance(given, str) else ""
