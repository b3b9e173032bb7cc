"""A chat endpoint on loopback that answers `CASE-7 …` with `ANS-7` after a fixed time; it counts what it served.

    python bench/server.py 8899 [milliseconds]

GET /stats returns {"served": …, "first": seconds since the epoch of the first request}; POST /reset starts anew.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time

import uvloop

CASE = re.compile(rb"CASE-(\d+)")
STATE = {"served": 0, "first": 0.0}
DELAY = float(sys.argv[2]) / 1000 if len(sys.argv) > 2 else 0.0


class Server(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self.held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Take requests apart."""
        self.held += data
        while (end := self.held.find(b"\r\n\r\n")) >= 0:
            head = self.held[:end].lower()
            at = head.find(b"content-length: ")
            length = int(head[at + 16 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.held) < end + 4 + length:
                return
            body, self.held = self.held[end + 4 : end + 4 + length], self.held[end + 4 + length :]
            self.answer(head, body)

    def answer(self, head: bytes, body: bytes) -> None:
        """Answer one request, now or after the delay."""
        if head.startswith(b"get /stats"):
            self.send(json.dumps(STATE).encode())
            return
        if head.startswith(b"post /reset"):
            STATE.update(served=0, first=0.0)
            self.send(b"{}")
            return
        STATE["first"] = STATE["first"] or time.time()
        STATE["served"] += 1
        found = CASE.search(body)
        said = b"ANS-" + found.group(1) if found else b"?"
        text = (
            b'{"choices":[{"message":{"content":"'
            + said
            + b'"}}],"usage":{"prompt_tokens":40,"completion_tokens":4}}'
        )
        if DELAY:
            asyncio.get_running_loop().call_later(DELAY, self.send, text)
        else:
            self.send(text)

    def send(self, body: bytes) -> None:
        """Write a reply."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self.transport.write(head + body)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


uvloop.run(main())
