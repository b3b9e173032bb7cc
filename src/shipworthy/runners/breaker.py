"""A circuit breaker: after many failures in a row nothing is sent for a while, then one call tries the way.

A dozen time-outs that end together say nothing while answers come in between, and neither do a few cases that fail
however often they are asked. So it takes silence as well: a second where many different cases failed, longer where
the same ones keep failing.
"""

from __future__ import annotations

FAILURES = 10
TOO_MANY = 50
"""Failures in a row that open it at once."""
SILENT_S, SAME_CASES_S = 1.0, 5.0
"""Seconds without an answer that open it: where as many different cases failed, and where the same ones did."""
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 60.0
NEVER_ANSWERED_S = 30.0
"""A target that never answered at all is given up sooner."""


class Breaker:
    """What one target's failures in a row allow.

    Args:
        failures: faults in a row that open it.
        give_up_s: seconds without any answer after which the run ends.
    """

    def __init__(self, *, failures: int = FAILURES, give_up_s: float = 900.0) -> None:
        self.failures = failures
        self.give_up_s = give_up_s
        self.in_a_row = 0
        self.failing: set[str] = set()
        self.pauses = 0
        self.closed_since: float | None = None
        self.opens_at = 0.0
        self.probing = self.open = False
        self.ever = False

    def wait_s(self, now: float) -> float:
        """Return the seconds to wait before sending; 0 lets one call through."""
        if not self.open:
            return 0.0
        if self.probing:
            return 0.05
        if now < self.opens_at:
            return self.opens_at - now
        self.probing = True
        return 0.0

    def gives_up(self, now: float) -> bool:
        """Whether it has been failing for so long that the run should end."""
        if not self.open or self.closed_since is None:
            return False
        patience = self.give_up_s if self.ever else min(self.give_up_s, NEVER_ANSWERED_S)
        return now - self.closed_since >= patience

    def answered(self) -> None:
        """The target answered: whatever it said, the way is open."""
        self.in_a_row = self.pauses = 0
        self.closed_since = None
        self.failing.clear()
        self.probing = self.open = False
        self.ever = True

    def failed(self, now: float, case: str) -> None:
        """The infrastructure failed at a case."""
        self.in_a_row += 1
        self.failing.add(case)
        self.closed_since = now if self.closed_since is None else self.closed_since
        silent = now - self.closed_since
        enough = SILENT_S if len(self.failing) >= self.failures else SAME_CASES_S
        opens = self.in_a_row >= TOO_MANY or (self.in_a_row >= self.failures and silent >= enough)
        if (opens and not self.open) or self.probing:
            self.open, self.probing = True, False
            self.opens_at = now + min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self.pauses)
            self.pauses += 1
