"""The guard before every page: who may ask, from where, how much; and what a browser may do with the answer.

Reads are guarded like writes: a page of another site, a name that was pointed at this machine, and a
request without the cookie get nothing of the launch.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shipworthy.web.serving import MOST_BODY, Serving, same

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: tuple[tuple[str, str], ...] = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
)
_RAW = [(name.encode(), value.encode()) for name, value in (*HEADERS, ("cache-control", "no-store"))]
TOO_LARGE = f"The request is larger than {MOST_BODY:,} bytes.\n"
SAFE = ("GET", "HEAD")
OWN = ("same-origin", "none")
"""What `Sec-Fetch-Site` says of our own pages, and of an address that a person opened."""
ENTER = "/enter"
"""The one address that is answered without the cookie: it gives the cookie for the token."""


class _TooMuch(Exception):  # noqa: N818 - reads as a state
    pass


class Guard:
    """Refuses before any page is asked.

    Args:
        app: the pages.
        serving: how the server was started.
    """

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        self.app = app
        self.serving = serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refused = self._refusal(scope)
        if refused is not None:
            await refused(scope, receive, _guarded(send))
            return
        try:
            await self.app(scope, _capped(receive), _guarded(send))
        except _TooMuch:
            await _say(413, TOO_LARGE)(scope, receive, _guarded(send))

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        foreign = self._foreign(headers)
        if foreign is not None:
            return foreign
        if scope["path"] != ENTER and not self._known(headers):
            return _say(401, "Open the address that `shipworthy serve` printed: it lets this browser in.\n")
        return None if scope["method"] in SAFE else self._unwanted(headers)

    def _unwanted(self, headers: Headers) -> PlainTextResponse | None:
        """Refuse a change where nothing may change, one that no page of ours sent, and one that is too large."""
        if self.serving.read_only:
            return _say(403, "This server was started with --read-only: nothing can be changed here.\n")
        if headers.get("origin") is None and headers.get("sec-fetch-site") is None and not _bearer(headers):
            return _say(403, "A change must come from a page of this server.\n")
        length = headers.get("content-length", "0")
        return None if length.isdigit() and int(length) <= MOST_BODY else _say(413, TOO_LARGE)

    def _foreign(self, headers: Headers) -> PlainTextResponse | None:
        """Refuse what names another host, or comes from a page of another origin."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self.serving.hosts:
            return _say(421, "This server answers to its own name only.\n")
        origins = headers.getlist("origin")
        if len(origins) > 1 or any(origin != f"http://{hosts[0].lower()}" for origin in origins):
            return _say(403, "The request comes from a page of another site.\n")
        if any(site not in OWN for site in headers.getlist("sec-fetch-site")):
            return _say(
                403, "The request comes from a page of another site. Type the address, or use a bookmark.\n"
            )
        return None

    def _known(self, headers: Headers) -> bool:
        if token := _bearer(headers):
            return same(token, self.serving.token)
        found = cookies(headers.getlist("cookie")).get(self.serving.cookie, "")
        return same(found, self.serving.session)


def cookies(lines: Iterable[str]) -> dict[str, str]:
    """Return the cookies of a request; the first of a name counts."""
    found: dict[str, str] = {}
    for line in lines:
        for name, value in cookie_parser(line).items():
            found.setdefault(name, value)
    return found


def _bearer(headers: Headers) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _say(status: int, words: str) -> PlainTextResponse:
    return PlainTextResponse(words, status, headers={"cache-control": "no-store"})


def _capped(receive: Receive) -> Receive:
    """Stop reading a body that goes on beyond what is allowed, whatever its header said."""
    seen = 0

    async def read() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > MOST_BODY:
                raise _TooMuch
        return message

    return read


def _guarded(send: Send) -> Send:
    """Add to every answer what a browser may do with it."""

    async def write(message: Message) -> None:
        if message["type"] == "http.response.start":
            raw = list(message["headers"])
            given = {name for name, _ in raw}
            message["headers"] = raw + [each for each in _RAW if each[0] not in given]
        await send(message)

    return write
