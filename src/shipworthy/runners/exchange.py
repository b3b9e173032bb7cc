"""One HTTP exchange with honest times: from the socket write to the first and the last byte of the reply.

Waiting in a queue of ours, for a slot, for a connection or for the event loop to resume a coroutine, is not the
feature's latency. So the times are taken where the bytes pass: when the request is handed to the socket, and when
the transport delivers bytes of the reply.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import AsyncIterator
from datetime import UTC
from time import perf_counter, time
from typing import Any, cast

import aiohttp
import msgspec
from aiohttp.client_proto import ResponseHandler

LONGEST_BODY = 4_000_000
"""Bytes of one reply that are read; a longer one is cut off and counts as no answer."""
CONNECT_S = 30.0


class Times:
    """When the bytes of one exchange passed, by `time.perf_counter`; 0 for not yet."""

    __slots__ = ("first", "last", "wrote")

    def __init__(self) -> None:
        self.wrote = self.first = self.last = 0.0


class Timed(ResponseHandler):
    """A connection that notes when bytes pass; each exchange on it has times of its own."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.times = Times()

    def set_response_params(self, **parameters: Any) -> None:
        """Called right before the request is written."""
        self.times = Times()
        self.times.wrote = perf_counter()
        super().set_response_params(**parameters)

    def data_received(self, data: bytes) -> None:
        """Called with each piece of the reply."""
        times = self.times
        times.last = perf_counter()
        if not times.first:
            times.first = times.last
        super().data_received(data)


class TimedResponse(aiohttp.ClientResponse):
    """A reply that keeps the times of its exchange, also when its connection serves the next one already."""

    times: Times

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        """Called when the request is on its way."""
        self.times = connection.protocol.times
        return await super().start(connection)


class Got(msgspec.Struct, gc=False):
    """What an exchange brought.

    Attributes:
        status: the HTTP status; 0 when there is none.
        body: what was read.
        wrote: when the request was written, by `time.perf_counter`; 0 when it never was.
        first: when the first byte of the reply came; in a stream, of the answer.
        last: when the last byte came.
        trouble: what went wrong, in words; empty when nothing did.
        retry_after_s: the wait the server asked for.
        too_long: whether the reply was cut off for its length.
        spoke: when the answer began in a stream; whoever reads the stream says so.
    """

    status: int = 0
    body: bytes = b""
    wrote: float = 0.0
    first: float = 0.0
    last: float = 0.0
    trouble: str = ""
    retry_after_s: float | None = None
    too_long: bool = False
    spoke: float = 0.0


