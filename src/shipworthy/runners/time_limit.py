"""A limit on processor time, for patterns that a hostile output can keep busy for ever.

A regular expression such as `(a+)+$` takes twice as long for each further character of some texts, and no inspection
of a pattern finds all that do. Python's matching looks for signals every few thousand steps, so a timer of this
process's own processor time stops it. The text is bounded as well, because one step may scan all of it: a search for
`a+b` in a million characters went on for five seconds after the timer rang, in 200,000 for less than a tenth of one.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shipworthy.domain.errors import Unavailable

SECONDS = 1.0
"""Processor seconds for one output under one check."""
MOST_CHARACTERS = 200_000
"""The longest text that a pattern is tried on."""


class OutOfTime(BaseException):
    """The limit is reached; no `except Exception` on the way may hold it up."""


class TimeLimit:
    """Stops work that takes too much processor time.

    The clock is the process's own, so a busy machine or a suspended one makes no difference.

    Args:
        seconds: the limit.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.armed = False

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Take the signal over for a while.

        Raises:
            Unavailable: Python delivers signals to the main thread alone, and this is another, or there are none.
        """
        usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        if not usable:
            raise Unavailable(
                "checks that try patterns are stopped by a timer, which works in the main thread alone",
                where="criteria.yaml",
                remedy="run `shipworthy score` by itself",
            )
        before = signal.signal(signal.SIGVTALRM, self._ring)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)

    def __enter__(self) -> None:
        """Start the clock; `OutOfTime` is raised when it runs out."""
        self.armed = True
        signal.setitimer(signal.ITIMER_VIRTUAL, self.seconds)

    def __exit__(self, *_: object) -> None:
        """Stop the clock; a signal that is under way finds it stopped."""
        self.armed = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _ring(self, *_: Any) -> None:
        if self.armed:
            self.armed = False
            raise OutOfTime
