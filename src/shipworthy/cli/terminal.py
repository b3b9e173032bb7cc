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
def events_to() -> Iterator[Callable[..., None]]:
    """Write progress as JSON lines to stderr, for a program that watches."""
    import json  # noqa: PLC0415 - only on request

    def write(name: str, done: int, total: int, **more: object) -> None:
        event = {"event": "progress", "name": name, "done": done, "planned": total, **more}
        say(json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in event.items()}))
        sys.stderr.flush()

    yield write


def note(text: str) -> None:
    """Say something to a program that watches: a JSON line among its events."""
    import json  # noqa: PLC0415 - only on request

    say(json.dumps({"event": "note", "text": text}))


@contextmanager
def progressing() -> Iterator[Callable[..., None]]:
    """Show one bar for each named piece of work; nothing when nobody watches."""
    if not is_watched():
        yield lambda _name, _done, _all, **_more: None
        return
    from rich.console import Console  # noqa: PLC0415 - only for a person who watches
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description:>20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[more]}"),
        TimeRemainingColumn(),
    )
    bars = Progress(*columns, console=Console(stderr=True), transient=True)
    tasks: dict[str, int] = {}

    def show(name: str, done: int, total: int, **more: object) -> None:
        if not tasks:
            bars.start()  # not before: bars take stderr over, and what is asked until then would be read as markup
        if name not in tasks:
            tasks[name] = bars.add_task(name, total=total, more="")
        bars.update(tasks[name], completed=done, total=total, more=_more(more))  # type: ignore[arg-type]

    try:
        yield show
    finally:
        bars.stop()


def _more(more: dict[str, object]) -> str:
    """Say in a few words what is known beyond done and planned."""
    parts = []
    if isinstance(rate := more.get("rate"), float):
        parts.append(f"{rate:,.1f}/s")
    if passed := more.get("passed"):
        parts.append(str(passed))
    if no_answer := more.get("no_answer"):
        parts.append(f"{no_answer:,} no answer")
    if isinstance(cost := more.get("cost"), float) and cost:
        parts.append(f"{cost:.2f} USD")
    return " · ".join(parts)
