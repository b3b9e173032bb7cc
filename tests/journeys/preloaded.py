"""The command line in a process that has loaded everything beforehand, so that it can be killed often.

A parent loads the program once and forks a process for each command; what is killed is a whole process, as with any
other start, only sooner at work.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Preloaded:
    """Starts commands, one at a time.

    Args:
        folder: where their words are kept.
    """

    def __init__(self, folder: Path) -> None:
        self.words = folder / "out", folder / "err"
        self.parent = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = 0

    def __enter__(self) -> Self:
        """Be ready."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """End the parent."""
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        self.parent.stdin.close()
        self.parent.wait(20)
        self.parent.stdout.close()

    def start(self, *tokens: object) -> None:
        """Start a command."""
        assert self.parent.stdin is not None
        order = {"tokens": [str(token) for token in tokens], "words": [str(path) for path in self.words]}
        self.parent.stdin.write(json.dumps(order) + "\n")
        self.parent.stdin.flush()
        self.pid = int(self._said())

    def kill(self) -> bool:
        """Kill it without warning; say whether it was still at work."""
        os.kill(self.pid, signal.SIGKILL)  # the parent has not waited for it yet, so the number is its own
        return self.end().code == -signal.SIGKILL

    def end(self) -> Ended:
        """Wait for its end."""
        assert self.parent.stdin is not None
        self.parent.stdin.write("\n")
        self.parent.stdin.flush()
        code = int(self._said())
        return Ended(code, *(path.read_text() for path in self.words))

    def __call__(self, *tokens: object) -> Ended:
        """Run a command to its end."""
        self.start(*tokens)
        return self.end()

    def _said(self) -> str:
        assert self.parent.stdout is not None
        return self.parent.stdout.readline()


def _serve() -> None:
    import aiohttp  # noqa: F401, PLC0415 - loaded once for all
    import numpy  # noqa: F401, ICN001, PLC0415
    import sqlalchemy  # noqa: F401, PLC0415
    import uvloop  # noqa: F401, PLC0415

    from shipworthy.cli import decide, lock, run, verify  # noqa: F401, PLC0415
    from shipworthy.cli.main import main  # noqa: PLC0415

    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            for number, path in enumerate(order["words"], start=1):
                os.dup2(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), number)
            main(order["tokens"])
        print(pid, flush=True)  # noqa: T201 - the answer to whoever asked
        sys.stdin.readline()
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    _serve()
