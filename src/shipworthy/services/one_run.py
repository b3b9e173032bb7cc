"""One run of a launch at a time: two would ask, and pay, for the same outputs. One receiver at a time, too."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from shipworthy.domain.errors import Unavailable
from shipworthy.store.layout import Layout


def one_run(layout: Layout) -> contextlib.AbstractContextManager[None]:
    """Hold the launch for as long as a run takes; the system lets go of it when the process dies.

    Raises:
        Unavailable: another process runs this launch.
    """
    return _alone(layout, "run.lock", "another process is running this launch")


def one_receiver(layout: Layout) -> contextlib.AbstractContextManager[None]:
    """Hold what is received for a launch, so that no file is closed under the hands of who writes it.

    Raises:
        Unavailable: another process receives for this launch.
    """
    return _alone(layout, "receive.lock", "another process is receiving for this launch")


@contextlib.contextmanager
def _alone(layout: Layout, name: str, words: str) -> Iterator[None]:
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:  # pragma: no cover - no such lock there
        yield
        return
    layout.private.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (layout.private / name).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Unavailable(
                words,
                where=str(layout.folder),
                remedy="wait until it ends, or stop it; then run the same command again",
            ) from error
        yield
