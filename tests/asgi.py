"""Ask an app in the process, header by header: what no HTTP client would let a test send."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.types import Message

from shipworthy.web.serving import Serving


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """Return one header; empty when it is not there."""
        return next((value for key, value in self.headers if key == name), "")


def ask(
    app: Starlette, method: str, url: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
) -> Reply:
    """Send one request with exactly these headers."""
    path, _, query = url.partition("?")
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    return asyncio.run(_asked(app, scope, body))


async def _asked(app: Starlette, scope: dict[str, Any], body: bytes) -> Reply:
    sent: list[Message] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start["headers"]]
    content = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    return Reply(int(start["status"]), headers, content)


def own(serving: Serving, *, json: bool = False) -> list[tuple[str, str]]:
    """Return the headers of a request from a page of ours, in a browser that was let in."""
    host = min(serving.hosts)
    headers = [
        ("host", host), ("origin", f"http://{host}"), ("sec-fetch-site", "same-origin"),
        ("cookie", f"{serving.cookie}={serving.session}"),
    ]  # fmt: skip
    return [*headers, ("accept", "application/json")] if json else headers


def get(app: Starlette, url: str, *, json: bool = False) -> Reply:
    """Open a page as a browser that was let in does."""
    return ask(app, "GET", url, own(app.state.serving, json=json))


def post(app: Starlette, url: str, fields: dict[str, Any], *, json: bool = False) -> Reply:
    """Send a form as a page of ours does; a field may have a list of values."""
    serving: Serving = app.state.serving
    body = urlencode({"form-mark": serving.mark} | fields, doseq=True).encode()
    headers = [*own(serving, json=json), ("content-type", "application/x-www-form-urlencoded")]
    return ask(app, "POST", url, headers, body)
