"""A process of its own for a function of scorers.py, so that one which never ends can be ended.

It stays alive from case to case: cases go into a pipe many at a time, and answers are read as they come. When no answer
comes for too long, or the process ends, the case that it was at is lost; a new process goes on with the next one.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from shipworthy.runners.check_child import LENGTH, MOST_WORDS

CHILD = Path(__file__).with_name("check_child.py")
PIECE = 1 << 16
LONGEST_LINE = 80
"""Bytes of the line that an answer begins with; a process that says more is not speaking our language."""
MOST_BYTES = 6 * MOST_WORDS
GARBLED = "wrote into the pipes of its process"
Answer = tuple[str, float | None, str | None]
"""How it went, the value, the words."""


class LostError(Exception):
    """There will be no answer to the case at hand, for the reason given."""


class LateError(LostError):
    """There is no answer in time."""


class CheckProcess:
    """One process that runs one function.

    Args:
        folder: the launch folder.
        name: the function in scorers.py.
    """

    def __init__(self, folder: Path, name: str) -> None:
        theirs_in, self.writes = os.pipe()
        self.reads, theirs_out = os.pipe()
        life, self.life = os.pipe()
        theirs = (theirs_in, theirs_out, life)
        command = [sys.executable, str(CHILD), *map(str, theirs), str(folder.resolve()), name]
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own file, and code that was agreed to
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=theirs,
                start_new_session=True,
            )
        finally:
            for pipe in theirs:
                os.close(pipe)
        os.set_blocking(self.writes, False)
        self.held = bytearray()
        self.poll = select.poll()
        self.poll.register(self.reads, select.POLLIN)

    def first(self, seconds: float) -> Answer:
        """Return what it says once it has loaded the file.

        Raises:
            LostError: it says nothing in time, or ended.
        """
        return next(self._read(seconds))

    def answers(self, asked: Sequence[bytes], seconds: float) -> Iterator[Answer]:
        """Yield an answer for each case, as they come.

        Args:
            asked: cases, as `packed` makes them.
            seconds: how long one answer may take.

        Raises:
            LostError: there is none to the next case.
        """
        left = memoryview(b"".join(asked))
        count = len(asked)
        if left:
            self.poll.register(self.writes, select.POLLOUT)
        try:
            while count:
                for answer in self._read(seconds, left):
                    count -= 1
                    yield answer
                left = self._rest
        finally:
            with contextlib.suppress(KeyError):
                self.poll.unregister(self.writes)

    def end(self) -> None:
        """End it with all that it started, and give the pipes back."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.writes, self.reads, self.life):
            with contextlib.suppress(OSError):
                os.close(pipe)

    _rest = memoryview(b"")

    def _read(self, seconds: float, left: memoryview = _rest) -> Iterator[Answer]:
        """Wait until something can be read, writing what is left meanwhile, and yield the answers in it."""
        self._rest = left
        ends = monotonic() + seconds
        while True:
            events = dict(self.poll.poll(max(ends - monotonic(), 0.0) * 1000))
            if self.writes in events:
                self._rest = self._fed(self._rest)
                ends = monotonic() + seconds
            if self.reads in events:
                break
            if not events:
                raise LateError(f"did not end within {seconds:g} s")
        self.held += self._more()
        while (answer := self._taken()) is not None:
            yield answer

    def _fed(self, left: memoryview) -> memoryview:
        try:
            left = left[os.write(self.writes, left[:PIECE]) :]
        except BlockingIOError:
            return left
        except BrokenPipeError:
            left = left[:0]  # it ended: reading says how
        if not left:
            self.poll.unregister(self.writes)
        return left

    def _more(self) -> bytes:
        more = os.read(self.reads, PIECE)
        if more:
            return more
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self.process.wait(timeout=1.0)
            how = f"exit code {code}" if code >= 0 else f"signal {-code}"
            raise LostError(f"ended its process ({how})")
        raise LostError("closed the pipes of its process")

    def _taken(self) -> Answer | None:
        """Take the next answer out of what was read; None while it is not whole."""
        end = self.held.find(b"\n")
        if end < 0:
            if len(self.held) > LONGEST_LINE:
                raise LostError(GARBLED)
            return None
        try:
            kind, value, length = self.held[:end].decode().split(" ")
            most = int(length)
            number = None if value == "None" else float(value)
        except ValueError as error:
            raise LostError(GARBLED) from error
        until = end + 1 + max(most, 0)
        if most > MOST_BYTES:
            raise LostError(GARBLED)
        if len(self.held) < until:
            return None
        words = None if most < 0 else self.held[end + 1 : until].decode("utf-8", "replace")
        del self.held[:until]
        return kind, number, words


def packed(asked: tuple[Any, ...]) -> bytes:
    """Return what the function is given, as it goes through the pipe."""
    case = marshal.dumps(asked)
    return len(case).to_bytes(LENGTH, "big") + case
