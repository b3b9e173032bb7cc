"""The receiver over HTTP: what it takes, what it refuses, and how it says so."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.spans import AT, chat, export, protobuf, span

from shipworthy.domain.errors import Unavailable
from shipworthy.importers.registry import open_file
from shipworthy.services.receive import Receiver, receiving
from shipworthy.store.received import Segment
from shipworthy.web.receiving import MOST_BODY, Receiving

HOST = "127.0.0.1:4318"
JSON, PROTOBUF = "application/json", "application/x-protobuf"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    code: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """Read the body as JSON."""
        return json.loads(self.body)


Send = Callable[..., Reply]


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver for a folder."""
    with receiving(tmp_path) as made:
        yield made


@pytest.fixture
def send(receiver: Receiver) -> Send:
    """Send a request to the application, in pieces if need be."""
    app = Receiving(receiver, frozenset({HOST}))

    def call(
        *pieces: bytes, kind: str = JSON, path: str = "/v1/traces", method: str = "POST",
        gone: bool = False, **headers: str,
    ) -> Reply:  # fmt: skip
        given = {"host": HOST, "content-type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}}
        scope = {
            "type": "http", "method": method, "path": path, "query_string": b"",
            "headers": [(k.encode(), v.encode()) for k, v in given.items()],
        }  # fmt: skip
        waiting = [
            {"type": "http.request", "body": piece, "more_body": gone or n < len(pieces) - 1}
            for n, piece in enumerate(pieces or (b"",))
        ]
        waiting.append({"type": "http.disconnect"})
        sent: list[dict[str, Any]] = []

        async def receive() -> Any:
            """Hand over the next piece."""
            return waiting.pop(0)

        async def write(message: Any) -> None:
            """Take in a part of the answer."""
            sent.append(message)

        asyncio.run(app(scope, receive, write))
        found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
        return Reply(sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:]))

    return call


def outputs(receiver: Receiver) -> list[str | None]:
    """Close the receiver's file and return the outputs that are read back."""
    receiver.close()
    receiver._segment = None
    paths = sorted(receiver.folder.glob("*.jsonl"))
    return [row.output for path in paths for batch in open_file(path).batches() for row in batch]


@pytest.mark.parametrize(
    ("body", "kind", "headers"),
    [
        (export(chat(1, 1)), JSON, {}),
        (export(chat(1, 1)), "Application/JSON; charset=utf-8", {}),
        (protobuf(chat(1, 1)), PROTOBUF, {}),
        (gzip.compress(protobuf(chat(1, 1))), PROTOBUF, {"content_encoding": "gzip"}),
        (zlib.compress(export(chat(1, 1))), JSON, {"content_encoding": "deflate"}),
    ],
    ids=["JSON", "JSON with a charset", "protobuf", "protobuf, gzip", "JSON, deflate"],
)
def test_what_exporters_send_is_kept_before_it_is_answered(
    body: bytes, kind: str, headers: dict[str, str], send: Send, receiver: Receiver
) -> None:
    """When the answer comes the span is in the file, and the answer is in the encoding of the question."""
    reply = send(body[:50], body[50:], kind=kind, **headers)
    assert reply.code == 200
    assert b'"sealed":1' in next(receiver.folder.glob("*.jsonl")).read_bytes()
    assert (reply.headers["content-type"], reply.body) == (
        (PROTOBUF, b"") if kind == PROTOBUF else (JSON, b"{}")
    )
    assert outputs(receiver) == ["yes"]


def test_a_batch_of_which_one_span_cannot_be_used_is_kept_in_part(send: Send, receiver: Receiver) -> None:
    """OTLP's partial success: how many were refused, and why; the other one is kept."""
    reply = send(export({**chat(1, 1), "traceId": "0" * 32}, chat(2, 2)))
    assert reply.code == 200
    assert reply.json["partialSuccess"]["rejectedSpans"] == "1"
    assert "trace id" in reply.json["partialSuccess"]["errorMessage"]
    assert outputs(receiver) == ["yes"]


def test_partial_success_in_protobuf(send: Send) -> None:
    """The same, as a message that an SDK reads."""
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2  # noqa: PLC0415 - an optional extra

    bad = {**chat(1, 1), "traceId": "00" * 16}
    reply = send(protobuf(bad, chat(2, 2)), kind=PROTOBUF)
    told = trace_service_pb2.ExportTraceServiceResponse.FromString(reply.body)
    assert told.partial_success.rejected_spans == 1
    assert "trace id" in told.partial_success.error_message


def test_spans_about_something_else_are_skipped_and_counted(send: Send, receiver: Receiver) -> None:
    """Of a call, its parent with a word of its own, a database and a health check, two are kept."""
    reply = send(
        export(
            chat(1, 2, 1),
            span(1, 1, app__topic="orders", http__request__method="POST"),
            span(1, 3, 1, db__system="postgresql"),
            span(2, 4, http__route="/health"),
        )
    )
    assert (reply.code, reply.json) == (200, {})
    assert (receiver.totals.kept, receiver.totals.skipped, receiver.totals.genai) == (2, 2, 1)


