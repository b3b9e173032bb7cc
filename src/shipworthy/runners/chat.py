"""Run a variant behind the OpenAI chat-completions protocol."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from shipworthy.domain.target import Chat
from shipworthy.runners.exchange import Exchange, Got
from shipworthy.runners.http import event_data, url_of
from shipworthy.runners.interface import Asked, Reply, tokens_of
from shipworthy.runners.replies import answered, failed, said_in, unusable
from shipworthy.runners.secrets import Secrets
from shipworthy.runners.template import text_of
from shipworthy.runners.turns import conversation, turns_of
from shipworthy.runners.words import Hide

_ENCODER = msgspec.json.Encoder()
DONE = b"[DONE]"
NO_END = {
    "content_filter": "blocked by the provider",
    "length": "cut off at the limit of tokens",
}
"""Ends of a completion that is no answer."""
TOKENS_ROUND_A_MESSAGE = 16
"""What a protocol may add round each message; a token is at least one byte of text."""


class _Usage(msgspec.Struct, gc=False):
    prompt_tokens: Any = None
    completion_tokens: Any = None

    def counted(self) -> dict[str, int | None]:
        return {"tokens_in": tokens_of(self.prompt_tokens), "tokens_out": tokens_of(self.completion_tokens)}


class _Message(msgspec.Struct, gc=False):
    content: str | None = None
    tool_calls: list[Any] | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct, gc=False):
    message: _Message | None = None
    delta: _Message | None = None
    finish_reason: str | None = None


class _Completion(msgspec.Struct, gc=False):
    choices: list[_Choice] = []
    usage: _Usage | None = None


_DECODER = msgspec.json.Decoder(_Completion)


class ChatTarget:
    """A chat endpoint.

    Args:
        chat: how it is reached.
        system: the system prompt, read from its file where it names one.
        at_once: connections at most.
        timeout_s: seconds one request may take.
        secrets: where the key is remembered.

    Raises:
        BadInput: the environment lacks the key.
    """

    def __init__(self, chat: Chat, *, system: str, at_once: int, timeout_s: float, secrets: Secrets) -> None:
        self.chat = chat
        self.hide = secrets.hide
        self.url = url_of(chat.url.rstrip("/") + "/chat/completions")
        self.exchange = Exchange(at_once=at_once, timeout_s=timeout_s, tls=self.url.scheme == "https")
        self.headers = {"Content-Type": "application/json"}
        if chat.key:
            self.headers["Authorization"] = f"Bearer {secrets.take(chat.key, where='launch.yaml')}"
        self.before = [{"role": "system", "content": system}] if system else []
        self.parameters: dict[str, Any] = {"model": chat.model}
        if chat.max_tokens is not None:
            self.parameters["max_tokens"] = chat.max_tokens
        if chat.temperature is not None:
            self.parameters["temperature"] = chat.temperature
        if chat.stream:
            self.parameters |= {"stream": True, "stream_options": {"include_usage": True}}

    async def start(self) -> None:
        """Open the session."""
        await self.exchange.start()

    async def stop(self) -> None:
        """Close the session."""
        await self.exchange.stop()

    def most_tokens(self, asked: Asked) -> tuple[int, int]:
        """Return upper bounds: a token is at least one byte of what is sent, and `max_tokens` caps what returns."""
        turns = turns_of(asked.given) or [asked.given]
        most_out = self.chat.max_tokens or 0
        fixed = sum(len(m["content"]) * 4 + TOKENS_ROUND_A_MESSAGE for m in self.before)
        sent = sum(len(_ENCODER.encode(turn)) + TOKENS_ROUND_A_MESSAGE for turn in turns)
        n = len(turns)
        return n * (fixed + sent) + n * (n - 1) // 2 * most_out * 4, n * most_out

    async def ask(self, asked: Asked) -> Reply:
        """Send the case: a text is one message, a list of messages is sent as it is, turns go one by one."""
        turns = turns_of(asked.given)
        if turns is None:
            return await self._one(_messages(asked.given))
        return await conversation(turns, lambda turn, history: self._one([*history, *_messages(turn)]))

    async def _one(self, messages: list[Any]) -> Reply:
        data = _ENCODER.encode({**self.parameters, "messages": self.before + messages})
        if self.chat.stream:
            return await self._streamed(data)
        got = await self.exchange.send("POST", self.url, self.headers, data)
        if (bad := failed(got, self.hide)) is not None:
            return bad
        return _of_completion(got, self.hide)

    async def _streamed(self, data: bytes) -> Reply:
        got, parts, usage, finish = Got(), [], _Usage(), ""
        async for line in self.exchange.stream("POST", self.url, self.headers, data, got):
            finish = finish or ("stop" if event_data(line) == DONE else "")
            for piece in _pieces(line):
                usage = piece.usage or usage
                for choice in piece.choices[:1]:
                    finish = choice.finish_reason or finish
                    if choice.delta is not None and choice.delta.content:
                        got.spoke = got.spoke or got.last
                        parts.append(choice.delta.content)
        counted = usage.counted()
        if (
            bad := failed(got, self.hide)
        ) is not None:  # once something was said, asking again would draw a second answer
            return msgspec.structs.replace(bad, fault=bad.fault and not parts)
        if (why := NO_END.get(finish)) is not None:
            return unusable(why, got, **counted)
        if not parts:
            return unusable("a stream without content", got, **counted)
        if not finish:
            return unusable("cut off: the stream stopped before its end", got, **counted)
        return answered("".join(parts), got, **counted)


def _of_completion(got: Got, hide: Hide) -> Reply:
    try:
        said = _DECODER.decode(got.body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return unusable(f"a reply that is not a chat completion{said_in(got, hide)}", got)
    counted = (said.usage or _Usage()).counted()
    choice = said.choices[0] if said.choices else _Choice()
    if (why := NO_END.get(choice.finish_reason or "")) is not None:
        return unusable(why, got, **counted)
    message = choice.message or _Message()
    if message.tool_calls:
        called = {"content": message.content, "tool_calls": message.tool_calls}
        steps = _ENCODER.encode([{"role": "assistant", **called}]).decode()
        return answered(called, got, steps=steps, **counted)
    content = message.content if message.content is not None else message.refusal
    if content is None:
        return unusable(f"a chat completion without content{said_in(got, hide)}", got, **counted)
    return answered(content, got, **counted)


def _messages(given: Any) -> list[Any]:
    if isinstance(given, list) and given and all(isinstance(m, dict) and "role" in m for m in given):
        return given
    return [{"role": "user", "content": text_of(given)}]


def _pieces(line: bytes) -> Iterator[_Completion]:
    piece = event_data(line)
    if piece and piece != DONE:
        try:
            yield _DECODER.decode(piece)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return
