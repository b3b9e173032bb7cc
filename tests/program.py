"""The command line in processes of their own that begin with everything loaded.

A parent loads the program once and forks a process for each command. What comes of it is a whole process, with a
number, streams, signals and an exit code as after any other start, only sooner at work. Nothing of a cold start is
shown by it: where the start itself is asked about, tests start Python.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

ROOT = Path(__file__).resolve().parents[1]
CALLER = """#!{python} -ISE
import array, json, os, socket, sys
order = {{"tokens": sys.argv[1:], "folder": os.getcwd(), "surroundings": dict(os.environ)}}
with socket.socket(socket.AF_UNIX) as line:
    line.connect({door!r})
    socket.send_fds(line, [json.dumps(order).encode() + b"\\n"], [0, 1, 2])
    said = line.makefile()
    said.readline()
    code = int(said.readline())
os._exit(code if code >= 0 else 128 - code)
"""
"""What stands where a shell looks for `shipworthy`: it hands its words and streams over, and ends with the same code."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Running:
    """A command at work; what it has of `subprocess.Popen` means the same."""

    def __init__(self, line: socket.socket, streams: Mapping[str, IO[Any] | None]) -> None:
        self.line = line
        self.stdout, self.stderr = streams["stdout"], streams["stderr"]
        self.said = line.makefile("r")
        self.pid = int(self.said.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return its exit code, or None while it runs."""
        if self.returncode is None and select.select([self.line], [], [], 0)[0]:
            self._end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its exit code."""
        if self.returncode is None:
            if not select.select([self.line], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("shipworthy", timeout or 0)
            self._end()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs; nobody else has its number before its end was told."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it without warning."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[Any, Any]:
        """Read what it says until it ends; return stdout and stderr, as far as they were asked for."""
        said: dict[str, Any] = {}

        def read(name: str, stream: IO[Any]) -> None:
            with stream:
                said[name] = stream.read()

        streams = {"out": self.stdout, "err": self.stderr}
        readers = [
            threading.Thread(target=read, args=(name, stream), daemon=True)
            for name, stream in streams.items()
            if stream is not None
        ]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader in readers:
            reader.join(timeout)
        return said.get("out"), said.get("err")

    def _end(self) -> None:
        """Hear how it ended."""
        self.returncode = int(self.said.readline())
        self.said.close()
        self.line.close()


class Program:
    """Starts commands, as many at once as one likes."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="ship-"))
        self.door = self.home / "door"
        self.parent = subprocess.Popen(
            [sys.executable, __file__, str(self.door)],
            stdin=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        )  # fmt: skip
        until = time.monotonic() + 120
        while not self.door.exists():
            assert self.parent.poll() is None, "the parent of the commands ended"
            assert time.monotonic() < until, "the parent of the commands does not begin"
            time.sleep(0.01)

    def __enter__(self) -> Self:
        """Be ready."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """End the parent."""
        assert self.parent.stdin is not None
        self.parent.stdin.close()
        self.parent.wait(20)
        shutil.rmtree(self.home)

    def start(
        self,
        *tokens: object,
        stdin: int | None = subprocess.DEVNULL,
        stdout: int | None = subprocess.DEVNULL,
        stderr: int | None = subprocess.DEVNULL,
        text: bool = True,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Running:
        """Start a command; streams are thrown away, `PIPE`, another file's number, or for stderr `STDOUT`."""
        read: dict[str, IO[Any] | None] = {"stdout": None, "stderr": None}
        given: list[int] = []
        for name, asked in (("stdin", stdin), ("stdout", stdout), ("stderr", stderr)):
            if asked == subprocess.PIPE:
                ours, theirs = os.pipe()
                read[name] = os.fdopen(ours, "r" if text else "rb")
            elif asked == subprocess.STDOUT:
                theirs = os.dup(given[1])
            elif asked == subprocess.DEVNULL:
                theirs = os.open(os.devnull, os.O_RDWR)
            else:
                assert asked is not None
                theirs = os.dup(asked)
            given.append(theirs)
        order = {
            "tokens": [os.fspath(token) if isinstance(token, Path) else str(token) for token in tokens],
            "folder": str(cwd or Path.cwd()),
            "surroundings": dict(os.environ if env is None else env),
        }
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(self.door))
        socket.send_fds(line, [json.dumps(order).encode() + b"\n"], given)
        for number in given:
            os.close(number)
        return Running(line, read)

    def __call__(self, *tokens: object, timeout: float = 120, **more: Any) -> Ended:
        """Run a command to its end."""
        running = self.start(*tokens, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        out, err = running.communicate(timeout)
        assert running.returncode is not None
        return Ended(running.returncode, out, err)

    def command(self, folder: Path) -> Path:
        """Write a command `shipworthy` for shells into a folder."""
        path = folder / "shipworthy"
        path.write_text(CALLER.format(python=sys.executable, door=str(self.door)), encoding="utf-8")
        path.chmod(0o755)
        return path


def _load() -> None:
    """Load all of the program, with what it imports when it is called for."""
    import gc  # noqa: PLC0415 - in the parent alone
    import pkgutil  # noqa: PLC0415
    from importlib import import_module  # noqa: PLC0415

    import shipworthy  # noqa: PLC0415

    for found in pkgutil.walk_packages(shipworthy.__path__, "shipworthy."):
        if not found.name.endswith(("__main__", "pytest_plugin")):
            import_module(found.name)
    for name in ("scipy.stats", "scipy.optimize", "sqlalchemy.dialects.sqlite", "uvicorn.loops.auto"):
        import_module(name)
    gc.collect()
    gc.freeze()


def _streams() -> None:
    """Open the three streams anew, as Python does at its start."""
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - open until the program ends
    whole = bool(os.environ.get("PYTHONUNBUFFERED"))
    for number, name, errors in ((1, "stdout", "strict"), (2, "stderr", "backslashreplace")):
        file = io.FileIO(number, "w", closefd=False)
        raw = file if whole else io.BufferedWriter(file)
        lines = name == "stderr" or os.isatty(number)
        made = io.TextIOWrapper(raw, "utf-8", errors, line_buffering=lines, write_through=whole)
        setattr(sys, name, made)
        setattr(sys, f"__{name}__", made)


def _become(order: dict[str, Any], streams: list[int]) -> None:
    """Be the command: its streams, its folder, its surroundings, its words."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # also where the tests run in the background of a shell
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["surroundings"])
    _streams()
    sys.argv = ["shipworthy", *order["tokens"]]
    sys.path[0] = ""
    from shipworthy.cli.main import main  # noqa: PLC0415 - loaded long ago

    main(order["tokens"])


def _tell(pid: int, line: socket.socket) -> None:
    """Say how a process ended, once it did."""
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with line, contextlib.suppress(OSError):
        line.sendall(f"{code}\n".encode())


def _serve(door: Path) -> None:
    """Fork a process for everybody who knocks, until stdin is closed."""
    _load()
    listener = socket.socket(socket.AF_UNIX)
    waiting = door.with_name("waiting")
    listener.bind(str(waiting))
    listener.listen(64)
    waiting.rename(door)
    while True:
        ready, _, _ = select.select([listener.fileno(), 0], [], [])
        if 0 in ready:
            return
        line, _ = listener.accept()
        words, streams, _, _ = socket.recv_fds(line, 1 << 20, 3)
        while not words.endswith(b"\n"):
            words += line.recv(1 << 20)
        pid = os.fork()
        if pid == 0:
            listener.close()
            line.close()
            _become(json.loads(words), streams)
        for number in streams:
            os.close(number)
        line.sendall(f"{pid}\n".encode())
        threading.Thread(target=_tell, args=(pid, line), daemon=True).start()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