@pytest.mark.parametrize(
    ("code", "words", "given"),
    [
        (421, "its own name", {"host": "evil.example:4318"}),
        (403, "a page in a browser", {"origin": "http://127.0.0.1:4318"}),
        (403, "a page in a browser", {"sec_fetch_site": "same-origin"}),
        (404, "spans are taken at", {"path": "/"}),
        (404, "logs are not taken", {"path": "/v1/logs"}),
        (404, "metrics are not taken", {"path": "/v1/metrics"}),
        (405, "with POST", {"method": "GET"}),
        (405, "with POST", {"method": "OPTIONS"}),
        (415, "content type", {"kind": "text/plain"}),
        (415, "content type", {"kind": "multipart/form-data"}),
        (415, "content encoding", {"content_encoding": "br"}),
        (413, "larger than", {"content_length": str(MOST_BODY + 1)}),
        (413, "larger than", {"content_length": "many"}),
        (400, "ended early", {"content_length": "500000"}),
        (400, "ended early", {"gone": True}),
        (400, "cannot be unpacked", {"content_encoding": "gzip"}),
    ],
)
def test_a_request_that_is_no_exporters_is_refused_in_words(
    code: int, words: str, given: dict[str, Any], send: Send, receiver: Receiver
) -> None:
    """Another name, a browser, another place, another form: the code of HTTP, one sentence, nothing kept."""
    reply = send(export(chat(1, 1)), **given)
    assert reply.code == code
    assert words in reply.json["message"]
    assert outputs(receiver) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", JSON),
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b'{"resourceLogs": []}', JSON),
        (b'{"resourceSpans": 5}', JSON),
        (b'{"resourceSpans": [{"scopeSpans": [7]}]}', JSON),
        (b"[" * 200_000, JSON),
        (b'{"resourceSpans": NaN}', JSON),
        (b'{"resourceSpans": "\xff"}', JSON),
        (protobuf(chat(1, 1))[:-3], PROTOBUF),
        (b"\x00\xff\x13", PROTOBUF),
        (export(chat(1, 1)), PROTOBUF),
        (protobuf(chat(1, 1)), JSON),
    ],
)
def test_a_body_that_is_no_export_is_refused_and_nothing_of_it_is_repeated(
    body: bytes, kind: str, send: Send, receiver: Receiver
) -> None:
    """400: the exporter need not send it again. The receiver goes on, and takes the next one."""
    reply = send(body, kind=kind)
    assert (reply.code, reply.headers["content-type"]) == (400, kind)
    assert len(reply.body) < 300
    assert send(export(chat(2, 2))).code == 200
    assert outputs(receiver) == ["yes"]


def test_gzip_that_unpacks_to_too_much_is_stopped_on_the_way(send: Send) -> None:
    """A hundred megabytes of spaces in a hundred kilobytes."""
    bomb = gzip.compress(b" " * (MOST_BODY + 40_000_000), 9)
    assert len(bomb) < 200_000
    assert send(bomb, content_encoding="gzip").code == 413


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(export(chat(1, 1)))[:-4], gzip.compress(export(chat(1, 1))) + b"more"],
    ids=["cut short", "followed"],
)
def test_gzip_cut_short_or_followed_by_something(packed: bytes, send: Send) -> None:
    """It is not taken for a shorter body, though what is there would be a whole export."""
    reply = send(packed, content_encoding="gzip")
    assert (reply.code, "cut short" in reply.json["message"]) == (400, True)


def test_odd_spans_are_kept_and_the_exporter_is_warned(send: Send, receiver: Receiver) -> None:
    """A clock in 1970, one in the future, five megabytes of text: all count, and the answer says what is odd."""
    reply = send(
        export(chat(1, 1, at=0), chat(2, 2, at=AT + 10**9 * 86_400 * 3650), chat(3, 3, says="x" * 5_000_000))
    )
    said = reply.json["partialSuccess"]
    assert said["rejectedSpans"] == "0"
    assert "2: a clock that cannot be right" in said["errorMessage"]
    assert "longer than" in said["errorMessage"]
    assert outputs(receiver) == ["yes", "yes", None]


def test_nothing_of_a_span_is_said_in_a_warning(send: Send) -> None:
    """What an answer says goes into the exporter's log: reasons, never values."""
    reply = send(export({**chat(1, 1, says="tell-nobody"), "events": "tell-nobody"}, chat(2, 2)))
    assert reply.json["partialSuccess"]["rejectedSpans"] == "1"
    assert b"tell-nobody" not in reply.body


def test_a_disk_that_fails_is_never_answered_with_success(
    send: Send, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with Retry-After, then and from then on, though the disk takes things again: the receiver must be started anew."""

    def full(self: Segment, lines: object, at: int) -> None:
        """Refuse, as a full disk does."""
        raise Unavailable("what was received could not be written: No space left", remedy="free some space")

    with monkeypatch.context() as patched:
        patched.setattr(Segment, "append", full)
        first = send(export(chat(1, 1)))
    later = send(export(chat(2, 2)))
    assert (first.code, later.code) == (503, 503)
    assert first.headers["retry-after"] == "1"
    assert "No space left" in first.json["message"]
    assert receiver.broken is not None
    receiver.broken = None  # so that the fixture ends without raising it


def test_more_than_the_disk_takes_is_asked_to_come_again(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too much is being read at once: 503, and nothing is lost as the exporter keeps it."""
    monkeypatch.setattr("shipworthy.web.receiving.MOST_IN_FLIGHT", 100)
    assert send(export(chat(1, 1))).code == 503
    monkeypatch.undo()
    assert send(export(chat(1, 1))).code == 200
