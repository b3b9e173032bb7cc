"""One running program, in a process group of its own: bytes go in and out, bounded, with the times they passed.

Times are taken where the bytes pass, in the callbacks of the event loop; a program that says too much, or says
something when it was not asked, is killed there and then, so that nobody's memory has to hold it.
"""

from __future__ import annotations

import array
import asyncio
import contextlib
import fcntl
import os
import signal
import termios
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import cast

from shipworthy.runners.words import Hide

LONGEST_REPLY = 4_000_000
"""Bytes of one answer that are kept; a program that writes more is killed."""
TAIL = 4_000
"""Bytes at the end of stderr that are kept."""
SHOWN = 4_000
"""Bytes of an unasked output that are kept: what is shown of it is less, and keys are looked for before that cut."""
LAST_LINES = 3
ENDING_S = 1.0
"""How long pipes may stay open after a program ended; something that it left behind may hold them."""
_STDOUT = 1


class Program(asyncio.SubprocessProtocol):
    """A program that was started; make one with `started`.

    Attributes:
        said: what it has written to stdout for the case it was last given.
        unasked: the beginning of what it wrote to stdout when it was not asked, or before it had read the case.
        too_long: whether it was killed for writing more than `LONGEST_REPLY`.
        code: its exit code, negative for a signal; None while it runs.
        wrote: when the case was written, by `time.perf_counter`; 0 when none was.
        last: when the last byte of `said` came.
        cases: how many cases it was given.
        ended: done once it has ended and all it wrote was read.
    """

    def __init__(self, *, by_line: bool, stdin: tuple[int, int]) -> None:
        self.by_line = by_line
        self.said = bytearray()
        self.unasked = b""
        self.too_long = False
        self.code: int | None = None
        self.wrote = self.last = 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.cases = 0
        self._reads, self._writes = stdin
        self._case = memoryview(b"")
        self._sent = self._left = 0
        self._asked = self._feeding = False
        self._errors = b""
        self._waiter: asyncio.Future[None] | None = None
        self._transport: asyncio.SubprocessTransport | None = None
        self._pid = 0
        self._last_call: asyncio.TimerHandle | None = None

    @classmethod
    async def started(cls, run: Sequence[str], folder: Path, case: bytes, *, by_line: bool) -> Program:
        """Start a program in a folder, as the leader of a new session, with a case that waits for it.

        The case is written first: what a program takes to start is part of its latency.

        Args:
            run: the program and its arguments.
            folder: where it runs.
            case: the first case.
            by_line: whether an answer ends with its line, and others follow; else it ends with the program.

        Raises:
            OSError: it cannot be started.
        """
        stdin = os.pipe()
        program = cls(by_line=by_line, stdin=stdin)
        os.set_blocking(stdin[1], False)
        try:
            program.give(case)
            await asyncio.get_running_loop().subprocess_exec(
                lambda: program, *run, stdin=stdin[0], cwd=folder, start_new_session=True
            )
        except BaseException:
            program.kill()
            program._release()
            raise
        return program

    @property
    def runs(self) -> bool:
        """Whether it can be given a case."""
        return self.code is None and not self.ended.done()

    @property
    def got(self) -> bool:
        """Whether it read any of the case it was last given."""
        return self._sent > self._unread()

    @property
    def got_all(self) -> bool:
        """Whether it read the whole case it was last given; a rest would be taken for the next case."""
        return self._sent == len(self._case) and not self._unread()

    @property
    def line(self) -> bytes | None:
        """The answer to a case; None when answers are no lines, or when there is no whole line yet."""
        end = self.said.find(b"\n") if self.by_line else -1
        return bytes(self.said[:end]) if end >= 0 else None

    @property
    def more(self) -> bytes:
        """What it wrote after the line of the answer."""
        return bytes(self.said[self.said.index(b"\n") + 1 :][:SHOWN]).strip()

    def last_words(self, most: int = 300, hide: Hide = str) -> str:
        """Return the last lines it wrote to stderr, on one line, as text that can be shown."""
        lines = (line.strip() for line in self._errors.decode("utf-8", "replace").splitlines())
        return shown(hide(" / ".join([line for line in lines if line][-LAST_LINES:]))[-most:])

    def give(self, case: bytes) -> None:
        """Write a case."""
        self.said = bytearray()
        self.cases += 1
        self._case, self._sent, self._asked = memoryview(case), 0, True
        self.wrote = self.last = perf_counter()
        self._feed()

    async def answered(self) -> None:
        """Wait until there is an answer to the case, or until there can be none."""
        while not self._settled():
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        self._asked = False

    async def end(self, *, politely_s: float = 0.0) -> None:
        """End it and all of its group, and wait until it is gone.

        Args:
            politely_s: how long to wait after its stdin was closed, and then after it was asked to terminate.
        """
        try:
            if politely_s and self.runs:
                self._close_stdin()
                await asyncio.wait({self.ended}, timeout=politely_s)
            if politely_s and self.runs:
                self._signal(signal.SIGTERM)
                await asyncio.wait({self.ended}, timeout=politely_s)
        finally:
            self.kill()
        if not self.ended.done():
            await asyncio.wait({self.ended}, timeout=2 * ENDING_S)

    def kill(self) -> None:
        """Kill it and all of its group, now."""
        self._signal(signal.SIGKILL)

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the process."""
        self._transport = cast("asyncio.SubprocessTransport", transport)
        self._pid = self._transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Keep what belongs to an answer, and little of the rest."""
        if fd != _STDOUT:
            self._errors = (self._errors + data)[-TAIL:]
            return
        if self.too_long or self.unasked:
            return
        if self.by_line and not (self._asked and self.said):
            data = data.lstrip()  # an empty line is no answer, and no harm
            if data and (not self._asked or not self.got):
                self._out_of_step(data)
        if not data or self.unasked:
            return
        self.last = perf_counter()
        self.said += data
        if len(self.said) > LONGEST_REPLY:
            self.too_long, self.said = True, bytearray()
            self.kill()
        self._wake()

    def process_exited(self) -> None:
        """End what the program left behind, so that its pipes end too."""
        assert self._transport is not None
        self.code = self._transport.get_returncode()
        self.kill()
        self._pid = 0  # its number may soon be somebody else's
        self._last_call = asyncio.get_running_loop().call_later(ENDING_S, self._transport.close)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as the event loop calls it
        """Note the end: all that it wrote was read."""
        self._release()
        if self._last_call is not None:
            self._last_call.cancel()
        if self._transport is not None:
            self.code = self._transport.get_returncode()
            self._transport.close()
        if not self.ended.done():
            self.ended.set_result(None)
        self._wake()

    # How it works.

    def _settled(self) -> bool:
        if self.ended.done() or self.too_long or self.unasked:
            return True
        return self.by_line and b"\n" in self.said

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _out_of_step(self, data: bytes) -> None:
        self.unasked = bytes(data[:SHOWN])
        self.kill()
        self._wake()

    def _feed(self) -> None:
        """Write as much of the case as the pipe takes; the rest when there is room."""
        if self._writes < 0:
            return
        with contextlib.suppress(BlockingIOError):
            while self._sent < len(self._case):
                self._sent += os.write(self._writes, self._case[self._sent :])
        loop = asyncio.get_running_loop()
        if self._sent < len(self._case):
            if not self._feeding:
                loop.add_writer(self._writes, self._feed)
                self._feeding = True
        elif self.by_line:
            self._stop_feeding()
        else:
            self._close_stdin()

    def _stop_feeding(self) -> None:
        if self._feeding:
            asyncio.get_running_loop().remove_writer(self._writes)
            self._feeding = False

    def _close_stdin(self) -> None:
        if self._writes >= 0:
            self._stop_feeding()
            os.close(self._writes)
            self._writes = -1

    def _unread(self) -> int:
        """Return how many bytes of the case lie in the pipe; our own hold on its reading end lets us ask."""
        if self._reads >= 0:
            count = array.array("i", [0])
            fcntl.ioctl(self._reads, termios.FIONREAD, count)
            self._left = count[0]
        return self._left

    def _release(self) -> None:
        self._close_stdin()
        if self._reads >= 0:
            self._unread()
            os.close(self._reads)
            self._reads = -1

    def _signal(self, number: signal.Signals) -> None:
        if self._pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, number)


def shown(said: bytes | str, most: int = 2000, hide: Hide = str) -> str:
    r"""Return what a program wrote as one line that can be shown to a person.

    >>> shown(b"Loading \x1b[1mnow\n")
    'Loading  [1mnow'
    """
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return "".join(char if char.isprintable() else " " for char in hide(text.strip())[:most])
