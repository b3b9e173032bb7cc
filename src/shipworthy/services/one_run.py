"""One run of a launch at a time: two would ask, and pay, for the same outputs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from shipworthy.domain.errors import Unavailable
from shipworthy.store.layout import Layout


@contextlib.contextmanager
def one_run(layout: Layout) -> Iterator[None]:
    """Hold the launch for as long as a run takes; the system lets go of it when the process dies.

    Raises:
        Unavailable: another process runs this launch.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:  # pragma: no cover - no such lock there
        yield
        return
    layout.private.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (layout.private / "run.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Unavailable(
                "another process is running this launch",
                where=str(layout.folder),
                remedy="wait until it ends, or stop it; then run the same command again",
            ) from error
        yield
