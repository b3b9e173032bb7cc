"""The receiver of spans over HTTP: OTLP as exporters send it, on this machine only, answered once it is kept.

The rules of the answers are those of OTLP: 200 when kept, in whole or in part; 400, 413 and 415 for what sending again
cannot mend; 503 with Retry-After for what it can. Nothing that a request holds is ever logged.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shipworthy.domain.errors import BadInput, ShipworthyError
from shipworthy.importers.otlp_protobuf import accepted, status
from shipworthy.services.receive import Busy, Encoding, Receiver, Taken

PATH = "/v1/traces"
MOST_BODY = 64 * 1024 * 1024
"""Bytes of one request, as sent and unpacked."""
MOST_IN_FLIGHT = 256 * 1024 * 1024
"""Bytes of all requests that are being read at once."""
TYPES: dict[str, Encoding] = {"application/x-protobuf": "protobuf", "application/json": "json"}
OTHERS = {
    "/v1/logs": "logs are not taken: set OTEL_LOGS_EXPORTER=none, or send traces alone to /v1/traces",
    "/v1/metrics": "metrics are not taken: set OTEL_METRICS_EXPORTER=none, or send traces alone to /v1/traces",
}
_PACKED = ("gzip", "deflate")


class _No(Exception):  # noqa: N818 - reads as an answer
    """A request that is refused."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


@dataclass
class _Request:
    encoding: Encoding
    packed: bool


class Receiving:
    """The application: one path, one method.

    Args:
        receiver: keeps what comes in.
        hosts: the values of Host that are answered.
    """

    def __init__(self, receiver: Receiver, hosts: frozenset[str]) -> None:
        self.receiver = receiver
        self.hosts = hosts
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        encoding: Encoding = "json"
        try:
            headers = Headers(scope=scope)
            asked = self._asked(scope, headers)
            encoding = asked.encoding
            taken = await self._kept(asked, headers, receive)
        except _No as no:
            reply = _refusal(encoding, no.code, no.words)
        except Busy:
            reply = _refusal(encoding, 503, "more comes in than the disk takes: send it again")
        except BadInput as error:
            reply = _refusal(encoding, 400, error.what)
        except ShipworthyError as error:
            reply = _refusal(encoding, 503, f"{error.what}; {error.remedy}")
        else:
            reply = _answer(encoding, taken)
        await reply(scope, receive, send)

    def _asked(self, scope: Scope, headers: Headers) -> _Request:
        """Return how the body is to be read.

        Raises:
            _No: the request is none of an exporter on this machine.
        """
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            raise _No(421, "this receiver answers to its own name only")
        if "origin" in headers or "sec-fetch-site" in headers:
            raise _No(403, "this receiver takes nothing from a page in a browser")
        if scope["path"] != PATH:
            raise _No(404, OTHERS.get(scope["path"], f"spans are taken at {PATH}"))
        if scope["method"] != "POST":
            raise _No(405, f"spans are sent to {PATH} with POST")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in TYPES:
            raise _No(415, f"the content type is none of {', '.join(TYPES)}")
        packing = headers.get("content-encoding", "identity").strip().lower()
        if packing not in (*_PACKED, "identity", ""):
            raise _No(415, f"the content encoding is none of {', '.join(_PACKED)}")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BODY:
            raise _No(413, _too_large())
        return _Request(TYPES[kind], packing in _PACKED)

    async def _kept(self, asked: _Request, headers: Headers, receive: Receive) -> Taken:
        held = 0
        try:
            parts = []
            async for part in _parts(receive):
                held += len(part)
                self._in_flight += len(part)
                if held > MOST_BODY:
                    raise _No(413, _too_large())
                if self._in_flight > MOST_IN_FLIGHT:
                    raise Busy
                parts.append(part)
            body = b"".join(parts)
            parts.clear()
            if held < int(headers.get("content-length", "0")):
                raise _No(400, "the body ended early")
            taken = self.receiver.read(_unpacked(body) if asked.packed else body, asked.encoding)
            del body
            await asyncio.wrap_future(self.receiver.keep(taken))
            return taken
        finally:
            self._in_flight -= held


async def _parts(receive: Receive) -> Any:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _No(400, "the body ended early")
        if part := message.get("body", b""):
            yield part
        if not message.get("more_body", False):
            return


def _unpacked(body: bytes) -> bytes:
    """Return the body after gunzip or inflate, whichever it is.

    Raises:
        _No: it is damaged, cut short, or unpacks to too much.
    """
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        made = unpack.decompress(body, MOST_BODY + 1)
    except zlib.error as error:
        raise _No(400, "the body cannot be unpacked") from error
    if len(made) > MOST_BODY:
        raise _No(413, _too_large())
    if not unpack.eof or unpack.unused_data:
        raise _No(400, "the packed body is cut short, or something follows it")
    return made


def _too_large() -> str:
    return (
        f"the request is larger than {MOST_BODY // 1024**2} MB: send fewer spans at once "
        "(OTEL_BSP_MAX_EXPORT_BATCH_SIZE)"
    )


def _answer(encoding: Encoding, taken: Taken) -> Response:
    """Return the answer to a request that was kept, with what was refused and why."""
    n_refused = taken.refused.total()
    reasons = [f"{n} refused: {reason}" for reason, n in taken.refused.most_common(5)]
    reasons += [f"{n}: {remark}" for remark, n in taken.remarks.most_common(5)]
    words = "; ".join(reasons)
    if encoding == "protobuf":
        return _reply(encoding, 200, accepted(n_refused, words))
    partial = {"rejectedSpans": str(n_refused), "errorMessage": words}
    return _reply(encoding, 200, json.dumps({"partialSuccess": partial} if words else {}).encode())


def _refusal(encoding: Encoding, code: int, words: str) -> Response:
    body = status(words) if encoding == "protobuf" else json.dumps({"message": words}).encode()
    reply = _reply(encoding, code, body)
    if code == 503:
        reply.headers["retry-after"] = "1"
    return reply


def _reply(encoding: Encoding, code: int, body: bytes) -> Response:
    kind = next(name for name, each in TYPES.items() if each == encoding)
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(body, code, headers=headers, media_type=kind)
