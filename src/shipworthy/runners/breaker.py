"""A circuit breaker: after many failures in a row nothing is sent for a while, then one call tries the way."""

from __future__ import annotations

FAILURES = 10
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
        self.pauses = 0
        self.closed_since: float | None = None
        self.opens_at = 0.0
        self.probing = False
        self.last_reason = ""
        self.ever = False

    def wait_s(self, now: float) -> float:
        """Return the seconds to wait before sending; 0 lets one call through."""
        if self.in_a_row < self.failures:
            return 0.0
        if self.probing:
            return 0.05
        if now < self.opens_at:
            return self.opens_at - now
        self.probing = True
        return 0.0

    def gives_up(self, now: float) -> bool:
        """Whether it has been failing for so long that the run should end."""
        if self.in_a_row < self.failures or self.closed_since is None:
            return False
        patience = self.give_up_s if self.ever else min(self.give_up_s, NEVER_ANSWERED_S)
        return now - self.closed_since >= patience

    def answered(self) -> None:
        """The target answered: whatever it said, the way is open."""
        self.in_a_row = self.pauses = 0
        self.closed_since = None
        self.probing = False
        self.ever = True

    def failed(self, now: float, reason: str) -> None:
        """The infrastructure failed."""
        self.last_reason = reason
        self.in_a_row += 1
        self.closed_since = now if self.closed_since is None else self.closed_since
        if self.in_a_row >= self.failures and (self.probing or self.in_a_row == self.failures):
            self.opens_at = now + min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self.pauses)
            self.pauses += 1
            self.probing = False
