"""Turns and tool calls, whoever wrote them down: one shape for the ways that models and tools have of saying it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["system", "user", "assistant", "tool", "step"]
ROLES: dict[str, Role] = {
    "system": "system", "developer": "system", "user": "user", "human": "user", "customer": "user",
    "assistant": "assistant", "ai": "assistant", "gpt": "assistant", "model": "assistant", "bot": "assistant",
    "agent": "assistant", "tool": "tool", "function": "tool", "observation": "tool",
}  # fmt: skip
CALLS = frozenset(
    {"tool_use", "tool_call", "function_call", "server_tool_call", "server_tool_use", "toolCall"}
)
RESULTS = frozenset({"tool_result", "tool_call_response", "function_call_output", "toolResult"})
THOUGHTS = frozenset({"reasoning", "thinking"})
SAID = frozenset({"text", "input_text", "output_text"})
LISTS = ("messages", "turns", "conversation", "steps", "trajectory")
MOST_TURNS = 5_000


@dataclass(frozen=True)
class Said:
    """Words that the other side saw."""

    text: str


@dataclass(frozen=True)
class Thought:
    """Words that nobody but the model saw."""

    text: str


@dataclass(frozen=True)
class Call:
    """A tool that was called."""

    id: str
    name: str
    arguments: Any


@dataclass(frozen=True)
class Result:
    """What a tool gave back."""

    id: str
    name: str
    value: Any


@dataclass(frozen=True)
class Other:
    """Something that we know no better name for: shown as it is."""

    value: Any


Block = Said | Thought | Call | Result | Other


@dataclass(frozen=True)
class Turn:
    """What one side did before the other's next turn."""

    role: Role
    blocks: tuple[Block, ...]
    who: str = ""
    """The name that the text itself gives the role, where it is another."""


def turns_of(value: Any) -> tuple[Turn, ...]:
    """Return the turns of a conversation; none when the value is not one.

    Args:
        value: a list of messages, or an object that holds one under a usual name.
    """
    items = value
    if isinstance(value, dict):
        named = [value[name] for name in LISTS if isinstance(value.get(name), list)]
        items = named[0] if len(named) == 1 else None
        if isinstance(items, list) and set(value) == {"turns"}:
            items = [_user(item) for item in items]
    if not isinstance(items, list) or not items or len(items) > MOST_TURNS:
        return ()
    return tuple(map(_turn, items)) if any(map(_speaks, items)) and all(map(_is_step, items)) else ()


def steps_of(value: Any) -> tuple[Turn, ...]:
    """Return the steps that a program or an imported file told; whatever is in the list is a step."""
    if isinstance(value, dict):
        return turns_of(value) or (_turn(value),)
    return tuple(_turn(item) for item in value[:MOST_TURNS]) if isinstance(value, list) else ()


def _user(item: Any) -> Any:
    return item if isinstance(item, dict) else {"role": "user", "content": item}


def _speaks(item: Any) -> bool:
    return isinstance(item, dict) and (_role(item) is not None or item.get("type") in CALLS | RESULTS)


def _is_step(item: Any) -> bool:
    return isinstance(item, dict) and (
        _speaks(item) or item.get("type") in THOUGHTS | CALLS | RESULTS or "tool" in item
    )


def _role(item: dict[str, Any]) -> Role | None:
    for name in ("role", "from", "speaker", "type"):
        said = item.get(name)
        if isinstance(said, str) and said.lower() in ROLES and _has_words(item):
            return ROLES[said.lower()]
    return None


def _has_words(item: dict[str, Any]) -> bool:
    return any(
        name in item for name in ("content", "value", "text", "parts", "tool_calls", "toolCalls", "message")
    )


def _turn(item: Any) -> Turn:
    if not isinstance(item, dict):
        return Turn("step", (Said(item) if isinstance(item, str) else Other(item),))
    role = _role(item)
    if role is None:
        block = _typed(item) or _tool_step(item)
        if block:
            return Turn("tool" if isinstance(block[0], Result) else "assistant", block)
        return Turn("step", (Other(item),))
    said = str(item.get("role") or item.get("from") or item.get("speaker") or "")
    who = said if ROLES.get(said.lower()) == role and said.lower() != role else str(item.get("name") or "")
    return Turn(role, tuple(_blocks(item, role)), who if role != "tool" else "")


