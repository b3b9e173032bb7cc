"""How soon the next request may go, where a rate is limited: a plain sum, so that any clock can drive it."""

from __future__ import annotations

AT_ONCE_S = 1.0
"""A second's worth may go together; more would be a burst at the start of a minute."""


class Pace:
    """A rate that is kept.

    Args:
        per_minute: requests, or tokens, a minute.
    """

    def __init__(self, per_minute: float) -> None:
        self.every = 60.0 / per_minute
        self.due = float("-inf")

    def wait_s(self, now: float, amount: float = 1.0) -> float:
        """Return the seconds to wait before so much may be sent; it counts as sent from then on.

        >>> pace = Pace(60)
        >>> pace.wait_s(100.0), pace.wait_s(100.0), pace.wait_s(100.5)
        (0.0, 1.0, 1.5)
        """
        start = max(self.due, now - max(0.0, AT_ONCE_S - self.every))
        self.due = start + amount * self.every
        return max(0.0, start - now)
