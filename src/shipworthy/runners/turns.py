"""Cases of several turns: each is sent after the answer to the one before, and all are kept as steps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from shipworthy.runners.interface import Reply

Ask = Callable[[Any, list[Any]], Awaitable[Reply]]


def turns_of(given: Any) -> list[Any] | None:
    """Return the turns of a case whose input is `{"turns": [...]}`; None for any other input.

    >>> turns_of({"turns": ["hello", "and then?"]}), turns_of("hello")
    (['hello', 'and then?'], None)
    """
    turns = given.get("turns") if isinstance(given, dict) and len(given) == 1 else None
    return turns if isinstance(turns, list) and turns else None


def n_requests(given: Any) -> int:
    """Return how many requests one attempt may take: one for each turn.

    >>> n_requests({"turns": ["hello", "and then?"]}), n_requests("hello")
    (2, 1)
    """
    return len(turns_of(given) or (given,))


def beyond_text(given: Any) -> bool:
    """Whether a conversation holds images, sounds or files: how many tokens these are no number of bytes tells.

    >>> beyond_text(
    ...     [
    ...         {
    ...             "role": "user",
    ...             "content": [{"type": "image_url", "image_url": {"url": "https://example.org/a"}}],
    ...         }
    ...     ]
    ... )
    True
    >>> beyond_text([{"role": "user", "content": [{"type": "text", "text": "hello"}]}]), beyond_text("hello")
    (False, False)
    """
    if isinstance(given, str):
        return False
    found = (turn if isinstance(turn, list) else [turn] for turn in turns_of(given) or [given])
    contents = (message.get("content") for turn in found for message in turn if isinstance(message, dict))
    parts = (part for content in contents if isinstance(content, list) for part in content)
    return any(isinstance(part, dict) and part.get("type", "text") != "text" for part in parts)


async def conversation(turns: list[Any], ask: Ask) -> Reply:
    """Ask turn after turn; the last answer is the output, and a turn without an answer ends it.

    The latency is that of all turns together; a fault can be asked again only when it came before any output.
    """
    history: list[Any] = []
    latency, first = 0.0, None
    tokens: tuple[int | None, int | None] = (0, 0)
    for number, turn in enumerate(turns, start=1):
        reply = await ask(turn, history)
        latency += reply.latency_s
        first = reply.first_byte_s if number == 1 else first
        if reply.billed:
            tokens = (_sum(tokens[0], reply.tokens_in), _sum(tokens[1], reply.tokens_out))
        if reply.text is None:
            reason = reply.reason if number == 1 else f"turn {number} of {len(turns)}: {reply.reason}"
            return msgspec.structs.replace(
                reply, reason=reason, latency_s=latency, fault=reply.fault and number == 1,
                billed=reply.billed or number > 1, requests=number if reply.billed else number - 1,
                steps=_steps(history), tokens_in=tokens[0], tokens_out=tokens[1],
            )  # fmt: skip
        history.append({"role": "user", "content": turn})
        history.append({"role": "assistant", "content": msgspec.json.decode(reply.text)})
    return Reply(
        reply.text, None, latency, first_byte_s=first, tokens_in=tokens[0], tokens_out=tokens[1],
        requests=len(turns), steps=_steps(history),
    )  # fmt: skip


def _sum(before: int | None, now: int | None) -> int | None:
    """Add up what is known; a turn that nobody counted leaves the whole uncounted."""
    return None if before is None or now is None else before + now


def _steps(history: list[Any]) -> str | None:
    return msgspec.json.encode(history).decode() if history else None
