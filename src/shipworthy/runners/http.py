"""Run a variant that is an HTTP endpoint: a JSON template goes out, the answer is found in the reply by a JSON path."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from shipworthy.domain.errors import BadInput
from shipworthy.domain.target import Http
from shipworthy.runners.exchange import Exchange, Got
from shipworthy.runners.interface import Asked, Reply
from shipworthy.runners.json_path import MISSING, compiled_path
from shipworthy.runners.replies import answered, decoded, failed, unusable
from shipworthy.runners.secrets import Secrets
from shipworthy.runners.template import PLACES, compiled, unknown_places
from shipworthy.runners.turns import conversation, turns_of

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ENCODER = msgspec.json.Encoder()


class HttpTarget:
    """An endpoint.

    Args:
        http: how it is reached.
        at_once: connections at most.
        timeout_s: seconds one request may take.
        secrets: where values from the environment are remembered.

    Raises:
        BadInput: the environment lacks a value that a header names.
    """

    def __init__(self, http: Http, *, at_once: int, timeout_s: float, secrets: Secrets) -> None:
        check_http(http)
        self.http = http
        self.hide = secrets.hide
        self.url = url_of(http.url)
        self.exchange = Exchange(at_once=at_once, timeout_s=timeout_s, tls=self.url.scheme == "https")
        self.headers = {
            "Content-Type": "application/json",
            **{k: secrets.fill(v, where="launch.yaml") for k, v in http.headers.items()},
        }
        self.body = compiled(http.body)
        self.find = compiled_path(http.output)

    async def start(self) -> None:
        """Open the session."""
        await self.exchange.start()

    async def stop(self) -> None:
        """Close the session."""
        await self.exchange.stop()

    def most_tokens(self, asked: Asked) -> tuple[int, int]:
        """Return (bytes sent, 0): an endpoint says nothing of what it may send back."""
        return len(_ENCODER.encode(asked.given)), 0

    async def ask(self, asked: Asked) -> Reply:
        """Send the case; a list of turns is sent one by one, with the history so far."""
        turns = turns_of(asked.given)
        if turns is None:
            return await self._one(asked, asked.given, [])
        return await conversation(turns, lambda turn, history: self._one(asked, turn, history))

    async def _one(self, asked: Asked, given: Any, history: list[Any]) -> Reply:
        values = {
            "input": given,
            "case": asked.case,
            "repeat": asked.repeat,
            "seed": asked.seed,
            "history": history,
        }
        data = None if self.http.method == "GET" else _ENCODER.encode(self.body(values))
        url = self.url
        if self.http.method == "GET":
            url = url.update_query(
                {"input": given if isinstance(given, str) else _ENCODER.encode(given).decode()}
            )
        if self.http.stream != "no":
            return await self._streamed(url, data)
        got = await self.exchange.send(self.http.method, url, self.headers, data)
        if (bad := failed(got, self.hide)) is not None:
            return bad
        try:
            output = self.find(decoded(got, self.hide))
        except ValueError as error:
            return unusable(str(error), got)
        if output is MISSING:
            return unusable(f"the reply has nothing at {self.http.output}", got)
        return answered(output, got)

    async def _streamed(self, url: Any, data: bytes | None) -> Reply:
        got, parts = Got(), []
        async for line in self.exchange.stream(self.http.method, url, self.headers, data, got):
            piece = event_data(line) if self.http.stream == "sse" else line.strip()
            if not piece or piece == b"[DONE]":
                continue
            try:
                found = self.find(msgspec.json.decode(piece))
            except (ValueError, RecursionError):
                found = piece.decode("utf-8", "replace") if self.http.output == "$" else MISSING
            if found is not MISSING and found is not None:
                got.spoke = got.spoke or got.last
                parts.append(found)
        if (
            bad := failed(got, self.hide)
        ) is not None:  # once something was said, asking again would draw a second answer
            return msgspec.structs.replace(bad, fault=bad.fault and not parts)
        if not parts:
            return unusable(f"the stream has nothing at {self.http.output}", got)
        whole = "".join(parts) if all(isinstance(p, str) for p in parts) else parts
        return answered(whole, got)


def event_data(line: bytes) -> bytes:
    """Return what a line of a server-sent event carries; nothing for comments and other fields.

    >>> event_data(b'data: {"a": 1}'), event_data(b": ping")
    (b'{"a": 1}', b'')
    """
    return line[5:].strip() if line.startswith(b"data:") else b""


def url_of(text: str) -> Any:
    """Return an address in the form in which requests take it.

    Raises:
        BadInput: it is none.
    """
    from yarl import URL  # noqa: PLC0415 - comes with aiohttp, which only a run needs

    try:
        url = URL(text)
        if url.host and url.port and 0 < url.port < 65536:
            return url
    except ValueError:
        pass
    raise BadInput(f"`{text}` is no url", where="launch.yaml", remedy="write it as https://host/path")


def check_http(http: Http) -> None:
    """Refuse what can never work.

    Raises:
        BadInput: the output path is no JSON path, a place in the body stands for nothing, a header cannot be sent.
    """
    try:
        compiled_path(http.output)
    except ValueError as error:
        raise BadInput(
            f"`{http.output}` is not a JSON path: {error}",
            where="launch.yaml",
            remedy="write it as $.answer.text",
        ) from error
    if unknown := unknown_places(http.body):
        raise BadInput(
            f"`{{{{{unknown[0]}}}}}` in the body stands for nothing",
            where="launch.yaml",
            remedy=f"use one of {', '.join(f'{{{{{place}}}}}' for place in PLACES)}",
        )
    for name, value in http.headers.items():
        if not _HEADER.fullmatch(name) or not value.isprintable():
            raise BadInput(
                f"the header `{name}` cannot be sent",
                where="launch.yaml",
                remedy="use letters, digits and - in its name, and one line of text as its value",
            )
