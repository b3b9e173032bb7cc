"""Hold something of a launch that one process at a time may have; the system lets go of it when the process dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

RUN = "run.lock"
RECEIVE = "receive.lock"


def can_hold() -> bool:
    """Whether this system has such a lock; where it has none, nobody knows who else is at work."""
    return find_spec("fcntl") is not None


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold a lock, and say whether it was to be had.

    Args:
        path: the lock's file.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:  # pragma: no cover - no such lock there
        yield True
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