class Exchange:
    """A session to one origin.

    Args:
        at_once: connections at most.
        timeout_s: seconds one exchange may take.
        tls: whether the address is one of https.
    """

    def __init__(self, *, at_once: int, timeout_s: float, tls: bool = False) -> None:
        self.at_once = at_once
        self.tls = tls
        self.timeout_s = timeout_s
        self.session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open the session."""
        loop = asyncio.get_running_loop()
        trusted = ssl.create_default_context() if self.tls else True
        connector = aiohttp.TCPConnector(limit=self.at_once, ttl_dns_cache=300, ssl=trusted)
        connector._factory = cast("Any", functools.partial(Timed, loop=loop))  # noqa: SLF001 - the only place to hear bytes pass
        self.session = aiohttp.ClientSession(
            connector=connector,
            response_class=TimedResponse,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self.timeout_s, sock_connect=min(CONNECT_S, self.timeout_s)),
            headers={"Accept": "*/*", "Accept-Encoding": "gzip, deflate", "User-Agent": "shipworthy"},
        )
        self.session._retry_connection = False  # noqa: SLF001 - it would send a GET or PUT twice behind our back

    async def stop(self) -> None:
        """Close the session."""
        if self.session is not None:
            await self.session.close()
            self.session = None

    async def send(self, method: str, url: Any, headers: dict[str, str], data: bytes | None) -> Got:
        """Send one request and read the whole reply; what goes wrong is in what is returned.

        Redirects are not followed: a key goes to the address it was given for and nowhere else.
        """
        assert self.session is not None
        got = Got(wrote=perf_counter())
        response: Any = None
        try:
            response = await self.session.request(
                method, url, data=data, headers=headers, allow_redirects=False
            )
            _headed(response, got)
            await _read(response, got)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            got.trouble = trouble_of(error, self.timeout_s)
        finally:
            _timed(response, got)
        return got

    async def stream(
        self, method: str, url: Any, headers: dict[str, str], data: bytes | None, got: Got
    ) -> AsyncIterator[bytes]:
        """Send one request and yield the lines of the reply as they come; `got` is filled in on the way."""
        assert self.session is not None
        got.wrote = perf_counter()
        response: Any = None
        try:
            response = await self.session.request(
                method, url, data=data, headers=headers, allow_redirects=False
            )
            _headed(response, got)
            if response.status >= 300:
                await _read(response, got)
            else:
                async for line in _lines(response, got):
                    yield line
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            got.trouble = trouble_of(error, self.timeout_s)
        finally:
            _timed(response, got)


def _headed(response: aiohttp.ClientResponse, got: Got) -> None:
    got.status = response.status
    if response.status >= 400 and "Retry-After" in response.headers:
        got.retry_after_s = retry_after(response.headers["Retry-After"])


def _timed(response: Any, got: Got) -> None:
    """Take over the times of the exchange and let go of its connection."""
    if response is None:
        got.last = perf_counter()
        return
    times = response.times
    got.wrote, got.first = times.wrote, got.spoke or times.first
    got.last = perf_counter() if got.trouble else times.last
    if not response.closed:
        response.close() if got.trouble or got.too_long else response.release()


async def _read(response: aiohttp.ClientResponse, got: Got) -> None:
    content = response.content
    piece = await content.readany()
    if content.at_eof():
        got.body = piece
        return
    pieces, size = [piece], len(piece)
    while size <= LONGEST_BODY:
        piece = await content.readany()
        if not piece and content.at_eof():
            break
        pieces.append(piece)
        size += len(piece)
    got.body = b"".join(pieces)
    if size > LONGEST_BODY:
        got.too_long = True
        response.close()


async def _lines(response: aiohttp.ClientResponse, got: Got) -> AsyncIterator[bytes]:
    held, size = b"", 0
    while True:
        piece = await response.content.readany()
        if not piece and response.content.at_eof():
            break
        got.last = response.times.last  # type: ignore[attr-defined]
        size += len(piece)
        if size > LONGEST_BODY:
            got.too_long = True
            response.close()
            return
        *whole, held = (held + piece).split(b"\n")
        for line in whole:
            yield line.rstrip(b"\r")
    if held:
        yield held


def trouble_of(error: BaseException, timeout_s: float) -> str:
    """Say what happened to a connection, in words that name no header and no key.

    >>> trouble_of(TimeoutError(), 5)
    'no answer within 5 s'
    """
    if isinstance(error, TimeoutError):
        return f"no answer within {timeout_s:g} s"
    if isinstance(error, aiohttp.ClientConnectorError):
        if isinstance(error.os_error, ssl.SSLCertVerificationError):
            return f"the connection failed: its certificate is not trusted ({error.os_error.verify_message})"
        return f"the connection failed: {error.os_error.strerror or type(error.os_error).__name__}"
    if isinstance(error, aiohttp.ServerDisconnectedError | ConnectionError | aiohttp.ClientPayloadError):
        return "the connection was cut"
    return f"the exchange failed: {type(error).__name__}"


def retry_after(given: str) -> float | None:
    """Return the seconds that a Retry-After header asks for; None when it cannot be read.

    >>> retry_after("2"), retry_after("soon"), retry_after("-1")
    (2.0, None, None)
    """
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - only when a server asks us to wait

    text = given.strip()
    if text.replace(".", "", 1).isdecimal() and text.isascii():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
        return max(0.0, (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - time())
    except (ValueError, TypeError, OverflowError):
        return None
