"""Run a variant that is a program of the launch folder: a case as JSON goes in, an answer as JSON comes out.

With the protocol `line` a few programs stay alive and answer case after case, a line for a line; with `once` a
program is started for each case. A program that could give one case's answer to another is killed first.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path
from time import perf_counter

import msgspec

from shipworthy.domain.errors import BadInput
from shipworthy.domain.target import Command
from shipworthy.runners.command_answer import reply_of_line, reply_of_output
from shipworthy.runners.interface import Asked, Reply
from shipworthy.runners.program import LONGEST_REPLY, Program, shown
from shipworthy.runners.words import Hide, words_of

POLITELY_S = 2.0
"""How long a program may take to end once its stdin is closed, and again once it is asked to terminate."""
NEVER_STARTED = 3
"""So many programs in a row that end without reading a case mean that it does not start at all."""
_ENCODER = msgspec.json.Encoder()


class CommandTarget:
    """A program, started in the launch folder. Starting it runs the folder's code: ask for trust first.

    Args:
        folder: the launch folder.
        command: the program, and how it is spoken to.
        at_once: programs that run at the same time, at most.
        timeout_s: seconds from the write of a case to the last byte of its answer.
        hide: takes keys out of what the program says beside its answers.
    """

    def __init__(
        self, folder: Path, command: Command, *, at_once: int, timeout_s: float, hide: Hide = str
    ) -> None:
        self.folder = folder
        self.command = command
        self.timeout_s = timeout_s
        self.hide = hide
        self.by_line = command.protocol == "line"
        self.slots = asyncio.Semaphore(at_once)
        self.idle: list[Program] = []
        self.running: set[Program] = set()
        self.never_started = 0

    async def start(self) -> None:
        """See that the program is there; the first one is started with the first case.

        Raises:
            BadInput: there is no such program, or it may not be executed.
        """
        check_command(self.folder, self.command)

    async def stop(self) -> None:
        """Let programs end by themselves for a while, then end them."""
        self.idle.clear()
        await asyncio.gather(*(self._end(program, politely_s=POLITELY_S) for program in set(self.running)))

    def most_tokens(self, asked: Asked) -> tuple[int, int]:  # noqa: ARG002 - as the protocol has it
        """Return (0, 0): a program of yours is paid by the call, if at all."""
        return 0, 0

    async def ask(self, asked: Asked) -> Reply:
        """Give one case to one program; what goes wrong is in the reply."""
        case = _ENCODER.encode(
            {"input": asked.given, "case": asked.case, "repeat": asked.repeat, "seed": asked.seed}
        )
        case += b"\n"
        async with self.slots:
            program = await self._waiting()
            if program is None:
                try:
                    program = await Program.started(self.command.run, self.folder, case, by_line=self.by_line)
                except OSError as error:
                    return self._unstarted(
                        f"`{self.command.run[0]}` cannot be started ({error.strerror})", 0.0
                    )
                self.running.add(program)
            elif program.unasked:
                await self._end(program)
                return Reply(None, self._out_of_step(program, program.cases), 0.0, fault=True, billed=False)
            else:
                program.give(case)
            return await self._exchange(program)

    async def _waiting(self) -> Program | None:
        """Return a program that waits for a case, or one that fell out of step; None when there is neither."""
        while self.idle:
            program = self.idle.pop()
            if program.runs or program.unasked:
                return program
            await self._end(program)
        return None

    async def _exchange(self, program: Program) -> Reply:
        late = False
        try:
            async with asyncio.timeout(self.timeout_s):
                await program.answered()
        except TimeoutError:
            late = True
        except BaseException:
            program.kill()
            await self._end(program)
            raise
        reply, in_step = self._trouble(program, late=late), False
        if reply is None:
            reply, in_step = self._answer(program)
        if in_step and program.runs and program.got_all:
            self.idle.append(program)
        else:
            await self._end(program)
        return reply

    def _answer(self, program: Program) -> tuple[Reply, bool]:
        """Return the answer to a case, and whether its program can be given another."""
        self.never_started = 0
        took = program.last - program.wrote
        if program.line is not None:
            return reply_of_line(program.line, took, self.hide)
        return reply_of_output(bytes(program.said), took, self.hide), False

    def _trouble(self, program: Program, *, late: bool) -> Reply | None:
        """Return why there is no answer that could be read; None when there is one."""
        took = (perf_counter() if late else program.last) - program.wrote
        if late:
            unread = "" if program.got else ", and the program had not read the case"
            reason = f"timeout: no answer within {self.timeout_s:g} s{unread}"
            return Reply(None, reason, took, fault=not program.got)
        if program.unasked:
            return Reply(None, self._out_of_step(program, program.cases - 1), took, fault=True)
        if program.too_long:
            return Reply(None, f"error: an output of more than {LONGEST_REPLY:,} bytes", took)
        if program.line is not None and program.more:
            reason = (
                f"error: more than one line for one case, the next: {shown(program.more, 100, self.hide)}"
            )
            return Reply(None, reason, took)
        if program.line is None if self.by_line else program.code:
            return self._died(program)
        return None

    def _died(self, program: Program) -> Reply:
        """Return the reply to a case whose program ended; it is asked again only if the program never read it."""
        words, took = program.last_words(hide=self.hide), perf_counter() - program.wrote
        reason = f"the program {_how_it_ended(program.code)}{f': {words}' if words else ''}"
        if program.got or program.said:
            self.never_started = 0
            return Reply(None, f"error: {reason}", took)
        reason = f"{reason} (before it read the case)"
        if program.cases > 1:
            return Reply(None, f"error: {reason}", took, fault=True)
        return self._unstarted(reason, took, billed=True)

    def _unstarted(self, reason: str, took: float, *, billed: bool = False) -> Reply:
        self.never_started += 1
        if self.never_started >= NEVER_STARTED:
            reason = (
                f"the program does not start, {self.never_started} times in a row: {reason}; "
                "run it in the launch folder and mend what it says"
            )
        return Reply(None, f"error: {reason}", took, fault=True, billed=billed)

    def _out_of_step(self, program: Program, answers: int) -> str:
        doubt = f"; its {answers} answers before may be those of other cases" if answers else ""
        said = shown(program.unasked, 100, self.hide)
        return f"error: out of step: an output that nobody had asked for: {said}{doubt}"

    async def _end(self, program: Program, *, politely_s: float = 0.0) -> None:
        try:
            await program.end(politely_s=politely_s)
        finally:
            self.running.discard(program)


def check_command(folder: Path, command: Command) -> None:
    """Refuse a program that cannot be started.

    Raises:
        BadInput: there is no such program, or it may not be executed.
    """
    name = command.run[0]
    where = str(folder / "launch.yaml")
    if os.sep not in name:
        if shutil.which(name) is None:
            beside = (folder / name).is_file()
            raise BadInput(
                f"there is no program `{words_of(name, most=200)}` on the path",
                where=where,
                remedy=f"write `./{name}` for the file in the launch folder"
                if beside
                else "correct its name",
            )
        return
    path = folder / name
    if not path.is_file():
        raise BadInput(
            f"there is no program `{words_of(name, most=200)}`", where=where, remedy="correct its name"
        )
    if not os.access(path, os.X_OK):
        raise BadInput(
            f"`{words_of(name, most=200)}` may not be executed",
            where=where,
            remedy=f"chmod +x {name}, or name its interpreter first, as [python, {name}]",
        )
    interpreter = _interpreter(path)
    if interpreter and not Path(interpreter).exists():
        raise BadInput(
            f"`{words_of(name, most=200)}` names an interpreter that is not there: {shown(interpreter, 200)}",
            where=str(path),
            remedy="correct its first line, or name an interpreter in `run`",
        )


def _interpreter(path: Path) -> str:
    """Return the interpreter that a script names in its first line; empty for any other program."""
    with path.open("rb") as program:
        first = program.readline(1000)
    names = first[2:].split() if first.startswith(b"#!") else []
    return os.fsdecode(names[0]) if names else ""


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return f"was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"was killed by signal {-code}"
    return f"ended with exit code {code}{'' if code else ' without an answer'}"
