"""What every runner promises: one case in, one reply out; a failure of the target is a reply, not an exception."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec


class Asked(msgspec.Struct, frozen=True, gc=False):
    """One repeat of one case, as it is put to a target; `seed` makes a random variant repeatable."""

    case: str
    repeat: int
    given: Any
    seed: int


class Reply(msgspec.Struct, frozen=True, gc=False):
    """What came back for one attempt at one repeat of one case.

    Attributes:
        text: the output as JSON; None when there is no answer, and `reason` then says why.
        reason: why there is no answer.
        latency_s: from the last byte written to the last byte read, for a conversation all turns together;
            never time in a queue of ours.
        first_byte_s: the same to the first byte of the answer, where it streams.
        fault: the infrastructure failed before any output (429, 5xx, connection, time-out without a byte): the
            only reason to ask again. What a model wrote, however bad, is an answer.
        retry_after_s: what the target asked us to wait.
        billed: whether the target may have charged for this attempt.
        tokens_in: tokens sent, as the target counts them; None when it does not say.
        tokens_out: tokens received, the same way.
        requests: how many requests it took, one for each turn.
        steps: turns and tool calls as a JSON list, where there was more than one step.
    """

    text: str | None
    reason: str | None
    latency_s: float
    first_byte_s: float | None = None
    fault: bool = False
    retry_after_s: float | None = None
    billed: bool = True
    tokens_in: int | None = None
    tokens_out: int | None = None
    requests: int = 1
    steps: str | None = None


MOST_TOKENS = 2**53
"""What a target says beyond this is no number of tokens."""


def tokens_of(said: Any) -> int | None:
    """Return a number of tokens as a target says it; None for anything else, as nothing is known then.

    >>> tokens_of(7), tokens_of(-7), tokens_of(10**30), tokens_of("7")
    (7, None, None, None)
    """
    return said if type(said) is int and 0 <= said < MOST_TOKENS else None


class Target(Protocol):
    """Something that answers cases. One target serves many requests at once."""

    async def start(self) -> None:
        """Open what is needed: a session, a program. Raises BadInput when it can never answer."""
        ...

    async def ask(self, asked: Asked) -> Reply:
        """Answer one input, once; whatever goes wrong is in the reply. Never retries by itself."""
        ...

    async def stop(self) -> None:
        """Give back what `start` opened."""
        ...

    def most_tokens(self, asked: Asked) -> tuple[int, int]:
        """Return upper bounds on tokens sent and received for one attempt, to reserve its worst cost."""
        ...
