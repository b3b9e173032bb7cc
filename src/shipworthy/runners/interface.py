"""What every runner promises: one case in, one reply out; a failure of the target is a reply, not an exception."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec


class Reply(msgspec.Struct, frozen=True):
    """What came back for one repeat of one case.

    `text` is the output as JSON; None when there is no answer, and `reason` then says why.
    """

    text: str | None
    reason: str | None
    latency_s: float


class Target(Protocol):
    """Something that answers cases."""

    def answer(self, given: Any, *, seed: int) -> Reply:
        """Answer one input; `seed` makes a random variant repeatable."""
        ...
