"""One run of a launch at a time: two would ask, and pay, for the same outputs. One receiver at a time, too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from shipworthy.domain.errors import Unavailable
from shipworthy.services.opened import Opened
from shipworthy.store.alone import RECEIVE, RUN, alone
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import recover


@contextmanager
def one_run(launch: Opened) -> Iterator[None]:
    """Hold the launch for as long as a run takes; the system lets go of it when the process dies.

    What a run left that was killed since the launch was opened is taken in first: it counts, and so does what it cost.

    Raises:
        Unavailable: another process runs this launch.
    """
    with _alone(launch.layout, RUN, "another process is running this launch"):
        recover(launch.ledger, launch.layout.ledger, held=True)
        yield


def one_receiver(layout: Layout) -> AbstractContextManager[None]:
    """Hold what is received for a launch, so that no file is closed under the hands of who writes it.

    Raises:
        Unavailable: another process receives for this launch.
    """
    return _alone(layout, RECEIVE, "another process is receiving for this launch")


@contextmanager
def _alone(layout: Layout, name: str, words: str) -> Iterator[None]:
    with alone(layout.private / name) as held:
        if not held:
            raise Unavailable(
                words,
                where=str(layout.folder),
                remedy="wait until it ends, or stop it; then run the same command again",
            )
        yield
