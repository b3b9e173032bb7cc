"""Times of an exchange: what the target took, and never time in a queue of ours."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.server import Back, apart, completion, said

from shipworthy.domain.target import Chat, Http
from shipworthy.runners.chat import ChatTarget
from shipworthy.runners.exchange import Exchange, trouble_of
from shipworthy.runners.http import HttpTarget
from shipworthy.runners.interface import Asked, Reply
from shipworthy.runners.secrets import Secrets


def ask(
    target, n: int = 1, *, at_once: int = 1, given: object = "hello", apart_s: float = 0.0
) -> list[Reply]:
    """Ask a target n times, so many at once, each a moment after the one before."""

    async def go() -> list[Reply]:
        await target.start()
        turn = asyncio.Semaphore(at_once)

        async def one(i: int) -> Reply:
            await asyncio.sleep(i * apart_s)
            async with turn:
                return await target.ask(Asked(f"c{i}", 1, given, 0))

        try:
            return await asyncio.gather(*(one(i) for i in range(n)))
        finally:
            await target.stop()

    return asyncio.run(go())


def endpoint(url: str, *, at_once: int = 10, timeout_s: float = 5.0, **more: object) -> HttpTarget:
    """Return an endpoint that answers at `$.answer.text`."""
    http = Http(url=url, output="$.answer.text", **{"body": {"q": "{{input}}", "case": "{{case}}"}, **more})
    return HttpTarget(http, at_once=at_once, timeout_s=timeout_s, secrets=Secrets())


def test_latency_is_the_servers_own_with_a_hundred_in_flight(tmp_path):
    """A server that answers after 1,000 ms, a hundred on their way at any time: the 95th percentile lies within 5 %."""
    with apart(tmp_path / "bill", after_s=1.0) as url:
        for _ in range(3):  # a machine with much else to do is late itself, server and all
            replies = ask(endpoint(url, at_once=100), 200, at_once=100, apart_s=0.0102)
            times = sorted(reply.latency_s for reply in replies)
            assert [json.loads(reply.text) for reply in replies] == [f"c{i}" for i in range(200)]
            assert times[0] >= 0.999
            if times[int(0.95 * len(times))] < 1.05:
                return
    pytest.fail(f"the 95th percentile is {times[int(0.95 * len(times))]:.3f} s")


def test_waiting_for_a_connection_is_not_latency(serve):
    """Ten calls of 100 ms over one connection: each took 100 ms, not up to a second."""
    replies = ask(endpoint(serve(lambda _: Back(said("x"), after_s=0.1)).url, at_once=1), 10, at_once=10)

    assert max(reply.latency_s for reply in replies) < 0.2


def test_the_first_byte_of_a_stream_is_that_of_the_answer(serve):
    """Headers at once, a comment at 100 ms, the first words at 200, the last at 300: first byte 200, latency 300."""
    pieces = (b": ping\n\n", b'data: {"answer": {"text": "a"}}\n\n', b'data: {"answer": {"text": "b"}}\n\n')
    server = serve(lambda _: Back(pieces=pieces, each_s=0.1))

    [reply] = ask(endpoint(server.url, stream="sse"))

    assert reply.text == '"ab"'
    assert 0.19 < reply.first_byte_s < 0.28
    assert 0.29 < reply.latency_s < 0.4


def test_a_conversation_takes_all_its_turns_and_begins_with_the_first(serve):
    """Three turns of 100 ms: latency 300, first byte 100, three requests."""
    server = serve(lambda _: Back(said("x"), after_s=0.1))

    [reply] = ask(endpoint(server.url), given={"turns": [1, 2, 3]})

    assert 0.3 <= reply.latency_s < 0.45
    assert 0.1 <= reply.first_byte_s < 0.16
    assert reply.requests == 3


def test_a_time_out_takes_as_long_as_it_took(serve):
    """Silence with a limit of 0.2 s: a fault of 0.2 s."""
    [reply] = ask(endpoint(serve(lambda _: Back(hang=True)).url, timeout_s=0.2))

    assert (reply.text, reply.fault, reply.billed) == (None, True, True)
    assert 0.2 <= reply.latency_s < 0.4


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_a_request_is_sent_once(serve, method):
    """A connection in use is dropped without a byte: each call that reaches the server was asked for by us."""
    server = serve(lambda call: Back(said("x"), drop=call.case == "c1"))

    target = endpoint(server.url, at_once=1, method=method, body={"case": "{{case}}"})

    async def go() -> list[Reply]:  # a GET has no body, so its input is what names it
        await target.start()
        replies = [await target.ask(Asked(case, 1, case, 0)) for case in ("c0", "c1", "c2", "c3")]
        await target.stop()
        return replies

    replies = asyncio.run(go())

    assert len(server.calls) == 4
    assert sum(reply.fault for reply in replies) == 1


def test_a_cookie_of_one_case_is_not_sent_with_the_next(serve):
    """The server sets a cookie: no later request carries it, so that no case knows of another."""
    server = serve(lambda _: Back(said("x"), headers={"Set-Cookie": "who=c0"}))

    ask(endpoint(server.url), 5)

    assert not any("Cookie" in call.headers for call in server.calls)


def test_an_exchange_that_cannot_be_understood_is_a_fault_in_words():
    """A server that speaks no HTTP: the reason names what went wrong, and no address, header or key."""

    async def go() -> str:
        async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            writer.write(b"\x00\xff not http\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(babble, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        exchange = Exchange(at_once=1, timeout_s=2)
        await exchange.start()
        got = await exchange.send("POST", f"http://127.0.0.1:{port}/?key=s3cret", {"K": "s3cret"}, b"{}")
        await exchange.stop()
        server.close()
        return got.trouble

    said_ = asyncio.run(go())
    assert said_
    assert "s3cret" not in said_


def test_troubles_are_said_in_words():
    """A refused connection and a reset one."""
    assert trouble_of(ConnectionResetError(), 5) == "the connection was cut"
    assert trouble_of(TimeoutError(), 1.5) == "no answer within 1.5 s"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("hi", [{"role": "user", "content": "hi"}]),
        ({"a": 1}, [{"role": "user", "content": '{"a":1}'}]),
        ([{"role": "user", "content": "x"}], [{"role": "user", "content": "x"}]),
        ([1, 2], [{"role": "user", "content": "[1,2]"}]),
    ],
)
def test_a_case_becomes_messages(serve, given, sent):
    """A text is one message, messages go as they are, anything else is sent as JSON text."""
    server = serve(lambda _: Back(completion("x")))
    chat = Chat(url=f"{server.url}/v1/", model="m")

    ask(ChatTarget(chat, system="", at_once=1, timeout_s=5, secrets=Secrets()), given=given)

    assert server.calls[0].body["messages"] == sent


def test_the_reserve_of_a_conversation_holds_what_it_can_cost(serve):
    """Three turns whose answers use all their tokens: sent and received stay under the bounds that money is set aside for."""
    server = serve(lambda call: Back(completion("w" * 400, tokens=(len(str(call.body)), 100))))
    target = ChatTarget(
        Chat(url=server.url, model="m", max_tokens=100),
        system="s" * 50,
        at_once=1,
        timeout_s=5,
        secrets=Secrets(),
    )
    given = {"turns": ["a", "b" * 30, "c"]}

    [reply] = ask(target, given=given)

    most_in, most_out = target.most_tokens(Asked("c", 1, given, 0))
    sizes = [sum(len(m["content"]) for m in call.body["messages"]) for call in server.calls]
    assert sum(sizes) <= most_in
    assert reply.tokens_out == 300 == most_out


@contextmanager
def over_tls(folder: Path) -> Iterator[tuple[int, Path]]:
    """Serve an answer over TLS on the loopback address, in a thread; yield its port and the certificate it shows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    shown, kept = folder / "shown.pem", folder / "key.pem"
    shown.write_bytes(made.public_bytes(Encoding.PEM))
    kept.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, kept)
    listening = socket.create_server(("127.0.0.1", 0))
    body = b'{"answer": {"text": "yes"}}'

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listening.accept()
                with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as line:
                    line.recv(65536)
                    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], shown
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def test_an_address_over_tls_is_asked_only_when_its_certificate_is_trusted(tmp_path, monkeypatch):
    """A server with a certificate of its own: refused in words as nobody vouches for it, and asked once the system does."""
    with over_tls(tmp_path) as (port, shown):
        url = f"https://127.0.0.1:{port}/"
        stranger = ask(endpoint(url))[0]
        monkeypatch.setenv("SSL_CERT_FILE", str(shown))
        trusted = ask(endpoint(url))[0]

    assert stranger.text is None
    assert (
        stranger.reason
        == "error: the connection failed: its certificate is not trusted (self-signed certificate)"
    )
    assert stranger.fault
    assert not stranger.billed
    assert trusted.text == '"yes"'
