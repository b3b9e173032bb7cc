"""What a statistic returns when it has no number to give."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NotEstimable:
    """There is no number, and this is why.

    Assumptions: none. It stands where `nan` or `None` would hide a missing answer; a caller
    has to look at it before there is anything to calculate with.

    Source: house rule; unknown is not zero.

    Attributes:
        reason: one clause in plain words, fit to be shown.

    Example:
        >>> NotEstimable("a spread needs two groups, there is one")
        NotEstimable(reason='a spread needs two groups, there is one')
    """

    reason: str
