"""`shipworthy serve`."""

from __future__ import annotations

import getpass
import socket
import webbrowser
from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import Misused, Unavailable

HOST = "127.0.0.1"
PORT = 8321


def serve(
    launch: Path = Path(),
    *,
    port: int | None = None,
    read_only: bool = False,
    show: bool = False,
) -> int:
    """Open the launch as pages in the browser: read outputs, name failures, define, decide, defend.

    It listens on this machine only, and prints an address with a token; the browser that opens it is let in, and
    nobody else. From another machine, come through a tunnel (`ssh -L 8321:127.0.0.1:8321 …`). Stop it with Ctrl+C:
    what was saved is kept. Examples:

        shipworthy serve my-launch
        shipworthy serve my-launch --read-only --port 9000

    Args:
        launch: the launch folder; here unless said.
        port: where to listen; 8321 unless said, or the next free one.
        read_only: refuse everything that would change something.
        show: open the address in the browser.
    """
    import uvicorn  # noqa: PLC0415 - only this command needs a server

    from shipworthy.services.kept import Kept  # noqa: PLC0415
    from shipworthy.web.app import make_app  # noqa: PLC0415
    from shipworthy.web.desks import close_desk  # noqa: PLC0415
    from shipworthy.web.serving import Serving, hosts_of, read_key  # noqa: PLC0415

    kept = Kept(launch)
    listening = _listen(port)
    try:
        bound = int(listening.getsockname()[1])
        serving = Serving(
            kept, read_key(kept.layout.private / "web.key"), hosts_of(bound), read_only, _name()
        )
        address = f"http://{HOST}:{bound}/enter?token={serving.token}"
        out(address)
        say("open this address in your browser; it lets that browser in. Stop with Ctrl+C.")
        if show:
            webbrowser.open(address)
        config = uvicorn.Config(
            make_app(serving), log_level="warning", access_log=False, server_header=False, proxy_headers=False, lifespan="off",
            limit_concurrency=400, timeout_keep_alive=30, h11_max_incomplete_event_size=64 * 1024,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()
        close_desk(kept)
        kept.close()
    return 0


def _listen(port: int | None) -> socket.socket:
    if port is not None and not 0 <= port < 65536:
        raise Misused(f"--port {port}", remedy="a port is a number from 0 to 65535; 0 takes a free one")
    for wanted in (PORT, 0) if port is None else (port,):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, wanted))
        except OSError as error:
            listening.close()
            if port is None and wanted:
                continue
            raise Unavailable(
                f"the server cannot listen there: {error.strerror}",
                where=f"{HOST}:{wanted}",
                remedy="choose another with --port, or leave it out",
            ) from error
        listening.listen(512)
        return listening
    raise Unavailable("no port is free", where=HOST)


def _name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "you"
