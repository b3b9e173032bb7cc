"""A real server on the loopback address, with a bill of its own and faults that can be drawn again.

It runs in a thread of the tests, where a test hands it a function that answers, or as a program of its own
(`python tests/server.py BILL ...`), which prints its port. A call that is charged for is a line in the bill, on
the disk before the reply begins, so that the bill is the truth that the product's own account is held against.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Call:
    """One request as the server saw it."""

    case: str
    repeat: int
    attempt: int
    body: Any
    headers: dict[str, str]
    path: str
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Back:
    """What the server does with a request.

    Attributes:
        body: sent back: bytes as they are, anything else as JSON.
        status: the HTTP status.
        headers: sent with it.
        after_s: seconds before the first byte.
        pieces: sent one after the other instead of the body, each after `each_s`.
        each_s: seconds before each piece.
        cut: close the connection after this many bytes of the body.
        hang: never answer.
        cost: what the call is charged.
    """

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    after_s: float = 0.0
    pieces: tuple[bytes, ...] = ()
    each_s: float = 0.0
    cut: int | None = None
    hang: bool = False
    cost: float = 0.001


Answering = Callable[[Call], Back]


def said(text: Any) -> dict[str, Any]:
    """Return an answer of the shape that `$.answer.text` finds."""
    return {"answer": {"text": text}}


def completion(
    text: str | None, *, finish: str = "stop", tokens: tuple[int, int] = (10, 5)
) -> dict[str, Any]:
    """Return a chat completion."""
    usage = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
    message = {"role": "assistant", "content": text}
    return {"choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage}


def drawn(seed: int, case: str, attempt: int) -> float:
    """Return a number from 0 to 1 that depends on nothing but its arguments."""
    digest = hashlib.sha256(f"{seed}\0{case}\0{attempt}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def storm(seed: int, share: float, after_s: float) -> Answering:
    """Return a server of which a share of the attempts fails: 429, 500, cut off, silent, in equal parts."""

    def answer(call: Call) -> Back:
        at = drawn(seed, f"{call.case}/{call.repeat}", call.attempt)
        good = json.dumps(said(call.case)).encode()
        kinds = (
            Back(b"slow down", status=429, cost=0.0, after_s=after_s),
            Back(b"broken", status=500, after_s=after_s),
            Back(good, cut=8, after_s=after_s),
            Back(hang=True),
        )
        return kinds[int(at / share * 4)] if at < share else Back(said(call.case), after_s=after_s)

    return answer


class Server:
    """A server that answers by a function.

    Args:
        answering: says what to do with each call.
        bill: the file that each charged call is a line of.
    """

    def __init__(self, answering: Answering, bill: Path) -> None:
        self.answering = answering
        self.bill = bill
        self.calls: list[Call] = []
        self.attempts: Counter[tuple[str, int]] = Counter()
        self.in_flight = self.most_in_flight = 0
        self.port = 0
        self.file = os.open(bill, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self.stopped: asyncio.Event | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.keeps_calls = True

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def billed(self) -> list[dict[str, Any]]:
        """The lines of the bill."""
        return [json.loads(line) for line in self.bill.read_text().splitlines()]

    @property
    def charged(self) -> float:
        """The sum of the bill, in USD."""
        return sum(line["cost"] for line in self.billed)

    def asked(self) -> Counter[str]:
        """Return how often each case was asked."""
        return Counter(call.case for call in self.calls)

    async def serve(self, port: int, started: Callable[[], None]) -> None:
        """Serve until `stop`."""
        self.loop, self.stopped = asyncio.get_running_loop(), asyncio.Event()
        runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port, backlog=2048)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        started()
        await self.stopped.wait()
        await runner.cleanup()

    def stop(self) -> None:
        """End `serve`, from another thread."""
        assert self.loop is not None
        assert self.stopped is not None
        self.loop.call_soon_threadsafe(self.stopped.set)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        call = self._call(request, await request.read())
        if self.keeps_calls:
            self.calls.append(call)
        back = self.answering(call)
        if back.cost:
            line = {"case": call.case, "repeat": call.repeat, "attempt": call.attempt, "cost": back.cost}
            os.write(self.file, json.dumps(line).encode() + b"\n")
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._respond(request, back)
        finally:
            self.in_flight -= 1

    def _call(self, request: web.BaseRequest, raw: bytes) -> Call:
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            body = {}
        case, repeat = _who(body if isinstance(body, dict) else {}, dict(request.query))
        self.attempts[case, repeat] += 1
        return Call(
            case, repeat, self.attempts[case, repeat], body, dict(request.headers), request.path, dict(request.query)
        )  # fmt: skip

    async def _respond(self, request: web.BaseRequest, back: Back) -> web.StreamResponse:
        if back.hang:
            await asyncio.sleep(3600)
        if back.after_s:
            await asyncio.sleep(back.after_s)
        body = back.body if isinstance(back.body, bytes) else json.dumps(back.body).encode()
        if back.cut is None and not back.pieces:
            headers = {"Content-Type": "application/json", **back.headers}
            return web.Response(body=body, status=back.status, headers=headers)
        response = web.StreamResponse(status=back.status, headers=back.headers)
        if back.cut is not None:
            response.content_length = len(body)
        await response.prepare(request)
        for piece in back.pieces or (body[: back.cut],):
            if back.each_s:
                await asyncio.sleep(back.each_s)
            await response.write(piece)
        if back.cut is not None:
            await asyncio.sleep(0.01)
            assert request.transport is not None
            request.transport.abort()
        return response


def _who(body: dict[str, Any], query: dict[str, str]) -> tuple[str, int]:
    """Return the case and repeat of a request: said by the body, the query, or the last message of a chat."""
    if messages := body.get("messages"):
        return str(messages[-1]["content"]), 1
    return str(body.get("case") or body.get("q") or query.get("input", "")), int(body.get("repeat") or 1)


@contextmanager
def serving(answering: Answering, bill: Path) -> Iterator[Server]:
    """Serve in a thread."""
    server, started = Server(answering, bill), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(0, started.set)), daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield server
    finally:
        server.stop()
        thread.join(20)
        os.close(server.file)


@contextmanager
def apart(bill: Path, *, seed: int = 1, share: float = 0.0, after_s: float = 0.0) -> Iterator[str]:
    """Serve a storm in a process of its own, which takes nothing from whoever is timed; give its address."""
    command = [sys.executable, __file__, bill, "--seed", seed, "--share", share, "--after-s", after_s]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def main() -> None:
    """Serve a storm as a program of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("bill", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.0)
    parser.add_argument("--after-s", type=float, default=0.0)
    wanted = parser.parse_args()
    server = Server(storm(wanted.seed, wanted.share or 1e-300, wanted.after_s), wanted.bill)
    server.keeps_calls = False
    asyncio.run(server.serve(wanted.port, lambda: print(server.port, flush=True)))  # noqa: T201 - whoever started it reads the port


if __name__ == "__main__":
    sys.exit(main())