def _blocks(item: dict[str, Any], role: Role) -> Iterator[Block]:
    words = next(
        (item[n] for n in ("content", "parts", "value", "text", "message") if item.get(n) is not None), None
    )
    for name in ("reasoning_content", "reasoning"):
        if isinstance(item.get(name), str) and item[name]:
            yield Thought(item[name])
    if role == "tool" and not _is_parts(words):
        yield Result(_id(item, "tool_call_id", "call_id", "id"), str(item.get("name") or ""), words)
    elif isinstance(words, list):
        yield from _parts(words)
    elif words is not None and words != "":
        yield Said(words) if isinstance(words, str) else Other(words)
    calls = item.get("tool_calls") or item.get("toolCalls") or []
    one = item.get("function_call")
    for call in [*(calls if isinstance(calls, list) else [calls]), *([one] if one else [])]:
        yield _call(call) if isinstance(call, dict) else Other(call)


def _is_parts(words: Any) -> bool:
    return isinstance(words, list) and any(isinstance(p, dict) and p.get("type") in RESULTS for p in words)


def _parts(parts: list[Any]) -> Iterator[Block]:
    for part in parts:
        if isinstance(part, str):
            yield Said(part)
        elif isinstance(part, dict):
            yield from _typed(part) or (Other(part),)
        else:
            yield Other(part)


def _typed(part: dict[str, Any]) -> tuple[Block, ...]:
    """Return what a part says it is; nothing for a type that we do not know."""
    kind = part.get("type")
    if not isinstance(kind, str):
        return ()
    if kind in SAID or kind in THOUGHTS:
        words = next(
            (part[n] for n in ("text", "content", "reasoning", "thinking") if isinstance(part.get(n), str)),
            None,
        )
        return () if words is None else (Thought(words) if kind in THOUGHTS else Said(words),)
    if kind in CALLS:
        return (_call(part),)
    if kind in RESULTS:
        given = next((part[n] for n in ("response", "result", "output", "content") if n in part), None)
        found = _id(part, "tool_use_id", "call_id", "tool_call_id", "id")
        return (Result(found, str(part.get("name") or ""), _plain_parts(given)),)
    return ()


def _tool_step(item: dict[str, Any]) -> tuple[Block, ...]:
    """Return a step that names a tool, as programs of one's own often write it: call and result in one."""
    name = item.get("tool")
    if not isinstance(name, str):
        return ()
    given: Any = next((item[n] for n in ("args", "arguments", "input", "query") if n in item), {})
    call = Call("", name, given)
    answer = [item[n] for n in ("result", "output", "response", "observation") if n in item]
    return (call, Result("", name, answer[0])) if answer else (call,)


def _call(call: dict[str, Any]) -> Call:
    inner = call.get("function")
    about = inner if isinstance(inner, dict) else call
    name = inner if isinstance(inner, str) else about.get("name") or about.get("tool") or "a tool"
    given: Any = next((about[n] for n in ("arguments", "input", "args", "parameters") if n in about), {})
    return Call(_id(call, "id", "call_id", "tool_call_id"), str(name), _arguments(given))


def _arguments(given: Any) -> Any:
    """Return arguments that were written as JSON inside a text as what they are."""
    if not isinstance(given, str) or len(given) > 1_000_000 or not given.lstrip().startswith(("{", "[")):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return given


def _plain_parts(given: Any) -> Any:
    """Return a result that is a list of nothing but texts as one text."""
    if (
        isinstance(given, list)
        and given
        and all(isinstance(p, dict) and p.get("type") in SAID for p in given)
    ):
        return "\n".join(str(p.get("text") or p.get("content") or "") for p in given)
    return given


def _id(item: dict[str, Any], *names: str) -> str:
    return next((str(item[name]) for name in names if isinstance(item.get(name), str | int)), "")
