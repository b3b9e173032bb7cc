"""Facts to stdout, talk to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


def out(text: str) -> None:
    """Print a fact."""
    _write(sys.stdout, text if text.endswith("\n") else f"{text}\n")


def say(text: str) -> None:
    """Say something to the person at the terminal."""
    _write(sys.stderr, f"{text}\n")


def flush() -> None:
    """Hand over what was written, so that a full disk or a closed pipe is noticed here."""
    sys.stdout.flush()


def _write(stream: TextIO, text: str) -> None:
    """Write what the terminal can show; what it cannot is written as an escape, and nothing is lost."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def ask(question: str) -> bool:
    """Ask a yes-or-no question; without a person at the terminal the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def is_watched() -> bool:
    """Whether a person sees stderr."""
    return sys.stderr.isatty()


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """Show a running count while something of unknown length goes on; nothing when nobody watches."""
    if not is_watched():
        yield lambda _n: None
        return
    from rich.console import Console  # noqa: PLC0415 - only for a person who watches
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None)
        yield lambda n: bars.update(task, completed=n)


@contextmanager
def progressing() -> Iterator[Callable[[str, int, int], None]]:
    """Show one bar for each named piece of work; nothing when nobody watches."""
    if not is_watched():
        yield lambda _name, _done, _all: None
        return
    from rich.console import Console  # noqa: PLC0415 - only for a person who watches
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description:>20}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, int] = {}

        def show(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done, total=total)  # type: ignore[arg-type]

        yield show
