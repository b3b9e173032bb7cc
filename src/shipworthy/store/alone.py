"""Hold something of a launch that one process at a time may have; the system lets go of it when the process dies."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUN = "run.lock"
RECEIVE = "receive.lock"
PATIENCE_S = 60.0
"""How long the process that wrote for a run that was killed may take to write the last of it."""
LOOK_EVERY_S = 0.01


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold a lock, and say whether it was to be had.

    A run's process may be gone while another, which writes what it said last, holds the lock for a moment more: that one
    is waited for.

    Args:
        path: the lock's file, which names the process that took it last.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:  # pragma: no cover - no such lock there
        yield True
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    ends = time.monotonic() + PATIENCE_S
    with path.open("a+") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if _lives(_holder(path)) or time.monotonic() > ends:
                    yield False
                    return
            time.sleep(LOOK_EVERY_S)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield True


def _holder(path: Path) -> int:
    """Return the process that a lock's file names; 0 where it names none, as in that of an earlier version."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return 0


def _lives(process: int) -> bool:
    """Whether there may be such a process; one of which nothing is known counts as alive."""
    if process <= 0:
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
