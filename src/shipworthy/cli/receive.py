"""`shipworthy receive`."""

from __future__ import annotations

import contextlib
import signal
import socket
from pathlib import Path
from typing import Any

from shipworthy.cli.terminal import flush, out, say
from shipworthy.domain.errors import Misused, Unavailable

HOST = "127.0.0.1"
PORT = 4318
"""Where exporters of OpenTelemetry send by themselves."""


def receive(launch: Path = Path(), *, port: int = PORT) -> int:
    """Receive spans of production traffic from OpenTelemetry exporters, and keep them with the launch.

    It listens on this machine only, for OTLP over HTTP, protobuf (with the `otlp` extra) or JSON. A span is answered
    once it is on the disk. Spans that say nothing about generative AI are counted and not kept. The files lie in
    `.shipworthy/received`, one or more a day; `watch` and `import` read them like any other file. Stop it with
    Ctrl+C; when it is killed nothing that was answered is lost. Examples:

        shipworthy receive my-launch
        shipworthy receive my-launch --port 4400

    Args:
        launch: the launch folder; here unless said.
        port: where to listen; 4318 unless said, where exporters send by themselves. 0 takes a free one.
    """
    from shipworthy.services.receive import receiving  # noqa: PLC0415 - the command is called

    servers: list[Any] = []

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    with receiving(launch, broke=stop) as receiver, _listen(port) as listening:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # being told to stop is an end like Ctrl+C
        with contextlib.suppress(KeyboardInterrupt):
            _serve(receiver, listening, servers)
        held = receiver
    _say_totals(held)
    return 0


def _serve(receiver: Any, listening: socket.socket, servers: list[Any]) -> None:
    import uvicorn  # noqa: PLC0415 - only this command and `serve` need a server

    from shipworthy.importers.otlp_protobuf import available  # noqa: PLC0415
    from shipworthy.web.receiving import PATH, Receiving  # noqa: PLC0415
    from shipworthy.web.serving import hosts_of  # noqa: PLC0415

    bound = int(listening.getsockname()[1])
    _say_where(bound, PATH, receiver, protobuf=available())
    config = uvicorn.Config(
        Receiving(receiver, hosts_of(bound)), log_level="critical", access_log=False, server_header=False,
        lifespan="off", limit_concurrency=400, timeout_keep_alive=60, h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip
    servers.append(uvicorn.Server(config))
    servers[0].run(sockets=[listening])


def _say_where(port: int, path: str, receiver: Any, *, protobuf: bool) -> None:
    out(f"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://{HOST}:{port}{path}")
    out(f"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/{'protobuf' if protobuf else 'json'}")
    flush()
    if receiver.left_open:
        say(
            f"{receiver.left_open} file of a receiver that was killed: closed after the last span it had answered for"
        )
    say(
        f"start your program with these two lines in its environment; spans are kept in {receiver.folder}. Stop with Ctrl+C."
    )


def _say_totals(receiver: Any) -> None:
    totals = receiver.totals
    say(
        f"{totals.kept:,} spans kept, {totals.genai:,} of them about generative AI, in {totals.requests:,} requests"
    )
    if totals.skipped:
        say(f"{totals.skipped:,} skipped: they say nothing about generative AI, and nothing of your own")
    for reason, number in totals.refused.most_common():
        say(f"{number:,} refused: {reason}")
    for remark, number in totals.remarks.most_common():
        say(f"{number:,}: {remark}")


def _listen(port: int) -> socket.socket:
    if not 0 <= port < 65536:
        raise Misused(f"--port {port}", remedy="a port is a number from 0 to 65535; 0 takes a free one")
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise Unavailable(
            f"the receiver cannot listen there: {error.strerror}",
            where=f"{HOST}:{port}",
            remedy="another program, perhaps a collector, is there: choose another with --port, and tell the exporter",
        ) from error
    listening.listen(512)
    return listening
